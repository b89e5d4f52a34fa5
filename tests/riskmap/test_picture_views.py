"""The pages with pictures: now, map, tiles, network, trying out, comparing: few queries, nobody else's state."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.cert.services import open_new
from brandwacht.network import audit
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import AuditEntry, Node, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap import mapping, services
from brandwacht.riskmap.cascades import live
from brandwacht.riskmap.models import Boundaries, CascadeRun
from brandwacht.riskmap.pictures import scenes
from brandwacht.riskmap.register import boundaries
from tests.riskmap.test_geo import collection, feature, square
from tests.riskmap.test_views import logged_in
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.django_db
DC = [{"node": "dc01", "start": 0, "duration": None, "state": "down"}]
TWO = collection(feature([square(4.3, 51.9)], code="GM0599"), feature([square(4.4, 51.9)], code="GM0606"))


def municipalities(region: Organisation) -> None:
    for code, name in (("GM0599", "Rotterdam"), ("GM0606", "Schiedam")):
        Organisation.objects.update_or_create(
            code=code, defaults={"name": name, "kind": "gemeente", "region": region, "regimes": []}
        )


def incident(region: Organisation, ago: int, key: str = "dc01", now: datetime = NOW, **changes: Any) -> None:
    """An incident of which the CISO knew for so many minutes at ``now``."""
    with acting(actor(person(region, Role.CISO), region, now)) as me:
        node = Node.objects.get(organisation=region, key=key)
        facts: dict[str, Any] = {
            "title": "Domeincontroller weg", "summary": "Weg.", "scenario": "eigen_organisatie", "phase": "lauw",
            "facts": (), "known_at": now - timedelta(minutes=ago), "nodes": [node],
        }  # fmt: skip
        open_new(me, **(facts | changes))


def now_on(region: Organisation, role: Role = Role.CISO) -> live.Now | None:
    with acting(actor(person(region, role), region)) as me:
        return live.now_on(me, mapping.load(me, region.pk), region.pk)


def test_what_an_open_incident_does_now_and_next(region: Organisation) -> None:
    assert now_on(region) is None
    incident(region, ago=40)
    found = now_on(region)
    assert found is not None
    assert (found.minute, len(found.running), found.uncounted) == (40, 1, [])
    alarm, rooster = live.risks(found)
    # Without logging in the coupling falls after 30 minutes; the alarm lasts four hours on paper, from then.
    assert (alarm.name, alarm.state, alarm.then) == ("Alarmering brandweer", "buffer", "down")
    assert alarm.at == NOW - timedelta(minutes=40) + timedelta(minutes=270)
    assert (rooster.name, rooster.state, rooster.then) == ("Roostering", "buffer", "")
    assert live.risks(found, processes_only=False)[0].state == "down"


def test_incidents_count_together_and_drills_do_not(region: Organisation) -> None:
    incident(region, ago=10, key="p2000")
    incident(region, ago=5, key="c2000")
    incident(region, ago=1, key="ws114", exercise=True)
    found = now_on(region)
    assert found is not None
    assert len(found.running) == 2
    # One of two call networks was enough; without both the alarm stands still from the second on.
    (alarm,) = live.risks(found)
    assert (alarm.state, alarm.then, alarm.need) == ("down", "", "Oproep")


def test_an_incident_without_anything_hit_is_told(region: Organisation) -> None:
    incident(region, ago=5, nodes=[])
    found = now_on(region)
    assert found is not None
    assert found.outcome is None
    assert [each.title for each in found.uncounted] == ["Domeincontroller weg"]
    page = logged_in(person(region, Role.CISO)).get(reverse("riskmap:now")).content.decode()
    assert "zijn de gevolgen niet doorgerekend" in page


def test_the_page_of_now_renews_itself_only_when_something_changed(
    region: Organisation, django_assert_max_num_queries: Any
) -> None:
    incident(region, ago=40, now=timezone.now())
    client = logged_in(person(region, Role.CISO))
    client.get(reverse("riskmap:now"))
    with django_assert_max_num_queries(15):
        page = client.get(reverse("riskmap:now"))
    assert "Alarmering brandweer" in page.content.decode()
    mark = page.context["mark"]
    assert client.get(reverse("riskmap:now-part"), {"was": mark}).status_code == 204
    part = client.get(reverse("riskmap:now-part"), {"was": "iets anders"})
    assert part.status_code == 200
    assert 'data-bw-announce="Er loopt 1 incident.' in part.content.decode()
    # Without the right to see incidents there is no incident.
    other = logged_in(person(region, Role.LINE_MANAGER)).get(reverse("riskmap:now"))
    assert other.status_code == 200
    assert "Er loopt geen incident dat de kaart raakt" in other.content.decode()


def test_scenes(region: Organisation) -> None:
    incident(region, ago=40)
    with acting(actor(person(region, Role.CISO), region)) as me:
        register = mapping.load(me, region.pk)
        run = services.run_cascade(me, region.pk, DC, title="Proef", started_at=NOW)
        now = scenes.scene(me, register, region.pk)
        assert (now.key, now.minute, now.states()["dc01"]) == ("nu", 40, "down")
        kept = scenes.scene(me, register, region.pk, str(run.public_id), "30")
        assert (kept.minute, kept.states()["koppeling"], kept.states()["alarm"]) == (30, "down", "buffer")
        assert scenes.scene(me, register, region.pk, "geen").states() == {}
        assert scenes.scene(me, register, region.pk, "zwaarst").states()
        assert [key for key, _words in scenes.choices(me, region.pk, now)][:3] == ["nu", "zwaarst", "geen"]


@pytest.mark.parametrize("name", ["picture", "places", "regions", "compare", "map"])
def test_pages_ask_little(region: Organisation, name: str, django_assert_max_num_queries: Any) -> None:
    incident(region, ago=40, now=timezone.now())
    client = logged_in(person(region, Role.CISO))
    url = reverse(f"riskmap:{name}")
    client.get(url)
    # The register takes five questions or more; an incident that runs takes two beyond what a page asks in peace.
    with django_assert_max_num_queries(15):
        page = client.get(url)
    assert page.status_code == 200
    assert 'style="' not in page.content.decode()


def test_odd_addresses_are_not_found(region: Organisation) -> None:
    client = logged_in(person(region, Role.CISO))
    for asked in ("x", "00000000-0000-0000-0000-000000000000", "nu"):
        status = client.get(reverse("riskmap:picture"), {"toon": asked, "moment": "-9"}).status_code
        assert status == (200 if asked == "nu" else 404)
    for asked in ("x", "scenario-x", "scenario-00000000-0000-0000-0000-000000000000"):
        assert client.get(reverse("riskmap:compare"), {"links": asked, "rechts": asked}).status_code == 404
    assert client.get(reverse("riskmap:what-if"), {"uitkomst": "x"}).status_code == 404


def test_boundaries_are_read_in_whole_or_not_at_all(region: Organisation) -> None:
    municipalities(region)
    with acting_system(region) as me:
        row = boundaries.read_in(me, "g.geojson", TWO, source="proef")
        assert [(shape.code, shape.name) for shape in boundaries.shapes(row)] == [
            ("GM0599", "Rotterdam"),
            ("GM0606", "Schiedam"),
        ]
        with pytest.raises(Refused) as error:
            boundaries.read_in(me, "x.json", TWO[:-1])
        assert error.value.field == "file"
        foreign = collection(feature([square(6.5, 53.2)], code="GM0014"))
        with pytest.raises(Refused, match="geen gebied van uw organisatie"):
            boundaries.read_in(me, "x.json", foreign)
        assert Boundaries.objects.get().sha256 == row.sha256
        boundaries.read_in(me, "alles.json", foreign, whole=True)
        assert Boundaries.objects.get().count == 1
        assert AuditEntry.objects.filter(action="riskmap.boundaries").count() == 2


def test_places_are_codes_names_or_degrees(region: Organisation) -> None:
    municipalities(region)
    with acting_system(region) as me:
        areas = {shape.code: shape for shape in boundaries.shapes(boundaries.read_in(me, "g.json", TWO))}
    assert boundaries.checked_place(" schiedam ", areas) == "GM0606"
    assert boundaries.checked_place("GM0599", areas) == "GM0599"
    assert boundaries.checked_place("51,9225; 4,4792", areas) == "51.92250, 4.47920"
    assert boundaries.located("51.92250, 4.47920", areas) == (447920, 5192250)
    assert boundaries.located("GM0606", areas) == areas["GM0606"].centre
    assert boundaries.located("Lutjebroek", areas) is None
    for text in ("Lutjebroek", "4.4; 51.9", "91, 4", "51.9"):
        with pytest.raises(Refused):
            boundaries.checked_place(text, areas)


def test_from_a_file_to_a_thing_on_the_map(region: Organisation) -> None:
    municipalities(region)
    client = logged_in(person(region, Role.CISO))
    assert "Nog geen grenzen" in client.get(reverse("riskmap:places")).content.decode()
    bad = client.post(reverse("riskmap:boundaries"), {"file": SimpleUploadedFile("x.json", b"{")})
    assert bad.status_code == 422
    assert "regel 1" in bad.content.decode()
    done = client.post(reverse("riskmap:boundaries"), {"file": SimpleUploadedFile("g.json", TWO)})
    assert done.headers["Location"] == reverse("riskmap:places")
    with every_owner():
        node = Node.objects.get(organisation=region, key="alarm")
    wrong = client.post(reverse("riskmap:put"), {"place": "nergens", "nodes": [node.public_id]})
    assert wrong.status_code == 422
    assert "“nergens” is geen gebied op deze kaart" in wrong.content.decode()
    client.post(reverse("riskmap:put"), {"place": "Rotterdam", "nodes": [node.public_id]})
    node.refresh_from_db()
    assert node.place == "GM0599"
    page = client.get(reverse("riskmap:places"), {"toon": "zwaarst"})
    (spot,) = page.context["atlas"].spots
    assert (spot.name, [n.key for n in spot.nodes]) == ("Rotterdam", ["alarm"])
    data = page.context["data"]
    assert json.loads(json.dumps(data))["spots"][0]["areas"] == ["GM0599"]
    assert "<path" in page.content.decode()


def test_tiles_show_the_state_only_of_who_lets_one_see_it(filled: Any) -> None:
    region, other = filled("VR17"), filled("VR18")
    incident(region, ago=300, now=timezone.now())
    incident(other, ago=300, now=timezone.now())
    cert = organisation("VR-CERT", "landelijk")
    mandate(region, cert, GrantKind.CERT_MANDATE)
    page = logged_in(person(cert, Role.CERT_LEAD)).get(reverse("riskmap:regions"))
    by_code = {tile.code: tile for tile in page.context["tiles"].tiles}
    assert (by_code["VR17"].state, by_code["VR17"].told) == ("down", "1 incident, proces ligt stil")
    assert (by_code["VR18"].state, by_code["VR18"].told, by_code["VR18"].url) == ("", "geen inzage", "")
    with every_owner():
        assert AuditEntry.objects.filter(organisation=region, action="cert.incident.see", result=audit.USED).exists()
        assert not AuditEntry.objects.filter(organisation=other, action="cert.incident.see").exists()


def test_trying_out_keeps_nothing(region: Organisation, django_assert_max_num_queries: Any) -> None:
    client = logged_in(person(region, Role.RISK_ADVISER))
    asked = {"node1": "dc01", "start1": "60", "duration1": "480", "horizon": "1440"}
    with django_assert_max_num_queries(15):
        answer = client.post(reverse("riskmap:try-out"), asked)
    text = answer.content.decode()
    assert "Dan gebeurt dit" in text
    assert "na 5 uur 30 minuten" in text  # an hour later than the 4 hours 30 of an outage at once
    assert "Bedoelt u" not in text
    unknown = client.post(reverse("riskmap:try-out"), asked | {"node1": "aanmeld"}).content.decode()
    assert "Bedoelt u: Aanmelddienst?" in unknown
    assert "Kies een onderdeel" in client.post(reverse("riskmap:try-out"), {"horizon": "1440"}).content.decode()
    twice = client.post(reverse("riskmap:try-out"), asked | {"node2": "dc01"}).content.decode()
    assert "staat er al" in twice
    with every_owner():
        assert not CascadeRun.objects.exists()


def test_an_outcome_comes_back_in_the_form_and_two_stand_beside_each_other(region: Organisation) -> None:
    client = logged_in(person(region, Role.RISK_ADVISER))
    with acting_system(region) as me:
        odd = [{"node": "dc01", "start": 15, "duration": 95, "state": "degraded"}]
        run = services.run_cascade(me, region.pk, odd, title="Scheef", started_at=NOW, horizon=1440)
        scenario = services.save_scenario(me, name="Langer", outages=DC)
    page = client.get(reverse("riskmap:what-if"), {"uitkomst": run.public_id}).content.decode()
    assert 'value="VRR-DC01 (dc01)"' in page
    assert '<option value="95" selected>1 uur 35 minuten</option>' in page
    page = client.get(reverse("riskmap:compare"), {"links": run.public_id, "rechts": f"scenario-{scenario.public_id}"})
    assert page.context["found"].right.stopped == 1
    assert "Geteld over" in page.content.decode()
    assert Client().get(reverse("riskmap:compare")).status_code == 302
