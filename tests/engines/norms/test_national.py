"""Figures over many reports: spread, weakest, missing, milestones, and no name without agreement."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms.investment import Range
from brandwacht.engines.norms.national import (
    Reported,
    by_category,
    invested,
    meets,
    milestones,
    missing,
    named,
    over_time,
    phases,
    shared_bottlenecks,
    spread,
    weakest,
)
from brandwacht.engines.norms.progress import load_dataset, moments

DATASET = load_dataset()
KEYS = [category.key for category in DATASET.categories]
CODES = [f"VR{number:02d}" for number in range(1, 26)]


def report(code: str, percent: int = 50, **facts: object) -> Reported:
    given_: dict[str, object] = {"categories": dict.fromkeys(KEYS, percent), "moment": "2026-2"} | facts
    return Reported(code, percent=percent, **given_)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=26))
def test_the_spread_is_in_order(figures: list[int]) -> None:
    found = spread(figures)
    assert found is not None
    assert found.low <= found.lower <= found.middle <= found.upper <= found.high
    assert (found.low, found.high, found.count) == (min(figures), max(figures), len(figures))


def test_no_figures_no_spread() -> None:
    assert spread([]) is None
    assert by_category(DATASET, [])[0].spread is None
    assert weakest(by_category(DATASET, [])) == []


def test_weakest_missing_and_movement() -> None:
    weak = {key: (10 if key == "logging" else 60) for key in KEYS}
    now = [report("VR01", 50, categories=weak), report("VR02", 70, categories=weak, bottlenecks=frozenset({"geld"}))]
    figures = by_category(DATASET, now, [report("VR01", 40)])
    assert weakest(figures, 1)[0].key == "logging"
    assert figures[0].before == 40
    assert missing(CODES, now) == CODES[2:]
    time = over_time(moments(DATASET, date(2026, 11, 22)), now)
    assert [each.reported for each in time][-2:] == [0, 2]
    assert time[-1].whole is not None
    assert time[-1].whole.middle == 60
    assert shared_bottlenecks(DATASET, now) == []
    both = [*now, report("VR03", bottlenecks=frozenset({"geld"}), phase="plannen")]
    assert shared_bottlenecks(DATASET, both) == [("geld", "Te weinig geld", 2)]
    assert [count for _title, count in phases(DATASET, both)] == [0, 1, 0, 0, 0]


def test_milestones_ask_each_category_or_the_whole() -> None:
    sixteen, whole = DATASET.milestones[:2]
    assert meets(sixteen, report("VR01", 80))
    assert not meets(sixteen, report("VR01", 95, categories=dict.fromkeys(KEYS, 95) | {"beleid": 79}))
    assert not meets(whole, report("VR01", 99))
    found = milestones(DATASET, [report("VR01", 100), report("VR02", 80)], date(2026, 11, 22))
    assert [(each.met, each.reported, each.passed) for each in found[:2]] == [(2, 2, True), (1, 2, True)]


@given(st.sets(st.sampled_from(CODES)), st.sets(st.sampled_from(CODES)))
def test_nobody_is_named_who_did_not_agree(reported: set[str], agreed: set[str]) -> None:
    found = [each.code for each in named([report(code) for code in sorted(reported)], agreed)]
    assert set(found) <= agreed
    assert not found or set(found) == reported & agreed
    assert len(found) != 1


def test_what_is_planned_is_added() -> None:
    some = {"once": Range(1, 2), "yearly": Range(0, 0), "days": Range(3, 4)}
    total = invested([report("VR01", invested=some), report("VR02", invested=some), report("VR03")])
    assert (total["once"], total["days"]) == (Range(2, 4), Range(6, 8))
