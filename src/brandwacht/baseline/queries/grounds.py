"""What the answers rest on: evidence and government measures, as the norm engine takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import FRAMEWORK, AnswerContent, Evidence, GovernmentAnswer
from brandwacht.engines import norms
from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible

SEE = "baseline.see"
_GOVERNMENT = ("control", "number", "state", "answered_at", "reason")


def end_of(day: date) -> datetime:
    """The last moment of a day, in local time."""
    return timezone.make_aware(datetime.combine(day, time.max))


@dataclass(frozen=True, slots=True)
class Grounds:
    """The evidence by control, and every answer to a government measure by control, the oldest first.

    ``pieces`` are the same evidence as rows.
    """

    pieces: Mapping[str, tuple[Evidence, ...]]
    evidence: Mapping[str, tuple[norms.Evidence, ...]]
    government: Mapping[str, tuple[tuple[norms.GovernmentAnswer, datetime], ...]]

    def government_on(self, control: str, day: date) -> list[norms.GovernmentAnswer]:
        """What was said about the government measures of a control by the end of a day, the latest of each."""
        end = end_of(day)
        return list({said.number: said for said, at in self.government.get(control, ()) if at <= end}.values())

    def judgement(self, control: norms.Control, found: Mapping[str, Any], day: date) -> norms.Judgement:
        """The judgement of a control on a day; ``found`` holds the three findings and the maturity."""
        return norms.Judgement(
            **found,
            evidence=self.evidence.get(control.number, ()),
            unmet=norms.unmet(control, self.government_on(control.number, day)),
        )

    def answer(self, control: norms.Control, row: AnswerContent | None, day: date) -> norms.Answer:
        """An answer with all that it rests on; without a row one that says nothing."""
        if row is None:
            nothing = self.judgement(control, {}, day)
            return norms.Answer(control.number, norms.State.UNANSWERED, day, judgement=nothing)
        return norms.Answer(
            control.number,
            norms.State(row.state),
            row.answered_on,
            row.reason,
            row.evidence_valid_to,
            row.risk_analysis,
            self.judgement(control, findings_of(row), day),
        )


def findings_of(row: AnswerContent) -> dict[str, Any]:
    """The three findings and the maturity of a row, by name."""
    return {name: getattr(row, name) for name in ("design", "existence", "operation", "maturity")}


def grounds(actor: Actor, owner_id: int, controls: Iterable[str] | None = None) -> Grounds:
    """What the answers of an organisation rest on, restricted to what the actor may see; two queries."""
    mine = {"organisation_id": owner_id, "framework": FRAMEWORK}
    if controls is not None:
        mine["control__in"] = list(controls)
    pieces: dict[str, list[Evidence]] = defaultdict(list)
    for piece in Evidence.objects.filter(visible(actor, SEE), **mine).order_by("added_at", "pk"):
        pieces[piece.control].append(piece)
    government: dict[str, list[tuple[norms.GovernmentAnswer, datetime]]] = defaultdict(list)
    said = GovernmentAnswer.objects.filter(visible(actor, SEE), **mine).order_by("answered_at", "pk")
    for control, number, state, at, reason in said.values_list(*_GOVERNMENT):
        given = norms.GovernmentAnswer(number, norms.State(state), timezone.localdate(at), reason)
        government[control].append((given, at))
    evidence = {control: tuple(_piece(row) for row in rows) for control, rows in pieces.items()}
    return Grounds(_frozen(pieces), evidence, _frozen(government))


def _frozen(rows: Mapping[str, Sequence[Any]]) -> dict[str, tuple[Any, ...]]:
    return {key: tuple(values) for key, values in rows.items()}


def _piece(row: Evidence) -> norms.Evidence:
    return norms.Evidence(
        row.title,
        row.valid_from,
        row.valid_to,
        row.received_on,
        added_on=timezone.localdate(row.added_at),
        sha256=row.sha256,
        seen_by=row.seen_by,
        seen_on=timezone.localdate(row.seen_at) if row.seen_at else None,
        withdrawn_on=timezone.localdate(row.withdrawn_at) if row.withdrawn_at else None,
    )
