"""The improvement plan out and in: the same back, the same bytes again, plans of others, and bad ones refused."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.oscal import InvalidOscal, Party, PlannedMeasure, export_poam, parse, read_poam

AT = datetime(2026, 11, 22, 13, 5, 17, 123456, tzinfo=UTC)
BIO2 = load_framework("bio2-1.3")
REGION = Party("VR17", "Veiligheidsregio Voorbeeld")
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)
MEASURES = st.lists(
    st.builds(
        PlannedMeasure,
        key=st.uuids().map(str),
        title=TEXT.filter(str.strip),
        description=TEXT,
        control=st.sampled_from(["", *(control.number for control in BIO2.controls)]),
        state=st.sampled_from(["plan", "do", "check", "act"]),
        owner=TEXT,
        due=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
        cost=st.none() | st.integers(0, 10**9),
        done_at=st.none() | st.just(AT),
    ),
    max_size=4,
    unique_by=lambda each: each.key,
)
ONE = PlannedMeasure("4f0c7b0e-6a57-4c0e-9b1f-0b6a4c6d1e11", "Kluis", "Kopen", "5.17", "do", "Team", date(2026, 12, 1))
THEIRS: dict[str, Any] = {
    "uuid": "8f0c7b0e-6a57-4c0e-9b1f-0b6a4c6d1e11",
    "metadata": {"title": "Plan", "parties": [{"name": "Ander systeem", "short-name": "X"}]},
    "risks": [{"uuid": "A1", "status": "remediating", "deadline": "2027-02-01T00:00:00Z"}],
    "poam-items": [
        {
            "uuid": "4F0C7B0E-6A57-4C0E-9B1F-0B6A4C6D1E11",
            "title": "Segmenten\n scheiden",
            "description": "Met een muur.",
            "related-risks": [{"risk-uuid": "a1"}],
        }
    ],
}


def file_of(plan: Any) -> bytes:
    return json.dumps({"plan-of-action-and-milestones": plan}).encode()


@settings(max_examples=25, deadline=None)
@given(MEASURES)
def test_our_own_plan_comes_back_and_goes_out_the_same(measures: list[PlannedMeasure]) -> None:
    content = export_poam(BIO2, REGION, measures, AT)
    plan = read_poam(parse(content))
    assert (plan.framework, plan.organisation, plan.unknown) == (BIO2.key, REGION, ())
    assert [each.key for each in plan.measures] == [each.key for each in measures]
    assert export_poam(BIO2, plan.organisation, plan.measures, AT) == content


def test_a_plan_of_another_system_is_read_through_its_risks() -> None:
    (found,) = read_poam(parse(file_of(THEIRS))).measures
    assert (found.title, found.state, found.due) == ("Segmenten scheiden", "do", date(2027, 2, 1))
    assert (found.control, found.owner, found.cost, found.done_at) == ("", "", None, None)
    props = [{"name": "control-id", "value": "bio2-8.22"}]
    theirs = copy.deepcopy(THEIRS)
    theirs["poam-items"][0]["props"] = props
    assert read_poam(parse(file_of(theirs))).measures[0].control == "8.22"
    props[0]["value"] = "ac-2"
    assert read_poam(parse(file_of(theirs))).unknown == ("ac-2",)


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("title", " ", "/poam-items/0/title"),
        ("uuid", "1", "/poam-items/0/uuid"),
        ("related-risks", [], "/poam-items/0:"),
        ("props", [{"name": "state", "value": "klaar"}], "/poam-items/0/props/0/value"),
        ("props", [{"name": "cost-euro", "value": "-3"}], "/poam-items/0/props/0/value"),
        ("props", [{"name": "due", "value": "morgen"}], "/poam-items/0/props/0/value"),
    ],
)
def test_what_can_not_be_read_is_refused_with_its_place(field: str, value: object, place: str) -> None:
    theirs = copy.deepcopy(THEIRS)
    theirs["poam-items"][0][field] = value
    with pytest.raises(InvalidOscal) as caught:
        read_poam(parse(file_of(theirs)))
    assert place in str(caught.value)


def test_the_same_measure_twice_is_refused() -> None:
    theirs = copy.deepcopy(THEIRS)
    theirs["poam-items"] *= 2
    with pytest.raises(InvalidOscal, match="meer dan één keer"):
        read_poam(parse(file_of(theirs)))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_anything_in_a_place_is_read_or_refused(data: st.DataObject) -> None:
    plan = json.loads(export_poam(BIO2, REGION, [ONE], AT))["plan-of-action-and-milestones"]
    here: Any = plan
    for _step in range(data.draw(st.integers(1, 5))):
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else ()
        if not keys:
            break
        key = data.draw(st.sampled_from(list(keys)))
        if data.draw(st.booleans()):
            here[key] = data.draw(st.none() | st.integers() | TEXT | st.lists(TEXT, max_size=2) | st.just({}))
            break
        here = here[key]
    try:
        read_poam(parse(file_of(plan)))
    except InvalidOscal as error:
        assert str(error)
