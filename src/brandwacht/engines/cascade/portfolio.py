"""Which measures to take for a budget, when their effects simply add up: integer programming, exact.

What the sum leaves out (measures that help each other or do the same twice) is for `invest`, which plays the map again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from .measures import Measure
from .model import InvalidInput


class InvalidBudget(InvalidInput):
    """A budget that cannot be."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Whole euros: `amount` over `years` together, and at most `yearly` of it as a yearly cost (None: no limit).

    Raises `InvalidBudget`.
    """

    amount: int
    years: int = 4
    yearly: int | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.amount < 0:
            problems.append(f"Het bedrag is {self.amount} euro; neem 0 of meer.")
        if self.years < 1:
            problems.append(f"Het budget geldt voor {self.years} jaar; neem 1 of meer.")
        if self.yearly is not None and self.yearly < 0:
            problems.append(f"Per jaar mag het {self.yearly} euro kosten; neem 0 of meer, of laat het leeg.")
        if problems:
            raise InvalidBudget("Het budget klopt niet:", problems)

    def allows(self, measures: Iterable[Measure]) -> bool:
        """Whether these measures together fit."""
        chosen = list(measures)
        in_years = self.yearly is None or sum(measure.yearly for measure in chosen) <= self.yearly
        return in_years and sum(measure.cost(self.years) for measure in chosen) <= self.amount


@dataclass(frozen=True, slots=True)
class Choice:
    """Measures by key, in order of the list; their cost over the years of the budget and the sum of their effects."""

    keys: tuple[str, ...]
    cost: int
    effect: float


def pick(measures: Sequence[Measure], effects: Mapping[str, float], budget: Budget) -> Choice:
    """The measures with the greatest sum of effects that fit the budget; of equals the cheapest.

    `effects` by key, of any sign. A measure is only taken with all that it needs and without what it excludes. Solved
    with HiGHS: Huangfu and Hall, Mathematical Programming Computation 10 (2018).
    """
    from .solver import Solver  # takes scipy along, which costs every process a second that never spends anything

    return Solver(measures, effects, budget).best(budget.amount)


def front(measures: Sequence[Measure], effects: Mapping[str, float], budget: Budget, most: int = 25) -> list[Choice]:
    """Choices of which none is cheaper and better than another, from spending nothing to `budget.amount`.

    Every choice is the best for its cost. All of them when there are at most `most`, else so many, spread over the
    costs: the widest gap is filled first.
    """
    from .solver import Solver

    solver = Solver(measures, effects, budget)
    dearest, nothing = solver.best(budget.amount), solver.best(0)
    found = {choice.cost: choice for choice in (nothing, dearest)}
    gaps: list[tuple[int, int, int]] = []

    def gap(low: int, high: int) -> None:
        """Budgets from `low` to `high` of which the best choice is not known."""
        if low <= high:
            heappush(gaps, (low - high, low, high))

    gap(nothing.cost + 1, dearest.cost - 1)
    while gaps and len(found) < most:
        _, low, high = heappop(gaps)
        middle = (low + high) // 2
        choice = solver.best(middle)
        found.setdefault(choice.cost, choice)
        gap(low, choice.cost - 1)
        # What comes after the middle can only be missing while something better is known above it.
        above = min(cost for cost in found if cost > middle)
        if found[above].effect > choice.effect:
            gap(middle + 1, high)
    return [found[cost] for cost in sorted(found)]
