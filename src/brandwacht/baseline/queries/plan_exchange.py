"""Reads of an offered improvement plan: what it would change in the own measures."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, MAX_COST, AnswerImport, Measure, MeasureState
from brandwacht.baseline.queries.exchange import NEW, OTHER, REFUSED, SAME, as_planned
from brandwacht.baseline.queries.grounds import SEE
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.oscal import KINDS, PlannedMeasure
from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible

PLAN: Final = KINDS[3]
_OTHERS: Final = uuid.UUID("0b9a4e5e-1d52-5f43-8d0e-6f3f1c5d7a20")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One measure of an offered plan beside the own one with the same key.

    ``kind`` is ``NEW``, ``SAME``, ``OTHER`` (it differs, ``changes`` says in what) or ``REFUSED`` (``why``).
    """

    key: str
    offered: PlannedMeasure
    present: Measure | None
    kind: str
    changes: tuple[str, ...] = ()
    why: str = ""

    @property
    def choosable(self) -> bool:
        """Whether it can be taken over."""
        return self.kind in (NEW, OTHER)

    @property
    def state(self) -> MeasureState:
        """The offered step of the cycle."""
        return MeasureState(self.offered.state)


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """All lines of an offered plan, and the fingerprint of what was compared."""

    lines: Sequence[PlanLine]
    fingerprint: str

    def of(self, *kinds: str) -> list[PlanLine]:
        """The lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]


def compare_plan(actor: Actor, offered: AnswerImport) -> PlanComparison:
    """What an offered plan would change now. Two queries.

    A key that stands for a measure of another organisation gets one of our own in its place, the same every time.
    """
    said = [unpack_measure(entry) for entry in offered.lines]
    keys = [each.key for each in said]
    # Across owners on purpose: only whether the key is free is learned, and that shows nowhere.
    foreign = {
        str(key)
        for key in Measure._base_manager.filter(public_id__in=keys)
        .exclude(organisation_id=actor.organisation_id)
        .values_list("public_id", flat=True)
    }
    own_key = {key: own_key_for(actor, key) if key in foreign else key for key in keys}
    mine = Measure.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id, framework=FRAMEWORK)
    present = {str(row.public_id): row for row in mine.filter(public_id__in=own_key.values())}
    lines = [_line(actor, own_key[each.key], each, present.get(own_key[each.key])) for each in said]
    seen = [(key, repr(as_planned(row))) for key, row in sorted(present.items())]
    return PlanComparison(lines, hashlib.sha256(repr((str(offered.public_id), seen)).encode()).hexdigest())


def own_key_for(actor: Actor, key: str) -> str:
    """The key that a measure of somebody else has at the actor's organisation."""
    return str(uuid.uuid5(_OTHERS, f"{actor.organisation_code}:{key}"))


def _line(actor: Actor, key: str, said: PlannedMeasure, present: Measure | None) -> PlanLine:
    if why := _refusal(actor, said):
        return PlanLine(key, said, present, REFUSED, why=why)
    if present is None:
        return PlanLine(key, said, None, NEW)
    changes = tuple(_changes(as_planned(present), said))
    return PlanLine(key, said, present, OTHER if changes else SAME, changes)


def _refusal(actor: Actor, said: PlannedMeasure) -> str:
    if said.done_at and said.done_at > actor.now:
        return _("Deze maatregel zou in de toekomst zijn afgerond.")
    if said.cost is not None and said.cost > MAX_COST:
        return _("Dit bedrag is hoger dan 2 miljard euro.")
    return ""


def _changes(now: PlannedMeasure, said: PlannedMeasure) -> list[str]:
    words = {
        "title": _("titel"),
        "description": _("toelichting"),
        "control": _("vraag"),
        "state": _("stap"),
        "owner": _("wie"),
        "due": _("uiterlijk"),
        "cost": _("kosten"),
    }
    return [label for name, label in words.items() if _plain(getattr(now, name)) != _plain(getattr(said, name))]


def _plain(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def pack_measure(said: PlannedMeasure) -> dict[str, Any]:
    """A measure as an ``AnswerImport`` keeps it, within what we keep."""
    known = {control.number for control in load_framework(FRAMEWORK).controls}
    return {
        "key": said.key,
        "title": said.title[:200],
        "description": said.description,
        "control": said.control if said.control in known else "",
        "state": said.state,
        "owner": said.owner[:120],
        "due": said.due.isoformat(),
        "cost": said.cost,
        "done_at": said.done_at.isoformat() if said.done_at else None,
    }


def unpack_measure(entry: Mapping[str, Any]) -> PlannedMeasure:
    """The same the other way."""
    done = entry["done_at"]
    return PlannedMeasure(
        **{name: entry[name] for name in ("key", "title", "description", "control", "state", "owner", "cost")},
        due=date.fromisoformat(entry["due"]),
        done_at=datetime.fromisoformat(done) if done else None,
    )
