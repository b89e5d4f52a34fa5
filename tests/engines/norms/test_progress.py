"""The data set of progress reports: its moments, what it lets somebody say, and what a wrong file is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.norms import Answer, InvalidFramework, State, load_framework
from brandwacht.engines.norms.progress import (
    DATASETS,
    category_scores,
    check_said,
    counted,
    latest_moment,
    load_dataset,
    moments,
    parse_dataset,
    regrouped,
)

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("key", DATASETS)
def test_every_control_is_in_one_of_sixteen_categories(key: str) -> None:
    dataset = load_dataset(key)
    assert len(dataset.categories) == 16
    assert [c.number for c in regrouped(dataset).controls] == [c.number for c in load_framework("bio2-1.3").controls]
    assert {body.key for body in dataset.bodies} >= {"regios", "loket", "poi", "rcdv", "bac-iv"}
    assert [(each.key, each.day) for each in dataset.milestones][:2] == [
        ("zestien", date(2022, 6, 30)), ("bio", date(2023, 1, 1)),
    ]  # fmt: skip
    assert dataset.standing in ("besluit", "voorstel")


@given(DAYS)
def test_moments_come_in_order_and_none_lies_ahead(today: date) -> None:
    dataset = load_dataset()
    found = moments(dataset, today)
    assert [each.day for each in found] == sorted({each.day for each in found})
    assert all(dataset.schedule.since <= each.day <= today for each in found)
    assert len({each.key for each in found}) == len(found)
    assert latest_moment(dataset, today) == (found[-1] if found else None)
    assert moments(dataset, today + timedelta(days=1))[: len(found)] == found


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, []),
        ({"phase": "plannen", "fte_now": 0.2, "budget_now": 0, "cycle": False, "policy_on": "2026-01-31"}, []),
        ({"phase": None, "expected_on": "2030-01-01"}, []),
        ({"phase": "dromen"}, ["phase"]),
        ({"fte_now": -1}, ["fte_now"]),
        ({"fte_now": True}, ["fte_now"]),
        ({"budget_now": 1.5}, ["budget_now"]),
        ({"cycle": "ja"}, ["cycle"]),
        ({"policy_on": "31-01-2026"}, ["policy_on"]),
        ({"audit_on": "2027-01-01"}, ["audit_on"]),
        ({"evidence": "zaak 12"}, ["evidence"]),
    ],
)
def test_what_is_said_is_closed(said: dict[str, object], wrong: list[str]) -> None:
    assert [key for key, _fault in check_said(load_dataset(), said, TODAY)] == wrong


def test_counts_add_up_and_categories_keep_the_whole() -> None:
    dataset = load_dataset()
    answers = [
        Answer("5.01", State.MET, TODAY, evidence_valid_to=TODAY - timedelta(days=1)),
        Answer("5.02", State.PARTLY, TODAY),
        Answer("8.07", State.NOT_APPLICABLE, TODAY, "geen"),
    ]
    counts = counted(dataset, answers, TODAY)
    assert counts["expired"] == 1
    assert sum(counts.values()) - counts["expired"] == len(regrouped(dataset).controls)
    found = category_scores(dataset, answers, TODAY)
    assert set(found.by_theme) == {category.key for category in dataset.categories}
    assert found.by_theme["beleid"].percent == 25
    assert found.by_theme["kwetsbaarheden"].applicable == 1


def good() -> dict[str, object]:
    from importlib.resources import files

    text = (files("brandwacht.engines.norms") / "data" / "voortgang-1.yaml").read_text(encoding="utf-8")
    content: dict[str, object] = yaml.safe_load(text)
    return content


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("moments", {"since": date(2021, 1, 1), "days": ["10-01", "04-01"], "days_to_release": 60}, "op volgorde"),
        ("moments", {"since": date(2021, 1, 1), "days": ["02-30"], "days_to_release": 60}, "geen dag van het jaar"),
        ("categories", [], "elke vraag van de norm hoort in één categorie"),
        ("framework", "bio-9", "geen normenkader"),
        ("standing", "misschien", "kies uit"),
    ],
)
def test_a_wrong_file_is_told_where(field: str, value: object, told: str) -> None:
    with pytest.raises(InvalidFramework, match=told):
        parse_dataset(yaml.dump(good() | {field: value}, Dumper=yaml.CSafeDumper), name="proef.yaml")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25)
@given(st.sampled_from(sorted(good())), JSON)
def test_any_content_is_read_or_refused(field: str, value: object) -> None:
    try:
        parse_dataset(yaml.dump(good() | {field: value}, Dumper=yaml.CSafeDumper), name="proef.yaml")
    except InvalidFramework as error:
        assert error.errors


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(InvalidFramework):
        parse_dataset(text, name="proef.yaml")
