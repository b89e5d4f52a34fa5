"""Samples of controls: drawn by a rule that anyone can repeat."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms.sampling import MOST_SEED, InvalidDraw, at_random, below, riskiest

NUMBERS = [f"{part}.{count:02}" for part in (5, 8) for count in range(1, 20)]
numbers = st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=20, unique=True)
seeds = st.integers(0, MOST_SEED)


def test_a_draw_can_be_checked_by_hand() -> None:
    lots = {number: hashlib.sha256(f"20261122:{number}".encode()).hexdigest() for number in ("5.01", "5.02", "5.03")}
    assert at_random(list(lots), 1, 20261122) == [min(lots, key=lots.__getitem__)]


@given(numbers=numbers, seed=seeds, data=st.data())
def test_a_draw_is_the_same_whatever_the_order_and_keeps_it(numbers: list[str], seed: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(numbers)))
    turned = data.draw(st.permutations(numbers))
    drawn = at_random(numbers, size, seed)
    assert set(drawn) == set(at_random(turned, size, seed))
    assert drawn == [number for number in numbers if number in drawn]
    assert len(drawn) == size


@given(numbers=numbers, seed=seeds, data=st.data())
def test_one_more_number_changes_at_most_one_winner(numbers: list[str], seed: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, len(numbers)))
    assert len(set(at_random(numbers, size, seed)) - set(at_random([*numbers, "9.99"], size, seed))) <= 1


def test_what_scores_below_a_limit() -> None:
    assert below({"5.01": 0, "5.02": 50, "5.03": 49}, 50) == ["5.01", "5.03"]
    for limit in (0, 101):
        with pytest.raises(InvalidDraw, match="1 tot en met 100"):
            below({"5.01": 0}, limit)


def test_the_riskiest_in_the_order_of_the_norm() -> None:
    risks = {"5.01": (1, 9), "5.02": (4, 0), "5.03": (4, 2), "5.04": (4, 0)}
    assert riskiest(risks, 2) == ["5.02", "5.03"]
    assert riskiest(risks, 4) == list(risks)


@pytest.mark.parametrize(("size", "seed"), [(0, 1), (2, 1), (1, -1), (1, MOST_SEED + 1)])
def test_a_draw_that_can_not_be(size: int, seed: int) -> None:
    with pytest.raises(InvalidDraw):
        at_random(["5.01"], size, seed)


def test_nothing_to_draw_from() -> None:
    with pytest.raises(InvalidDraw, match="geen vragen"):
        at_random([], 1, 1)
