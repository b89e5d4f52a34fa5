"""The one door to addresses outside: https, certificates checked, no detours, a limit on time and size.

An address is set by an administrator and still not trusted: it may not lead to a machine of our own network by way of
a redirect, fill the memory, or keep a worker waiting. Plain http is for a program on this machine alone. What cannot
be reached is told in Dutch; a password or token never stands in what is told.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from urllib3.exceptions import HTTPError, ReadTimeoutError

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 60
WHOLE_SECONDS: Final = 600
"""How long one answer may take in all, however slowly it trickles in."""
MOST_BYTES: Final = 256 * 1024 * 1024
CHUNK: Final = 256 * 1024
_LOCAL_NAMES = frozenset({"localhost"})


class Unreachable(Exception):
    """An address gave no answer that can be used; the message (Dutch) says what to look at."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: the status, the headers (names without regard to case) and the whole body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def good(self) -> bool:
        """Whether the status says success."""
        return 200 <= self.status < 300


def address_error(url: str) -> str:
    """Why an address may not be called, in Dutch; empty when it may."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("Dit is geen geldig internetadres. Bijvoorbeeld: https://taxii.voorbeeld.nl/taxii2/")
    if not host or parts.scheme not in ("https", "http"):
        return _("Vul een heel adres in, dat met https:// begint.")
    if parts.username or parts.password:
        return _("Zet geen naam of wachtwoord in het adres: daar zijn eigen velden voor.")
    if parts.scheme == "http" and not _this_machine(host):
        return _("Zonder https kan iedereen onderweg meelezen. Gebruik een adres dat met https:// begint.")
    return ""


def _this_machine(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _leads_inside(url: str) -> str:
    """The address inside our own network that a host stands for, unless the operator allows it; else empty.

    Those who set addresses may be of another organisation than the one whose network this machine is in.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in settings.OUTGOING_INTERNAL:
        return ""
    try:
        found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError:  # the call itself tells that there is no such host
        return ""
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    return next((str(each) for each in addresses if not each.is_global), "")


def call(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    login: tuple[str, str] | None = None,
    body: bytes | None = None,
    most: int = MOST_BYTES,
) -> Answer:
    """Call an address and read its whole answer, whatever its status.

    ``login`` is a name and a password for HTTP Basic; ``most`` bounds the answer in bytes, unpacked. Raises
    ``Unreachable``: an address that may not be called, no connection, a certificate that does not hold, a redirect,
    too much, too slow.
    """
    if wrong := address_error(url):
        raise Unreachable(wrong)
    place = urlsplit(url).netloc
    if inside := _leads_inside(url):
        raise Unreachable(
            _(
                "%(place)s staat in ons eigen netwerk (%(inside)s). Wie Brandwacht draait, kan dat toestaan met de "
                "instelling BRANDWACHT_OUTGOING_INTERNAL."
            )
            % {"place": place, "inside": inside}
        )
    began = monotonic()
    try:
        with requests.Session() as session:
            session.trust_env = False  # no passwords from a .netrc of whoever runs the worker
            with session.request(
                method, url, headers=headers, auth=login, data=body, stream=True, allow_redirects=False,
                timeout=(CONNECT_SECONDS, READ_SECONDS),
            ) as answer:  # fmt: skip
                if answer.is_redirect or answer.is_permanent_redirect:
                    raise Unreachable(
                        _("%(place)s stuurt door naar een ander adres. Vul het adres in waar het nu staat.")
                        % {"place": place}
                    )
                return Answer(answer.status_code, answer.headers, _whole(answer, place, most, began))
    except requests.exceptions.SSLError as error:
        raise Unreachable(
            _("Het certificaat van %(place)s klopt niet. Vraag de beheerder daar om het te vernieuwen.")
            % {"place": place}
        ) from error
    except (requests.exceptions.Timeout, ReadTimeoutError) as error:
        raise Unreachable(_("%(place)s antwoordt niet op tijd.") % {"place": place}) from error
    except (requests.exceptions.RequestException, HTTPError, OSError, UnicodeError) as error:
        raise Unreachable(
            _("%(place)s is niet te bereiken. Controleer het adres en de verbinding.") % {"place": place}
        ) from error


def _whole(answer: requests.Response, place: str, most: int, began: float) -> bytes:
    parts, size = [], 0
    # As it comes, and not a whole piece at a time: a server that trickles is looked at between two trickles.
    while part := answer.raw.read1(CHUNK, decode_content=True):
        size += len(part)
        if size > most:
            raise Unreachable(
                _("%(place)s stuurt meer dan %(most)d MB. Vraag om minder tegelijk.")
                % {"place": place, "most": most // 1_000_000}
            )
        if monotonic() - began > WHOLE_SECONDS:
            raise Unreachable(_("%(place)s antwoordt niet op tijd.") % {"place": place})
        parts.append(part)
    return b"".join(parts)
