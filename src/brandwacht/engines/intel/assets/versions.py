"""Versions of software: which comes first, and whether one lies in a range.

Ranges are those of `vers:` (the version range specifier of package-url), of CVE records (version, lessThan) and of CPE
matches. Packages of an ecosystem (deb, rpm, npm, ...) are ordered by `univers`. All others, most products of vendors,
have no rules: we order them by their numbers, with `alpha`, `beta`, `rc` and the like before the release and other
letters after it (1.0.2 < 1.0.2k). `univers` is not asked for those: it puts 1.10 before 1.9 there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote

from msgspec import Struct
from univers.versions import (
    AlpineLinuxVersion,
    ArchLinuxVersion,
    ComposerVersion,
    ConanVersion,
    DebianVersion,
    GentooVersion,
    GolangVersion,
    MavenVersion,
    NginxVersion,
    NugetVersion,
    OpensslVersion,
    PypiVersion,
    RpmVersion,
    RubygemsVersion,
    SemverVersion,
)

MAX_VERSION: Final = 200
"""Characters of one version; longer ones are not compared."""
MAX_BOUNDS: Final = 1_000
"""Bounds of one range: what is left out is asked for each of its parts, so that time grows with their square."""

_CLASSES: Final[Mapping[str, Any]] = {
    "alpm": ArchLinuxVersion,
    "apk": AlpineLinuxVersion,
    "cargo": SemverVersion,
    "composer": ComposerVersion,
    "conan": ConanVersion,
    "deb": DebianVersion,
    "ebuild": GentooVersion,
    "gem": RubygemsVersion,
    "golang": GolangVersion,
    "hex": SemverVersion,
    "maven": MavenVersion,
    "nginx": NginxVersion,
    "npm": SemverVersion,
    "nuget": NugetVersion,
    "openssl": OpensslVersion,
    "pypi": PypiVersion,
    "python": PypiVersion,
    "rpm": RpmVersion,
}
_TOKEN: Final = re.compile(r"(\d+)|([a-z]+)")
_EARLY: Final = frozenset(
    ["alpha", "beta", "rc", "pre", "preview", "dev", "snapshot", "canary", "nightly", "milestone", "cr", "ea"]
)
_ANY: Final = frozenset({"", "*", "-", "0", "any", "all", "n/a", "na", "unspecified", "unknown", "none", "null"})


class InvalidRange(ValueError):
    """A text that is no range of versions; the message is Dutch."""


Key = tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=65_536)
def plain_key(version: str) -> Key | None:
    """A sort key for a version without rules of its own; `1.0` and `1.0.0` are equal. None when it has no number."""
    if len(version) > MAX_VERSION or not any(char in "0123456789" for char in version):
        return None
    key: list[tuple[int, int, str]] = []
    for digits, letters in _TOKEN.findall(version.lower()[:MAX_VERSION].removeprefix("v")):
        if letters in _EARLY:
            while key and key[-1] == (1, 0, ""):
                key.pop()
            key.append((0, 0, letters))
        else:
            key.append((1, int(digits), "") if digits else (1, 0, letters))
    while key and key[-1] == (1, 0, ""):
        key.pop()
    return (*key, (1, 0, ""))


@lru_cache(maxsize=65_536)
def _native(scheme: str, version: str) -> Any:
    """The version by the rules of its ecosystem; None when it is none of those."""
    if len(version) > MAX_VERSION:
        return None
    try:
        return _CLASSES[scheme](version)
    except Exception:  # the package raises many kinds, also plain ones
        return None


def order(scheme: str, one: str, other: str) -> int | None:
    """-1, 0 or 1 as `one` comes before, with or after `other`; None when these can not be compared."""
    first: Any
    second: Any
    native = scheme in _CLASSES
    if native:
        first, second = _native(scheme, one), _native(scheme, other)
    else:
        first, second = plain_key(one), plain_key(other)
    if first is None or second is None:
        return 0 if not native and one.strip().lower() == other.strip().lower() else None
    try:
        return 0 if first == second else -1 if first < second else 1
    except Exception:  # comparing raises too, on odd versions
        return None


class Versions(Struct, frozen=True, gc=False):
    """Versions from `low` to `high`; without either everything, and with both the same just that one.

    `scheme` says by whose rules they are ordered (`deb`, `npm`, ...; empty is by number). `except_for` are left out.
    """

    low: str | None = None
    high: str | None = None
    low_included: bool = True
    high_included: bool = True
    scheme: str = ""
    except_for: tuple[str, ...] = ()

    def holds(self, version: str) -> bool | None:
        """Whether this version is among them; None when that can not be said."""
        for each in self.except_for:
            if order(self.scheme, version, each) == 0:
                return False
        known = True
        if self.low is not None:
            sign = order(self.scheme, version, self.low)
            if sign is None:
                known = False
            elif sign < 0 or (sign == 0 and not self.low_included):
                return False
        if self.high is not None:
            sign = order(self.scheme, version, self.high)
            if sign is None:
                known = False
            elif sign > 0 or (sign == 0 and not self.high_included):
                return False
        return True if known else None

    @property
    def dutch(self) -> str:
        """In words: `vanaf 1.0 tot 2.0`, `1.2.3`, `alle versies`."""
        if self.low is None and self.high is None:
            words = "alle versies"
        elif self.low == self.high:
            words = str(self.low)
        else:
            low = None if self.low is None else f"{'vanaf' if self.low_included else 'na'} {self.low}"
            high = None if self.high is None else f"{'tot en met' if self.high_included else 'tot'} {self.high}"
            words = " ".join(filter(None, (low, high)))
        return words + (f", behalve {', '.join(self.except_for)}" if self.except_for else "")


def exactly(version: str, scheme: str = "") -> Versions:
    """Just this version; all of them when the text names none (`*`, `n/a`, `unspecified`)."""
    bare = version.strip()
    return Versions(scheme=scheme) if bare.lower() in _ANY - {"0"} else Versions(bare, bare, scheme=scheme)


def between(
    low: str | None, high: str | None, *, low_included: bool = True, high_included: bool = False, scheme: str = ""
) -> Versions:
    """From `low` to `high`; a text that names no version (`0`, `*`, `unspecified`) is no bound."""
    bounds = [None if each is None or each.strip().lower() in _ANY else each.strip() for each in (low, high)]
    return Versions(bounds[0], bounds[1], low_included, high_included, scheme)


def parse_vers(text: str) -> tuple[Versions, ...]:
    """Read a `vers:` range (`vers:npm/>=1.0|<2.0|5.1`). Raises InvalidRange (Dutch).

    Also the ranges that CSAF 2.0 writes as `vers:unknown/...` and those of `all`.
    """
    head, slash, rest = text.strip().partition("/")
    scheme = head.lower().removeprefix("vers:")
    if not head.lower().startswith("vers:") or not slash or not rest or len(text) > 20_000:
        raise InvalidRange(f"‘{text[:60]}’ is geen reeks versies. Schrijf bijvoorbeeld vers:generic/>=1.0|<2.0.")
    if rest == "*":
        return (Versions(scheme=scheme),)
    found: list[tuple[str, str]] = []
    for piece in filter(None, (each.strip() for each in rest.split("|"))):
        match = re.fullmatch(r"(>=|<=|!=|<|>|=)?\s*([^<>=!|]+)", piece)
        if match is None:
            raise InvalidRange(f"‘{piece[:60]}’ is geen grens van een reeks versies.")
        found.append((match[1] or "=", unquote(match[2].strip())))
    if len(found) > MAX_BOUNDS:
        raise InvalidRange(f"Deze reeks versies heeft meer dan {MAX_BOUNDS} grenzen. Noem er minder.")
    return _spans(scheme, found)


def _spans(scheme: str, constraints: list[tuple[str, str]]) -> tuple[Versions, ...]:
    """The constraints two by two, as the specification reads them: a lower bound and the upper bound after it."""
    without = tuple(version for comparator, version in constraints if comparator == "!=")
    spans: list[Versions] = []
    low: tuple[str, str] | None = None
    bounded = False
    for comparator, version in constraints:
        if comparator == "=":
            spans.append(Versions(version, version, scheme=scheme))
        elif comparator in (">", ">="):
            if low is None:
                low = (comparator, version)
            bounded = True
        elif comparator in ("<", "<="):
            start = low or (">=", "")
            spans.append(
                Versions(start[1] or None, version, start[0] == ">=", comparator == "<=", scheme, except_for=without)
            )
            low, bounded = None, True
    if low is not None:
        spans.append(Versions(low[1], None, low[0] == ">=", scheme=scheme, except_for=without))
    if not spans and without and not bounded:
        spans.append(Versions(scheme=scheme, except_for=without))
    return tuple(spans)
