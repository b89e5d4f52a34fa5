"""Measures: made with an owner and a date, moved through plan, do, check and act."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, MAX_COST, Measure, MeasureState, MeasureStep
from brandwacht.baseline.services import reminders
from brandwacht.engines.norms import UnknownControl, load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

ORDER = tuple(MeasureState)
"""The PDCA cycle in order; a measure moves one step at a time, forward or (undo) back."""


def make_measure(
    actor: Actor,
    *,
    title: str,
    control: str,
    owner_name: str,
    due: date | None,
    description: str = "",
    cost: int | None = None,
    for_board: bool = False,
    incident_ref: UUID | None = None,
    owner_id: int | None = None,
) -> Measure:
    """Make a measure for the actor's own organisation and put it in the action register.

    ``control`` may be empty. ``owner_id`` is a colleague's user id; without it ``owner_name`` is typed. ``cost`` is
    euro, once. ``incident_ref`` is the public id of the incident that it follows from. Raises ``Refused`` on the field.
    """
    with use_case(actor, "baseline.measure.make") as case:
        case.require(Owner(actor.organisation_id))
        _check_control(control)
        measure = Measure(
            organisation_id=actor.organisation_id,
            framework=FRAMEWORK,
            control=control,
            incident_ref=incident_ref,
            created_at=actor.now,
            created_by=actor.name,
        )
        _fill(actor, measure, title, description, owner_name, owner_id, due, cost, for_board)
        measure.save()
        note_step(actor, measure, _("Maatregel gemaakt."))
        case.audit(measure, {"vraag": control, "uiterlijk": measure.due, "incident": incident_ref})
        reminders.about_measure(actor, measure)
    return measure


def change_measure(
    actor: Actor,
    public_id: Any,
    *,
    title: str,
    owner_name: str,
    due: date | None,
    description: str = "",
    cost: int | None = None,
    for_board: bool = False,
    owner_id: int | None = None,
) -> Measure:
    """Change what a measure says; what changed is kept in its story. Arguments as for ``make_measure``."""
    with use_case(actor, "baseline.measure.update") as case:
        measure = case.get(Measure, public_id, see="baseline.see")
        before = _words(measure)
        _fill(actor, measure, title, description, owner_name, owner_id, due, cost, for_board)
        after = _words(measure)
        changed = [_("%(what)s: %(old)s wordt %(new)s.") % {"what": k, "old": before[k], "new": after[k]}
                   for k in after if after[k] != before[k]]  # fmt: skip
        measure.save()
        if changed:
            note_step(actor, measure, " ".join(changed))
            case.audit(measure, {"gewijzigd": [k for k in after if after[k] != before[k]], "uiterlijk": measure.due})
            reminders.about_measure(actor, measure)
    return measure


def move_measure(actor: Actor, public_id: Any, state: str, note: str = "") -> Measure:
    """Move a measure one step forward in the cycle, or one back to undo; its action ends or comes back with it."""
    with use_case(actor, "baseline.measure.update") as case:
        measure = case.get(Measure, public_id, see="baseline.see")
        if state not in neighbours(measure):
            raise Refused(
                _("Een maatregel gaat stap voor stap. Laad de pagina opnieuw en kies de stap die er staat."), "state"
            )
        before, measure.state = measure.state, MeasureState(state)
        measure.done_at = actor.now if measure.state == MeasureState.DONE else None
        measure.save()
        note_step(actor, measure, note.strip())
        case.audit(measure, {"van": before, "naar": measure.state})
        if before == MeasureState.DONE:
            reminders.back_from_done(measure)
        else:
            reminders.about_measure(actor, measure)
    return measure


def neighbours(measure: Measure) -> tuple[MeasureState, ...]:
    """The states to which a measure can move now: the step back and the step forward."""
    at = ORDER.index(MeasureState(measure.state))
    return tuple(ORDER[i] for i in (at - 1, at + 1) if 0 <= i < len(ORDER))


def _check_control(number: str) -> None:
    if not number:
        return
    try:
        load_framework(FRAMEWORK).control(number)
    except UnknownControl as error:
        raise Refused(str(error), "control") from error


def _fill(
    actor: Actor,
    measure: Measure,
    title: str,
    description: str,
    owner_name: str,
    owner_id: int | None,
    due: date | None,
    cost: int | None,
    for_board: bool,
) -> None:
    if not title.strip():
        raise Refused(_("Schrijf op wat er gaat gebeuren."), "title")
    if len(title.strip()) > 200:
        raise Refused(_("Maak de titel korter dan 200 tekens; de rest kan in de toelichting."), "title")
    colleague = None
    if owner_id is not None and owner_id != measure.owner_id:
        colleague = next((u for u in queries.colleagues(actor) if u.pk == owner_id), None)
        if colleague is None:
            raise Refused(_("Deze collega heeft nu geen rol bij uw organisatie. Kies iemand anders."), "owner")
    name = colleague.name if colleague else measure.owner_name if owner_id is not None else owner_name.strip()
    if not name:
        raise Refused(_("Kies wie dit gaat doen, of typ een naam."), "owner")
    if due is None:
        raise Refused(_("Vul in wanneer dit klaar moet zijn."), "due")
    if due != measure.due and due <= actor.today:
        raise Refused(_("Kies een dag na vandaag."), "due")
    if cost is not None and not 0 <= cost <= MAX_COST:
        raise Refused(_("Vul een bedrag in hele euro's in, van 0 tot 2 miljard."), "cost")
    if for_board and cost is None:
        raise Refused(
            _("Vul in wat het kost: het bestuur besluit over een bedrag. Kost het niets, vul dan 0 in."), "cost"
        )
    measure.title, measure.description = title.strip(), description.strip()
    measure.owner_id, measure.owner_name = owner_id, name[:120]
    measure.due, measure.cost, measure.for_board = due, cost, for_board


def _words(measure: Measure) -> dict[str, str]:
    return {
        _("Titel"): measure.title,
        _("Wie"): measure.owner_name,
        _("Klaar vóór"): date_format(measure.due, "j F Y"),
        _("Kosten"): _("onbekend") if measure.cost is None else f"€ {measure.cost}",
        _("Besluit van het bestuur"): _("ja") if measure.for_board else _("nee"),
        _("Toelichting"): measure.description or "–",
    }


def note_step(actor: Actor, measure: Measure, note: str) -> None:
    """Keep a step of a measure in its story; inside the use case that takes it."""
    MeasureStep(
        organisation_id=measure.organisation_id,
        measure=measure,
        state=measure.state,
        note=note,
        at=actor.now,
        by=actor.name,
    ).save()
