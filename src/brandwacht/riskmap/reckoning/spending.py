"""Measures on the map: from rows to the engine, and what a budget is best spent on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.engines.cascade import (
    AddAutonomy,
    AddProvider,
    Budget,
    InvalidMeasure,
    LeaveCommonCause,
    LowerRate,
    Map,
    Measure,
    Origin,
    Scales,
    ShortenRepair,
    ShortenRestart,
    apply,
    best_portfolio,
    effects,
    pareto_front,
    play_scenarios,
)
from brandwacht.engines.cascade.invest import Portfolio
from brandwacht.engines.cascade.measures import Step, with_needs
from brandwacht.network.wording import number, precise_duration
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import MeasureKind, RiskMeasure
from brandwacht.riskmap.reckoning.kernels import is_compiled
from brandwacht.riskmap.reckoning.worth import MapLoss, Risk, yardstick

SEARCHED: Final = {True: 200, False: 40}
"""So many more portfolios are played at most when effects interact, with the compiled kernel and without."""
PROCESSES: Final = 5
"""Of so many vital processes is told what one measure does to them."""
ON_THE_FRONT: Final = 15
Tell = Callable[[int, int], None]


def steps(kind: str, step: Mapping[str, Any]) -> tuple[Step, ...]:
    """What a measure does, for the engine; ``ValueError`` for what misses or is no number."""
    node, label, value = str(step.get("node", "")), str(step.get("label", "")), step.get("value", 0)
    cause = str(step.get("cause", ""))
    origin = Origin("common", cause) if cause else Origin("node", node)
    if kind == MeasureKind.AUTONOMY:
        return (AddAutonomy(node, label, int(value)),)
    if kind == MeasureKind.PROVIDER:
        return (AddProvider(node, label, str(step.get("provider", ""))),)
    if kind == MeasureKind.RESTART:
        return (ShortenRestart(node, int(value)),)
    if kind == MeasureKind.REPAIR:
        return (ShortenRepair(origin, int(value)),)
    if kind == MeasureKind.CAUSE:
        return (LeaveCommonCause(cause, (node,)),)
    if kind == MeasureKind.RATE:
        return (LowerRate(origin, float(value)),)
    raise ValueError(kind)


def fitting(register: Register, rows: Iterable[RiskMeasure]) -> tuple[list[Measure], list[str]]:
    """The measures that this map can take, in order, and of the others in words (Dutch) why not.

    A measure whose prerequisite does not fit is left out too; an exclusion of what is not there is dropped.
    """
    found: dict[str, Measure] = {}
    problems: list[str] = []
    for row in rows:
        try:
            measure = Measure(
                row.key,
                row.name,
                steps(row.kind, row.step),
                row.once,
                row.yearly,
                tuple(row.needs),
                tuple(row.excludes),
            )
            apply(register.network, [measure])
        except InvalidMeasure as error:
            problems += error.problems
        except (ValueError, TypeError, OverflowError):
            problems.append(_("Maatregel “%(name)s” is niet goed ingevuld.") % {"name": row.name})
        else:
            found[row.key] = measure
    while lost := [measure for measure in found.values() if any(key not in found for key in measure.needs)]:
        for measure in lost:
            problems.append(_("Maatregel “%(name)s” heeft een andere nodig die er niet is.") % {"name": measure.name})
            del found[measure.key]
    kept = [
        Measure(m.key, m.name, m.steps, m.once, m.yearly, m.needs, tuple(key for key in m.excludes if key in found))
        for m in found.values()
    ]
    return kept, problems


def spend(
    register: Register,
    rows: Sequence[RiskMeasure],
    scales: Scales,
    scenarios: Sequence[Risk],
    budget: Budget,
    tell: Tell,
) -> dict[str, Any]:
    """The best measures for a budget and the Pareto front, in plain values with the names as they are now."""
    measures, problems = fitting(register, rows)
    played = 0
    most = SEARCHED[is_compiled()]
    total = 2 * len(measures) + most + ON_THE_FRONT + 3

    def one_more() -> None:
        nonlocal played
        played += 1
        tell(min(played, total), total)

    measure = yardstick(register.network, register.vital, scales)
    loss = MapLoss(measure, scenarios, one_more)
    known = effects(register.network, measures, loss)
    advice = best_portfolio(register.network, measures, budget, loss, known=known, most=most)
    front = pareto_front(register.network, measures, budget, loss, known=known, most=ON_THE_FRONT)
    names = {each.key: each.name for each in measures}
    processes = on_processes(register, measures, loss)
    return {
        "points": measure.points,
        "problems": problems,
        "budget": budget.amount,
        "years": budget.years,
        "yearly": budget.yearly,
        "loss": round(advice.loss, 4),
        "effects": [
            {
                "key": each.key, "name": names[each.key], "once": each.once, "yearly": each.yearly,
                "own": round(known[each.key].own, 4), "together": round(known[each.key].together, 4),
                "after": round(advice.loss - known[each.key].together, 4), "taken": each.key in advice.best.keys,
                "needs": [names[key] for key in each.needs], "processes": processes[each.key],
            }
            for each in measures
        ],
        "by_sum": _told(advice.by_sum, names),
        "best": _told(advice.best, names),
        "interaction": round(advice.interaction, 4),
        "searched": advice.searched,
        "exhausted": advice.exhausted,
        "front": [_told(each, names) for each in front],
    }  # fmt: skip


def on_processes(register: Register, measures: Sequence[Measure], loss: MapLoss) -> dict[str, list[dict[str, Any]]]:
    """By measure the vital processes whose yearly hours down or faltering change most, before and after it alone.

    Alone is with all that it needs.
    """
    by_key = {each.key: each for each in measures}
    before = _hours(register, register.network, loss)
    found = {}
    for each in measures:
        together = [by_key[key] for key in with_needs(each.key, by_key)]
        after = _hours(register, apply(register.network, together), loss)
        rows: list[dict[str, Any]] = [
            {
                "name": register.network.node(key).name,
                "before": [round(hours, 4) for hours in before[key]],
                "after": [round(hours, 4) for hours in after[key]],
            }
            for key in register.vital
        ]
        changed = [row for row in rows if row["before"] != row["after"]]
        changed.sort(key=lambda row: -sum(abs(a - b) for a, b in zip(row["before"], row["after"], strict=True)))
        found[each.key] = changed[:PROCESSES]
    return found


def _hours(register: Register, network: Map, loss: MapLoss) -> dict[str, tuple[float, float]]:
    """Hours a year that each vital process falters and is down, by the same risks as the loss."""
    found = dict.fromkeys(register.vital, (0.0, 0.0))
    for rates, played in play_scenarios(network, loss.risks(network)):
        for key, (degraded, down) in played.minutes_of(register.vital).items():
            before = found[key]
            found[key] = before[0] + float(rates @ degraded) / 60, before[1] + float(rates @ down) / 60
    return found


def _told(portfolio: Portfolio, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "keys": list(portfolio.keys),
        "names": [names[key] for key in portfolio.keys],
        "cost": portfolio.cost,
        "once": portfolio.once,
        "yearly": portfolio.yearly,
        "predicted": round(portfolio.predicted, 4),
        "effect": round(portfolio.effect, 4),
        "gap": round(portfolio.gap, 4),
    }


def in_words(kind: str, step: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a measure does, in one line; ``names`` are by key of a node or common cause, and may lack some."""
    node = names.get(str(step.get("node", "")), str(step.get("node", "")))
    cause = names.get(str(step.get("cause", "")), str(step.get("cause", "")))
    told = {
        "node": node or cause,
        "label": step.get("label", ""),
        "provider": names.get(str(step.get("provider", "")), str(step.get("provider", ""))),
        "cause": cause,
        "time": precise_duration(int(step.get("value") or 0)),
        "rate": number(float(step.get("value") or 0)),
    }
    words = {
        MeasureKind.AUTONOMY: _("%(node)s, “%(label)s”: %(time)s langer zonder"),
        MeasureKind.PROVIDER: _("%(node)s, “%(label)s”: ook via %(provider)s"),
        MeasureKind.RESTART: _("%(node)s: opgestart binnen %(time)s"),
        MeasureKind.REPAIR: _("%(node)s: hersteld binnen %(time)s"),
        MeasureKind.CAUSE: _("%(node)s: niet meer geraakt door %(cause)s"),
        MeasureKind.RATE: _("%(node)s: hoogstens %(rate)s keer per jaar"),
    }
    return words[MeasureKind(kind)] % told
