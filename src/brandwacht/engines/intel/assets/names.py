"""Names of products and their makers, as people and lists write them, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from packageurl import PackageURL

SIMILAR: Final = 0.82
"""From this likeness on (0 to 1, see `likeness`) two names may be the same product."""

_COMPANY: Final = frozenset(
    ["inc", "incorporated", "corp", "corporation", "ltd", "limited", "llc", "gmbh", "ag", "bv", "nv", "sa", "co",
     "company", "foundation", "project", "the", "software", "technologies", "systems"]
)  # fmt: skip
_LETTER: Final = re.compile(r"\b(\w)\.")  # B.V. is BV
_WORD: Final = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=131_072)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name without accents, capitals and signs; letters and digits that hang together stay so."""
    bare = name[:300].casefold()
    if not bare.isascii():
        bare = "".join(char for char in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(char))
    return tuple(_WORD.findall(bare))


@lru_cache(maxsize=131_072)
def vendor_key(name: str) -> str:
    """A maker's name without what says that it is a company: `Microsoft Corporation` is `microsoft`."""
    words = words_of(_LETTER.sub(r"\1", name))
    bare = [word for word in words if word not in _COMPANY] or list(words)
    return "" if name.strip().lower() in ("n/a", "unknown", "*", "-") else "".join(bare)


@lru_cache(maxsize=131_072)
def product_key(name: str, vendor: str = "") -> str:
    """A product's name without its maker's name in front: `Microsoft Exchange Server` is `exchangeserver`."""
    words = list(words_of(name))
    for word in words_of(vendor) if vendor else ():
        if len(words) > 1 and words[0] == word:
            words.pop(0)
    return "" if name.strip().lower() in ("n/a", "unknown", "*", "-") else "".join(words)


@lru_cache(maxsize=131_072)
def _pairs(key: str) -> frozenset[str]:
    padded = f"^{key}$"
    return frozenset(padded[place : place + 2] for place in range(len(padded) - 1))


@lru_cache(maxsize=131_072)
def numbers_of(key: str) -> tuple[str, ...]:
    """The numbers in a key, in order: names that differ in these are other products."""
    return tuple(re.findall(r"\d+", key))


def likeness(one: str, other: str) -> float:
    """How alike two keys are, 0 to 1: Dice's coefficient over their pairs of letters (Dice, 1945).

    Names whose numbers differ (`Windows Server 2016`, `Windows Server 2019`) are other products: 0.
    """
    if not one or not other or numbers_of(one) != numbers_of(other):
        return 0.0
    first, second = _pairs(one), _pairs(other)
    return 2 * len(first & second) / (len(first) + len(second))


class Cpe(NamedTuple):
    """The parts of a CPE name that we use; `version` is None for any, empty parts are any."""

    part: str
    vendor: str
    product: str
    version: str | None


_COLON: Final = re.compile(r"(?<!\\):")
_ESCAPED: Final = re.compile(r"\\(.)")


@lru_cache(maxsize=65_536)
def parse_cpe(text: str) -> Cpe | None:
    """Read a CPE name, 2.3 (`cpe:2.3:a:vendor:product:...`) or 2.2 (`cpe:/a:vendor:product`); None when it is none.

    Source: NIST IR 7695.
    """
    if text[:8].lower() == "cpe:2.3:":
        parts = _COLON.split(text[8:], 5) if "\\" in text else text[8:].split(":", 5)
    elif text[:5].lower() == "cpe:/":
        parts = text[5:].split(":")
    else:
        return None
    parts = [_ESCAPED.sub(r"\1", part).strip().lower() if "\\" in part else part.strip().lower() for part in parts[:5]]
    if len(parts) < 3 or parts[0] not in ("a", "o", "h", "*") or parts[2] in ("", "*", "-"):
        return None
    version = parts[3] if len(parts) > 3 and parts[3] not in ("", "*", "-") else None
    if version and len(parts) > 4 and parts[4] not in ("", "*", "-"):
        version = f"{version} {parts[4]}"
    return Cpe(parts[0], parts[1], parts[2], version)


class Purl(NamedTuple):
    """A package URL: `key` is type, namespace and name; `version` None for any."""

    key: str
    type: str
    version: str | None


@lru_cache(maxsize=65_536)
def parse_purl(text: str) -> Purl | None:
    """Read a package URL (`pkg:npm/%40angular/core@1.2.3`); None when it is none."""
    try:
        found = PackageURL.from_string(text)
    except ValueError:
        return None
    namespace = f"{found.namespace}/" if found.namespace else ""
    return Purl(f"{found.type}/{namespace}{found.name}".lower(), found.type, found.version or None)
