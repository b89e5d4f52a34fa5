"""API resources of governance: who may do what, and the figures of the board."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router

from brandwacht.cert.models import Phase
from brandwacht.engines.authority import GENERAL, Power, load_powers
from brandwacht.governance import queries
from brandwacht.governance.models import FigureKey
from brandwacht.governance.policy import SEE_POWERS, board_decision
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Page, Resource

router = Router(by_alias=True)
RoleKey = Annotated[str | None, Query(description="De sleutel van een rol, zoals `burgemeester`. Leeg: alle rollen.")]
ScenarioKey = Annotated[str, Query(description="De sleutel van een soort verstoring.")]
PhaseKey = Annotated[Phase | None, Query(description="Een fase. Leeg: alle fasen.")]


class PowerOut(Resource):
    """Whether a role may do something in a scenario and phase, and on what ground; ``lever`` is what remains."""

    key: str
    role: str
    role_label: str
    scenario: str
    phase: str
    table: str
    table_label: str
    may: bool
    text: str
    basis: str
    conditions: list[str]
    lever: str
    status: str


class EarlierOut(Resource):
    """A figure as it was on an earlier day."""

    on: date
    value: float


class FigureOut(Resource):
    """A figure of the board page today; ``earlier`` is the one that a change is told against."""

    key: str
    label: str
    on: date
    value: float
    earlier: EarlierOut | None


def _power(row: Power) -> dict[str, object]:
    names = (
        "key", "role", "role_label", "scenario", "phase", "table", "table_label", "may", "text", "basis", "lever",
        "status",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | {"conditions": list(row.conditions)}


@router.get("/powers", response=Page[PowerOut], tags=["governance"], summary="Wie mag wat, per rol en fase")
def list_powers(
    request: ActorRequest, role: RoleKey = None, scenario: ScenarioKey = GENERAL, phase: PhaseKey = None
) -> dict[str, object]:
    """The rows of the table of powers: the same for everybody in the network."""
    decision = decide(request.actor, SEE_POWERS, Owner(request.actor.organisation_id))
    if not decision:
        raise Denied(decision)
    powers = load_powers()
    if role is not None and role not in powers.roles:
        raise Refused(_("Deze rol kennen wij niet. Kies uit: %(keys)s.") % {"keys": ", ".join(powers.roles)}, "role")
    if scenario not in powers.scenarios:
        known = ", ".join(powers.scenarios)
        raise Refused(_("Deze verstoring kennen wij niet. Kies uit: %(keys)s.") % {"keys": known}, "scenario")
    roles = None if role is None else [role]
    phases = powers.phases if phase is None else [phase.value]
    return {"items": [_power(row) for each in phases for row in powers.who(scenario, each, roles)], "next": None}


@router.get("/figures", response=Page[FigureOut], tags=["governance"], summary="De cijfers van het bestuur")
def list_figures(request: ActorRequest) -> dict[str, object]:
    """The figures of the board page of the caller's organisation, as they are today."""
    actor = request.actor
    decision = board_decision(actor)
    if not decision:
        raise Denied(decision)
    past = queries.past_figures(actor)
    return {
        "items": [
            {
                "key": key.value,
                "label": str(FigureKey(key).label),
                "on": actor.today,
                "value": value,
                "earlier": EarlierOut(on=past[key].on, value=past[key].value) if key in past else None,
            }
            for key, value in queries.todays_values(actor).items()
        ],
        "next": None,
    }
