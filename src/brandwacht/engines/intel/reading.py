"""Indicators out of a STIX 2.1 bundle of somebody else: single values, with what the bundle says about them.

Only a pattern that is one value, or a choice between values, is taken (STIX 2.1, section 9). A pattern that asks for
several things together would alarm on each of them alone; it is named, not read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from .indicators import Indicator, InvalidIndicator, Refusal, parse_indicator
from .marking import stated_on
from .tlp import TLP

MAX_PATTERN: Final = 20_000
"""Characters of one pattern."""

_COMPARISON: Final = re.compile(
    r"\s*([a-z0-9-]+):((?:[A-Za-z0-9_.-]|'[^'\\]*')+)\s*(=|IN)\s*('(?:[^'\\]|\\.)*'|\(\s*'[^()]*'\s*\))\s*"
)
_TEXT: Final = re.compile(r"'((?:[^'\\]|\\.)*)'")
_PATHS: Final = frozenset(
    {
        *("ipv4-addr:value", "ipv6-addr:value", "domain-name:value", "url:value", "email-addr:value"),
        *("file:hashes.md5", "file:hashes.sha-1", "file:hashes.sha1", "file:hashes.sha-256", "file:hashes.sha256"),
        "email-message:from_ref.value",
    }
)


@dataclass(frozen=True, slots=True)
class Received:
    """An indicator as another party gave it. ``confidence`` is 0-100, ``tlp`` None when the object carries no label."""

    indicator: Indicator
    id: str
    valid_until: datetime | None
    confidence: int | None
    tlp: TLP | None


def read_bundle(bundle: Mapping[str, object]) -> tuple[list[Received], list[Refusal]]:
    """The indicators of a bundle, and what was left out: ``Refusal.line`` is the number of the object, from 1.

    Never fails on odd content; what is no indicator at all (reports, identities) is passed over in silence.
    """
    found: dict[tuple[Indicator, datetime | None], Received] = {}
    refused: list[Refusal] = []
    objects = bundle.get("objects")
    for number, thing in enumerate(objects if isinstance(objects, list) else [], start=1):
        if not isinstance(thing, dict) or thing.get("type") != "indicator":
            continue
        if thing.get("revoked") is True:
            refused.append(Refusal(number, "Dit kenmerk is door de afzender ingetrokken."))
            continue
        try:
            for indicator in _indicators(thing):
                received = _received(thing, indicator)
                found.setdefault((indicator, received.valid_until), received)
        except InvalidIndicator as error:
            refused.append(Refusal(number, str(error)))
    return list(found.values()), refused


def _indicators(thing: Mapping[str, object]) -> Iterator[Indicator]:
    pattern = thing.get("pattern")
    if thing.get("pattern_type", "stix") != "stix" or not isinstance(pattern, str):
        raise InvalidIndicator("Dit is geen STIX-patroon. Lever losse waarden of STIX 2.1 aan.")
    if len(pattern) > MAX_PATTERN:
        raise InvalidIndicator("Dit patroon is te lang om te lezen.")
    too_much = "Dit patroon vraagt om meer dan losse waarden; het wordt niet gelezen. Maak er een detectieregel van."
    for part in _observations(pattern):
        position, values = 0, []
        while True:
            comparison = _COMPARISON.match(part, position)
            if comparison is None:
                raise InvalidIndicator(too_much)
            path = f"{comparison[1]}:{comparison[2].replace(chr(39), '').lower()}"
            if path not in _PATHS:
                raise InvalidIndicator(f"Op {path[:60]} kan niet worden gezocht.")
            values += [_unescaped(text[1]) for text in _TEXT.finditer(comparison[4])]
            position = comparison.end()
            if position == len(part):
                break
            if not part.startswith("OR", position):
                raise InvalidIndicator(too_much)
            position += 2
        yield from map(parse_indicator, values)


def _observations(pattern: str) -> list[str]:
    """What stands between the square brackets of a pattern whose observations are joined by OR only."""
    parts: list[str] = []
    depth = start = 0
    quoted = escaped = False
    between: list[str] = []
    for place, character in enumerate(pattern):
        if quoted:
            quoted, escaped = (True, False) if escaped else (character != "'", character == "\\")
        elif character == "'":
            quoted = True
        elif character == "[":
            depth, start = depth + 1, place + 1
        elif character == "]" and depth == 1:
            depth = 0
            parts.append(pattern[start:place])
        elif depth == 0:
            between.append(character)
    left = "".join(between).replace("OR", "").strip(" \t\r\n()")
    if depth or quoted or left or not parts:
        raise InvalidIndicator("Dit patroon vraagt om een volgorde of een combinatie; het wordt niet gelezen.")
    return parts


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _received(thing: Mapping[str, object], indicator: Indicator) -> Received:
    confidence = thing.get("confidence")
    fits = isinstance(confidence, int) and not isinstance(confidence, bool) and 0 <= confidence <= 100
    return Received(
        indicator,
        str(thing.get("id", ""))[:200],
        _moment(thing.get("valid_until")),
        confidence if fits and isinstance(confidence, int) else None,
        stated_on(thing).tlp,
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment is not None and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
