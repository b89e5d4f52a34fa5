"""Mail of this room: to each person a mail of their own, so that nobody sees who else got it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse


def send(subject: str, body: str, to: Iterable[str]) -> int:
    """The same mail to each of these addresses, to each once; returns the number of mails."""
    mails = [EmailMessage(subject, body, to=[each]) for each in dict.fromkeys(to)]
    return get_connection().send_messages(mails) or 0


def address(name: str, *args: Any) -> str:
    """The whole address of a page of Brandwacht, by the name of its route."""
    return settings.SITE_URL + reverse(name, args=args)
