"""What to spend on: the effect of measures by playing the map again, the best portfolio and the Pareto front.

Effects are taken one by one, added up to choose (`portfolio`), and the choice is played again as a whole, since effects
interact: two measures may cure the same thing, or help only together. Where the sum is far from what playing shows, a
bounded local search looks for better on played figures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .losses import Loss
from .measures import Measure, apply, check_measures, with_needs
from .model import Map
from .portfolio import Budget, Choice, front, pick


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure saves, in the unit of the loss.

    `together`: with all that it needs; `own`: what it adds to that. A measure that needs nothing has both the same.
    """

    key: str
    together: float
    own: float


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Measures by key with what they cost, over the years of the budget, once and yearly.

    `predicted` is the sum of the effects one by one, `effect` what playing the map with all of them shows.
    """

    keys: tuple[str, ...]
    cost: int
    once: int
    yearly: int
    predicted: float
    effect: float

    @property
    def gap(self) -> float:
        """How far the sum is from what playing shows, as a share of the larger of the two; 0 when they agree."""
        largest = max(abs(self.predicted), abs(self.effect))
        return abs(self.predicted - self.effect) / largest if largest else 0.0


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do for a budget.

    `loss`: of the map as it is. `by_sum`: the best by adding effects up. `best`: the best found; another than `by_sum`
    only when the local search found better. `searched`: portfolios that search played, 0 when the sum was close enough
    to need none. `exhausted`: it stopped at its limit, so there may be better still.
    """

    loss: float
    effects: Mapping[str, Effect]
    by_sum: Portfolio
    best: Portfolio
    searched: int
    exhausted: bool


def effects(network: Map, measures: Sequence[Measure], loss: Loss) -> dict[str, Effect]:
    """The effect of every measure, by key. Raises `InvalidMeasure`."""
    check_measures(network, measures)
    return _Bench(network, measures, loss).effects()


def best_portfolio(
    network: Map,
    measures: Sequence[Measure],
    budget: Budget,
    loss: Loss,
    *,
    known: Mapping[str, Effect] | None = None,
    tolerance: float = 0.1,
    most: int = 200,
) -> Advice:
    """The best measures for a budget.

    When sum and played effect differ by more than `tolerance`, at most `most` more portfolios are played to find
    better. `known`: what `effects` found for the same map, measures and loss, when that was asked before. Raises
    `InvalidMeasure`.
    """
    check_measures(network, measures)
    bench = _Bench(network, measures, loss)
    single = bench.effects() if known is None else known
    choice = pick(measures, {key: effect.own for key, effect in single.items()}, budget)
    by_sum = bench.portfolio(choice.keys, budget, single)
    if by_sum.gap <= tolerance:
        return Advice(bench.loss(()), single, by_sum, by_sum, 0, False)
    search = _Search(bench, budget, single, most)
    keys = search.from_(choice.keys)
    best = bench.portfolio(keys, budget, single)
    return Advice(bench.loss(()), single, by_sum, best, search.played, search.exhausted)


def pareto_front(
    network: Map,
    measures: Sequence[Measure],
    budget: Budget,
    loss: Loss,
    *,
    known: Mapping[str, Effect] | None = None,
    most: int = 25,
) -> list[Portfolio]:
    """Portfolios of which none is cheaper and better than another, cheapest first, each played as a whole.

    At most `most` are chosen by the sum of effects; those that playing shows to be no better than a cheaper one are
    left out. `known` as with `best_portfolio`. Raises `InvalidMeasure`.
    """
    check_measures(network, measures)
    bench = _Bench(network, measures, loss)
    single = bench.effects() if known is None else known
    choices: list[Choice] = front(measures, {key: effect.own for key, effect in single.items()}, budget, most)
    found: list[Portfolio] = []
    for choice in choices:
        portfolio = bench.portfolio(choice.keys, budget, single)
        if not found or portfolio.effect > found[-1].effect:
            found.append(portfolio)
    return found


class _Bench:
    """A map and measures, with the loss of every portfolio that was played."""

    def __init__(self, network: Map, measures: Sequence[Measure], loss: Loss) -> None:
        self.network = network
        self.by_key = {measure.key: measure for measure in measures}
        self._loss = loss
        self._known: dict[frozenset[str], float] = {}

    def loss(self, keys: Iterable[str]) -> float:
        """The loss with these measures taken."""
        chosen = frozenset(keys)
        if chosen not in self._known:
            self._known[chosen] = self._loss(apply(self.network, [self.by_key[key] for key in chosen]))
        return self._known[chosen]

    def knows(self, keys: Iterable[str]) -> bool:
        return frozenset(keys) in self._known

    def effects(self) -> dict[str, Effect]:
        base = self.loss(())
        found = {}
        for key in self.by_key:
            *needs, _ = together = with_needs(key, self.by_key)
            whole = self.loss(together)
            found[key] = Effect(key, base - whole, self.loss(needs) - whole)
        return found

    def portfolio(self, keys: Iterable[str], budget: Budget, single: Mapping[str, Effect]) -> Portfolio:
        chosen = [measure for key, measure in self.by_key.items() if key in set(keys)]
        return Portfolio(
            tuple(measure.key for measure in chosen),
            sum(measure.cost(budget.years) for measure in chosen),
            sum(measure.once for measure in chosen),
            sum(measure.yearly for measure in chosen),
            sum(single[measure.key].own for measure in chosen),
            self.loss(()) - self.loss(measure.key for measure in chosen),
        )


class _Search:
    """Hill climbing on played losses: add a measure, drop one, or change one for another.

    A step is taken when it saves more, or as much for less. What promises most by its effect alone is tried first.
    """

    def __init__(self, bench: _Bench, budget: Budget, single: Mapping[str, Effect], most: int) -> None:
        self.bench = bench
        self.budget = budget
        self.most = most
        self.played = 0
        self.exhausted = False
        self.order = sorted(bench.by_key, key=lambda key: (-single[key].together, key))

    def from_(self, start: Iterable[str]) -> frozenset[str]:
        here = frozenset(start)
        while True:
            better = self._better(here)
            if better is None:
                return here
            here = better

    def _better(self, here: frozenset[str]) -> frozenset[str] | None:
        for there in self._around(here):
            if not self.bench.knows(there):
                if self.played >= self.most:
                    self.exhausted = True
                    return None
                self.played += 1
            if self._value(there) < self._value(here):
                return there
        return None

    def _value(self, keys: frozenset[str]) -> tuple[float, int]:
        # Rounded, so that the last bits of a sum do not make a dearer portfolio the better one.
        cost = sum(self.bench.by_key[key].cost(self.budget.years) for key in keys)
        return float(f"{self.bench.loss(keys):.10g}"), cost

    def _around(self, here: frozenset[str]) -> Iterator[frozenset[str]]:
        seen = {here}
        without = [here, *(self._without(here, key) for key in reversed(self.order) if key in here)]
        for base in without:
            for there in (base, *(self._with(base, key) for key in self.order if key not in here)):
                if there not in seen and self._fits(there):
                    seen.add(there)
                    yield there

    def _with(self, keys: frozenset[str], key: str) -> frozenset[str]:
        return keys | frozenset(with_needs(key, self.bench.by_key))

    def _without(self, keys: frozenset[str], key: str) -> frozenset[str]:
        """Without this measure and those that need it."""
        return frozenset(each for each in keys if key not in with_needs(each, self.bench.by_key))

    def _fits(self, keys: frozenset[str]) -> bool:
        chosen = [self.bench.by_key[key] for key in keys]
        return self.budget.allows(chosen) and not any(key in keys for measure in chosen for key in measure.excludes)
