"""Writes log-ins and failed attempts in the audit chains of the person's organisations."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_login_failed
from django.utils import timezone

from brandwacht.network.models import User
from brandwacht.network.services.sessions import note_login


def listen() -> None:
    """Follow the signals; called once at start. allauth sends the first after the second factor was shown."""
    user_logged_in.connect(_logged_in, dispatch_uid="brandwacht.login")
    user_login_failed.connect(_failed, dispatch_uid="brandwacht.login-failed")


def _logged_in(sender: object, user: User, **_more: Any) -> None:
    note_login(user, timezone.now(), allowed=True)


def _failed(sender: object, credentials: dict[str, Any], **_more: Any) -> None:
    address = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    user = User.objects.filter(email=address).first()
    if user is not None:
        note_login(user, timezone.now(), allowed=False)
