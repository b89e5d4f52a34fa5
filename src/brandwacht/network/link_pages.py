"""What the pages behind signed links share: the exchange of the link for a cookie, and the cookie itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from brandwacht.network.services.signed_links import STAYS, LinkGone, LinkKind


def open_link(
    request: HttpRequest,
    kind: LinkKind[Any],
    token: str,
    *,
    template: str,
    home: str,
    gone: Callable[[HttpRequest, LinkGone], HttpResponse],
) -> HttpResponse:
    """A GET asks whether to go on (``template`` gets ``owner``, ``until`` and ``last_day``); the POST exchanges the
    token for a cookie and the clean address named ``home``. ``gone`` answers when the link opens nothing.
    """
    now = timezone.now()
    try:
        if request.method != "POST":
            link = kind.find(token, now)
            # An end at midnight is the end of the day before.
            last_day = timezone.localdate(link.expires_at - timedelta.resolution)
            context = {"owner": link.organisation, "until": link.expires_at, "last_day": last_day}
            return render(request, template, context)
        _link, cookie = kind.exchange(token, now)
    except LinkGone as error:
        return gone(request, error)
    response = redirect(home)
    response.set_cookie(
        kind.cookie, cookie, max_age=int(STAYS.total_seconds()), path=reverse(home),
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def holding(request: HttpRequest, kind: LinkKind[Any]) -> Any:
    """The link that this visitor opened; raises ``LinkGone``."""
    return kind.opened(request.COOKIES.get(kind.cookie, ""), timezone.now())
