"""Vital processes are decided: an adviser draws up, the administrators adopt, and that makes it official."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Action, ActionState, AuditEntry, Node, Organisation
from brandwacht.network.roles import Role
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import ListState, VitalList
from brandwacht.riskmap.register import vital_lists
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def adviser(region: Organisation) -> Iterator[Actor]:
    with acting(actor(person(region, Role.RISK_ADVISER), region)) as found:
        yield found


@pytest.fixture
def board(region: Organisation) -> Actor:
    return actor(person(region, Role.BOARD), region)


def drawn(adviser: Actor, *keys: str, area: str = "Delft") -> VitalList:
    row = vital_lists.begin(adviser, area)
    for item in list(row.items.all()):
        vital_lists.remove_item(adviser, row.public_id, item.public_id)
    for key in keys:
        vital_lists.set_item(adviser, row.public_id, Node.objects.get(key=key).public_id, "Geen alarm", "Convenant 3")
    return vital_lists.offer(adviser, row.public_id)


def adopt(board: Actor, row: VitalList, days: int = 0) -> VitalList:
    return vital_lists.adopt(
        board, row.public_id, body="Algemeen bestuur", decided_on=TODAY - timedelta(days=days), decision="AB 2026-12"
    )


def vital(adviser: Actor) -> list[str]:
    return mapping.load(adviser, adviser.organisation_id).vital


def test_a_list_counts_from_the_decision_on(adviser: Actor, board: Actor) -> None:
    Node.objects.update(vital=False)
    row = drawn(adviser, "alarm", "rooster")
    assert vital(adviser) == []
    assert vital_lists.undecided(adviser) == 0
    Node.objects.filter(key="alarm").update(vital=True)
    assert (vital(adviser), vital_lists.undecided(adviser)) == (["alarm"], 1)  # marked in the table: counts, undecided
    asked = Action.objects.get()
    assert (asked.role, asked.state) == (Role.BOARD, ActionState.OPEN)
    adopted = adopt(board, row)
    assert vital_lists.undecided(adviser) == 0
    assert (adopted.state, adopted.body, adopted.decision) == (ListState.ADOPTED, "Algemeen bestuur", "AB 2026-12")
    assert vital(adviser) == ["alarm", "rooster"]
    asked.refresh_from_db()
    assert asked.state == ActionState.DONE
    detail = AuditEntry.objects.filter(action="riskmap.vital.adopt").get().detail
    assert detail["besluit"] == "AB 2026-12"


def test_a_newer_list_replaces_the_one_of_its_area_only(adviser: Actor, board: Actor) -> None:
    first = adopt(board, drawn(adviser, "alarm", "rooster"))
    adopt(board, drawn(adviser, "rooster", area="hele regio"))
    again = vital_lists.begin(adviser, "  delft ")
    assert [item.node.key for item in again.items.order_by("node__key")] == ["alarm", "rooster"]
    vital_lists.remove(adviser, again.public_id)
    adopt(board, drawn(adviser, "alarm"))
    first.refresh_from_db()
    assert first.state == ListState.REPLACED
    assert vital(adviser) == ["alarm", "rooster"]  # the region still names the roster
    adopt(board, drawn(adviser, "alarm", area="hele regio"))
    assert vital(adviser) == ["alarm"]


def test_an_adviser_does_not_decide_and_a_board_does_not_write(adviser: Actor, board: Actor) -> None:
    row = drawn(adviser, "alarm")
    with pytest.raises(Denied):
        adopt(adviser, row)
    with pytest.raises(Denied):
        vital_lists.begin(board, "Rotterdam")
    vital_lists.take_back(adviser, row.public_id)
    with pytest.raises(Refused, match="aangeboden lijst"):
        adopt(board, row)


def test_an_offered_list_stands_still(adviser: Actor) -> None:
    row = drawn(adviser, "alarm")
    with pytest.raises(Refused, match="geen concept"):
        vital_lists.set_item(adviser, row.public_id, Node.objects.get(key="rooster").public_id, "x", "")
    with pytest.raises(Refused, match="loopt al"):
        vital_lists.begin(adviser, "DELFT")


@pytest.mark.parametrize(
    ("facts", "field"), [({"body": " "}, "body"), ({"decision": ""}, "decision"), ({"decided_on": 1}, "decided_on")]
)
def test_a_decision_without_its_facts_is_refused(
    adviser: Actor, board: Actor, facts: dict[str, object], field: str
) -> None:
    row = drawn(adviser, "alarm")
    given = {"body": "AB", "decision": "1", "decided_on": TODAY} | facts
    if given["decided_on"] == 1:
        given["decided_on"] = TODAY + timedelta(days=1)
    with pytest.raises(Refused) as refused:
        vital_lists.adopt(board, row.public_id, **given)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_only_processes_that_are_taken_over_go_on_a_list(adviser: Actor) -> None:
    row = vital_lists.begin(adviser, "Delft")
    with pytest.raises(Refused, match="minstens één proces"):
        vital_lists.offer(adviser, row.public_id)
    with pytest.raises(Refused, match="Alleen een proces"):
        vital_lists.set_item(adviser, row.public_id, Node.objects.get(key="dc01").public_id, "x", "")
    Node.objects.filter(key="rooster").update(draft=True)
    with pytest.raises(Refused, match="nog een voorstel"):
        vital_lists.set_item(adviser, row.public_id, Node.objects.get(key="rooster").public_id, "x", "")


def test_at_a_municipality_the_mayor_is_asked(db: None) -> None:
    town = organisation("GM0503", "gemeente")
    with acting(actor(person(town, Role.CISO), town)) as me:
        Node(organisation=town, key="alarm", name="Alarm", kind="proces").save()
        drawn(me, "alarm")
        assert Action.objects.get().role == Role.MAYOR


def test_the_page_says_that_what_is_marked_counts_without_a_decision(region: Organisation) -> None:
    client = Client()
    client.force_login(person(region, Role.RISK_ADVISER))
    page = client.get(reverse("riskmap:vital-lists")).content.decode()
    assert "Wat in het register als vitaal staat, telt op de kaart." in page
    assert "Op de kaart telt 1 vitaal proces mee waarover nog geen besluit is vastgelegd" in page
