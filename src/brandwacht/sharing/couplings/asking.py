"""One question to a system of somebody else, and the ways in which the answer can be of no use.

What is told of a failure is ours, in Dutch: the status and the place, never the text of the answer, which may repeat a
password.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec
from django.utils.translation import gettext as _

from brandwacht.network import outgoing
from brandwacht.network.outgoing import Answer

SOONEST: Final = timedelta(minutes=1)
USUAL: Final = timedelta(minutes=15)
LATEST: Final = timedelta(days=1)
"""Bounds on what a server may ask us to wait, and what we wait when it does not say."""
MOST: Final = 128 * 1024 * 1024
"""Bytes of one answer."""

_T = TypeVar("_T")


class Trouble(Exception):
    """The other end gave no answer that can be used; the message is Dutch and says what to look at."""


class Wait(Exception):
    """The other end asks to come back later: not before ``until``."""

    def __init__(self, place: str, until: datetime) -> None:
        super().__init__(_("%(place)s vraagt om later terug te komen.") % {"place": place})
        self.until = until


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end: where it is, and who we are there. A secret without a name goes along as a token."""

    address: str
    login: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        """Without the secret: this may end in a log."""
        return f"Peer({self.address!r})"

    @property
    def place(self) -> str:
        """The host, as we name it in what we tell."""
        return urlsplit(self.address).netloc


def ask(
    peer: Peer,
    method: str,
    url: str,
    now: datetime,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    fine: tuple[int, ...] = (),
) -> Answer:
    """The answer, when its status says success or is in ``fine``; raises ``Trouble`` or ``Wait``.

    ``url`` must stand at the same host as the peer: an answer can not send us, with our password, to another one.
    """
    if origin(url) != origin(peer.address):
        raise Trouble(
            _("%(place)s verwijst naar een andere server. Vul als adres die andere server in, als u die vertrouwt.")
            % {"place": peer.place}
        )
    sent = dict(headers)
    login = None
    if peer.secret and peer.login:
        login = (peer.login, peer.secret)
    elif peer.secret and "Authorization" not in sent:
        sent["Authorization"] = f"Bearer {peer.secret}"
    try:
        answer = outgoing.call(method, url, headers=sent, login=login, body=body, most=MOST)
    except outgoing.Unreachable as error:
        raise Trouble(str(error)) from error
    if answer.good or answer.status in fine:
        return answer
    if answer.status in (429, 503):
        raise Wait(peer.place, now + pause(answer.headers.get("Retry-After", ""), now))
    raise Trouble(_why(answer.status) % {"place": peer.place, "status": answer.status})


def _why(status: int) -> str:
    if status in (401, 403):
        return _("%(place)s laat ons niet binnen (%(status)d). Controleer de naam en het wachtwoord of token.")
    if status == 404:
        return _("%(place)s kent dit adres niet (404). Controleer het adres, en kies de verzameling opnieuw.")
    if status == 406:
        return _("%(place)s spreekt deze versie niet (406). Vraag of het TAXII 2.1 is.")
    if status == 413:
        return _("%(place)s vindt dit te groot (413).")
    return _("%(place)s geeft een fout (%(status)d). Probeer het later; blijft dit, bel dan de beheerder daar.")


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address; empty ones for what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", "", None


def pause(text: str, now: datetime) -> timedelta:
    """How long to wait by a ``Retry-After`` header (seconds or a moment), within our own bounds."""
    given = text.strip()
    if given.isascii() and given.isdecimal():
        wanted = timedelta(seconds=int(given[:9]))
    else:
        until = moment_of(given)
        wanted = until - now if until is not None else USUAL
    return min(max(wanted, SOONEST), LATEST)


def moment_of(text: str) -> datetime | None:
    """A moment as HTTP headers have it; None when it is none."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def read(data: bytes, kind: type[_T], place: str) -> _T:
    """An answer in JSON as this type; raises ``Trouble`` for anything else."""
    try:
        return msgspec.json.decode(data, type=kind, strict=False)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Trouble(
            _("%(place)s antwoordt met iets dat wij niet kennen. Controleer het adres en de soort koppeling.")
            % {"place": place}
        ) from error
