"""Advice on measures: which controls of the BIO2 and which shared measures help against a thing of the circle.

A thing points at them itself; where it does not, the controls follow from its ATT&CK techniques. What is told of a
control is public; how the reader's organisation stands on it is only for who may see that, and so is a shared measure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from brandwacht.baseline.models import FRAMEWORK, SharedMeasure
from brandwacht.baseline.queries import Touched, controls_named
from brandwacht.baseline.queries import shared as shared_queries
from brandwacht.engines.norms import Control, controls_for, load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import Owner, decide, may_anywhere
from brandwacht.sharing.reading_kinds import KINDS, PRODUCT, THREAT, WARNING, Kind

MAKE: Final = "baseline.measure.make"
ADOPT: Final = "baseline.shared.adopt"
MOST_SHARED: Final = 12
MOST_SUGGESTED: Final = 6
ADVISED: Final = (WARNING, THREAT, PRODUCT)
"""The kinds that can point at measures."""


class Pointing(Protocol):
    """A thing of the circle that can point at measures."""

    @property
    def public_id(self) -> UUID: ...

    attack: list[str]
    controls: list[str]
    measures: list[str]


@dataclass(frozen=True, slots=True)
class SharedAdvice:
    """A shared measure that helps; ``pointed`` when the thing names it, ``adopted`` by the reader's organisation."""

    measure: SharedMeasure
    pointed: bool
    adopted: bool
    may_adopt: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """The controls, whether they were pointed at or follow from the techniques, and shared measures for them."""

    controls: list[Touched]
    pointed: bool
    shared: list[SharedAdvice]
    may_make: bool

    def __bool__(self) -> bool:
        return bool(self.controls or self.shared)

    @property
    def sees(self) -> bool:
        """Whether the reader may see how the own organisation stands."""
        return any(each.state is not None for each in self.controls)


def suggested(attack: Sequence[str]) -> list[Control]:
    """The controls that help most against these techniques."""
    return controls_for(load_framework(FRAMEWORK), attack)[:MOST_SUGGESTED]


def advice(actor: Actor, thing: Pointing) -> Advice:
    """The advice that goes with a thing that the actor may see; at most three queries."""
    pointed = list(thing.controls)
    numbers = pointed or [each.number for each in suggested(thing.attack)]
    controls = controls_named(actor, actor.organisation_id, numbers)
    return Advice(
        controls,
        bool(pointed or thing.measures),
        _shared(actor, numbers, thing.measures),
        bool(decide(actor, MAKE, Owner(actor.organisation_id))),
    )


def _shared(actor: Actor, numbers: Sequence[str], pointed: Sequence[str]) -> list[SharedAdvice]:
    """Shared measures that the thing names, then those of others for its controls, as far as the actor may see them."""
    if not (numbers or pointed) or not may_anywhere(actor, shared_queries.SHARED_SEE):
        return []
    have = Exists(shared_queries.adoptions(actor).filter(shared_ref=OuterRef("public_id")))
    rows = shared_queries.published(actor).filter(Q(public_id__in=pointed) | Q(control__in=numbers))
    rows = rows.exclude(organisation_id=actor.organisation_id).filter(withdrawn_at__isnull=True)
    named = set(pointed)
    told = [
        SharedAdvice(each, str(each.public_id) in named, each.have, bool(decide(actor, ADOPT, each)))
        for each in rows.annotate(have=have)[:100]
    ]
    return sorted(told, key=lambda each: not each.pointed)[:MOST_SHARED]


def thing(actor: Actor, key: str, public_id: Any) -> tuple[Kind, Any]:
    """A thing that can point at measures and that the actor may see; raises ``NotFound``."""
    kind = KINDS.get(key)
    if kind is None or kind not in ADVISED:
        raise NotFound
    found = kind.rows(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return kind, found


def choices(actor: Actor, numbers: Sequence[str]) -> list[SharedMeasure]:
    """The shared measures that a thing with these controls can point at: those that the actor may see."""
    if not numbers or not may_anywhere(actor, shared_queries.SHARED_SEE):
        return []
    rows = shared_queries.published(actor).filter(control__in=numbers, withdrawn_at__isnull=True)
    return list(rows[:50])
