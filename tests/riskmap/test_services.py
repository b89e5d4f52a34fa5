"""Running and keeping: who may, what is kept, and what is refused with the mend."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import queries, services
from brandwacht.riskmap.models import CascadeRun, Scenario
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
DC = [{"node": "dc01", "start": 0, "duration": None, "state": "down"}]


def test_a_run_is_kept_with_its_headline_and_audited(region: Organisation) -> None:
    incident = uuid4()
    with acting(actor(person(region, Role.CISO), region)) as me:
        run = services.run_cascade(me, region.pk, DC, title="Wat als", started_at=NOW, incident_ref=incident)
        assert run.headline == (
            "Als VRR-DC01 uitvalt, valt na 30 minuten de meldkamerkoppeling uit en valt na 4 uur 30 minuten de "
            "alarmering brandweer stil."
        )
        again = services.run_cascade(me, region.pk, DC, title="Wat als", started_at=NOW)
        assert (again.result, again.map_fingerprint) == (run.result, run.map_fingerprint)
        assert queries.latest_run(me, incident) == run
    with every_owner():
        entry = AuditEntry.objects.filter(action="riskmap.run").first()
    assert entry.organisation_id == region.pk
    assert entry.detail["kaart"] == run.map_fingerprint


@pytest.mark.parametrize("role", [Role.MAYOR, Role.LINE_MANAGER, Role.COUNCILLOR, Role.TOWN_CLERK])
def test_a_colleague_without_the_role_is_refused(region: Organisation, role: Role) -> None:
    with acting(actor(person(region, role), region)) as me, pytest.raises(Denied):
        services.run_cascade(me, region.pk, DC, title="x", started_at=NOW)


def test_a_mandate_needs_to_allow_acting(region: Organisation) -> None:
    soc = organisation("VR-SOC", "landelijk")
    analyst = person(soc, Role.SOC_ANALYST)
    mandate(region, soc, GrantKind.SOC_MANDATE)
    with acting(actor(analyst, soc)) as me, pytest.raises(Denied):
        services.run_cascade(me, region.pk, DC, title="x", started_at=NOW)
    mandate(region, soc, GrantKind.SOC_MANDATE, act=True)
    with acting(actor(analyst, soc)) as me:
        run = services.run_cascade(me, region.pk, DC, title="x", started_at=NOW)
        assert run.organisation_id == region.pk
        assert queries.run(me, run.public_id) == run
        with pytest.raises(Denied):
            services.save_scenario(me, name="x", outages=DC)


def test_a_stranger_finds_nothing(region: Organisation) -> None:
    with acting_system(region) as me:
        run = services.run_cascade(me, region.pk, DC, title="x", started_at=NOW)
        scenario = services.save_scenario(me, name="x", outages=DC)
    other = organisation("VR01")
    with acting(actor(person(other, Role.CISO), other)) as stranger:
        with pytest.raises(NotFound):
            queries.run(stranger, run.public_id)
        with pytest.raises(NotFound):
            services.run_scenario(stranger, scenario.public_id)
        with pytest.raises(Denied):
            services.run_cascade(stranger, region.pk, DC, title="x", started_at=NOW)


@pytest.mark.parametrize(
    ("outages", "horizon", "message"),
    [
        ([], 60, "ten minste één onderdeel"),
        ([{"node": "weg"}], 60, "bestaat niet op deze kaart"),
        ([{"node": 3}], 60, "noemt een onderdeel"),
        ([{"node": "dc01", "duration": "lang"}], 60, "hele minuten"),
        ([{"node": "dc01", "duration": 10**7}], 60, "60 dagen"),
        ([{"node": "dc01", "start": -1}], 60, "neem 0 of meer"),
        ([{"node": "dc01", "state": "kapot"}], 60, "kies uit"),
        (DC, 0, "looptijd"),
        (DC, 10**7, "looptijd"),
    ],
)
def test_what_cannot_be_played_is_refused(
    region: Organisation, outages: list[dict[str, object]], horizon: int, message: str
) -> None:
    with acting_system(region) as me, pytest.raises(Refused, match=message):
        services.run_cascade(me, region.pk, outages, title="x", started_at=NOW, horizon=horizon)
    with every_owner():
        assert not CascadeRun.objects.exists()


def test_a_scenario_is_kept_renewed_played_and_removed(region: Organisation) -> None:
    with acting(actor(person(region, Role.RISK_ADVISER), region)) as me:
        first = services.save_scenario(me, name="Domeincontroller uit", outages=DC, horizon=1440)
        second = services.save_scenario(me, name="Domeincontroller uit!", outages=[*DC, {"node": "p2000"}])
        assert first.pk == second.pk
        run = services.run_scenario(me, second.public_id)
        assert (run.scenario, run.title, len(run.outages)) == (second, second.name, 2)
        kept = services.keep_as_scenario(me, run.public_id, "Nog een naam")
        assert kept.outages == run.outages
        with pytest.raises(Refused, match="letters of cijfers"):
            services.save_scenario(me, name="?!", outages=DC)
        services.remove_scenario(me, kept.public_id)
        assert not Scenario.objects.filter(pk=kept.pk).exists()
        assert queries.run(me, run.public_id).scenario is None


def test_a_scenario_of_another_owner_is_refused(region: Organisation, filled: Callable[[str], Organisation]) -> None:
    other = filled("VR15")
    with acting_system(other) as they:
        theirs = services.save_scenario(they, name="x", outages=DC)
    with acting_system(region) as me, pytest.raises(Refused, match="andere organisatie"):
        services.run_cascade(me, region.pk, DC, title="x", started_at=NOW, scenario=theirs)
