"""The partner's side: open the signed link, fill in one's own part. Nothing here needs or uses a log-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.network.errors import NotFound, Refused
from brandwacht.riskmap import partner_links, partner_part
from brandwacht.riskmap.models import PartnerLink


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "riskmap/part_gone.html", status=404)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A GET asks whether to go on; the POST exchanges the token for a cookie and a clean address."""
    now = timezone.now()
    try:
        if request.method != "POST":
            link = partner_links.find(token, now)
            return render(request, "riskmap/part_open.html", {"owner": link.organisation, "until": link.expires_at})
        _link, cookie = partner_links.exchange(token, now)
    except NotFound:
        return _gone(request)
    response = redirect("riskmap:part")
    response.set_cookie(
        partner_links.COOKIE, cookie, max_age=int(partner_links.STAYS.total_seconds()), path=reverse("riskmap:part"),
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _link(request: HttpRequest) -> PartnerLink:
    return partner_links.opened(request.COOKIES.get(partner_links.COOKIE, ""), timezone.now())


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest) -> HttpResponse:
    """The partner's own part; a POST sends it as a proposal."""
    try:
        link = _link(request)
    except NotFound:
        return _gone(request)
    sent = request.method == "POST"
    filled = partner_part.read(link, request.POST.dict() if sent else None)
    context: dict[str, Any] = {"owner": link.organisation, "link": link, "filled": filled}
    if sent:
        context["note"] = request.POST.get("opmerking", "")
        if not filled.faults:
            try:
                partner_links.propose(link, filled.lines, context["note"], timezone.now())
            except Refused as error:
                context["refused"] = error.message
            else:
                return redirect("riskmap:part-sent")
    return render(request, "riskmap/part.html", context, status=422 if sent else 200)


@login_not_required
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """Thanks, and what happens now."""
    try:
        link = _link(request)
    except NotFound:
        return _gone(request)
    return render(request, "riskmap/part_sent.html", {"owner": link.organisation, "link": link})
