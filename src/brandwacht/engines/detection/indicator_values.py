"""The values that indicators are about, each in one way of writing.

A log and a list of indicators write the same thing differently: `EVIL.example.`, `evil[.]example`; here each kind has
its one normal form, so that equal things are equal text. Source: RFC 3986 (web addresses), RFC 5321 (mail), IDNA 2003
as Python has it (names beyond ASCII), our own practice for what is defanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

KINDS: Final = ("ipv4", "ipv6", "domain", "url", "md5", "sha1", "sha256", "email")
MAX_VALUE: Final = 4096
"""Characters in one value."""

_HASH_LENGTHS: Final = {"md5": 32, "sha1": 40, "sha256": 64}
_DEFANGED: Final = (
    (re.compile(r"[\[({]\s*(?:\.|dot)\s*[\])}]", re.IGNORECASE), "."),
    (re.compile(r"[\[({]\s*(?:@|at)\s*[\])}]", re.IGNORECASE), "@"),
    (re.compile(r"[\[({]\s*:\s*[\])}]"), ":"),
    (re.compile(r"\[://\]"), "://"),
    (re.compile(r"^h(?:xx|\*\*|__|XX)p(s?)(?=:)", re.IGNORECASE), r"http\1"),
    (re.compile(r"^fxp(s?)(?=:)", re.IGNORECASE), r"ftp\1"),
)
_MAYBE_DEFANGED: Final = re.compile(r"[\[({]|^h..ps?:|^fxp", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NAME: Final = re.compile(rf"(?:{_LABEL.pattern}\.)+{_LABEL.pattern}")
_PORTS: Final = {"http": 80, "https": 443, "ftp": 21, "ftps": 990}
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
IPV4: Final = re.compile(rf"(?:{_BYTE}\.){{3}}{_BYTE}")
"""An IPv4 address, of which there is one way of writing. Many times quicker than making an `IPv4Address` of it."""


class BadValue(ValueError):
    """A value that is not what its kind asks for; the message is the Dutch reason."""


def normal(kind: str, value: str) -> str:
    """The one way of writing `value`. Raises `BadValue` when it is no value of this kind, or there is no such kind."""
    writer = _WRITERS.get(kind)
    if writer is None:
        raise BadValue(f"De soort {kind!r} is onbekend. Kies uit: {', '.join(KINDS)}.")
    if len(value) > MAX_VALUE:
        raise BadValue(f"De waarde is langer dan {MAX_VALUE} tekens.")
    text = value.strip()
    if not text:
        raise BadValue("De waarde is leeg.")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise BadValue("De waarde bevat een half teken (een los deel van een surrogaatpaar).")
    return writer(text)


def refang(text: str) -> str:
    """`text` as it was before someone made it harmless: hxxp is http, [.] is a full stop, [@] an at sign."""
    if not _MAYBE_DEFANGED.search(text):
        return text
    for pattern, plain in _DEFANGED:
        text = pattern.sub(plain, text)
    return text


def network(kind: str, value: str) -> IPv4Network | IPv6Network:
    """An address or network as a network; bits beyond its prefix are dropped. Raises `BadValue`."""
    text = refang(value.strip())
    try:
        found = ip_network(text.strip("[]") if kind == "ipv6" else text, strict=False)
    except ValueError:
        raise BadValue(f"{value.strip()!r} is geen {_ADDRESS[kind]}.") from None
    if isinstance(found, IPv6Network) and found.prefixlen >= 96 and (inner := found.network_address.ipv4_mapped):
        found = IPv4Network((inner, found.prefixlen - 96), strict=False)
    if found.version != int(kind[-1]):
        other = "ipv6" if kind == "ipv4" else "ipv4"
        raise BadValue(
            f"{value.strip()!r} is geen {_ADDRESS[kind]}, maar een {_ADDRESS[other]}. Geef als soort {other}."
        )
    return found


_ADDRESS: Final = {"ipv4": "IPv4-adres of -netwerk", "ipv6": "IPv6-adres of -netwerk"}


def _address(kind: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        found = network(kind, text)
        return str(found.network_address if found.prefixlen == found.max_prefixlen else found)

    return write


def _hash(kind: str) -> Callable[[str], str]:
    length = _HASH_LENGTHS[kind]

    def write(text: str) -> str:
        found = text.lower().removeprefix(f"{kind}:").removeprefix("0x").strip()
        if not re.fullmatch(r"[0-9a-f]+", found, re.ASCII):
            raise BadValue(
                f"{text[:80]!r} is geen {kind.upper()}: een hash heeft alleen cijfers en de letters a tot en met f."
            )
        if len(found) != length:
            fitting = next((name for name, size in _HASH_LENGTHS.items() if size == len(found)), None)
            hint = f" Dit lijkt een {fitting.upper()}." if fitting else ""
            raise BadValue(f"Een {kind.upper()} heeft {length} tekens, deze waarde {len(found)}.{hint}")
        return found

    return write


def _domain(text: str) -> str:
    found = refang(text).rstrip(".").removeprefix("*.").lower()
    if not found.isascii():
        try:
            found = found.encode("idna").decode("ascii")
        except UnicodeError:
            raise BadValue(f"{text[:80]!r} is geen domeinnaam die in het DNS (domeinnamensysteem) past.") from None
    if len(found) > 253 or not _NAME.fullmatch(found):
        if _LABEL.fullmatch(found):
            raise BadValue(f"{text[:80]!r} is een naam zonder punt. Geef een volledige domeinnaam.")
        raise BadValue(f"{text[:80]!r} is geen domeinnaam.")
    if found.rpartition(".")[2].isdecimal():
        raise BadValue(f"{text[:80]!r} lijkt een adres en geen domeinnaam. Geef als soort ipv4.")
    return found


def _email(text: str) -> str:
    local, at, domain = refang(text).removeprefix("mailto:").strip("<>").rpartition("@")
    if not at or not local or re.search(r"[\s@<>]", local):
        raise BadValue(f"{text[:80]!r} is geen e-mailadres.")
    return f"{local.lower()}@{_domain(domain)}"


def _url(text: str) -> str:
    try:
        parts = urlsplit(re.sub(r"[\x00-\x20\x7f]", "", refang(text)))
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadValue(f"{text[:80]!r} is geen webadres dat te lezen is.") from None
    scheme = parts.scheme.lower()
    if not host or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        raise BadValue(f"{text[:80]!r} is geen volledig webadres. Begin met bijvoorbeeld https://.")
    place = _host(host, text)
    shown = f"{place}:{port}" if port is not None and port != _PORTS.get(scheme) else place
    query = f"?{_escaped(parts.query)}" if parts.query else ""
    return f"{scheme}://{shown}{_path(parts.path)}{query}"


def _host(host: str, text: str) -> str:
    """The host of a web address: a name or an address, or a single name such as `intranet`."""
    try:
        if ":" in host:
            return f"[{normal('ipv6', host)}]" if "." not in host else f"[{IPv6Address(host)}]"
        if re.fullmatch(r"[0-9.]+", host):
            return str(IPv4Address(host))
        return _domain(host) if "." in host.rstrip(".") else _label(host)
    except ValueError:
        raise BadValue(f"{text[:80]!r} heeft geen geldige naam of geldig adres als computer.") from None


def _label(host: str) -> str:
    found = host.rstrip(".").lower()
    if not _LABEL.fullmatch(found):
        raise BadValue("geen naam")
    return found


def _path(path: str) -> str:
    """The path with `.` and `..` carried out; an empty path is /."""
    kept: list[str] = []
    parts = _escaped(path).split("/")[1:] or [""]
    for position, part in enumerate(parts):
        if part in (".", ".."):
            if part == ".." and kept:
                kept.pop()
            if position == len(parts) - 1:
                kept.append("")
        else:
            kept.append(part)
    return "/" + "/".join(kept)


def _escaped(text: str) -> str:
    """Percent-encoding as RFC 3986 has it: capitals, nothing encoded that need not be, everything else encoded."""

    def one(found: re.Match[str]) -> str:
        char = chr(int(found[1], 16))
        return char if char in _UNRESERVED else found[0].upper()

    return quote(_ESCAPE.sub(one, text), safe="%/:?#[]@!$&'()*+,;=-._~", errors="replace")


_WRITERS: Final[dict[str, Callable[[str], str]]] = {
    "ipv4": _address("ipv4"),
    "ipv6": _address("ipv6"),
    "domain": _domain,
    "url": _url,
    "md5": _hash("md5"),
    "sha1": _hash("sha1"),
    "sha256": _hash("sha256"),
    "email": _email,
}
