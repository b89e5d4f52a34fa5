"""Taking over measures from an offered improvement plan."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, AnswerImport, Measure, MeasureState
from brandwacht.baseline.queries.plan_exchange import PlanLine, compare_plan
from brandwacht.baseline.services import reminders
from brandwacht.baseline.services.measures import note_step
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused


def take_measures(actor: Actor, offered: AnswerImport, chosen: Collection[str], seen: str | None) -> list[str]:
    """Make or change the chosen measures (by key), all of them or none; called inside a use case.

    A measure that somebody else carries out there keeps that name; a colleague is chosen on its page. Returns the
    keys. Raises ``Refused``.
    """
    found = compare_plan(actor, offered)
    if seen is not None and seen != found.fingerprint:
        raise Refused(_("De maatregelen zijn intussen gewijzigd. Bekijk de lijst nog een keer."))
    lines = {line.key: line for line in found.lines}
    if any(key not in lines or not lines[key].choosable for key in chosen):
        raise Refused(_("Een van deze maatregelen kan niet worden overgenomen. Bekijk de lijst nog een keer."))
    taking = [line for key, line in lines.items() if key in chosen]
    if not taking:
        raise Refused(_("Vink minstens één maatregel aan."))
    for line in taking:
        _take(actor, offered, line)
    return [line.key for line in taking]


def _take(actor: Actor, offered: AnswerImport, line: PlanLine) -> None:
    said, measure = line.offered, line.present
    before = measure.state if measure else ""
    if measure is None:
        measure = Measure(
            organisation_id=actor.organisation_id,
            public_id=UUID(line.key),
            framework=FRAMEWORK,
            created_at=actor.now,
            created_by=actor.name,
        )
    owner = said.owner or measure.owner_name or offered.party or actor.name
    if owner != measure.owner_name:
        measure.owner, measure.owner_name = None, owner[:120]
    measure.title, measure.description, measure.control = said.title, said.description, said.control
    measure.due, measure.cost, measure.state = said.due, said.cost, MeasureState(said.state)
    measure.for_board = measure.for_board and measure.cost is not None
    measure.done_at = (said.done_at or actor.now) if measure.state == MeasureState.DONE else None
    measure.save()
    note_step(actor, measure, _("Overgenomen uit het bestand %(file)s.") % {"file": offered.filename})
    if before == MeasureState.DONE and measure.state != MeasureState.DONE:
        reminders.back_from_done(measure)
    reminders.about_measure(actor, measure)  # its title, day and owner may be others too
