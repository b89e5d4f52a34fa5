"""The writes of the risk map: run a cascade, keep or remove a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import InvalidOutage, Outage, simulate
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.riskmap import mapping
from brandwacht.riskmap.cascades.asked import DEFAULT_HORIZON, as_json, outages_of
from brandwacht.riskmap.cascades.outcome import Outcome, outcome
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import CascadeRun, Scenario
from brandwacht.riskmap.words.headline import headline


def run_cascade(
    actor: Actor,
    owner_id: int,
    outages: Sequence[Mapping[str, Any]],
    *,
    title: str,
    started_at: datetime,
    horizon: int = DEFAULT_HORIZON,
    scenario: Scenario | None = None,
    incident_ref: UUID | None = None,
) -> CascadeRun:
    """Play these outages on the owner's map and keep the outcome with a headline.

    ``outages`` are as in ``Scenario.outages``; minutes count from ``started_at``. Raises ``Refused`` for outages that
    the map cannot play, and ``NotFound`` for a register that the actor may not see.
    """
    with use_case(actor, "riskmap.run") as case:
        case.require(Owner(owner_id))
        if scenario is not None and scenario.organisation_id != owner_id:
            raise Refused(_("Dit scenario is van een andere organisatie; kies een scenario van deze kaart."), "nodes")
        parsed = outages_of(outages, horizon)
        register = mapping.load(actor, owner_id)
        told, found = _played(register, parsed, horizon)
        run = CascadeRun(
            organisation_id=owner_id, scenario=scenario, incident_ref=incident_ref, title=title.strip()[:200],
            headline=told, started_at=started_at, ran_at=actor.now, ran_by=actor.name,
            outages=[as_json(outage) for outage in parsed], horizon=horizon, result=found.to_json(),
            map_fingerprint=register.fingerprint,
        )  # fmt: skip
        run.save()
        case.audit(run, {"titel": run.title, "uitval": run.outages, "kaart": run.map_fingerprint})
    return run


def try_out(
    actor: Actor, owner_id: int, outages: Sequence[Mapping[str, Any]], horizon: int = DEFAULT_HORIZON
) -> tuple[str, Outcome]:
    """The headline and the outcome of these outages on the map as it is now; nothing is kept.

    Raises as ``run_cascade``; who may see the map may try things out on it.
    """
    parsed = outages_of(outages, horizon)
    register = mapping.load(actor, owner_id)
    return _played(register, parsed, horizon)


def _played(register: Register, outages: Sequence[Outage], horizon: int) -> tuple[str, Outcome]:
    try:
        found = outcome(register, simulate(register.network, outages, horizon))
    except InvalidOutage as error:
        raise Refused(" ".join(error.problems), "nodes") from error
    return headline(outages, found), found


def run_scenario(actor: Actor, public_id: Any) -> CascadeRun:
    """Play a kept scenario on the map as it is now, from this moment."""
    with use_case(actor, "riskmap.run") as case:
        scenario = case.get(Scenario, public_id, see="riskmap.see", lock=False)
        return run_cascade(
            actor, scenario.organisation_id, scenario.outages, title=scenario.name, started_at=actor.now,
            horizon=scenario.horizon, scenario=scenario,
        )  # fmt: skip


def save_scenario(
    actor: Actor,
    *,
    name: str,
    outages: Sequence[Mapping[str, Any]],
    description: str = "",
    horizon: int = DEFAULT_HORIZON,
    authority_scenario: str = "algemeen",
    source: str = "",
) -> Scenario:
    """Keep a what-if of the actor's organisation. One of the same name is renewed, so a name stays unique."""
    with use_case(actor, "riskmap.scenario") as case:
        case.require(Owner(actor.organisation_id))
        key = slugify(name)[:60]
        if not key:
            raise Refused(_("Geef het scenario een naam met letters of cijfers."), "name")
        scenario = Scenario.objects.filter(organisation_id=actor.organisation_id, key=key).first()
        if scenario is None:
            scenario = Scenario(organisation_id=actor.organisation_id, key=key)
        scenario.name, scenario.description = name.strip()[:120], description.strip()
        scenario.outages = [as_json(outage) for outage in outages_of(outages, horizon)]
        scenario.horizon, scenario.authority_scenario = horizon, authority_scenario
        scenario.source = source
        scenario.save()
        case.audit(scenario, {"naam": scenario.name, "uitval": scenario.outages})
    return scenario


def keep_as_scenario(actor: Actor, run_id: Any, name: str) -> Scenario:
    """Keep the outages of a run as a scenario, so that it can be played again after the register changed."""
    with use_case(actor, "riskmap.scenario") as case:
        run = case.get(CascadeRun, run_id, see="riskmap.see")
        scenario = save_scenario(
            actor, name=name, outages=run.outages, description=run.headline, horizon=run.horizon,
            source=_("bewaard door %(name)s") % {"name": actor.name},
        )  # fmt: skip
        run.scenario = scenario
        run.save()
    return scenario


def remove_scenario(actor: Actor, public_id: Any) -> None:
    """Take a scenario off the list; the runs that were made with it stay."""
    with use_case(actor, "riskmap.scenario") as case:
        scenario = case.get(Scenario, public_id, see="riskmap.see")
        case.audit(scenario, {"naam": scenario.name, "weggehaald": True})
        scenario.delete()
