"""Indicators out of a STIX 2.1 bundle of somebody else: the values to watch, with what the bundle says about them.

For a list to watch, not to keep or to pass on: that reads all objects whole (`stix.read_stix`). A pattern that can not
be watched value by value (`patterns.py`) is named, not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .indicators import Indicator, Refusal
from .marking import stated_on
from .patterns import InvalidPattern, parse_pattern
from .tlp import TLP


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
        values, reasons = _indicators(thing)
        for indicator in values:
            received = _received(thing, indicator)
            found.setdefault((indicator, received.valid_until), received)
        refused += [Refusal(number, reason) for reason in reasons]
    return list(found.values()), refused


def _indicators(thing: Mapping[str, object]) -> tuple[tuple[Indicator, ...], tuple[str, ...]]:
    pattern = thing.get("pattern")
    if thing.get("pattern_type", "stix") != "stix" or not isinstance(pattern, str):
        return (), ("Dit is geen STIX-patroon. Lever losse waarden of STIX 2.1 aan.",)
    try:
        found = parse_pattern(pattern)
    except InvalidPattern as error:
        return (), (str(error),)
    return found.values, found.left_out


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
