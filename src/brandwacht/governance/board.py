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
from brandwacht.governance.powers import Ground, grounds_of, known_scenario
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.models import Organisation
from brandwacht.riskmap.models import CascadeRun

INCIDENTS = 3
CLOCKS = 2
MEASURES = 3
POWERS = ((4, 2), (3, 1), (2, 1), (1, 1))
"""By number of hats: how many powers and how many lacks of power each hat shows, so that all fits on one sheet."""
LINE, ROOMY = 110, 1900
"""Characters that a line of a table counts for, and characters that fit on a sheet in the usual type."""
HEADLINE = 300
"""Characters of the headline of the greatest risk; cut after a whole sentence."""


ALWAYS_NAMED = ("BIO2", "CISO", "VR-ISAC")
"""Abbreviations that the page itself uses."""


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


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page."""

    basis: Score
    basis_change: str
    running: Sequence[Running]
    running_count: int
    running_change: str
    risk: CascadeRun | None
    headline: str
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
    other_hats: Sequence[str]
    mine: bool
    powers: Powers
    grounds: Sequence[Ground]
    words: Sequence[tuple[str, str]]

    @property
    def crowded(self) -> bool:
        """Whether there is so much to say that the sheet of paper needs smaller type."""
        lines = len(self.running) + len(self.decisions)
        text = sum(len(part) for power in _powers(self.hats) for part in (power.text, power.lever, power.basis))
        text += sum(len(ground.how) + len(", ".join(ground.titles)) for ground in self.grounds)
        return lines * LINE + text > ROOMY


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
    keys, mine = board_hats(actor, organisation.kind)
    hats = _hats(keys[: len(POWERS)], scenario, phase)
    rows = _powers(hats)
    decisions, count = _decisions(clocks, measures, past.get(FigureKey.LATE))
    headline = _whole_sentences(risk.headline, HEADLINE) if risk else ""
    said = [headline, *(part for line in decisions for part in (line.text, line.note))]
    said += [part for row in rows for part in (row.text, row.lever, row.basis)]
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
        headline=headline,
        vital=[] if risk else queries.vital_processes(actor),
        warnings=queries.unanswered_warnings(actor),
        decisions=decisions,
        decision_count=count,
        cost=sum(measure.cost or 0 for measure in measures.for_board),
        scenario=scenario,
        phase=phase,
        phase_label=_inside(str(Phase(phase).label)),
        because=first,
        hats=hats,
        other_hats=[_inside(load_powers().roles[key].label) for key in keys[len(POWERS) :]],
        mine=mine,
        powers=load_powers(),
        grounds=grounds_of(rows),
        words=explained([*said, *ALWAYS_NAMED]),
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


def _inside(label: str) -> str:
    """A label as it stands inside a sentence: "voorzitter van de veiligheidsregio", "CISO"."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _whole_sentences(text: str, most: int) -> str:
    """The first sentences that fit in ``most`` characters, the first one always."""
    kept, *others = text.split(". ")
    for sentence in others:
        if len(kept) + len(sentence) > most:
            break
        kept = f"{kept}. {sentence}"
    return kept if kept.endswith(".") else f"{kept}."


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
    if rest := clocks[CLOCKS:]:
        text = ngettext("Nog %(n)d andere meldplicht loopt", "Nog %(n)d andere meldplichten lopen", len(rest))
        lines.append(
            Decision(
                text=text % {"n": len(rest)},
                url=reverse("cert:list"),
                moment=rest[0].due,
                note=_("de eerste: %(title)s") % {"title": rest[0].title},
            )
        )
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
        text = ngettext("%(n)d andere maatregel is te laat", "%(n)d andere maatregelen zijn te laat", number) % {
            "n": number
        }
        lines.append(
            Decision(
                text=f"{text} ({since})" if since else text,
                url=reverse("baseline:measures"),
                day=oldest.due,
                late=True,
                note=_("de oudste: %(title)s") % {"title": oldest.title},
            )
        )
    return lines, _asking(clocks, measures)


def _asking(clocks: Sequence[IncidentClock], measures: queries.Measures) -> int:
    return len(clocks) + len(measures.for_board) + bool(measures.overdue)


def decision_count(actor: Actor) -> int:
    """How many things the board page of the actor's organisation puts to the board; two queries."""
    return _asking(queries.clocks(actor), queries.measures(actor))


def _powers(hats: Sequence[Hat]) -> list[Power]:
    return [row for hat in hats for row in (*hat.may, *hat.may_not)]


def _hats(keys: Sequence[str], scenario: str, phase: str) -> list[Hat]:
    powers = load_powers()
    most_may, most_not = POWERS[len(keys) - 1] if keys else (0, 0)
    hats = []
    for key in keys:
        rows = powers.who(scenario, phase, [key])
        may, may_not = [row for row in rows if row.may], [row for row in rows if not row.may]
        hats.append(Hat(_inside(powers.roles[key].label), may[:most_may], may_not[:most_not]))
    return hats
