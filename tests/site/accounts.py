"""What the tests of logging in share."""

from __future__ import annotations

import contextlib
import re
from html.parser import HTMLParser
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from brandwacht.network.models import User
from tests.world import PASSWORD

LOGIN = "/account/login/"

NOT_DUTCH = re.compile(
    r"\b(je|jij|jou|jouw|your|you|the|password|sign|please|enter|continue|click|submit|email|add|remove|"
    r"confirm|cancel|disable|enable|authenticator|recovery|security|key|keys|code for|successfully|third-party|"
    r"this|that|with|and|not|must|will|been)\b",
    re.IGNORECASE,
)
"""Words that a Dutch page in the u-form does not have."""


class Seen(HTMLParser):
    """The words of a page that somebody sees or hears, scripts and addresses left out."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        self.words += [
            value for name, value in attrs if value and name in ("alt", "title", "aria-label", "placeholder")
        ]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def foreign(text: str) -> list[str]:
    """The words in a text that are not Dutch, or too familiar."""
    return sorted({found[0].lower() for found in NOT_DUTCH.finditer(text)})


def foreign_on(html: str) -> list[str]:
    """The same of a page."""
    return foreign(" ".join(Seen(html).words))


def log_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    """Type address and password, and press the button."""
    return client.post(LOGIN, {"login": user.email, "password": password, **more})


def inside(client: Client) -> bool:
    """Whether this client is logged in."""
    return "_auth_user_id" in client.session


def give_app(user: User) -> str:
    """Give somebody an app with codes; returns its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """What the app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def confirm(client: Client, password: str = PASSWORD) -> None:
    """Show the password again, as a change to the account asks."""
    assert client.post(reverse("account_reauthenticate"), {"password": password}).status_code == 302


def named_addresses() -> dict[str, str]:
    """Every named page without parameters, by name: ``{"soc:list": "/waakzaam"}``."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces)
            elif pattern.name:
                name = ":".join((*spaces, pattern.name))
                with contextlib.suppress(NoReverseMatch):
                    found[name] = reverse(name)

    walk(get_resolver().url_patterns, ())
    return found


def factors(user: User) -> set[str]:
    """The kinds of second factor that somebody has."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


class BrokenMail(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages: Any) -> int:
        raise ConnectionRefusedError("nobody there")
