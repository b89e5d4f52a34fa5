"""The partner's side: open the signed link, fill in one's own part. Nothing here needs or uses a log-in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from brandwacht.network import link_pages
from brandwacht.network.errors import Refused
from brandwacht.network.services.signed_links import LinkGone
from brandwacht.riskmap.register import partner_links, partner_part


def _gone(request: HttpRequest, _why: LinkGone) -> HttpResponse:
    return render(request, "riskmap/part_gone.html", status=404)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link as it stands in the mail."""
    return link_pages.open_link(
        request, partner_links.KIND, token, template="riskmap/part_open.html", home="riskmap:part", gone=_gone
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest) -> HttpResponse:
    """The partner's own part; a POST sends it as a proposal."""
    try:
        link = link_pages.holding(request, partner_links.KIND)
    except LinkGone as why:
        return _gone(request, why)
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
        link = link_pages.holding(request, partner_links.KIND)
    except LinkGone as why:
        return _gone(request, why)
    return render(request, "riskmap/part_sent.html", {"owner": link.organisation, "link": link})
