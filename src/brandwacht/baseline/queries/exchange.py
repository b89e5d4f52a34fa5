"""Reads for the exchange as OSCAL: the assessment that goes out, and what an offered document would change."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.baseline.models import AnswerImport, AnswerState, ControlAnswer, Evidence, Measure
from brandwacht.baseline.queries.frameworks import rows_on
from brandwacht.baseline.queries.grounds import SEE, findings_of
from brandwacht.engines.norms import Control, Finding, RefusedByNorm, State, check_answer, load_framework, oscal
from brandwacht.engines.norms.oscal import Assessed, Assessment, Party, PlannedMeasure
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible

SHOWN_IMPORTS = 20
EXPORT = "baseline.export"
IMPORT = "baseline.import"
NEW, SAME, OTHER, REFUSED = "nieuw", "gelijk", "anders", "geweigerd"


def party(actor: Actor) -> Party:
    """The actor's own organisation, as it is named in a document."""
    organisation = Organisation.objects.get(pk=actor.organisation_id)
    return Party(organisation.code, organisation.name)


def assessment(actor: Actor, framework: str) -> Assessment:
    """The answers of the actor's own organisation on a framework, with their evidence. Three queries."""
    pieces = pieces_on(actor, framework)
    rows = rows_on(actor, framework)
    return Assessment(framework, party(actor), tuple(as_assessed(row, pieces.get(row.control, ())) for row in rows))


def pieces_on(actor: Actor, framework: str) -> dict[str, list[oscal.Evidence]]:
    """The evidence of the actor's own organisation by control, but what was withdrawn, as it travels. One query."""
    rows = Evidence.objects.filter(
        visible(actor, SEE), organisation_id=actor.organisation_id, framework=framework, withdrawn_at=None
    )
    found: dict[str, list[oscal.Evidence]] = defaultdict(list)
    for row in rows.order_by("added_at", "pk"):
        found[row.control].append(
            oscal.Evidence(row.title, row.valid_from, row.valid_to, row.received_on, row.sha256, row.where)
        )
    return found


def as_assessed(row: ControlAnswer, pieces: Sequence[oscal.Evidence]) -> Assessed:
    """An answer as it travels. Of evidence that is only named in the answer we know no day of receipt."""
    named = (oscal.Evidence(row.evidence, valid_to=row.evidence_valid_to),) if row.evidence else ()
    found = findings_of(row)
    return Assessed(
        control=row.control,
        state=State(row.state),
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        reason=row.reason,
        risk_analysis=row.risk_analysis,
        evidence=(*named, *pieces),
        design=Finding(found["design"]),
        existence=Finding(found["existence"]),
        operation=Finding(found["operation"]),
        maturity=found["maturity"],
    )


def plan(actor: Actor, framework: str) -> list[PlannedMeasure]:
    """The measures of the actor's own organisation, the first due first."""
    known = {control.number for control in load_framework(framework).controls}
    rows = Measure.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id, framework=framework)
    return [
        as_planned(row) if row.control in known else replace(as_planned(row), control="")
        for row in rows.order_by("due", "public_id")
    ]


def as_planned(row: Measure) -> PlannedMeasure:
    """A measure as it travels."""
    return PlannedMeasure(
        key=str(row.public_id),
        title=row.title,
        description=row.description,
        control=row.control,
        state=row.state,
        owner=row.owner_name,
        due=row.due,
        cost=row.cost,
        done_at=row.done_at,
    )


def imports(actor: Actor) -> list[AnswerImport]:
    """The documents that were offered last, newest first."""
    return list(_imports(actor).order_by("-offered_at", "-pk")[:SHOWN_IMPORTS])


def _imports(actor: Actor) -> QuerySet[AnswerImport]:
    return AnswerImport.objects.filter(visible(actor, IMPORT), organisation_id=actor.organisation_id)


@dataclass(frozen=True, slots=True)
class Line:
    """One control in an offered document beside what is there now.

    ``kind`` is ``NEW`` (no answer yet), ``SAME``, ``OTHER`` (a conflict) or ``REFUSED`` (``why`` says why). ``older``
    says that what is there now is younger than what is offered.
    """

    control: Control
    offered: Assessed
    present: ControlAnswer | None
    kind: str
    why: str = ""
    older: bool = False

    @property
    def choosable(self) -> bool:
        """Whether it can be taken over."""
        return self.kind in (NEW, OTHER)

    @property
    def offered_label(self) -> str:
        """The offered answer in a word."""
        return str(AnswerState(self.offered.state).label)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines of an offered document, and the fingerprint of what was compared."""

    lines: Sequence[Line]
    fingerprint: str

    def of(self, *kinds: str) -> list[Line]:
        """The lines of these kinds."""
        return [line for line in self.lines if line.kind in kinds]


def compare(actor: Actor, offered: AnswerImport) -> Comparison:
    """What an offered document would change now. Two queries."""
    present = {row.control: row for row in rows_on(actor, offered.framework)}
    pieces = pieces_on(actor, offered.framework)
    framework = load_framework(offered.framework)
    lines = []
    for entry in offered.lines:
        said = unpack(entry)
        control = framework.control(said.control)
        row = present.get(said.control)
        now = as_assessed(row, pieces.get(said.control, ())) if row else None
        lines.append(_line(actor, control, said, row, now, offered.kind))
    seen = [(number, row.answered_at.isoformat()) for number, row in sorted(present.items())]
    return Comparison(lines, hashlib.sha256(repr((str(offered.public_id), seen)).encode()).hexdigest())


def _line(
    actor: Actor, control: Control, said: Assessed, present: ControlAnswer | None, now: Assessed | None, kind: str
) -> Line:
    if why := _refusal(actor, control, said):
        return Line(control, said, present, REFUSED, why)
    if present is None:
        return Line(control, said, None, NEW)
    statement = kind == "profile"  # says only what applies: the rest of the answer is not at stake
    if (statement and present.state == said.state) or (not statement and now == said):
        return Line(control, said, present, SAME)
    return Line(control, said, present, OTHER, older=present.answered_at > said.answered_at)


def _refusal(actor: Actor, control: Control, said: Assessed) -> str:
    if said.answered_at > actor.now:
        return _("Dit antwoord heeft een tijdstip in de toekomst.")
    try:
        check_answer(control, said.answer(timezone.localdate(said.answered_at)))
    except RefusedByNorm as error:
        return str(error)
    return ""


def pack(said: Assessed) -> dict[str, Any]:
    """An answer as an ``AnswerImport`` keeps it."""
    return {
        "control": said.control,
        "state": str(said.state),
        "answered_at": said.answered_at.isoformat(),
        "answered_by": said.answered_by,
        "reason": said.reason,
        "risk_analysis": said.risk_analysis,
        "design": str(said.design),
        "existence": str(said.existence),
        "operation": str(said.operation),
        "maturity": said.maturity,
        "evidence": [
            {
                "description": piece.description,
                "valid_from": _iso(piece.valid_from),
                "valid_to": _iso(piece.valid_to),
                "received_on": _iso(piece.received_on),
                "sha256": piece.sha256,
                "where": piece.where,
            }
            for piece in said.evidence
        ],
    }


def unpack(entry: Mapping[str, Any]) -> Assessed:
    """The same the other way."""
    return Assessed(
        control=entry["control"],
        state=State(entry["state"]),
        answered_at=datetime.fromisoformat(entry["answered_at"]),
        answered_by=entry["answered_by"],
        reason=entry["reason"],
        risk_analysis=entry["risk_analysis"],
        design=Finding(entry["design"]),
        existence=Finding(entry["existence"]),
        operation=Finding(entry["operation"]),
        maturity=entry["maturity"],
        evidence=tuple(
            oscal.Evidence(
                description=piece["description"],
                valid_from=_day(piece["valid_from"]),
                valid_to=_day(piece["valid_to"]),
                received_on=_day(piece["received_on"]),
                sha256=piece["sha256"],
                where=piece["where"],
            )
            for piece in entry["evidence"]
        ),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
