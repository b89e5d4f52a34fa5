"""Which matched events are kept whole: of a flood the first and the last ones, and never the same event twice.

Everything is counted; what is not kept here is still in the event store. An event has an identity where its log gives
one: the record number of a Windows log on one machine, or the identifier that a cloud service gives. Two sources that
bring the same event then count it once. Without identity nothing can tell a repeat from a twin, so both count.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from brandwacht.engines.detection import Event, Match
from brandwacht.network.models import Node
from brandwacht.soc.models import Alert, IngestFile, MatchedEvent, Severity
from brandwacht.soc.services.rules import LEVELS

HEAD: Final = 200
"""So many events per alert and rule are kept from the beginning."""
TAIL: Final = 50
"""And so many of the latest ones."""
MAX_TEXT: Final = 20_000
MAX_DEPTH: Final = 40
MAX_REASONS: Final = 20
CLOUD_IDS: Final = ("eventID", "Id")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Found:
    """An event with its matches; ``time`` is the moment to file it under, in UTC."""

    event: Event
    time: datetime
    matches: Sequence[Match]


def identity(event: Event, asset: Node) -> str:
    """The same text for the same event from whatever source, 32 characters; empty when the log gives no identity."""
    parts: tuple[object, ...] = ()
    if event.record_id is not None and event.time is not None and event.channel:
        # Record numbers start again when a log is cleared, so the second counts; sources differ in its fractions.
        parts = (asset.pk, event.channel.lower(), event.record_id, int(event.time.timestamp()))
    else:
        for name in CLOUD_IDS:
            value = event.fields.get(name)
            if isinstance(value, str) and _UUID.fullmatch(value):
                parts = (name, value.lower())
                break
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest() if parts else ""


def without_doubles(
    owner_id: int, rows: Sequence[Found], asset_of: Callable[[Event], Node]
) -> tuple[list[tuple[Found, str]], Counter[int], Counter[str]]:
    """The events that were not counted before, each with its identity.

    Also how many came again: by primary key of the alert that has them, and by identity within these rows.
    """
    named = [(row, identity(row.event, asset_of(row.event))) for row in rows]
    wanted = sorted({name for _row, name in named if name})
    filed: dict[str, int] = {}
    for start in range(0, len(wanted), 1000):
        kept = MatchedEvent.objects.filter(organisation_id=owner_id, identity__in=wanted[start : start + 1000])
        filed.update(kept.values_list("identity", "alert_id"))
    fresh: list[tuple[Found, str]] = []
    seen: set[str] = set()
    before: Counter[int] = Counter()
    within: Counter[str] = Counter()
    for row, name in named:
        if name in filed:
            before[filed[name]] += 1
        elif name and name in seen:
            within[name] += 1
        else:
            seen.add(name)
            fresh.append((row, name))
    return fresh, before, within


def keep(
    ledger: IngestFile, alert: Alert, rows: Iterable[tuple[Found, str]], counted: Mapping[str, int]
) -> list[MatchedEvent]:
    """The rows to write for these events of one alert; ``counted`` is how often each rule had matched before them."""
    running = Counter(counted)
    heads: list[MatchedEvent] = []
    tails: dict[str, deque[tuple[Found, str]]] = {}
    for found, name in rows:
        for match in found.matches:
            running[match.rule_id] += 1
        if any(running[match.rule_id] <= HEAD for match in found.matches):
            heads.append(_row(ledger, alert, found, name, ""))
        else:
            rule = heaviest(found.matches).rule_id
            tails.setdefault(rule, deque(maxlen=TAIL)).append((found, name))
    return heads + [_row(ledger, alert, *each, rule) for rule, latest in tails.items() for each in latest]


def trim(written: Iterable[MatchedEvent]) -> None:
    """Remove what is no longer among the latest events of a rule, after new ones were written."""
    for alert_id, rule in sorted({(row.alert_id, row.tail_of) for row in written if row.tail_of}):
        latest = MatchedEvent.objects.filter(alert_id=alert_id, tail_of=rule)
        old = list(latest.order_by("-pk").values_list("pk", flat=True)[TAIL : 3 * TAIL])
        if old:
            MatchedEvent.objects.filter(pk__in=old).delete()


def heaviest(matches: Sequence[Match]) -> Match:
    """The match of the highest level; the first of equals."""
    return max(matches, key=lambda match: LEVELS.get(match.level, Severity.MEDIUM))


def _row(ledger: IngestFile, alert: Alert, row: Found, name: str, tail_of: str) -> MatchedEvent:
    event_id = row.event.event_id
    return MatchedEvent(
        organisation_id=ledger.organisation_id,
        alert=alert,
        file=ledger,
        number=row.event.number,
        time=row.time,
        channel=str(storable(row.event.channel))[:120],
        event_id=event_id if event_id is not None and 0 <= event_id < 2**31 else None,
        matches=[
            {
                "rule_id": match.rule_id,
                "title": match.title,
                "level": match.level,
                "matched": storable(match.matched),
                "because": [str(storable(reason)) for reason in match.because[:MAX_REASONS]],
            }
            for match in row.matches
        ],
        raw=storable(row.event.raw),
        kind=row.event.kind[:80],
        tail_of=tail_of,
        identity=name,
    )


def storable(value: Any, depth: int = 0) -> Any:
    """The value as both databases can keep it as JSON: no NUL, no endless text, no endless nesting."""
    if isinstance(value, str):
        text = value.replace("\x00", "\u2400")
        return text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}… ({len(text)} tekens, hier ingekort)"
    if depth >= MAX_DEPTH and isinstance(value, (dict, list)):
        return "… (te diep genest, hier ingekort)"
    if isinstance(value, dict):
        return {storable(str(key)): storable(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [storable(inner, depth + 1) for inner in value]
    return value
