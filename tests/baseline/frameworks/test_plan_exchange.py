"""An improvement plan taken over: what is new, what differs and what is the same; chosen, all or nothing, told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from brandwacht.baseline.exchange import INCOMING, NEW, OTHER, REFUSED, SAME
from brandwacht.baseline.models import AnswerImport, Measure, MeasureState, MeasureStep
from brandwacht.baseline.services import exchange, make_measure
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.oscal import PLAN, Party, PlannedMeasure, export_poam
from brandwacht.network.errors import Refused
from brandwacht.network.models import Action, ActionState
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from tests.world import NOW, acting_system, organisation, person

pytestmark = pytest.mark.django_db
KEY = "4f0c7b0e-6a57-4c0e-9b1f-0b6a4c6d1e11"
compare = INCOMING[PLAN].compare
DAY = timezone.localdate(NOW) + timedelta(days=30)


@pytest.fixture
def region():
    return organisation("VR17")


def plan(*measures: PlannedMeasure) -> bytes:
    return export_poam(load_framework("bio2-1.3"), Party("VR17", "Regio"), measures, NOW)


def one(**facts) -> PlannedMeasure:
    return PlannedMeasure(
        **({"key": KEY, "title": "Kluis", "description": "Kopen", "control": "5.17", "state": "do", "owner": "Team",
            "due": DAY, "cost": 900} | facts)
    )  # fmt: skip


def test_our_own_plan_makes_the_same_plan_elsewhere_byte_for_byte(region):
    other = organisation("VR15")
    with acting_system(region) as me:
        for title, control in (("Kluis", "5.17"), ("Segmenten", "8.22"), ("Los", "")):
            make_measure(me, title=title, control=control, owner_name="Team", due=DAY, cost=5)
        out = exchange.export(me, PLAN)
        again = exchange.offer(me, "plan.json", out)
        assert [line.kind for line in compare(me, again).lines] == [SAME] * 3
    with acting_system(other) as them:
        offered = exchange.offer(them, "plan.json", out)
        lines = compare(them, offered).lines
        assert [line.kind for line in lines] == [NEW] * 3
        exchange.apply(them, offered.public_id, {line.key for line in lines})
        back = exchange.offer(them, "plan.json", out)
        assert [line.kind for line in compare(them, back).lines] == [SAME] * 3
    with every_owner():
        assert Measure.objects.filter(organisation=region).count() == Measure.objects.filter(organisation=other).count()
        Measure.objects.filter(organisation=region).delete()
    with acting_system(region) as me:
        offered = exchange.offer(me, "plan.json", out)
        exchange.apply(me, offered.public_id, {line.key for line in compare(me, offered).lines})
        assert exchange.export(me, PLAN) == out


def test_a_difference_is_shown_chosen_and_told(region):
    with acting_system(region) as me:
        exchange.apply(me, exchange.offer(me, "een.json", plan(one())).public_id, {KEY})
        done = one(state="act", done_at=NOW - timedelta(days=2), title="Wachtwoordkluis")
        late = one(key=KEY.replace("4f", "5f"), state="act", done_at=NOW + timedelta(days=2))
        offered = exchange.offer(me, "twee.json", plan(done, late))
        found = compare(me, offered)
        assert [(line.kind, line.changes) for line in found.lines] == [(OTHER, ("titel", "stap")), (REFUSED, ())]
        with pytest.raises(Refused):
            exchange.apply(me, offered.public_id, {KEY, found.lines[1].key})
        with pytest.raises(Refused, match="minstens één"):
            exchange.apply(me, offered.public_id, set())
        exchange.apply(me, offered.public_id, {KEY}, found.fingerprint)
        row = Measure.objects.get(public_id=KEY)
        assert (row.title, row.state, row.done_at) == ("Wachtwoordkluis", MeasureState.DONE, NOW - timedelta(days=2))
        assert "twee.json" in MeasureStep.objects.filter(measure=row).order_by("-pk")[0].note
        assert Action.objects.get(key=f"maatregel:{KEY}").state == ActionState.DONE
        back = exchange.offer(me, "drie.json", plan(one()))
        exchange.apply(me, back.public_id, {KEY})
        assert Action.objects.get(key=f"maatregel:{KEY}").state == ActionState.OPEN


def test_what_changed_since_it_was_seen_is_not_taken(region):
    with acting_system(region) as me:
        exchange.apply(me, exchange.offer(me, "een.json", plan(one())).public_id, {KEY})
        offered = exchange.offer(me, "twee.json", plan(one(title="Anders")))
        seen = compare(me, offered).fingerprint
        Measure.objects.filter(public_id=KEY).update(title="Intussen")
        with pytest.raises(Refused, match="intussen gewijzigd"):
            exchange.apply(me, offered.public_id, {KEY}, seen)
        assert Measure.objects.get(public_id=KEY).title == "Intussen"
        with pytest.raises(Refused, match="geen maatregelen"):
            exchange.offer(me, "leeg.json", plan())


def test_on_the_page_and_over_the_api(region):
    client = Client()
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    with acting_system(region, timezone.now()) as me:
        offered = exchange.offer(me, "plan.json", plan(one()))
        seen = compare(me, offered).fingerprint
    address = f"/basis/kaders/uitwisselen/{offered.public_id}"
    assert "Kluis" in client.get(address).content.decode()
    done = client.post(f"{address}/over", {"vraag": [KEY], "seen": seen}, follow=True).content.decode()
    assert "1 maatregel is overgenomen." in done
    assert ": Kluis." in done  # by its name, not by its key
    sent = client.post("/api/v1/oscal-imports", plan(one(title="Anders")), "application/json").json()
    assert [(each["key"], each["kind"], each["changes"]) for each in sent["measures"]] == [(KEY, "anders", ["titel"])]
    body = {"numbers": [KEY], "seen": sent["seen"]}
    assert client.post(f"/api/v1/oscal-imports/{sent['id']}/application", body, "application/json").status_code == 200
    with every_owner():
        assert Measure.objects.get().title == "Anders"
        assert AnswerImport.objects.filter(state="verwerkt").count() == 2
