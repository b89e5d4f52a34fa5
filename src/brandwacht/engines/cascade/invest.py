"""What to spend on: the effect of measures by playing the map again, the best portfolio and the Pareto front.

Effects are taken one by one, added up to choose (`portfolio`), and the choice is played again as a whole, since effects
interact: two measures may cure the same thing, or help only together. Where sums are far from what playing shows, a
bounded search looks for better on played figures.
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
    only when the search found better. `interaction`: how far sums are from what playing shows, as a share: the larger
    gap of the choice and of all measures together. `searched`: portfolios that the search played, 0 when sums were
    close enough to need none. `exhausted`: it stopped at its limit, so there may be better still.
    """

    loss: float
    effects: Mapping[str, Effect]
    by_sum: Portfolio
    best: Portfolio
    interaction: float
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
    tolerance: float = 0.02,
    most: int = 200,
) -> Advice:
    """The best measures for a budget.

    When sums and played effects differ by more than `tolerance`, or some measures exclude others so that this cannot be
    told, at most `most` more portfolios are played to find better. All that have no room for another measure when
    there are no more than that; then, as no measure does harm, the best is sure. Else first what effects are when all
    else has been done (so measures that only help together show), chosen from by integer programming again; from the
    best of these choices it climbs by single changes. `known`: what `effects` found for the same map, measures and
    loss, when that was asked before. Raises `InvalidMeasure`.
    """
    check_measures(network, measures)
    bench = _Bench(network, measures, loss)
    single = bench.effects() if known is None else known
    own = {key: effect.own for key, effect in single.items()}
    by_sum = bench.portfolio(pick(measures, own, budget).keys, budget, single)
    everything = bench.everything(single)
    interaction = max(by_sum.gap, bench.portfolio(everything, budget, single).gap)
    if interaction <= tolerance and len(everything) == len(measures):
        return Advice(bench.loss(()), single, by_sum, by_sum, interaction, 0, False)
    search = _Search(bench, budget, single, most)
    starts = [frozenset(by_sum.keys)]
    full = search.full_portfolios()
    late = None if full is not None else search.late_effects(everything)
    if full is not None:
        starts += full
    elif late is not None:
        for gains in (late, {key: (late[key] + own[key]) / 2 for key in own}):
            starts.append(frozenset(pick(measures, gains, budget).keys))
    best = bench.portfolio(search.from_(starts), budget, single)
    return Advice(bench.loss(()), single, by_sum, best, interaction, search.played, search.exhausted)


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


_ENUMERATED = 2000
"""So many portfolios are looked at, without playing them, before there are too many to play all."""


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

    def everything(self, single: Mapping[str, Effect]) -> frozenset[str]:
        """As many measures as go together; of those that exclude each other the one that saves most by itself."""
        taken: frozenset[str] = frozenset()
        for key in sorted(self.by_key, key=lambda key: (-single[key].together, key)):
            more = taken | frozenset(with_needs(key, self.by_key))
            if self.agree(more):
                taken = more
        return taken

    def agree(self, keys: frozenset[str]) -> bool:
        """Whether none of these excludes another."""
        return not any(key in keys for each in keys for key in self.by_key[each].excludes)

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
    """Look for better on played losses. Climbing: add a measure, drop one, or change one for another.

    A step is taken when it saves more, or as much for less. What promises most by its effect alone is tried first.
    """

    def __init__(self, bench: _Bench, budget: Budget, single: Mapping[str, Effect], most: int) -> None:
        self.bench = bench
        self.by_key = bench.by_key
        self.budget = budget
        self.single = single
        self.most = most
        self.played = 0
        self.exhausted = False
        self.order = sorted(bench.by_key, key=lambda key: (-single[key].together, key))

    def full_portfolios(self) -> list[frozenset[str]] | None:
        """The portfolios that fit and leave no room for another measure; None when there are many."""
        found: list[frozenset[str]] = []
        seen = {frozenset[str]()}
        todo = [frozenset[str]()]
        while todo:
            here = todo.pop()
            larger = [more for key in self.order if key not in here and self._fits(more := self._with(here, key))]
            found += [] if larger else [here]
            new = set(larger) - seen
            seen |= new
            todo += sorted(new, key=sorted)
            if len(found) > self.most or len(seen) > _ENUMERATED:
                return None
        return found

    def late_effects(self, everything: frozenset[str]) -> dict[str, float] | None:
        """What each measure saves when all else has been done; None when that takes more plays than are left.

        A measure that others need is judged without those. One that is not among `everything` keeps its own effect.
        """
        pairs = {}
        for key in everything:
            before = frozenset(each for each in everything if each == key or key not in with_needs(each, self.by_key))
            pairs[key] = (before, before - {key})
        new = {keys for pair in pairs.values() for keys in pair if not self.bench.knows(keys)}
        if self.played + len(new) > self.most:
            return None
        self.played += len(new)
        found = {key: effect.own for key, effect in self.single.items()}
        for key in sorted(pairs):
            before, after = pairs[key]
            found[key] = self.bench.loss(after) - self.bench.loss(before)
        return found

    def from_(self, starts: Iterable[frozenset[str]]) -> frozenset[str]:
        """Climb from the best of these; the first is known."""
        here, *others = starts
        for there in others:
            if self._may_play(there) and self._value(there) < self._value(here):
                here = there
        while (better := self._better(here)) is not None:
            here = better
        return here

    def _may_play(self, keys: frozenset[str]) -> bool:
        if self.bench.knows(keys):
            return True
        self.exhausted = self.exhausted or self.played >= self.most
        if self.exhausted:
            return False
        self.played += 1
        return True

    def _better(self, here: frozenset[str]) -> frozenset[str] | None:
        for there in self._around(here):
            if not self._may_play(there):
                return None
            if self._value(there) < self._value(here):
                return there
        return None

    def _value(self, keys: frozenset[str]) -> tuple[float, int]:
        # Rounded, so that the last bits of a sum do not make a dearer portfolio the better one.
        cost = sum(self.by_key[key].cost(self.budget.years) for key in keys)
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
        return keys | frozenset(with_needs(key, self.by_key))

    def _without(self, keys: frozenset[str], key: str) -> frozenset[str]:
        """Without this measure and those that need it."""
        return frozenset(each for each in keys if key not in with_needs(each, self.by_key))

    def _fits(self, keys: frozenset[str]) -> bool:
        chosen = [self.by_key[key] for key in keys]
        return self.budget.allows(chosen) and self.bench.agree(keys)
