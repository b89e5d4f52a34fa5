"""The ranking of actions: pure, at most seven, and no surprise in the order or in the sentence that explains it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.network.ranking import NEAR, RISK, SHORT, SHOWN, points, rank, why
from tests.world import NOW


@dataclass(frozen=True)
class Thing:
    name: str
    risk: int
    effort: int
    due: datetime | None = None


THINGS = st.builds(
    Thing,
    name=st.text(max_size=3),
    risk=st.integers(0, 6),
    effort=st.integers(0, 1000),
    due=st.none() | st.integers(-60 * 24, 60 * 24).map(lambda hours: NOW + timedelta(hours=hours)),
)


@settings(deadline=None)
@given(st.lists(THINGS, max_size=30))
def test_never_more_than_seven_the_most_points_first_and_each_with_a_sentence(things: list[Thing]) -> None:
    found = rank(things, NOW)
    assert len(found) == min(SHOWN, len(things))
    assert [each.points for each in found] == sorted((points(t, NOW) for t in things), reverse=True)[:SHOWN]
    assert all(each.why.endswith(".") and each.why[0].isupper() for each in found)
    assert len(rank(things, NOW, None)) == len(things)


@settings(deadline=None)
@given(THINGS, st.integers(1, 10**6), st.integers(1, 3), st.integers(1, 3), st.none() | st.integers(0, 10**7))
def test_late_and_riskier_never_stands_under_later_and_less_risky(
    thing: Thing, late: int, low: int, more: int, after: int | None
) -> None:
    overdue = replace(thing, risk=min(low + more, 4), due=NOW - timedelta(seconds=late))
    due = None if after is None else overdue.due + timedelta(seconds=after)  # type: ignore[operator]
    later = replace(thing, risk=low, due=due)
    for things in ([overdue, later], [later, overdue]):
        assert rank(things, NOW)[0].thing is overdue


@settings(deadline=None)
@given(THINGS)
def test_more_risk_nearer_and_shorter_never_give_fewer_points(thing: Thing) -> None:
    now = points(thing, NOW)
    assert points(replace(thing, risk=thing.risk + 1), NOW) >= now
    assert points(replace(thing, effort=max(0, thing.effort - 10)), NOW) >= now
    if thing.due:
        assert points(replace(thing, due=thing.due - timedelta(days=1)), NOW) >= now
        assert points(replace(thing, due=None), NOW) <= now


def test_what_is_due_within_a_day_goes_before_all_that_can_wait_a_week() -> None:
    assert min(RISK.values()) + NEAR[0][1] > max(RISK.values()) + NEAR[2][1] + SHORT[0][1]


def test_the_order_of_a_week() -> None:
    def thing(name: str, days: float | None, risk: int, effort: int) -> Thing:
        return Thing(name, risk, effort, None if days is None else NOW + timedelta(days=days))

    things = [
        thing("kritiek-zonder-dag", None, 4, 90),
        thing("laag-lang", 90, 1, 600),
        thing("laag-te-laat", -2, 1, 90),
        thing("kritiek-morgen", 0.9, 4, 90),
        thing("kritiek-zonder-dag-kort", None, 4, 10),
        thing("midden-over-zes-dagen", 6, 2, 90),
        thing("kritiek-over-een-maand", 30, 4, 90),
    ]
    assert [each.thing.name for each in rank(things, NOW)] == [
        "kritiek-morgen", "laag-te-laat", "kritiek-over-een-maand", "kritiek-zonder-dag-kort", "kritiek-zonder-dag",
        "midden-over-zes-dagen", "laag-lang",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "risk", "effort", "sentence"),
    [
        (-1, 4, 60, "Dit had al klaar moeten zijn, het risico is heel groot en het kost hoogstens een uur."),
        (0.5, 3, 5, "Dit moet binnen een dag klaar zijn, het risico is groot en het is zo gedaan."),
        (0.01, 3, 5, "Dit moet binnen een uur klaar zijn, het risico is groot en het is zo gedaan."),
        (5, 2, 61, "Dit moet binnen een week klaar zijn en het risico is gemiddeld."),
        (
            20,
            2,
            25,
            "Dit moet binnen een maand klaar zijn, het risico is gemiddeld en het kost hoogstens een half uur.",
        ),
        (90, 1, 61, "Het risico is klein."),
        (None, 4, 10, "Het risico is heel groot en het is zo gedaan."),
    ],
)
def test_the_sentence_says_what_gave_it_its_place(days: float | None, risk: int, effort: int, sentence: str) -> None:
    assert why(Thing("x", risk, effort, None if days is None else NOW + timedelta(days=days)), NOW) == sentence
