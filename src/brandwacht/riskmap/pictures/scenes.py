"""What a map or a graph shows: what is going on now, an outcome that was kept, the heaviest single loss, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.engines.cascade import Simulator
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.usecase import note_use
from brandwacht.network.wording import listed
from brandwacht.riskmap import queries
from brandwacht.riskmap.cascades import live
from brandwacht.riskmap.cascades.outcome import Outcome, from_json
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.pictures.cascade import clock, states
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning import findings
from brandwacht.riskmap.reckoning.heaviest import Point, points
from brandwacht.riskmap.reckoning.weights import weigh
from brandwacht.riskmap.words.sentences import moment

NOW, HEAVIEST, STILL = "nu", "zwaarst", "geen"
MOST_RUNS = 20
MOST_MOMENTS = 40


@dataclass(frozen=True)
class Scene:
    """One thing to show. ``minute`` is the moment that is shown; ``end`` the last one that there is to see.

    ``changes`` are those of ``pictures.states``; ``start`` is empty for what has no time of day.
    """

    key: str
    finding: str
    outcome: Outcome | None
    changes: Sequence[Mapping[str, Any]]
    start: datetime | None
    minute: int
    end: int
    now: live.Now | None = None

    @property
    def moments(self) -> list[tuple[int, str]]:
        """Moments to choose from: those at which something changes, at most ``MOST_MOMENTS``, and the one shown."""
        stops = sorted({0, *(change["minute"] for change in self.changes)})[:MOST_MOMENTS]
        return [(minute, moment(minute)) for minute in sorted({*stops, self.minute})]

    @property
    def when(self) -> str:
        """The moment that is shown, in words: on paper there is nothing to choose it with."""
        if self.outcome is None:
            return ""
        told = _("Zo is het %(moment)s.") % {"moment": moment(self.minute)}
        return f"{told} ({clock(self.start, self.minute)})" if self.start else told

    def states(self) -> dict[str, str]:
        """The state of every node that is not in order at the moment that is shown, by key."""
        found: dict[str, str] = {}
        for change in self.changes:
            if change["minute"] <= self.minute:
                found[change["node"]] = change["state"]
        return {key: state for key, state in found.items() if state != "ok"}


def choices(actor: Actor, owner_id: int, scene: Scene) -> list[tuple[str, str]]:
    """What can be shown of this owner's map: (key, words)."""
    found = [(NOW, _("wat er nu loopt"))] if scene.now else []
    found += [(HEAVIEST, _("als het zwaarste onderdeel wegvalt")), (STILL, _("niets: alles werkt"))]
    return found + [(str(run.public_id), run.title) for run in queries.runs(actor, owner_id)[:MOST_RUNS]]


def scene(actor: Actor, register: Register, owner_id: int, asked: str = "", minute: str = "") -> Scene:
    """The scene that was asked for; by default what is going on now, else the heaviest single loss.

    ``asked`` is a key of ``choices``; ``NotFound`` for a run that is not of this map. ``minute`` is the moment asked
    for, as it came in the address: what is no number gives the moment of now, or the worst one.
    """
    now = live.now_on(actor, register, owner_id)
    if asked in ("", NOW) and now is not None and now.outcome is not None:
        return _running(now, now.outcome, minute)
    if asked not in ("", NOW, HEAVIEST, STILL):
        return _kept(actor, owner_id, asked, minute, now)
    found_points = [] if asked == STILL else _heaviest(actor, register, owner_id)
    if not found_points:
        return Scene(STILL, _("Wie steunt op wie"), None, (), None, 0, 0, now)
    top = found_points[0]
    finding, found = findings.loss(register, top.key, Simulator(register.network), top.lasts)
    return _scene(HEAVIEST, finding, found, None, minute, now)


def _heaviest(actor: Actor, register: Register, owner_id: int) -> list[Point]:
    weights = weigh(register.network, register.vital)
    ranking = queries_planning.ranking_now(actor, register, owner_id)
    return points(register, weights, queries_planning.scales_of(owner_id), ranking, 1)


def _running(now: live.Now, found: Outcome, minute: str) -> Scene:
    names = listed([each.number for each in now.running])
    down = sum(row.state == "down" for row in live.risks(now))
    words = (
        _("Nu loopt %(names)s: %(n)d processen liggen stil")
        if down != 1
        else _("Nu loopt %(names)s: %(n)d proces ligt stil")
    )
    changes = states(found, found.parts.keys())
    shown = min(_number(minute, now.minute), found.horizon)
    end = max(now.minute + 60, _end(changes))
    return Scene(NOW, words % {"names": names, "n": down}, found, changes, now.start, shown, end, now)


def _kept(actor: Actor, owner_id: int, asked: str, minute: str, now: live.Now | None) -> Scene:
    try:
        run = queries.run(actor, UUID(asked))
    except ValueError as error:
        raise NotFound from error
    if run.organisation_id != owner_id:
        raise NotFound
    note_use(actor, "riskmap.see", run)
    found = _scene(asked, run.headline, from_json(run.result), run.started_at, minute, now)
    return found


def _scene(
    key: str, finding: str, outcome: Outcome, start: datetime | None, minute: str, now: live.Now | None
) -> Scene:
    changes = states(outcome, outcome.parts.keys())
    end = min(outcome.horizon, _end(changes))
    return Scene(key, finding, outcome, changes, start, min(_number(minute, _worst(changes)), end), end, now)


def _end(changes: Sequence[Mapping[str, Any]]) -> int:
    last = max((change["minute"] for change in changes), default=0)
    return int(last) + max(30, int(last) // 10)


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


def _worst(changes: Sequence[Mapping[str, Any]]) -> int:
    """The first minute at which most nodes are down, or else degraded."""
    counts: Counter[str] = Counter()
    held: dict[str, str] = {}
    best, at = (0, 0), 0
    for index, change in enumerate(changes):
        counts[held.get(change["node"], "ok")] -= 1
        held[change["node"]] = change["state"]
        counts[change["state"]] += 1
        done = index + 1 == len(changes) or changes[index + 1]["minute"] != change["minute"]
        if done and (counts["down"], counts["degraded"]) > best:
            best, at = (counts["down"], counts["degraded"]), int(change["minute"])
    return at
