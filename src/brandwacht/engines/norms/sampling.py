"""Which controls of a norm are looked at in a review: drawn by a rule that anyone can repeat."""

import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

LOW, HIGH = 1, 100
MOST_SEED: Final = 2**31 - 1
"""A seed is a whole number from 0 up to this one, so that it can be read aloud and stored anywhere."""


class Draw(StrEnum):
    """How a sample is made."""

    BY_HAND = "met_de_hand"
    BELOW = "onder_een_score"
    RISKIEST = "grootste_risico"
    RANDOM = "loting"


class InvalidDraw(ValueError):
    """A draw that cannot be made; the message is Dutch."""


def below(percents: Mapping[str, int], limit: int) -> list[str]:
    """The numbers whose score is under ``limit`` percent (1 to 100), in the order of ``percents``."""
    if not LOW <= limit <= HIGH:
        raise InvalidDraw(f"Kies een score van {LOW} tot en met {HIGH}.")
    return [number for number, percent in percents.items() if percent < limit]


def riskiest(risks: Mapping[str, tuple[int, ...]], size: int) -> list[str]:
    """The ``size`` numbers with the greatest risk, in the order of ``risks``; of equal risk the first in that order.

    A risk is a row of figures, the first of which counts most.
    """
    _check_size(risks, size)
    place = {number: index for index, number in enumerate(risks)}
    chosen = sorted(risks, key=lambda number: (tuple(-figure for figure in risks[number]), place[number]))[:size]
    return sorted(chosen, key=place.__getitem__)


def at_random(numbers: Sequence[str], size: int, seed: int) -> list[str]:
    """``size`` of these numbers, by lot, in their own order; the same seed gives the same numbers on every machine.

    Each number gets the SHA-256 of ``"seed:number"``, and the lowest win. So anybody can check a draw by hand, adding a
    number changes at most one of the winners, and the order in which the numbers are given makes no difference.
    """
    _check_size(numbers, size)
    if not 0 <= seed <= MOST_SEED:
        raise InvalidDraw(f"Kies een startgetal van 0 tot en met {MOST_SEED}.")
    lots = {number: hashlib.sha256(f"{seed}:{number}".encode()).digest() for number in numbers}
    winners = set(sorted(lots, key=lots.__getitem__)[:size])
    return [number for number in numbers if number in winners]


def _check_size(numbers: Mapping[str, object] | Sequence[str], size: int) -> None:
    if not numbers:
        raise InvalidDraw("Er zijn geen vragen om uit te kiezen.")
    if not 1 <= size <= len(numbers):
        raise InvalidDraw(f"Kies een aantal van 1 tot en met {len(numbers)}.")
