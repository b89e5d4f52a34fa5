"""Reads of governance, already restricted to what the actor may see; the rooms below are read through their queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from brandwacht.baseline import queries as baseline
from brandwacht.baseline.models import Measure
from brandwacht.cert import queries as cert
from brandwacht.cert.models import Incident, IncidentClock, Phase
from brandwacht.engines.norms import Score
from brandwacht.governance.models import BoardFigure, FigureKey
from brandwacht.governance.policy import SEE_BOARD
from brandwacht.network import queries as network
from brandwacht.network.actor import Actor
from brandwacht.network.models import NodeKind
from brandwacht.network.policy import may_anywhere, visible
from brandwacht.riskmap import queries as riskmap
from brandwacht.riskmap.cascades.outcome import from_json
from brandwacht.riskmap.models import CascadeRun
from brandwacht.sharing import queries as sharing
from brandwacht.sharing.policy import ANSWER

SINCE = timedelta(days=7)
"""A change is told against a figure of at least so long ago."""
RECENT = timedelta(days=30)
"""Warnings of this period count on the board page."""
MOST = 500
RUNS = 8
"""So many of the latest cascades are weighed to find the greatest risk."""

_PHASES = (Phase.WARM, Phase.LUKEWARM, Phase.COLD)


def standing(actor: Actor) -> Score:
    """How the own organisation stands on the basis today; one query."""
    return baseline.standing(actor, actor.organisation_id, actor.today)


def running(actor: Actor) -> list[Incident]:
    """The own incidents that were open at the actor's moment, the one that decides the phase first."""
    rows = cert.running(actor).filter(organisation_id=actor.organisation_id, opened_at__lte=actor.now)
    return sorted(rows[:MOST], key=lambda i: (_PHASES.index(Phase(i.phase)), -i.severity, -i.opened_at.timestamp()))


def clocks(actor: Actor) -> list[IncidentClock]:
    """The legal clocks that run in own incidents, first due first."""
    return list(cert.open_clocks(actor).filter(organisation_id=actor.organisation_id)[:MOST])


@dataclass(frozen=True, slots=True)
class Measures:
    """Open measures that ask for the board: those flagged for it, and the others whose day has passed."""

    for_board: Sequence[Measure]
    overdue: Sequence[Measure]
    today: date

    @property
    def late(self) -> int:
        """How many in all are over their date; ``MOST`` means that or more."""
        return sum(measure.due < self.today for measure in self.for_board) + len(self.overdue)


def measures(actor: Actor) -> Measures:
    """The measures for the board of the own organisation, first due first; one query."""
    day = actor.today
    rows = baseline.open_measures(actor).filter(organisation_id=actor.organisation_id, created_at__lte=actor.now)
    found = list(rows.filter(Q(for_board=True) | Q(due__lt=day))[:MOST])
    return Measures([m for m in found if m.for_board], [m for m in found if not m.for_board], day)


def greatest_risk(actor: Actor, incident: Incident | None) -> CascadeRun | None:
    """The run for this incident; else, of the latest runs, the one that hurts most vital processes, soonest.

    Of each kept scenario only its newest run counts, since older ones were made on an older map.
    """
    rows = list(riskmap.runs(actor, actor.organisation_id).defer(None)[:RUNS])
    if incident is not None:
        mine = next((run for run in rows if run.incident_ref == incident.public_id), None)
        if mine is not None:
            return mine
    newest: dict[int, CascadeRun] = {}
    for run in rows:
        if run.scenario_id is not None:
            newest.setdefault(run.scenario_id, run)
    return max(newest.values() or rows, key=_weight, default=None)


def _weight(run: CascadeRun) -> tuple[int, int]:
    outcome = from_json(run.result)
    hit = [step for step in outcome.first().values() if outcome.parts[step.node].vital]
    return len(hit), -min((step.minute for step in hit), default=outcome.horizon)


def vital_processes(actor: Actor) -> list[str]:
    """The names of the own vital processes, at most ``MOST``."""
    rows = network.nodes(actor).filter(organisation_id=actor.organisation_id, kind=NodeKind.PROCESS, vital=True)
    return list(rows.order_by("name").values_list("name", flat=True)[:MOST])


def unanswered_warnings(actor: Actor) -> int | None:
    """Warnings of the last thirty days that wait for an answer of the own organisation, at most ``MOST``.

    Only those that the reader may answer count; ``None`` for a reader who sees no warnings at all.
    """
    if not may_anywhere(actor, ANSWER):
        return None
    rows = sharing.unanswered(actor).filter(sent_at__gte=actor.now - RECENT)
    return rows.order_by()[:MOST].count()


def todays_values(actor: Actor) -> dict[FigureKey, float]:
    """What the board figures are today, for ``services.record_figures``."""
    return {
        FigureKey.BASIS: standing(actor).percent,
        FigureKey.INCIDENTS: len(running(actor)),
        FigureKey.LATE: measures(actor).late,
    }


def past_figures(actor: Actor) -> dict[str, BoardFigure]:
    """Per key the newest figure that is at least ``SINCE`` old."""
    rows = BoardFigure.objects.filter(
        visible(actor, SEE_BOARD), organisation_id=actor.organisation_id, on__lte=actor.today - SINCE
    )
    found: dict[str, BoardFigure] = {}
    for figure in rows.order_by("-on")[: 2 * len(FigureKey)]:
        found.setdefault(figure.key, figure)
    return found
