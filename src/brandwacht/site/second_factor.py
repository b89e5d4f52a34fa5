"""Where a second factor is required, a session must have shown one; until then it reaches nothing but that.

It is the session that counts, not the account: who logged in with a stolen password before the owner added a key does
not come in when the owner does.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from brandwacht.network.models import User

SHOWN = "second_factor"
"""Key in the session: this session used a second factor, or set one up."""

LOG_OUT = "/account/logout/"
SET_UP = ("/account/2fa/", "/account/reauthenticate/", LOG_OUT)
"""What somebody without a second factor may reach: its set-up, the password that the set-up asks for, and leaving."""


def lacking(request: HttpRequest) -> bool:
    """Whether this session still has to show a second factor."""
    return settings.REQUIRE_MFA and not request.session.get(SHOWN)


def detour(request: HttpRequest, user: User) -> str | None:
    """Where a session that lacks a second factor must go instead of here; ``None`` when it may stay."""
    if not is_mfa_enabled(user):
        return None if request.path.startswith(SET_UP) else reverse("mfa_index")
    ways = [way["url"] for way in get_adapter().get_reauthentication_methods(user) if way["id"] != "reauthenticate"]
    if request.path in (*ways, LOG_OUT):
        return None
    onwards = request.get_full_path() if request.method == "GET" else "/"
    return f"{ways[0]}?{urlencode({'next': onwards})}"


def _added(request: HttpRequest, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        request.session[SHOWN] = True


def _used(request: HttpRequest, **_more: Any) -> None:
    request.session[SHOWN] = True


def _removed(request: HttpRequest, user: User, **_more: Any) -> None:
    if not is_mfa_enabled(user):
        request.session.pop(SHOWN, None)


def listen() -> None:
    """Follow what happens to second factors; called once at start."""
    signals.authenticator_added.connect(_added, dispatch_uid="second factor added")
    signals.authenticator_used.connect(_used, dispatch_uid="second factor used")
    signals.authenticator_removed.connect(_removed, dispatch_uid="second factor removed")
