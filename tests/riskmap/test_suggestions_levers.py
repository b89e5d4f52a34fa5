"""Suggestions of the national list come in as drafts; questions and advice keep their ground, answer or refusal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, ActionState, Node, Organisation
from brandwacht.network.roles import Role
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import Lever, LeverKind, LeverState
from brandwacht.riskmap.register import levers, suggestions
from brandwacht.riskmap.register.levers import LeverDraft
from tests.world import NOW, acting, actor, organisation, person

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def me(region: Organisation) -> Iterator[Actor]:
    with acting(actor(person(region, Role.RISK_ADVISER), region)) as found:
        yield found


# --- The national list ------------------------------------------------------------------------------------------------


def test_the_list_is_whole_and_says_where_it_comes_from() -> None:
    found = suggestions.national_list()
    by_category = {c: sum(each.category == c for each in found.processes) for c in "AB"}
    assert by_category == {"A": 6, "B": 22}
    assert len({each.key for each in found.processes}) == len(found.processes)
    assert found.unconfirmed
    assert found.url.startswith("https://www.nctv.nl/")
    assert all(len(each.name) <= 120 and len(each.sector) <= 60 for each in found.processes)
    assert len(found.origin) <= 120


def test_a_process_holds_between_its_dates() -> None:
    known = suggestions.Suggestion("k", "n", "A", "s", date(2026, 1, 1), date(2026, 12, 31))
    assert [known.valid(date(year, 6, 1)) for year in (2025, 2026, 2027)] == [False, True, False]
    assert suggestions.Suggestion("k", "n", "A", "s", None, None).valid(TODAY)


def test_chosen_processes_wait_as_drafts_and_do_not_count(me: Actor) -> None:
    before = mapping.load(me, me.organisation_id)
    assert suggestions.take(me, ["drinkwater", "gas-regionaal", "bestaat-niet"]) == 2
    now = mapping.load(me, me.organisation_id)
    assert (now.drafts, now.fingerprint) == (2, before.fingerprint)
    node = Node.objects.get(key="drinkwater")
    assert (node.draft, node.category, node.vital, node.kind) == (True, "A", False, "proces")
    assert "NCTV" in node.source
    assert "drinkwater" not in {each.key for each in suggestions.not_yet_here(me)}
    assert suggestions.settle(me, [node.public_id], keep=True) == 1
    assert "drinkwater" in mapping.load(me, me.organisation_id).network
    other = Node.objects.get(key="gas-regionaal")
    assert suggestions.settle(me, [other.public_id], keep=False) == 1
    with pytest.raises(Refused, match="ten minste één"):
        suggestions.settle(me, [node.public_id], keep=False)  # a node that counts is no draft to throw away
    assert Node.objects.filter(key="drinkwater").exists()


def test_nothing_chosen_is_said(me: Actor) -> None:
    with pytest.raises(Refused, match="ten minste één"):
        suggestions.take(me, ["bestaat-niet"])
    assert suggestions.ids(["x", "", str(Node.objects.get(key="dc01").public_id)]) != []


# --- Questions and advice ---------------------------------------------------------------------------------------------


def draft(**changed: Any) -> LeverDraft:
    facts: dict[str, Any] = {
        "kind": LeverKind.QUESTION, "party": "Chemie BV", "subject": "Noodstroom", "text": "Hoe lang?",
        "basis": "vrijwillig", "sent_on": TODAY - timedelta(days=30), "due": TODAY + timedelta(days=5),
    }  # fmt: skip
    return LeverDraft(**facts | changed)


def test_an_answer_that_does_not_come_is_asked_for(me: Actor) -> None:
    row = levers.send(me, draft(node=Node.objects.get(key="dc01").public_id))
    assert row.basis_version == levers.grounds().version
    assert levers.remind(me.now) == ""
    assert levers.remind(NOW + timedelta(days=6)) == "1 antwoord(en) gevraagd"
    asked = Action.objects.get()
    levers.answer(me, row.public_id, LeverState.REFUSED, TODAY, "Bedrijfsgeheim.")
    asked.refresh_from_db()
    assert asked.state == ActionState.DONE
    assert levers.remind(NOW + timedelta(days=9)) == ""
    row.refresh_from_db()
    assert (row.state, row.answer) == (LeverState.REFUSED, "Bedrijfsgeheim.")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"party": " "}, "party"), ({"subject": ""}, "subject"), ({"text": ""}, "text"),
        ({"basis": "omgevingswet-advies"}, "basis"), ({"basis": "verzonnen"}, "basis"),
        ({"sent_on": TODAY + timedelta(days=1)}, "sent_on"), ({"due": TODAY - timedelta(days=31)}, "due"),
        ({"node": "00000000-0000-0000-0000-000000000000"}, "node"),
    ],
)  # fmt: skip
def test_a_question_without_its_facts_is_refused(me: Actor, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        levers.send(me, draft(**changed))
    assert refused.value.field == field
    assert not Lever.objects.exists()


def test_an_answer_needs_a_text_and_a_day_that_fits(me: Actor) -> None:
    row = levers.send(me, draft(kind=LeverKind.ADVICE, basis="wvr-10-adviseren"))
    for state, day, text in (
        (LeverState.OPEN, TODAY, "x"), (LeverState.ANSWERED, TODAY, " "),
        (LeverState.ANSWERED, TODAY - timedelta(days=31), "x"), (LeverState.ANSWERED, TODAY + timedelta(days=1), "x"),
    ):  # fmt: skip
        with pytest.raises(Refused):
            levers.answer(me, row.public_id, state, day, text)


def test_every_ground_has_a_kind_and_words() -> None:
    found = levers.grounds()
    assert found.unconfirmed
    for kind in LeverKind.values:
        assert any(kind in each.kinds for each in found.grounds)
    assert all(each.name and each.told and len(each.key) <= 40 for each in found.grounds)


def test_a_stranger_and_a_colleague_without_the_role_read_nothing(me: Actor, region: Organisation) -> None:
    row = levers.send(me, draft())
    other = organisation("VR01")
    with acting(actor(person(other, Role.CISO), other)) as stranger, pytest.raises(NotFound):
        levers.lever(stranger, row.public_id)
    with acting(actor(person(region, Role.SOC_ANALYST), region)) as analyst, pytest.raises(NotFound):
        levers.lever(analyst, row.public_id)
    with acting(actor(person(region, Role.MAYOR), region)) as mayor:
        assert levers.lever(mayor, row.public_id) == row
        with pytest.raises(Denied):
            levers.send(mayor, draft())
