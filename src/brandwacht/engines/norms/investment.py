"""What closing the gap costs, as ranges, and which measures to take first: priority = gap x risk / cost, explained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

DAY_RATE: Final = 800
"""Euro for a day of work where nobody said otherwise: our own assumption, shown wherever it is used."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both whole and not negative. Raises ValueError otherwise."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError(f"no range: {self.low} to {self.high}")

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def times(self, factor: int) -> Range:
        """So many times as much."""
        return Range(self.low * factor, self.high * factor)

    @property
    def middle(self) -> Fraction:
        """Halfway."""
        return Fraction(self.low + self.high, 2)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A measure with what is known of it.

    `gap` is how far its control is from met: 0 (met), 1/2 (partly, or evidence expired) or 1; None when it belongs to
    no control. `risk` is 1 to 4. `once` and `yearly` are euro, `days` person-days once; None is unknown.
    """

    key: str
    title: str
    theme: str
    gap: Fraction | None
    risk: int
    once: Range | None = None
    yearly: Range | None = None
    days: Range | None = None

    @property
    def priced(self) -> bool:
        """Whether anything is known of what it costs."""
        return any(each is not None for each in (self.once, self.yearly, self.days))


@dataclass(frozen=True, slots=True)
class Terms:
    """How costs are taken together: over so many `years`, a day of work at `day_rate` euro. Years are 1 to 10."""

    years: int = 1
    day_rate: int = DAY_RATE


def cost(proposal: Proposal, terms: Terms) -> Range | None:
    """All of it in euro: once + yearly x years + days x rate; None when nothing is known."""
    if not proposal.priced:
        return None
    nothing = Range(0, 0)
    return (
        (proposal.once or nothing)
        + (proposal.yearly or nothing).times(terms.years)
        + (proposal.days or nothing).times(terms.day_rate)
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A measure in its place. `priority` is gap x risk per thousand euro (None: not known, or it costs nothing)."""

    proposal: Proposal
    cost: Range | None
    priority: Fraction | None
    why: str


def ranked(proposals: Iterable[Proposal], terms: Terms) -> list[Ranked]:
    """The measures, what brings most per euro first.

    priority = gap x risk / (the middle of the cost in thousands of euro). What costs nothing and closes a gap comes
    before everything. After all that has a priority comes what has no known cost or no control, the higher risk first,
    and last what closes no gap. Of two alike the lower cost comes first, then the title.
    """
    rows = [_ranked(each, terms) for each in proposals]
    return sorted(rows, key=_place)


def _place(row: Ranked) -> tuple[int, Fraction, Fraction, str]:
    middle = row.cost.middle if row.cost else Fraction(0)
    if row.priority is None:
        free = row.cost is not None and row.cost.high == 0 and bool(row.proposal.gap)
        return (0 if free else 2, -Fraction(row.proposal.risk), middle, row.proposal.title)
    return (1 if row.priority else 3, -row.priority, middle, row.proposal.title)


def _ranked(proposal: Proposal, terms: Terms) -> Ranked:
    price = cost(proposal, terms)
    if proposal.gap is None:
        return Ranked(proposal, price, None, "Hoort niet bij een vraag van de norm, dus het gat is niet bekend.")
    if proposal.gap == 0:
        return Ranked(proposal, price, Fraction(0), "De vraag waar deze maatregel bij hoort, voldoet al.")
    weight = proposal.gap * proposal.risk
    told = f"gat {_dutch(proposal.gap)} × risico {proposal.risk}"
    if price is None:
        return Ranked(proposal, None, None, f"{told}; de kosten zijn nog niet bekend.")
    if price.middle == 0:
        return Ranked(proposal, price, None, f"{told}; kost niets.")
    priority = weight / (price.middle / 1000)
    return Ranked(
        proposal, price, priority, f"{told} : {_dutch(price.middle / 1000)} duizend euro = {_dutch(priority)}"
    )


def _dutch(value: Fraction) -> str:
    """A figure with at most two decimals and a comma."""
    text = f"{float(value):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a measure fits in a budget. `left` is what is left in euro after it, or what was left when it did not."""

    row: Ranked
    fits: bool
    left: int
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What fits in a budget: the measures in order, what the chosen ones cost, and what is left in euro."""

    budget: int
    fits: tuple[Fit, ...]
    cost: Range
    left: int

    @property
    def chosen(self) -> tuple[Ranked, ...]:
        """The measures that fit."""
        return tuple(each.row for each in self.fits if each.fits)


def what_if(rows: Sequence[Ranked], budget: int) -> Choice:
    """Which measures fit in a budget (euro), taken in order of priority.

    A measure is taken when its highest estimate still fits, so that the choice holds when everything turns out dear.
    What closes no gap or has no known cost or gap is not taken. One that does not fit is passed over, and a cheaper one
    after it may still fit. Raises ValueError for a negative budget.
    """
    if budget < 0:
        raise ValueError("a budget is not negative")
    left, total, found = budget, Range(0, 0), []
    for row in rows:
        if row.cost is None or not row.proposal.gap:
            found.append(Fit(row, fits=False, left=left, why=row.why))
        elif row.cost.high <= left:
            left -= row.cost.high
            total += row.cost
            found.append(Fit(row, fits=True, left=left, why=""))
        else:
            short = row.cost.high - left
            found.append(Fit(row, fits=False, left=left, why=f"Komt hoogstens € {_thousands(short)} tekort."))
    return Choice(budget, tuple(found), total, left)


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", ".")


@dataclass(frozen=True, slots=True)
class ThemeCost:
    """What the measures of one theme cost; `unpriced` counts those of which nothing is known."""

    theme: str
    measures: int
    unpriced: int
    once: Range
    yearly: Range
    days: Range


def by_theme(proposals: Iterable[Proposal]) -> list[ThemeCost]:
    """The costs per theme, in order of first appearance."""
    groups: dict[str, list[Proposal]] = {}
    for each in proposals:
        groups.setdefault(each.theme, []).append(each)
    nothing = Range(0, 0)
    return [
        ThemeCost(
            theme,
            len(rows),
            sum(not row.priced for row in rows),
            sum((row.once or nothing for row in rows), nothing),
            sum((row.yearly or nothing for row in rows), nothing),
            sum((row.days or nothing for row in rows), nothing),
        )
        for theme, rows in groups.items()
    ]
