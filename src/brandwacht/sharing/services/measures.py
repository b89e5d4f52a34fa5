"""Advice on measures: a thing of the circle points at controls and shared measures, and a member adopts one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, Adoption, Measure
from brandwacht.baseline.services import make_measure
from brandwacht.baseline.services import shared as shared_services
from brandwacht.engines.norms import load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import decide
from brandwacht.network.usecase import use_case
from brandwacht.sharing.models import CircleProduct, ProductState, Threat, ThreatState, WarningState
from brandwacht.sharing.policies.products import ADVISE
from brandwacht.sharing.policies.threats import EDIT_THREAT
from brandwacht.sharing.queries import measures as queries
from brandwacht.sharing.services.threats import note

MOST: Final = 12
DUE: Final = timedelta(days=90)
"""When a measure that is adopted with one click has to be done; its owner can change that."""


def may_advise(actor: Actor, thing: Any) -> bool:
    """Whether the actor may let this thing point at measures: who writes for the circle, and who wrote a report."""
    if isinstance(thing, CircleProduct) and thing.state == ProductState.SENT:
        return False
    if getattr(thing, "state", "") in (ThreatState.WITHDRAWN, WarningState.WITHDRAWN):
        return False
    return bool(decide(actor, _action(actor, thing), thing))


def advise(actor: Actor, key: str, public_id: Any, controls: Iterable[str], measures: Iterable[UUID | str]) -> Any:
    """Let a warning, a report or a product point at these controls of the BIO2 and shared measures, and no others.

    Raises ``NotFound``, ``Denied``, and ``Refused`` for a number that the norm does not have, a shared measure that the
    actor may not see, more than twelve of either, and a thing that no longer changes.
    """
    kind, found = queries.thing(actor, key, public_id)
    action = _action(actor, found)
    with use_case(actor, action) as case:
        thing = case.get(type(found), public_id, see=kind.see)
        if not may_advise(actor, thing):
            raise Refused(_("Dit staat vast. Maak er een nieuwe versie van, of trek het in."))
        numbers, refs = _known(controls), [str(each) for each in dict.fromkeys(map(str, measures))]
        if len(numbers) > MOST or len(refs) > MOST:
            raise Refused(_("Kies hoogstens %(n)d vragen en %(n)d maatregelen.") % {"n": MOST}, "controls")
        seen = {str(each.public_id) for each in queries.choices(actor, numbers)}
        kept = set(thing.measures)
        if not set(refs) <= seen | kept:
            raise Refused(_("Een gekozen maatregel is er niet meer. Kies opnieuw."), "measures")
        thing.controls, thing.measures = numbers, refs
        thing.save(update_fields=["controls", "measures"])
        detail = {"vragen": numbers, "maatregelen": len(refs)}
        if action == EDIT_THREAT:
            note(case, thing, action, detail)
        else:
            case.audit(thing, detail)
    return thing


def adopt(actor: Actor, key: str, public_id: Any, *, measure: Any = None, control: str = "") -> Adoption | Measure:
    """Adopt a shared measure, or make a measure at a control, that a thing advises, by the use cases of baseline.

    What is made says nothing of the thing: colleagues without a seat read measures too. Raises ``NotFound`` when the
    thing does not advise it, ``Denied`` and ``Refused``.
    """
    _kind, thing = queries.thing(actor, key, public_id)
    advice = queries.advice(actor, thing)
    due = actor.today + DUE
    if measure is not None:
        if str(measure) not in {str(each.measure.public_id) for each in advice.shared}:
            raise NotFound
        return shared_services.adopt(actor, measure, owner_name=actor.name, owner_id=actor.user_id, due=due)
    told = next((each for each in advice.controls if each.number == control), None)
    if told is None:
        raise NotFound
    return make_measure(
        actor, title=told.title, control=told.number, owner_name=actor.name, owner_id=actor.user_id, due=due
    )  # fmt: skip


def _action(actor: Actor, thing: Any) -> str:
    """By which rule: that of who wrote a report, or that of who writes for the circle."""
    return EDIT_THREAT if isinstance(thing, Threat) and decide(actor, EDIT_THREAT, thing) else ADVISE


def _known(controls: Iterable[str]) -> list[str]:
    known = {each.number for each in load_framework(FRAMEWORK).controls}
    numbers = list(dict.fromkeys(each.strip() for each in controls if each.strip()))
    for number in numbers:
        if number not in known:
            raise Refused(
                _("“%(n)s” is geen nummer van de BIO2. Schrijf bijvoorbeeld 8.02.") % {"n": number[:20]}, "controls"
            )
    return numbers
