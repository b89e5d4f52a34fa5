"""What the reports are made of: the answers, the figure and the measures of one organisation on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, AnswerState, Measure, MeasureState
from brandwacht.baseline.queries import ControlRow
from brandwacht.engines.norms import Annex, Framework, Score, exceptions, load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation

QUARTERS: Final = (366, 274, 183, 91, 0)
"""Days ago at which the trend is measured; the last is the day of the report."""
MOST_MEASURES: Final = 400
"""So many measures stand in a report; of more it says how many were left out."""
DONE_WITHIN: Final = timedelta(days=366)
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. ``measures`` are open or done within a year, first due first; ``trend`` has a score per quarter."""

    owner: Organisation
    framework: Framework
    day: date
    rows: Sequence[ControlRow]
    trend: Sequence[tuple[date, Score]]
    measures: Sequence[Measure]
    left_out: int
    signatories: Sequence[Mapping[str, str]]
    note: str
    annex: Annex
    """The exceptions: controls deviated from on a risk analysis, and what does not apply."""

    @property
    def score(self) -> Score:
        """The figure on the day of the report."""
        return self.trend[-1][1]

    @property
    def open(self) -> list[Measure]:
        """The measures that are not done."""
        return [measure for measure in self.measures if measure.state != MeasureState.DONE]

    def open_at(self) -> Mapping[str, list[Measure]]:
        """The open measures by control number."""
        found: defaultdict[str, list[Measure]] = defaultdict(list)
        for measure in self.open:
            found[measure.control].append(measure)
        return found


def gather(actor: Actor, owner: Organisation, signatories: Sequence[Mapping[str, str]], note: str) -> Facts:
    """Read what the reports of the actor's organisation need; about a dozen queries. Raises ``Denied``."""
    framework = load_framework(FRAMEWORK)
    days = [actor.today - timedelta(days=ago) for ago in QUARTERS]
    resting = queries.grounds(actor, owner.pk)
    scores = queries.standings(actor, owner.pk, days, resting)
    rows = queries.control_rows(actor, owner_id=owner.pk, resting=resting)
    said = [each for row in rows for each in row.government]
    measures = queries.measures(actor).filter(organisation_id=owner.pk)
    since = actor.now - DONE_WITHIN
    found = [m for m in measures[: MOST_MEASURES * 5] if m.done_at is None or m.done_at >= since]
    found.sort(key=lambda m: m.state == MeasureState.DONE)  # what is open first; by day within each, as it was read
    return Facts(
        owner=owner,
        framework=framework,
        day=actor.today,
        rows=rows,
        trend=list(zip(days, scores, strict=True)),
        measures=found[:MOST_MEASURES],
        left_out=max(0, len(found) - MOST_MEASURES),
        signatories=signatories,
        note=note,
        annex=exceptions(framework, [row.judged for row in rows], said, actor.today),
    )


def base(facts: Facts) -> Content:
    """What stands in every report: whose, of which day, against which norm, who signs, and the writer's own words."""
    return {
        "organisation": facts.owner.full_name,
        "day": facts.day.isoformat(),
        "framework": {
            "title": facts.framework.title,
            "version": facts.framework.version,
            "date": facts.framework.date.isoformat(),
            "fingerprint": facts.framework.fingerprint,
        },
        "signatories": [dict(each) for each in facts.signatories],
        "note": facts.note,
    }


def figure(facts: Facts) -> Content:
    """The figure with what it rests on, and the themes, weakest first."""
    score, before = facts.score, facts.trend[-2][1]
    themes = sorted(queries.themes(score, before), key=lambda theme: theme.percent)
    return {
        "score": {
            "percent": score.percent,
            "word": score.word,
            "controls": score.controls,
            "applicable": score.applicable,
            "based_on": score.based_on,
            "oldest": score.oldest and score.oldest.isoformat(),
            "expired": len(score.expired),
            "unproven": len(score.unproven),
            "accepted": len(score.accepted),
            "held_back": len(score.held_back),
            "before": before.percent if before.based_on else None,
        },
        "themes": [
            {
                "name": theme.name,
                "percent": theme.percent,
                "change": theme.change,
                "answered": theme.answered,
                "total": theme.total,
            }
            for theme in themes
        ],
        "trend": [
            {"day": day.isoformat(), "percent": each.percent if each.based_on else None} for day, each in facts.trend
        ],
    }


def states(facts: Facts) -> dict[str, list[str]]:
    """Per control number its title and what holds of the answer, to compare a later version with."""
    return {row.control.number: [row.control.title, row.holds.value] for row in facts.rows}


def measure_line(measure: Measure, day: date) -> Content:
    """One measure as a report keeps it."""
    return {
        "ref": str(measure.public_id),
        "title": measure.title,
        "control": measure.control,
        "owner": measure.owner_name,
        "due": measure.due.isoformat(),
        "state": measure.state,
        "cost": measure.cost,
        "for_board": measure.for_board,
        "late": measure.state != MeasureState.DONE and measure.due < day,
    }


def shortcoming(row: ControlRow) -> str:
    """Why this control is not in order: "open", "niet", "deels", "verlopen", "onbewezen", or "" when it is.

    It is about what holds now, not about what was once answered.
    """
    if row.state == AnswerState.OPEN:
        return "open"
    if row.holds == AnswerState.NOT_MET:
        return "niet"
    if row.state == AnswerState.MET and row.evidence == "verlopen":
        return "verlopen"
    if row.holds == AnswerState.PARTLY:
        return "deels"
    return "onbewezen" if row.state == AnswerState.MET and not row.evidence else ""
