"""What a text holds that indicators may be about: addresses, domains, web pages, hashes, mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import Final, Literal

from brandwacht.engines.detection.indicator_values import IPV4

Kind = Literal["ipv4", "ipv6", "domain", "url", "md5", "sha1", "sha256", "email"]
Observable = tuple[Kind, str]

MAX_VALUE: Final = 8_192
"""Characters of a value in the normal form; the original has all of it."""
MAX_ITEMS: Final = 100
"""Values of a field with more than one, and observables of one value."""
MAX_TEXT: Final = 65_536
"""Characters of a text in which addresses of web pages are looked for."""

ADDRESS: Final = re.compile(r"[0-9a-fA-F.:]{2,45}")
_DOMAIN: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})"
)
_URL: Final = re.compile(r"\b(?:https?|ftp)://[^\s\"'<>`|\\^{}\x00-\x1f]{1,2048}", re.I)
AUTHORITY: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://(?:[^/?#@\s]{0,255}@)?(\[[0-9a-f:.]{2,45}\]|[^/?#:\s\\]{1,255})", re.I
)
_MAIL: Final = re.compile(r"[^\s@<>\"',;:()]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}")
_HASHES: Final[dict[int, Kind]] = {32: "md5", 40: "sha1", 64: "sha256"}
_HASH: Final = re.compile(r"[0-9a-f]+")
_HASH_NAMED: Final = re.compile(r"(MD5|SHA1|SHA-1|SHA256|SHA-256)=([0-9A-Fa-f]{32,64})", re.I)


def observables_in(text: str, how: str) -> Sequence[Observable]:
    """What indicators may be about in one text of a field; `how` is that of `ecs.observed_fields`."""
    if len(text) < 3 or (how == "text" and "://" not in text):
        return ()
    read = _in_text if how == "text" else _in_value
    return read(text) if len(text) <= 1024 else read.__wrapped__(text)


@lru_cache(maxsize=32_768)
def _in_value(text: str) -> tuple[Observable, ...]:
    """What a value is that is an indicator as a whole, or a list of such."""
    if "://" in text:
        return _of_url(text.strip())
    if "=" in text:
        return hashes_in(text[:MAX_VALUE])
    found = []
    for part in text.split(";")[:MAX_ITEMS] if ";" in text else (text,):
        if (observable := _single(part.strip())) is not None:
            found.append(observable)
    return tuple(found)


@lru_cache(maxsize=8_192)
def _in_text(text: str) -> tuple[Observable, ...]:
    found: list[Observable] = []
    for count, match in enumerate(_URL.finditer(text[:MAX_TEXT])):
        if count >= MAX_ITEMS:
            break
        found += _of_url(match[0].rstrip(".,;:)]"))
    return tuple(found)


def _of_url(text: str) -> tuple[Observable, ...]:
    found = AUTHORITY.match(text)
    if not found:
        return ()
    host = _single(found[1].strip("[]"))
    return (("url", text), host) if host is not None else (("url", text),)


def _single(text: str) -> Observable | None:
    if IPV4.fullmatch(text):
        return ("ipv4", text)
    if ADDRESS.fullmatch(text) and ("." in text or ":" in text):
        try:
            address = ip_address(text)
        except ValueError:
            pass  # it may have a port behind it
        else:
            mapped = getattr(address, "ipv4_mapped", None)
            return ("ipv4", str(mapped)) if mapped else ("ipv4" if address.version == 4 else "ipv6", str(address))
    lower = text.lower()
    kind = _HASHES.get(len(lower))
    if kind and _HASH.fullmatch(lower):
        return (kind, lower)
    if "@" in lower:
        return ("email", lower) if _MAIL.fullmatch(lower) else None
    host, _, port = lower.rpartition(":")
    domain = (host if host and port.isdecimal() else lower).removesuffix(".")
    if _DOMAIN.fullmatch(domain):
        return ("domain", domain)
    return _single(host) if host and port.isdecimal() and ADDRESS.fullmatch(host) else None


@lru_cache(maxsize=16_384)
def hashes_in(text: str) -> tuple[Observable, ...]:
    """The hashes in a list as Sysmon writes it (SHA1=...,MD5=...), or the one that the text is."""
    return tuple(_hashes(text))


def _hashes(text: str) -> Iterator[Observable]:
    named = False
    for name, digest in _HASH_NAMED.findall(text):
        kind = _HASHES.get(len(digest))
        if kind is not None and kind == name.lower().replace("-", ""):
            named = True
            yield kind, digest.lower()
    lower = text.lower()
    if not named and (kind := _HASHES.get(len(lower))) and _HASH.fullmatch(lower):
        yield kind, lower
