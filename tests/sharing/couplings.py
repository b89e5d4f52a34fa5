"""Couplings in a few words for tests: made, tried, started and run with a clock that moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import Coupling, CouplingItem, StixObject
from brandwacht.sharing.services import coupling_runs, couplings
from brandwacht.sharing.services.couplings import Setting
from tests.sharing.conftest import Persona
from tests.world import NOW, acting


class Watch:
    """A clock that moves a second each time it is read, so that later is later."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def made(
    who: Persona, owner: Organisation, address: str, kind: str = "taxii", direction: str = "halen", **facts: Any
) -> Coupling:
    """A coupling that stands still."""
    setting = Setting(**({"name": "Bron", "address": address, "secret": "zo-geheim-als-wat"} | facts))
    with acting(who.actor) as me:
        return couplings.make(me, owner, kind, direction, setting)


def changed(who: Persona, row: Coupling, **facts: Any) -> Coupling:
    """The same, set otherwise."""
    names = (
        "name",
        "address",
        "login",
        "party",
        "for_circle",
        "for_node",
        "highest_tlp",
        "distribution",
        "trust",
        "every",
    )
    given = {name: getattr(row, name) for name in names} | {"collection": row.place, "group": row.group_uuid} | facts
    with acting(who.actor) as me:
        return couplings.change(me, row.public_id, Setting(**given))


def tried(row: Coupling, clock: Watch) -> dict[str, Any]:
    """What a try finds."""
    coupling_runs.probe(row.organisation.code, str(row.public_id), clock)
    return fresh(row).probe


def started(who: Persona, row: Coupling) -> Coupling:
    """Running."""
    with acting(who.actor) as me:
        return couplings.start(me, row.public_id)


def run(row: Coupling, clock: Watch) -> str:
    """One run by a worker."""
    return coupling_runs.run(row.organisation.code, str(row.public_id), clock)


def fresh(row: Coupling) -> Coupling:
    """As it now stands."""
    with every_owner():
        return Coupling.objects.select_related("organisation").get(pk=row.pk)


def brought(row: Coupling) -> list[StixObject]:
    """What it brought, in order of arrival."""
    with every_owner():
        return list(StixObject.objects.filter(origin=row.public_id).order_by("date_added", "pk"))


def told(row: Coupling) -> dict[str, list[str]]:
    """What there is to tell, by key."""
    with every_owner():
        return {each.key: each.told for each in CouplingItem.objects.filter(coupling=row) if each.told}


def name_of(rows: list[StixObject]) -> list[str]:
    """The names of objects."""
    return [str(row.content.get("name", "")) for row in rows]
