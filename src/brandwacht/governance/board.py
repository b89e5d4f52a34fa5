"""The board page: one A4 for a chair with five minutes. What to say is decided here, how it looks in the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.cert.models import Incident, IncidentClock, Phase
from brandwacht.engines.authority import GENERAL, Power, Powers, load_powers
from brandwacht.engines.norms import Score
from brandwacht.governance import queries
from brandwacht.governance.glossary import explained
from brandwacht.governance.hats import board_hats
from brandwacht.governance.models import BoardFigure, FigureKey
from brandwacht.governance.policy import board_decision
from brandwacht.governance.powers import Ground, grounds_of, known_scenario, texts_of
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.models import Organisation
from brandwacht.riskmap.models import CascadeRun

INCIDENTS = 3
CLOCKS = 2
MEASURES = 3
POWERS = {1: (4, 2), 2: (3, 1), 3: (2, 1)}
"""By number of hats: how many powers and how many lacks of power each hat shows, so that all fits on one sheet."""
POWERS_OF_MANY = (1, 1)


@dataclass(frozen=True, slots=True)
class Running:
    """A running incident with its first legal clock, if any."""

    incident: Incident
    clock: IncidentClock | None


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of what asks for the board: ``moment`` is when a legal clock runs out, ``day`` when a measure is due."""

    text: str
    url: str
    moment: datetime | None = None
    day: date | None = None
    late: bool = False
    cost: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hat:
    """What one hat allows in the phase, and what it does not."""

    label: str
    may: Sequence[Power]
    may_not: Sequence[Power]
    left_out: int


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page."""

    basis: Score
    basis_change: str
    running: Sequence[Running]
    running_count: int
    running_change: str
    risk: CascadeRun | None
    vital: Sequence[str]
    warnings: int | None
    decisions: Sequence[Decision]
    decision_count: int
    cost: int
    scenario: str
    phase: str
    phase_label: str
    because: Incident | None
    hats: Sequence[Hat]
    mine: bool
    powers: Powers
    grounds: Sequence[Ground]
    words: Sequence[tuple[str, str]]


def board(actor: Actor, organisation: Organisation) -> Board:
    """The board page of the actor's organisation. Raises ``Denied``. Seven queries, eight without any cascade."""
    decision = board_decision(actor)
    if not decision:
        raise Denied(decision)
    past = queries.past_figures(actor)
    incidents = queries.running(actor)
    clocks = queries.clocks(actor) if incidents else []
    measures = queries.measures(actor)
    basis = queries.standing(actor)
    first = incidents[0] if incidents else None
    risk = queries.greatest_risk(actor, first)
    scenario, phase = (known_scenario(first.scenario), first.phase) if first else (GENERAL, str(Phase.COLD))
    hats, mine, rows = _hats(actor, organisation.kind, scenario, phase)
    decisions, count = _decisions(clocks, measures, past.get(FigureKey.LATE))
    return Board(
        basis=basis,
        basis_change=_change(past.get(FigureKey.BASIS), basis.percent) if basis.based_on else "",
        running=[
            Running(each, next((clock for clock in clocks if clock.incident_id == each.pk), None))
            for each in incidents[:INCIDENTS]
        ],
        running_count=len(incidents),
        running_change=_change(past.get(FigureKey.INCIDENTS), len(incidents)),
        risk=risk,
        vital=[] if risk else queries.vital_processes(actor),
        warnings=queries.unanswered_warnings(actor),
        decisions=decisions,
        decision_count=count,
        cost=sum(measure.cost or 0 for measure in measures.for_board),
        scenario=scenario,
        phase=phase,
        phase_label=str(Phase(phase).label),
        because=first,
        hats=hats,
        mine=mine,
        powers=load_powers(),
        grounds=grounds_of(rows),
        words=explained([*texts_of(rows), "BIO2", "CISO"]),
    )


def _change(past: BoardFigure | None, value: float) -> str:
    """Like "+4 sinds 15 november" or "gelijk aan 15 november"; nothing when there is no earlier figure."""
    if past is None:
        return ""
    difference = round(value - past.value)
    words = {"day": date_format(past.on, "j F"), "n": f"{abs(difference)}"}
    if not difference:
        return _("gelijk aan %(day)s") % words
    return (_("+%(n)s sinds %(day)s") if difference > 0 else _("−%(n)s sinds %(day)s")) % words


def _decisions(
    clocks: Sequence[IncidentClock], measures: queries.Measures, past_late: BoardFigure | None
) -> tuple[list[Decision], int]:
    lines = [
        Decision(
            text=_("%(what)s bij %(incident)s") % {"what": clock.title, "incident": clock.incident.number},
            url=reverse("cert:detail", args=[clock.incident.public_id]),
            moment=clock.due,
            note=clock.to_whom,
        )
        for clock in clocks[:CLOCKS]
    ]
    lines += [
        Decision(
            text=measure.title,
            url=reverse("baseline:measure", args=[measure.public_id]),
            day=measure.due,
            late=measure.due < measures.today,
            cost=measure.cost,
            note=measure.owner_name,
        )
        for measure in measures.for_board[:MEASURES]
    ]
    if measures.overdue:
        oldest, number = measures.overdue[0], len(measures.overdue)
        since = _change(past_late, measures.late)
        text = ngettext("%(n)d andere maatregel is over tijd", "%(n)d andere maatregelen zijn over tijd", number) % {
            "n": number
        }
        lines.append(
            Decision(
                text=f"{text} ({since})" if since else text,
                url=reverse("baseline:measures"),
                day=oldest.due,
                late=True,
                note=_("De oudste: %(title)s (%(name)s)") % {"title": oldest.title, "name": oldest.owner_name},
            )
        )
    return lines, len(clocks) + len(measures.for_board) + bool(measures.overdue)


def _hats(actor: Actor, kind: str, scenario: str, phase: str) -> tuple[list[Hat], bool, list[Power]]:
    """The hats that the page is about, whether they are the reader's own, and every row that they show."""
    keys, mine = board_hats(actor, kind)
    powers = load_powers()
    most_may, most_not = POWERS.get(len(keys), POWERS_OF_MANY)
    hats, shown = [], []
    for key in keys:
        rows = powers.who(scenario, phase, [key])
        may, may_not = [row for row in rows if row.may], [row for row in rows if not row.may]
        kept = [*may[:most_may], *may_not[:most_not]]
        hats.append(Hat(powers.roles[key].label, may[:most_may], may_not[:most_not], len(rows) - len(kept)))
        shown += kept
    return hats, mine, shown
