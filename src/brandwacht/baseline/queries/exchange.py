"""Reads for the exchange as OSCAL: what goes out, and the documents that were offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from brandwacht.baseline.models import AnswerImport, ControlAnswer, Evidence, Measure
from brandwacht.baseline.queries.frameworks import rows_on
from brandwacht.baseline.queries.grounds import SEE, findings_of
from brandwacht.engines.norms import Finding, State, load_framework, oscal
from brandwacht.engines.norms.oscal import Assessed, Assessment, Party, PlannedMeasure
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible

SHOWN_IMPORTS = 20
EXPORT = "baseline.export"
IMPORT = "baseline.import"


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


def answer_import(actor: Actor, public_id: Any) -> AnswerImport:
    """One offered document of the actor's own organisation. Raises ``NotFound``."""
    found: AnswerImport | None = _imports(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def _imports(actor: Actor) -> QuerySet[AnswerImport]:
    return AnswerImport.objects.filter(visible(actor, IMPORT), organisation_id=actor.organisation_id)
