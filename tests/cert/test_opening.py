"""Opening: who may, what follows from it, and two people at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection

from brandwacht.cert import services
from brandwacht.cert.models import Incident, IncidentAsset
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Grant, Node
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap.models import CascadeRun
from brandwacht.soc.models import AlertState
from tests.cert.conftest import SIGNIFICANT, Scene, make_scene
from tests.world import NOW, acting, mandate

pytestmark = pytest.mark.django_db


def test_from_an_alert_by_the_analyst_with_a_mandate(scene: Scene) -> None:
    alert = scene.alert()
    with acting(scene.analyst.actor()) as me:
        incident = services.open_from_alert(me, alert.public_id, facts=[SIGNIFICANT])
    assert incident.organisation_id == scene.region.pk
    assert (incident.number, incident.title) == ("2026-0001", alert.title)
    assert incident.summary == "Gezien op VRR-DC01: Geheugen gelezen."
    assert (incident.severity, incident.attack, incident.alert_ref) == (3, ["T1003.001"], alert.public_id)
    with every_owner():
        alert.refresh_from_db()
        run = CascadeRun.objects.get(incident_ref=incident.public_id)
    assert (alert.state, alert.incident_ref) == (AlertState.INCIDENT, incident.public_id)
    assert run.outages == [{"node": "dc01", "start": 0, "duration": 600, "state": "down"}]
    told = scene.told(incident)
    assert "naar aanleiding van de melding “Wachtwoorden gelezen op VRR-DC01”" in told
    assert "Gevolgen doorgerekend: Als VRR-DC01" in told
    assert ("cert.incident.open", "gedaan") in scene.chain()


def test_an_alert_becomes_one_incident(scene: Scene) -> None:
    alert = scene.alert()
    with acting(scene.analyst.actor()) as me:
        services.open_from_alert(me, alert.public_id)
    with acting(scene.ciso.actor()) as me, pytest.raises(Refused, match="al een incident gemaakt"):
        services.open_from_alert(me, alert.public_id)
    with every_owner():
        assert Incident.objects.count() == 1


@pytest.mark.parametrize("who", ["watcher", "onlooker"])
def test_a_mandate_that_may_only_see_opens_nothing(scene: Scene, who: str) -> None:
    alert = scene.alert()
    with acting(getattr(scene, who).actor()) as me, pytest.raises(Denied, match="een incident openen"):
        services.open_from_alert(me, alert.public_id)
    assert scene.chain() == [("cert.incident.open", "geweigerd")]


@pytest.mark.parametrize("who", ["stranger", "colleague", "adviser", "chair"])
def test_who_does_not_see_the_alert_opens_nothing(scene: Scene, who: str) -> None:
    alert = scene.alert()
    with acting(getattr(scene, who).actor()) as me, pytest.raises(NotFound):
        services.open_from_alert(me, alert.public_id)
    with every_owner():
        assert not Incident.objects.exists()
        assert AuditEntry.objects.filter(organisation=scene.region, result="geweigerd").count() == 1


def test_a_mandate_that_ended_opens_nothing(scene: Scene) -> None:
    alert = scene.alert()
    with every_owner():
        Grant.objects.filter(grantee=scene.soc).update(ended_at=NOW)
    with acting(scene.analyst.actor()) as me, pytest.raises(NotFound):
        services.open_from_alert(me, alert.public_id)


def test_a_mandate_for_one_alert_does_not_open_incidents(scene: Scene) -> None:
    alert = scene.alert()
    mandate(scene.region, scene.stranger.at, GrantKind.SOC_MANDATE, act=True, thing=alert.public_id)
    with acting(scene.stranger.actor()) as me, pytest.raises(Denied):
        services.open_from_alert(me, alert.public_id)
    with every_owner():
        assert not Incident.objects.exists()


@pytest.mark.parametrize("who", ["ciso", "adviser", "own_analyst"])
def test_after_a_telephone_call(scene: Scene, who: str) -> None:
    incident = scene.incident(by=getattr(scene, who), nodes=[scene.node("dc01"), scene.node("dc01")])
    assert "buiten Brandwacht om" in scene.told(incident)
    with every_owner():
        assert IncidentAsset.objects.get(incident=incident).duration == 600


def test_an_incident_opens_also_for_who_may_not_run_a_cascade(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brandwacht.cert.services.hit.decide", lambda *_args: False)
    incident = scene.incident(by=scene.own_analyst, nodes=[scene.node("dc01")])
    assert "De gevolgen zijn nog niet doorgerekend" in scene.told(incident)


def test_an_incident_never_waits_for_its_map(scene: Scene) -> None:
    with every_owner():
        Node.objects.filter(key="dc01").update(repair=60 * 24 * 365)
    incident = scene.incident(nodes=[scene.node("dc01")])
    assert "De gevolgen konden niet worden doorgerekend: Een uitval duurt ten hoogste 60 dagen." in scene.told(incident)


@pytest.mark.parametrize("who", ["colleague", "chair", "stranger", "lead"])
def test_without_the_role_no_incident_of_ones_own(scene: Scene, who: str) -> None:
    elsewhere = {"owner_id": scene.region.pk} if who == "stranger" else {}
    with pytest.raises(Denied):
        scene.incident(by=getattr(scene, who), **elsewhere)


def test_the_lead_opens_one_for_a_region_that_phones(scene: Scene) -> None:
    incident = scene.incident(by=scene.lead, owner_id=scene.region.pk, nodes=[scene.node("dc01")])
    assert incident.organisation_id == scene.region.pk
    assert scene.chain() == [("cert.incident.open", "gedaan")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"known_at": NOW + timedelta(minutes=1)}, "known_at"),
        ({"known_at": NOW - timedelta(days=800)}, "known_at"),
        ({"facts": ["onzin"]}, "facts"),
        ({"scenario": "onzin"}, "scenario"),
        ({"phase": "heet"}, "phase"),
        ({"severity": 9}, "severity"),
    ],
)
def test_what_can_not_be_right_is_refused_by_field(scene: Scene, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as error:
        scene.incident(**changes)
    assert error.value.field == field
    with every_owner():
        assert not Incident.objects.exists()


def test_awareness_is_kept_in_whole_minutes(scene: Scene) -> None:
    incident = scene.incident(known_at=NOW - timedelta(minutes=1, seconds=20))
    assert incident.known_at == NOW - timedelta(minutes=2)


def test_numbers_go_on_per_owner_year_and_kind(scene: Scene) -> None:
    assert [scene.incident().number for _n in range(2)] == ["2026-0001", "2026-0002"]
    assert scene.incident(exercise=True).number == "OEF-2026-0001"
    # New year's eve at 23:30 UTC is the new year in the Netherlands.
    late = NOW.replace(month=12, day=31, hour=23, minute=30)
    assert scene.incident(now=late).number == "2027-0001"
    with every_owner():
        Incident.objects.filter(number="2026-0002").update(number="2026-9999")
    assert scene.incident().number == "2026-10000"
    assert scene.incident().number == "2026-10001"


@pytest.mark.django_db(transaction=True)
def test_incidents_opened_at_once_get_numbers_of_their_own() -> None:
    scene = make_scene()
    people, failed = 4, []
    ready = threading.Barrier(people)

    def work() -> None:
        try:
            ready.wait(120)
            scene.incident(SIGNIFICANT, nodes=[scene.node("dc01")])
        except Exception as error:
            failed.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with every_owner():
        numbers = sorted(Incident.objects.values_list("number", flat=True))
    assert numbers == [f"2026-000{n}" for n in range(1, people + 1)]


@pytest.mark.django_db(transaction=True)
def test_two_people_make_one_incident_of_an_alert() -> None:
    scene = make_scene()
    alert = scene.alert()
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def work(who: str) -> None:
        try:
            ready.wait(120)
            with acting(getattr(scene, who).actor()) as me:
                services.open_from_alert(me, alert.public_id)
            outcomes.append("open")
        except Refused as error:
            outcomes.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in ("analyst", "ciso")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(outcomes) == 2
    assert outcomes.count("open") == 1
    with every_owner():
        assert Incident.objects.count() == 1
