"""Priority = gap x risk / cost, and what fits in a budget."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms.investment import Proposal, Range, Terms, by_theme, cost, ranked, what_if

AMOUNTS = st.integers(0, 10**6)
RANGES = st.none() | st.tuples(AMOUNTS, AMOUNTS).map(lambda pair: Range(min(pair), max(pair)))
PROPOSALS = st.lists(
    st.builds(
        Proposal,
        key=st.uuids().map(str),
        title=st.text(max_size=5),
        theme=st.sampled_from(["beleid", "toegang", ""]),
        gap=st.sampled_from([None, Fraction(0), Fraction(1, 2), Fraction(1)]),
        risk=st.integers(1, 4),
        once=RANGES,
        yearly=RANGES,
        days=st.none() | st.integers(0, 50).map(lambda n: Range(n, n)),
    ),
    max_size=8,
)
TERMS = st.builds(Terms, years=st.integers(1, 10), day_rate=st.integers(0, 2000))


def proposal(title: str, gap: float, risk: int, once: int | None) -> Proposal:
    return Proposal(title, title, "beleid", Fraction(gap), risk, None if once is None else Range(once, once))


def test_the_order_and_why() -> None:
    rows = ranked(
        [
            proposal("duur", 1, 4, 100_000),
            proposal("voldoet", 0, 4, 10),
            proposal("gratis", 0.5, 1, 0),
            proposal("onbekend", 1, 4, None),
            proposal("goedkoop", 0.5, 4, 8_000),
        ],
        Terms(),
    )
    assert [row.proposal.title for row in rows] == ["gratis", "goedkoop", "duur", "onbekend", "voldoet"]
    assert rows[1].priority == Fraction(1, 4)
    assert rows[1].why == "gat 0,5 × risico 4 : 8 duizend euro = 0,25"
    choice = what_if(rows, 50_000)
    assert [row.proposal.title for row in choice.chosen] == ["gratis", "goedkoop"]
    assert choice.left == 42_000
    assert choice.fits[2].why == "Komt hoogstens € 58.000 tekort."


def test_costs_are_taken_together() -> None:
    each = Proposal("a", "a", "", None, 1, Range(1000, 2000), Range(100, 200), Range(1, 3))
    assert cost(each, Terms(years=3, day_rate=500)) == Range(1000 + 300 + 500, 2000 + 600 + 1500)
    assert cost(Proposal("b", "b", "", None, 1), Terms()) is None
    with pytest.raises(ValueError, match="range"):
        Range(2, 1)
    with pytest.raises(ValueError, match="budget"):
        what_if([], -1)


@given(PROPOSALS, TERMS, st.integers(0, 10**7))
def test_what_fits_never_costs_more_than_the_budget(given_: list[Proposal], terms: Terms, budget: int) -> None:
    rows = ranked(given_, terms)
    assert sorted(row.proposal.key for row in rows) == sorted(each.key for each in given_)
    choice = what_if(rows, budget)
    assert choice.cost.high <= budget
    assert choice.left == budget - choice.cost.high
    assert all(row.proposal.gap and row.cost is not None for row in choice.chosen)
    for fit in choice.fits:
        if not fit.fits and fit.row.cost is not None and fit.row.proposal.gap:
            assert fit.row.cost.high > fit.left
    known = [row.priority for row in rows if row.priority]
    assert known == sorted(known, reverse=True)


@given(PROPOSALS)
def test_themes_hold_every_measure_once(given_: list[Proposal]) -> None:
    rows = by_theme(given_)
    assert sum(row.measures for row in rows) == len(given_)
    assert sum(row.once.high for row in rows) == sum(each.once.high for each in given_ if each.once)
