"""Atoms: the smallest questions a rule asks, one field against one value.

An atom is a plain JSON list, `[kind, field, ...]`; field is None for a keyword, which may stand anywhere in the event.

    ["eq" | "starts" | "ends" | "contains", field, text, cased]
    ["glob", field, [text | 0 | 1, ...], cased]      0 is any number of characters, 1 is exactly one
    ["re", field, pattern, flags]                    flags from "i", "m", "s"; searched, not anchored
    ["cidr", field, network]
    ["cmp", field, "lt" | "lte" | "gt" | "gte", number]    the number as text when it is beyond 2^53
    ["part", field, "minute" ... "year", op, number] a part of a moment, in UTC; op as in cmp, or "eq"
    ["ref", field, other, "eq" | "starts" | "ends" | "contains"]
    ["null", field]                                  absent or null
    ["exists", field, bool]                          present, whatever its value

Text is compared in lower case unless cased. Source: Sigma specification 2.1, rules and modifiers.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

import re2  # type: ignore[import-untyped]

from brandwacht.engines.detection.events import MISSING, parse_time, text_of

EXACT: Final = 2**53
"""Whole numbers beyond this are not all floats."""
PATTERN_MEMORY: Final = 32 * 1024 * 1024
"""Bytes that RE2 may take for one pattern. With its usual 8 MB, patterns such as `.{1000,}`, which rules do have, fall
back to a way that is a thousand times slower."""
_DOLLAR: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\$", re.DOTALL)
"""An escape, a class of characters, or the anchor itself."""
_INLINE_MULTILINE: Final = re.compile(r"\(\?[a-zA-Z]*m")

Atom = tuple[Any, ...]
Test = Callable[[str], bool]
Lookup = Callable[[str], object]
Address = IPv4Address | IPv6Address

_COMPARE: Final = {"lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}
_WORDS: Final = {"eq": "", "lt": "kleiner dan ", "lte": "hoogstens ", "gt": "groter dan ", "gte": "minstens "}
_UNITS: Final = {
    "minute": "de minuut",
    "hour": "het uur",
    "day": "de dag",
    "week": "de week",
    "month": "de maand",
    "year": "het jaar",
}
LITERAL_TESTS: Final[dict[str, Callable[[str, str], bool]]] = {
    "eq": operator.eq,
    "starts": str.startswith,
    "ends": str.endswith,
    "contains": operator.contains,
}


def texts_of(value: object) -> list[str]:
    """The texts of a value or of each value in a list; nulls have none."""
    if isinstance(value, list):
        return [text_of(item) for item in value if item is not None]
    return [] if value is None or value is MISSING else [text_of(value)]


def compile_regex(pattern: str, flags: str = "") -> Any:
    """A compiled pattern in linear time, whatever hostile text it meets. Raises `re2.error` when RE2 can not do it."""
    return re2.compile(regex_source(pattern, flags), regex_options())


def regex_source(pattern: str, flags: str) -> str:
    """The pattern with its flags, as RE2 reads it."""
    if "m" not in flags:
        pattern = _ends_before_newline(pattern)
    return f"(?{flags}){pattern}" if flags else pattern


def regex_options() -> Any:
    """How RE2 reads every pattern: without writing its complaints on standard error."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = PATTERN_MEMORY
    return options


def _ends_before_newline(pattern: str) -> str:
    """The pattern with `$` as PCRE, the flavour of Sigma, has it: a line end that closes the text may follow."""
    if "$" not in pattern or _INLINE_MULTILINE.search(pattern):
        return pattern
    return _DOLLAR.sub(lambda found: r"(?:\n?\z)" if found[0] == "$" else found[0], pattern)


def _searcher(pattern: str, flags: str) -> Test:
    search = compile_regex(pattern, flags).search

    def test(text: str) -> bool:
        try:
            return search(text) is not None
        except UnicodeEncodeError:  # half a surrogate pair can not be given to RE2
            return search(text.encode("utf-8", "replace").decode()) is not None

    return test


def _glob(parts: list[str | int], cased: bool) -> Test:
    if 1 not in parts:
        test = _stars(parts)
    else:
        pattern = "".join(".*" if part == 0 else "." if part == 1 else re2.escape(part) for part in parts)
        test = _searcher(rf"\A(?:{pattern})\z", "s")
    return test if cased else lambda text: test(text.lower())


def _stars(parts: list[str | int]) -> Test:
    """A test for texts with any number of characters between: each is looked for after the one before it."""
    first = parts[0] if isinstance(parts[0], str) else ""
    last = parts[-1] if isinstance(parts[-1], str) and len(parts) > 1 else ""
    middle = [part for part in parts[(1 if first else 0) : (-1 if last else None)] if isinstance(part, str)]
    least = len(first) + len(last)

    def test(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        place, end = len(first), len(text) - len(last)
        for part in middle:
            place = text.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
        return True

    return test


def address_of(text: str) -> Address | None:
    """The address that `text` is, if it is one."""
    try:
        return ip_address(text.strip())
    except ValueError:
        return None


def covers(network: IPv4Network | IPv6Network, address: Address) -> bool:
    """Whether an address lies in a network, also an IPv4 address that is written as IPv6."""
    mapped = getattr(address, "ipv4_mapped", None)
    return address in network or (mapped is not None and mapped in network)


def _cidr(text: str) -> Test:
    network = ip_network(text)
    return lambda text: (address := address_of(text)) is not None and covers(network, address)


def _compare(op: str, number: float | str) -> Test:
    compare, bound = _COMPARE[op], Decimal(str(number))

    def test(text: str) -> bool:
        value = _number(text)
        return value is not None and bool(compare(value, bound))

    return test


def _number(text: str) -> Decimal | None:
    """The number that a text is, exactly. No underscores, no infinity, as Python would allow."""
    if "_" in text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _time_part(unit: str, op: str, number: float | str) -> Test:
    compare, bound = _COMPARE.get(op, operator.eq), Decimal(str(number))

    def test(text: str) -> bool:
        moment = parse_time(text)
        if moment is None:
            return False
        return bool(compare(moment.isocalendar().week if unit == "week" else getattr(moment, unit), bound))

    return test


def _literal(kind: str, value: str, cased: bool) -> Test:
    compare = LITERAL_TESTS[kind]
    return (lambda text: compare(text, value)) if cased else (lambda text: compare(text.lower(), value))


@lru_cache(maxsize=65536)
def test_for(atom: Atom) -> Test:
    """The test on one text that `atom` stands for. Not for null, exists and ref, which ask more than one text."""
    match atom:
        case ("glob", _, parts, cased):
            return _glob(list(parts), cased)
        case ("re", _, pattern, flags):
            return _searcher(pattern, flags)
        case ("cidr", _, network):
            return _cidr(network)
        case ("cmp", _, op, number):
            return _compare(op, number)
        case ("part", _, unit, op, number):
            return _time_part(unit, op, number)
        case (kind, _, value, cased) if kind in LITERAL_TESTS:
            return _literal(kind, value, cased)
    raise ValueError(f"unknown atom {atom!r}")


def holds(atom: Atom, lookup: Lookup) -> bool:
    """Whether `atom`, bound to a field, is true of the event behind `lookup`."""
    value = lookup(atom[1])
    match atom:
        case ("null", _):
            return value is MISSING or value is None or (isinstance(value, list) and None in value)
        case ("exists", _, wanted):
            return (value is not MISSING) is wanted
        case ("ref", _, other, how):
            compare = LITERAL_TESTS[how]
            others = [text.lower() for text in texts_of(lookup(other))]
            return any(compare(text.lower(), part) for text in texts_of(value) for part in others)
    test = test_for(atom)
    return any(test(text) for text in texts_of(value))


def freeze(atom: list[Any]) -> Atom:
    """The atom as something that can be a key."""
    return tuple(tuple(part) if isinstance(part, list) else part for part in atom)


def describe(atom: Atom) -> str:
    """What the atom says, in plain Dutch, for the explanation of a match."""
    name = atom[1] or "De gebeurtenis"
    match atom:
        case ("eq", _, value, _):
            return f'{name} is "{value}"' if value else f"{name} is leeg"
        case ("starts", _, value, _):
            return f'{name} begint met "{value}"'
        case ("ends", _, value, _):
            return f'{name} eindigt op "{value}"'
        case ("contains", _, value, _):
            return f'{name} bevat "{value}"'
        case ("glob", _, parts, _):
            shown = "".join("*" if part == 0 else "?" if part == 1 else part for part in parts)
            return f'{name} past op "{shown}"'
        case ("re", _, pattern, _):
            return f'{name} past op het patroon "{pattern}"'
        case ("cidr", _, network):
            return f"{name} ligt in het netwerk {network}"
        case ("cmp", _, op, number):
            return f"{name} is {_WORDS[op]}{number}"
        case ("part", _, unit, op, number):
            return f"{name}: {_UNITS[unit]} is {_WORDS[op]}{number}"
        case ("ref", _, other, _):
            return f"{name} komt overeen met {other}"
        case ("exists", _, wanted):
            return f"{name} is aanwezig" if wanted else f"{name} ontbreekt"
    return f"{name} ontbreekt of is leeg"
