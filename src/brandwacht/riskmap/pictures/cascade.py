"""What a run looks like: the sentence, the picture, the timeline and what worked on thanks to a buffer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.network.wording import listed, precise_duration, within
from brandwacht.riskmap.cascades.outcome import Outcome, Step, from_json
from brandwacht.riskmap.cascades.reserves import Reserve
from brandwacht.riskmap.models import CascadeRun
from brandwacht.riskmap.pictures.drawing import Drawing, draw
from brandwacht.riskmap.words.headline import consequence, extent
from brandwacht.riskmap.words.sentences import moment

NAMED = 4
MOST_ROWS = 200
"""A page shows so many lines of the timeline; the download has them all."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the timeline: what happens when, through what, until when. ``passed``: that moment lies behind us."""

    minute: int
    when: str
    clock: str
    passed: bool
    name: str
    sector: str
    vital: bool
    state: str
    word: str
    through: str
    need: str
    until: str


@dataclass(frozen=True, slots=True)
class Held:
    """A node that works on, on a buffer that lasted."""

    name: str
    vital: bool
    need: str
    stretch: str
    left: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A run, ready for the template ``riskmap/_cascade.html``.

    ``marker`` tells what must be unique on a page that shows several pictures; ``headline`` is the sentence that
    answers, ``source`` what it rests on; ``rows`` are the first lines of the timeline.
    """

    marker: str
    headline: str
    outcome: Outcome
    drawing: Drawing
    rows: Sequence[Row]
    held: Sequence[Held]
    graph: Mapping[str, Any]
    source: str

    @property
    def finding(self) -> str:
        """How far it goes and when it is over."""
        return extent(self.outcome)

    @property
    def rows_left_out(self) -> int:
        """How many lines of the timeline the page leaves out."""
        return sum(step.worse for step in self.outcome.steps) - len(self.rows)


def picture(run: CascadeRun, now: datetime) -> Picture:
    """The view of a run at this moment."""
    outcome = from_json(run.result)
    source = _("Op basis van %(n)d onderdelen in het register, doorgerekend op %(when)s door %(who)s.") % {
        "n": outcome.size,
        "when": date_format(timezone.localtime(run.ran_at), "j F Y H:i"),
        "who": run.ran_by,
    }
    return pictured(outcome, run.headline, run.started_at, now, marker=run.public_id.hex[:12], source=source)


def pictured(
    outcome: Outcome, headline: str, start: datetime, now: datetime | None, *, marker: str, source: str
) -> Picture:
    """The view of an outcome that began at ``start``; ``marker`` is its own on the page, ``now`` is ``timeline``'s."""
    drawing = draw(outcome)
    rows = timeline(outcome, start, now, MOST_ROWS)
    graph = _graph(marker, headline, outcome, drawing)
    return Picture(f"cascade-{marker}", headline, outcome, drawing, rows, list(_held(outcome)), graph, source)


def clock(start: datetime, minute: int) -> str:
    """The time of day of a minute of the run; with the date when that is another day than the start."""
    there, local = timezone.localtime(start + timedelta(minutes=minute)), timezone.localtime(start)
    return date_format(there, "H:i" if there.date() == local.date() else "D j b H:i")


def timeline(outcome: Outcome, start: datetime, now: datetime | None, most: int | None = None) -> list[Row]:
    """What happens when, in order of time, ``most`` lines; recoveries stand with the failure that they end.

    ``now`` tells what lies behind us; ``None`` where nothing does, or all of it.
    """
    rows = []
    for step in islice((step for step in outcome.steps if step.worse), most):
        part = outcome.parts[step.node]
        rows.append(
            Row(
                minute=step.minute,
                when=moment(step.minute),
                clock=clock(start, step.minute),
                passed=now is not None and start + timedelta(minutes=step.minute) <= now,
                name=part.name,
                sector=part.sector,
                vital=part.vital,
                state=step.after,
                word=consequence(step, part),
                through=_through(outcome, step),
                need=step.requirement,
                until=_until(outcome, step),
            )
        )
    return rows


def _through(outcome: Outcome, step: Step) -> str:
    if step.cause == "outage":
        return _("hier begint het")
    if step.cause == "border":
        return _("een andere organisatie; daar eindigt wat u ziet")
    names = [outcome.parts[key].name for key in step.providers]
    if len(names) > NAMED:
        return _("%(names)s en %(n)d andere") % {"names": ", ".join(names[:NAMED]), "n": len(names) - NAMED}
    return listed(names)


def _until(outcome: Outcome, step: Step) -> str:
    later = [other for other in outcome.of(step.node) if other.minute > step.minute]
    if not later:
        return _("niet hersteld binnen %(time)s") % {"time": within(outcome.horizon)}
    if later[0].after == "down":
        return _("valt %(when)s alsnog uit") % {"when": moment(later[0].minute)}
    well = next((other for other in later if other.after == "up" or other.worse), None)
    end = (
        _("hersteld %(when)s") % {"when": moment(well.minute)}
        if well is not None and well.after == "up"
        else _("nog niet hersteld binnen %(time)s") % {"time": within(outcome.horizon)}
    )
    if later[0].after == "degraded":
        return _("werkt %(when)s weer deels; %(end)s") % {"when": moment(later[0].minute), "end": end}
    return end


def _held(outcome: Outcome) -> list[Held]:
    """Only nodes that stayed up: for the others the timeline tells the story."""
    hit = {step.node for step in outcome.steps}
    found = []
    for reserve in outcome.reserves:
        if reserve.held and reserve.node not in hit:
            part = outcome.parts[reserve.node]
            stretch = _("%(from)s, %(long)s lang") % {
                "from": moment(reserve.start),
                "long": precise_duration(reserve.end - reserve.start),
            }
            left = precise_duration(reserve.autonomy - (reserve.end - reserve.start))
            found.append(Held(part.name, part.vital, reserve.requirement, stretch, left))
    return found


def _graph(marker: str, headline: str, outcome: Outcome, drawing: Drawing) -> dict[str, Any]:
    """The data of ``components/graph.html``: the same picture, with time as a slider."""
    nodes = [
        {
            "id": box.key,
            "label": outcome.parts[box.key].name,
            "sector": outcome.parts[box.key].sector,
            "kind": outcome.parts[box.key].kind,
            "vital": box.vital,
            "x": round(box.x * 1.125),
            "y": round(box.middle * 0.8),
        }
        for box in drawing.boxes
    ]
    changes = states(outcome, {box.key for box in drawing.boxes})
    last = max((change["minute"] for change in changes), default=0)
    at = {node["id"]: index for index, node in enumerate(nodes)}
    return {
        "id": f"graph-{marker}",
        "title": headline,
        "nodes": nodes,
        "edges": [[at[arrow.source], at[arrow.target]] for arrow in drawing.arrows],
        "changes": changes,
        "causes": causes(outcome, {box.key for box in drawing.boxes}),
        "end": min(outcome.horizon, last + max(30, last // 10)),
    }


def causes(outcome: Outcome, keys: Collection[str]) -> list[dict[str, Any]]:
    """For every change of these nodes for the worse: through which providers and which requirement it came."""
    return [
        {"minute": s.minute, "node": s.node, "state": s.after, "providers": list(s.providers), "need": s.requirement}
        for s in outcome.steps
        if s.worse and s.node in keys
    ]


def states(outcome: Outcome, keys: Collection[str]) -> list[dict[str, Any]]:
    """Every change of what a node shows: ok, buffer (works on a reserve), degraded or down."""
    marks: defaultdict[int, set[str]] = defaultdict(set)
    for step in outcome.steps:
        marks[step.minute].add(step.node)
    for reserve in outcome.reserves:
        marks[reserve.start].add(reserve.node)
        marks[reserve.end].add(reserve.node)
    drawn_on: defaultdict[str, list[Reserve]] = defaultdict(list)
    for reserve in outcome.reserves:
        drawn_on[reserve.node].append(reserve)
    shown: dict[str, str] = {}
    changes: list[dict[str, Any]] = []
    for minute in sorted(marks):
        for key in sorted(key for key in marks[minute] if key in keys):
            level = next((s.after for s in reversed(outcome.of(key)) if s.minute <= minute), "up")
            drawn: str = level
            if level == "up":
                using = any(r.start <= minute < r.end for r in drawn_on[key])
                drawn = "buffer" if using else "ok"
            if drawn != shown.get(key, "ok"):
                shown[key] = drawn
                changes.append({"minute": minute, "node": key, "state": drawn})
    return changes
