"""The integer program behind `portfolio`, solved by HiGHS through scipy."""

from collections.abc import Mapping, Sequence
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .measures import Measure
from .portfolio import Budget, Choice


class Solver:
    """The integer program of one list of measures, ready for any amount."""

    def __init__(self, measures: Sequence[Measure], effects: Mapping[str, float], budget: Budget) -> None:
        self.measures = list(measures)
        self.years = budget.years
        self.yearly = budget.yearly
        self.number = {measure.key: index for index, measure in enumerate(measures)}
        self.effects = np.array([float(effects[measure.key]) for measure in measures])
        # HiGHS works to fixed tolerances, so effects are brought to about 1 and euros to their largest common part.
        self.unit = float(np.abs(self.effects).max(initial=0.0)) or 1.0
        self.part = gcd(*(measure.cost(self.years) for measure in measures)) or 1
        self.costs = np.array([float(measure.cost(self.years) // self.part) for measure in measures])
        self.rules = self._rules()

    def _rules(self) -> list[LinearConstraint]:
        rows: list[dict[int, float]] = []
        most: list[float] = []
        for index, measure in enumerate(self.measures):
            for key in measure.needs:
                rows.append({index: 1.0, self.number[key]: -1.0})
                most.append(0.0)
            for key in measure.excludes:
                rows.append({index: 1.0, self.number[key]: 1.0})
                most.append(1.0)
        if self.yearly is not None:
            part = gcd(*(measure.yearly for measure in self.measures)) or 1
            rows.append({index: float(measure.yearly // part) for index, measure in enumerate(self.measures)})
            most.append(float(self.yearly // part))
        if not rows:
            return []
        places = [(row, column, value) for row, each in enumerate(rows) for column, value in each.items()]
        matrix = csr_array(
            ([value for _, _, value in places], ([row for row, _, _ in places], [column for _, column, _ in places])),
            shape=(len(rows), len(self.measures)),
        )
        return [LinearConstraint(matrix, -np.inf, np.array(most))]

    def best(self, amount: int) -> Choice:
        """The best choice for this amount; of equals the cheapest."""
        if not self.measures:
            return Choice((), 0, 0.0)
        limit = amount // self.part
        best = self._most(limit)
        # Rounding a solution within tolerance may pass the budget by a hair; then a hair is taken off.
        while best.cost > amount:
            limit -= 1
            best = self._most(limit)
        within = LinearConstraint(self.costs, -np.inf, float(limit))
        enough = LinearConstraint(self.effects / self.unit, best.effect / self.unit, np.inf)
        cheapest = self._solve(self.costs / (float(self.costs.max()) or 1.0), [*self.rules, within, enough])
        # The same tolerance may have let a little effect slip; then the first stands.
        return cheapest if cheapest.effect >= best.effect and cheapest.cost <= best.cost else best

    def _most(self, limit: int) -> Choice:
        return self._solve(
            -self.effects / self.unit, [*self.rules, LinearConstraint(self.costs, -np.inf, float(limit))]
        )

    def _solve(self, goal: NDArray[np.float64], rules: list[LinearConstraint]) -> Choice:
        count = len(self.measures)
        whole = np.ones(count, dtype=np.int64)
        found = milp(goal, integrality=whole, bounds=Bounds(0, 1), constraints=rules, options={"mip_rel_gap": 0.0})
        # Taking nothing always fits the budget; no answer only comes when rounding makes the first answer miss itself.
        taken = [] if found.x is None else [index for index in range(count) if found.x[index] > 0.5]
        return Choice(
            tuple(self.measures[index].key for index in taken),
            sum(self.measures[index].cost(self.years) for index in taken),
            float(sum(self.effects[index] for index in taken)),
        )
