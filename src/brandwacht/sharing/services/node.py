"""The use cases of the connection with the national node: connect, agree what is told back, and stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline.queries.conditions import condition_check
from brandwacht.engines.norms.conditions import load_conditions
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.usecase import use_case
from brandwacht.sharing.models import NodeConnection
from brandwacht.sharing.ndn import node_data
from brandwacht.sharing.policies.ndn import CONNECT, SEE_NODE
from brandwacht.sharing.queries.ndn import DOOR, node_for

BEFORE: Final = timedelta(days=30)
"""How long before its end a new decision is asked for."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A decision to connect until a day although the condition is not met: by whom, with function, and why."""

    until: date | None = None
    by: str = ""
    why: str = ""

    def __bool__(self) -> bool:
        return bool(self.until or self.by.strip() or self.why.strip())


def connect(actor: Actor, level: str, transition: Transition | None = None) -> NodeConnection:
    """Connect the actor's organisation, with what it tells back; from now on its watch gets what comes in.

    Raises ``Refused`` when the condition is not met and there is no transitional decision within what the data of the
    conditions allow.
    """
    with use_case(actor, CONNECT) as case:
        case.require(Owner(actor.organisation_id))
        node = node_for(actor)
        if node is None:
            raise Refused(_("Uw organisatie is geen lid van een kring met een landelijk knooppunt."))
        _known(level)
        if NodeConnection.objects.filter(organisation_id=actor.organisation_id, ended_at__isnull=True).exists():
            raise Refused(_("Uw organisatie is al aangesloten. Verbreek eerst de aansluiting."))
        until = _allowed(actor, transition) if transition else None
        check = condition_check(actor, actor.organisation_id, DOOR, until)
        if not check.verdict.open:
            raise Refused(
                _(
                    "Aansluiten kan nog niet: uw organisatie voldoet nog niet aan de voorwaarde. Regel wat ontbreekt, "
                    "of leg een overgangsbesluit vast."
                )
            )
        met = check.verdict.met
        row = NodeConnection(
            organisation_id=actor.organisation_id, circle_id=node.circle_id, level=level,
            agreed_at=actor.now, agreed_by=actor.name, began_at=actor.now, began_by=actor.name,
            until=None if met else until, basis={"gehaald": met, "rapportage": str(check.snapshot or "")},
        )  # fmt: skip
        if transition and not met:
            row.transition_by, row.transition_why = transition.by.strip()[:160], transition.why.strip()[:4000]
        row.save()
        case.audit(row, {"terug": level, "voldoet": met, "tot": row.until.isoformat() if row.until else ""})
    return row


def _allowed(actor: Actor, transition: Transition) -> date:
    bridge = load_conditions().transition
    if not bridge.allowed:
        raise Refused(_("De voorwaarden kennen geen overgangsbesluit."), "until")
    if not transition.by.strip():
        raise Refused(_("Schrijf op wie dit besluit nam, met functie."), "by")
    if not transition.why.strip():
        raise Refused(_("Schrijf op waarop dit besluit berust."), "why")
    if transition.until is None or transition.until <= actor.today:
        raise Refused(_("Een overgangsbesluit heeft een einddatum na vandaag."), "until")
    last = actor.today + timedelta(days=bridge.longest_days)
    if transition.until > last:
        raise Refused(
            _("Een overgangsbesluit duurt hoogstens tot %(day)s.") % {"day": date_format(last, "j F Y")}, "until"
        )
    return transition.until


def agree(actor: Actor, public_id: Any, level: str) -> NodeConnection:
    """Change what is told back; holds for every day that was not told yet."""
    with use_case(actor, CONNECT) as case:
        row = _running(case.get(NodeConnection, public_id, see=SEE_NODE))
        _known(level)
        before, row.level = row.level, level
        row.agreed_at, row.agreed_by = actor.now, actor.name
        row.save()
        case.audit(row, {"terug": level, "was": before})
    return row


def disconnect(actor: Actor, public_id: Any) -> NodeConnection:
    """Stop at once: nothing comes in any more, and nothing goes back, also not of what was seen before."""
    with use_case(actor, CONNECT) as case:
        row = _running(case.get(NodeConnection, public_id, see=SEE_NODE))
        row.ended_at, row.ended_by = actor.now, actor.name
        row.save()
        case.audit(row, {"verbroken": True})
        actions.complete(row.organisation_id, action_key(row), actor)
    return row


def remind(now: datetime) -> str:
    """The periodic job: ask for a new decision before a transitional one ends, since the connection then stops."""
    today, asked = timezone.localdate(now), 0
    rows = NodeConnection._base_manager.filter(ended_at__isnull=True, until__gte=today, until__lte=today + BEFORE)
    for row in rows.select_related("organisation").order_by("pk"):
        told = {"day": date_format(row.until, "j F Y")}
        todo = actions.Todo(
            key=action_key(row),
            title=_("De aansluiting op het landelijk knooppunt stopt na %(day)s") % told,
            why=_("Het overgangsbesluit loopt af. Voldoe aan de voorwaarde of leg een nieuw besluit vast."),
            room="sharing", path=reverse("sharing:node"), risk=3, effort=30,
            due=datetime.combine(row.until, time(), timezone.get_default_timezone()),
        )  # fmt: skip
        actions.put(row.organisation_id, todo, now)
        asked += 1
    return _("%(n)d herinneringen") % {"n": asked} if asked else ""


def action_key(row: NodeConnection) -> str:
    """The key of the action that asks for a new decision."""
    return f"sharing.node:{row.public_id}"


def _running(row: NodeConnection) -> NodeConnection:
    if row.ended_at is not None:
        raise Refused(_("Deze aansluiting is al verbroken."))
    return row


def _known(level: str) -> None:
    if level not in node_data().agreements:
        raise Refused(_("Kies wat er teruggaat."), "level")
