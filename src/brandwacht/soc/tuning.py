"""Which exception would take most of a rule's noise away: candidates from what was seen, the narrowest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from brandwacht.engines.detection import Event
from brandwacht.soc.entities import Entity, entities_of, ties
from brandwacht.soc.models import EntityKind, Subject

TELLING: Final = (
    "CommandLine", "ServiceName", "TaskName", "ScriptBlockText", "TargetFilename", "TargetObject", "Image",
    "ParentImage", "ObjectName", "ShareName", "QueryName", "cs-uri-query", "cs-uri",
)  # fmt: skip
"""Fields that say what was done, those that say most first; a rule's own fields come after them."""
SHORTEST: Final = 3
LONGEST: Final = 500
ENOUGH: Final = 0.5
"""An exception is proposed for tuning when it would take at least this part away."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One match, as far as an exception could be about it. ``asset`` is the primary key of its asset."""

    asset: int
    entities: tuple[Entity, ...]
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An exception that could be: on which asset (or any), with which user, address or value; and its part of all."""

    asset: int | None
    subject: str
    field: str
    value: str
    count: int
    share: float


def seen_in(event: Event, asset: int, matched: Iterable[str]) -> Seen:
    """What an event shows of users, addresses and telling values; ``matched`` are the fields that a rule looked at."""
    names = dict.fromkeys((*TELLING, *matched))
    values = ((name, event.fields.get(name)) for name in names)
    return Seen(
        asset,
        entities_of(event),
        tuple(
            (name, value)
            for name, value in values
            if isinstance(value, str) and SHORTEST <= len(value.strip()) <= LONGEST
        ),
    )


def candidates(rows: Sequence[Seen]) -> list[Candidate]:
    """The exceptions that fit at least two of the rows (or the only one): the narrowest kind first, then the most."""
    counts: Counter[tuple[int | None, str, str, str]] = Counter()
    for row in rows:
        counts[row.asset, "", "", ""] += 1
        for name, value in row.fields:
            counts[row.asset, Subject.FIELD, name, value] += 1
            counts[None, Subject.FIELD, name, value] += 1
        for entity in row.entities:
            subject = {EntityKind.USER: Subject.USER, EntityKind.ADDRESS: Subject.ADDRESS}.get(EntityKind(entity.kind))
            if subject and ties(entity):
                counts[row.asset, subject, "", entity.value] += 1
                counts[None, subject, "", entity.value] += 1
    least = 2 if len(rows) > 1 else 1
    found = [
        Candidate(asset, subject, name, value, number, number / len(rows))
        for (asset, subject, name, value), number in counts.items()
        if number >= least
    ]
    return sorted(found, key=lambda c: (_breadth(c), -c.count, _rank(c.field), c.value, c.asset or 0))


def narrowest(rows: Sequence[Seen]) -> Candidate | None:
    """The narrowest candidate that fits all rows; the fullest when none does."""
    found = candidates(rows)
    return next((c for c in found if c.count == len(rows)), max(found, key=lambda c: c.count, default=None))


def best(rows: Sequence[Seen]) -> Candidate | None:
    """What to propose for tuning: the narrowest candidate that takes enough away, or nothing."""
    return next((c for c in candidates(rows) if c.share >= ENOUGH), None)


def _breadth(candidate: Candidate) -> int:
    """0 for the narrowest: a value on one asset, then a user or address there, then everywhere, then a whole asset."""
    if candidate.asset is not None and candidate.subject:
        return 0 if candidate.subject == Subject.FIELD else 1
    if candidate.asset is None:
        return 2 if candidate.subject == Subject.FIELD else 4
    return 3


def _rank(name: str) -> int:
    return TELLING.index(name) if name in TELLING else len(TELLING)
