"""The signed hand-over: what goes along, who takes it, what happens when somebody changed it or nobody comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Action, ActionState, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.handover import suggested_indicators
from brandwacht.soc.models import Alert, Escalation, MatchedEvent
from brandwacht.soc.services import connecting, escalations, shifts
from brandwacht.soc.terms import terms
from tests.soc.conftest import line
from tests.world import NOW, acting, actor, asset, mandate, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(region: Organisation, read: Callable[..., Any]) -> Alert:
    read(region, line("lsass.exe", DestinationIp="198.51.100.23", IpAddress="127.0.0.1", QueryName="kwaad.example"))
    with every_owner():
        found: Alert = Alert.objects.select_related("asset").get()
    return found


@pytest.fixture
def sem(soc: Organisation, region: Organisation) -> Actor:
    return actor(person(soc, Role.SOC_ANALYST, name="Sem"), soc)


@pytest.fixture
def lead(region: Organisation) -> Actor:
    cert = organisation("VR-CERT", "landelijk")
    mandate(region, cert, GrantKind.CERT_MANDATE, act=True)
    return actor(person(cert, Role.CERT_LEAD, name="Iris"), cert)


def send(me: Actor, alert: Alert, **facts: Any) -> Escalation:
    given = {
        "receiver": "cert", "tlp": "TLP:AMBER", "assets": [alert.asset], "indicators": ["198.51.100.23"],
        "done": "Gebeld", "question": "Neem de leiding",
    }  # fmt: skip
    with acting(me):
        return escalations.escalate(me, alert.public_id, **given | facts)


def state_of(key: str) -> list[str]:
    with every_owner():
        return list(Action.objects.filter(key=key).values_list("state", flat=True))


def test_handed_over_verified_and_taken(alert: Alert, sem: Actor, lead: Actor) -> None:
    sent = send(sem, alert)
    body = orjson.loads(sent.body)
    assert (body["tlp"], body["vraag"], body["indicatoren"]) == ("TLP:AMBER", "Neem de leiding", ["198.51.100.23"])
    with every_owner():
        event = MatchedEvent.objects.get()
        assert [item["sha256"] for item in body["bewijs"]] == [escalations.evidence_hash(event.raw)]
        assert Alert.objects.get().escalated_at == NOW
        action = Action.objects.get(key=f"soc.overdracht.{sent.public_id}")
        assert (action.organisation_id, action.role) == (lead.organisation_id, Role.CERT_LEAD)
        assert alert.title not in f"{action.title} {action.why}"
    with acting(sem), pytest.raises(Denied):
        escalations.take_over(sem, sent.public_id)
    with acting(lead):
        assert escalations.check(sent).good
        taken = escalations.take_over(lead, sent.public_id)
        assert escalations.check(taken).receipt is True
        with pytest.raises(Refused, match="Iris heeft dit al overgenomen"):
            escalations.take_over(lead, sent.public_id)
    assert state_of(f"soc.overdracht.{sent.public_id}") == [ActionState.DONE]
    with every_owner():
        now = Alert.objects.get()
        assert (now.holder_id, now.waiting, now.open) == (lead.user_id, False, True)


@pytest.mark.parametrize("broken", ["body", "evidence", "key"])
def test_what_was_changed_is_not_taken(broken: str, alert: Alert, sem: Actor, lead: Actor) -> None:
    sent = send(sem, alert)
    with every_owner():
        if broken == "body":
            Escalation.objects.update(body=sent.body.replace("Neem de leiding", "Doe niets"))
        elif broken == "key":
            Escalation.objects.update(public_key="00" * 32)
        else:
            MatchedEvent.objects.update(raw={"Event": "anders"})
    with acting(lead), pytest.raises(Refused, match="klopt niet meer met wat is getekend"):
        escalations.take_over(lead, sent.public_id)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"receiver": "iemand"}, "receiver"),
        ({"tlp": "AMBER"}, "tlp"),
        ({"assets": []}, "assets"),
        ({"indicators": ["x"] * 201}, "indicators"),
        ({"done": " "}, "done"),
        ({"question": "x" * 4001}, "question"),
    ],
)
def test_what_is_refused(facts: dict[str, Any], field: str, alert: Alert, sem: Actor, lead: Actor) -> None:
    with pytest.raises(Refused) as refused:
        send(sem, alert, **facts)
    assert refused.value.field == field
    with every_owner():
        assert not Escalation.objects.exists()


def test_only_assets_of_the_same_organisation(alert: Alert, sem: Actor, lead: Actor) -> None:
    other = asset(organisation("VR15"), "ELDERS")
    with pytest.raises(Refused, match="van deze organisatie"):
        send(sem, alert, assets=[alert.asset, other])


def test_without_a_mandate_there_is_no_cert_and_once_is_enough(alert: Alert, sem: Actor) -> None:
    with pytest.raises(Refused, match="gaf geen CERT een mandaat"):
        send(sem, alert)
    send(sem, alert, receiver="ciso")
    with pytest.raises(Refused, match="loopt al"):
        send(sem, alert, receiver="ciso")


def test_meant_for_the_ciso(alert: Alert, sem: Actor, lead: Actor, region: Organisation) -> None:
    sent = send(sem, alert, receiver="ciso")
    with acting(lead), pytest.raises(Refused, match="gericht aan de CISO"):
        escalations.take_over(lead, sent.public_id)
    ciso = actor(person(region, Role.CISO, name="Noor"), region)
    with acting(ciso):
        assert escalations.take_over(ciso, sent.public_id).acknowledged_by == "Noor"


def test_nobody_came(alert: Alert, sem: Actor, lead: Actor, soc: Organisation) -> None:
    sent = send(sem, alert)
    assert escalations.remind(sent.due) == ""
    late = sent.due + timedelta(seconds=1)
    assert terms().take_over[alert.severity] == sent.due - NOW
    assert escalations.remind(late) == "1 overdracht(en) niet op tijd overgenomen"
    assert escalations.remind(late) == ""
    with every_owner():
        reminder = Action.objects.get(key=f"soc.overdracht.bel.{sent.public_id}")
        assert (reminder.organisation_id, reminder.role) == (soc.pk, Role.SOC_ANALYST)
    with acting(lead):
        escalations.take_over(lead, sent.public_id)
    assert state_of(f"soc.overdracht.bel.{sent.public_id}") == [ActionState.DONE]


def test_an_incident_ends_what_still_waited(alert: Alert, sem: Actor, lead: Actor) -> None:
    sent = send(sem, alert)
    with acting(sem):
        services.mark_incident(sem, alert.public_id, uuid4())
    assert state_of(f"soc.overdracht.{sent.public_id}") == [ActionState.DONE]
    assert escalations.remind(sent.due + timedelta(hours=1)) == ""


def test_indicators_that_are_proposed(alert: Alert) -> None:
    with every_owner():
        assert suggested_indicators(MatchedEvent.objects.all()) == ["198.51.100.23", "kwaad.example"]


def test_the_shift_and_the_hand_over_say_what_is_on_its_way_and_whom_to_call(
    alert: Alert, soc: Organisation, region: Organisation, lead: Actor, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    watcher = person(soc, Role.SOC_ANALYST, name="Sem")
    me = actor(watcher, soc)
    sent = send(me, alert)
    with acting(me):
        shift = shifts.begin(me)
    client.force_login(watcher, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = client.get(reverse("soc:shift", args=[shift.public_id])).content.decode()
    assert "Overgedragen aan het CERT</a>" in text
    assert "nog niet overgenomen" in text
    handed = reverse("soc:escalation", args=[sent.public_id])
    assert reverse("soc:dossier", args=[region.code]) + "#contact" in client.get(handed).content.decode()
    noor = actor(person(region, Role.CISO, name="Noor"), region)
    with acting(noor):
        connecting.add_contact(noor, region, name="Ali", task="Piket", phone="06-11", moment="altijd", position=1)
    assert 'href="tel:06-11"' in client.get(handed).content.decode()
    assert 'href="tel:06-11"' in client.get(reverse("soc:detail", args=[alert.public_id])).content.decode()
    with acting(lead):
        escalations.take_over(lead, sent.public_id)
    text = client.get(reverse("soc:shift", args=[shift.public_id])).content.decode()
    assert "overgenomen door Iris" in text
    assert "nog niet overgenomen" not in text
