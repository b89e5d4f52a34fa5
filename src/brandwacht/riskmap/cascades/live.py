"""What is going on now: the open incidents, what they do to the map at this moment, and which buffers are running.

The room above that keeps incidents registers a source (``register_incidents``); this room only asks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from brandwacht.engines.cascade import Outage, Simulator
from brandwacht.network.actor import Actor
from brandwacht.network.policy import visible
from brandwacht.riskmap.cascades.asked import MOST_MINUTES
from brandwacht.riskmap.cascades.outcome import Outcome, outcome
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.models import CascadeRun
from brandwacht.riskmap.pictures.cascade import states

WORST = ("down", "degraded", "buffer", "ok")
"""States from worst to best, as ``pictures.states`` names them."""
MOST_INCIDENTS = 50


@dataclass(frozen=True, slots=True)
class LiveIncident:
    """An incident that runs, as the room that keeps it tells of it. ``since``: when it was known."""

    ref: UUID
    owner_id: int
    number: str
    title: str
    url: str
    severity: str
    since: datetime


Source = Callable[[Actor, Collection[int]], Iterable[LiveIncident]]
_sources: dict[str, Source] = {}


def register_incidents(key: str, source: Source) -> None:
    """Register who knows the incidents that run at some owners; it gives only those that the actor may see."""
    _sources[key] = source


def incidents(actor: Actor, owner_ids: Collection[int]) -> list[LiveIncident]:
    """The incidents that run at these owners, the newest first, at most ``MOST_INCIDENTS``."""
    found = [each for source in _sources.values() for each in source(actor, owner_ids)]
    return sorted(found, key=lambda each: (each.since, each.number), reverse=True)[:MOST_INCIDENTS]


def newest_runs(actor: Actor, running: Collection[LiveIncident]) -> dict[UUID, CascadeRun]:
    """Per incident the newest run that was made for it, in one query; an incident without one is left out."""
    if not running:
        return {}
    rows = CascadeRun.objects.filter(visible(actor, "riskmap.see"), incident_ref__in=[each.ref for each in running])
    later = Q(ran_at__gt=OuterRef("ran_at")) | Q(ran_at=OuterRef("ran_at"), pk__gt=OuterRef("pk"))
    newer = CascadeRun.objects.filter(later, incident_ref=OuterRef("incident_ref"))
    return {run.incident_ref: run for run in rows.filter(~Exists(newer))}


@dataclass(frozen=True, slots=True)
class Now:
    """The map of one owner while incidents run. ``minute`` counts from ``start`` and is this moment.

    ``uncounted`` are the incidents of which nothing could be computed.
    """

    running: Sequence[LiveIncident]
    uncounted: Sequence[LiveIncident]
    start: datetime
    minute: int
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Risk:
    """A node that is hit now, or that will be. ``state`` is now; ``then`` and ``at``: the next change for the worse.

    ``back``: when the computation expects it to work again. ``need`` is the requirement that it is about.
    """

    key: str
    name: str
    vital: bool
    kind: str
    state: str
    then: str
    at: datetime | None
    back: datetime | None
    need: str
    providers: Sequence[str]


def now_on(actor: Actor, register: Register, owner_id: int) -> Now | None:
    """What runs at this owner: all open incidents together, played on the register of now; ``None`` when nothing does.

    Together, since two outages may stop what each alone does not.
    """
    running = incidents(actor, {owner_id})
    if not running:
        return None
    runs = newest_runs(actor, running)
    start = min((run.started_at for run in runs.values()), default=actor.now)
    outages: list[Outage] = []
    horizon = 1
    for run in runs.values():
        shift = int((run.started_at - start) / timedelta(minutes=1))
        horizon = max(horizon, shift + run.horizon)
        outages += [_shifted(each, shift) for each in run.outages if each["node"] in register.network]
    minute = max(0, int((actor.now - start) / timedelta(minutes=1)))
    horizon = min(MOST_MINUTES, max(horizon, minute + 24 * 60))
    outages = [each for each in outages if each.start < horizon]
    found = outcome(register, Simulator(register.network).run(outages, horizon)) if outages else None
    uncounted = [each for each in running if each.ref not in runs]
    return Now(running, uncounted, start, minute, found)


def _shifted(kept: Mapping[str, Any], shift: int) -> Outage:
    return Outage(kept["node"], kept.get("start", 0) + shift, kept.get("duration"), kept.get("state", "down"))


def risks(now: Now, processes_only: bool = True) -> list[Risk]:
    """What is hit now or will be, in the order in which it asks for attention: down, degraded, then the first to fall.

    What was hit and works again is left out.
    """
    found = now.outcome
    if found is None:
        return []
    by_node: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for change in states(found, found.parts.keys()):
        by_node[change["node"]].append(change)
    rows = []
    for key, changes in by_node.items():
        part = found.parts[key]
        if processes_only and part.kind != "process":
            continue
        at = bisect_right([change["minute"] for change in changes], now.minute)
        state = changes[at - 1]["state"] if at else "ok"
        later = changes[at:]
        worse = next((c for c in later if WORST.index(c["state"]) < min(WORST.index(state), 2)), None)
        back = next((c for c in later if c["state"] == "ok"), None)
        if state == "ok" and worse is None:
            continue
        if worse is not None and back is not None and back["minute"] < worse["minute"]:
            back = next((c for c in later if c["state"] == "ok" and c["minute"] > worse["minute"]), None)
        step = _reason(found, key, worse["minute"] if worse else now.minute)
        rows.append(
            Risk(
                key=key,
                name=part.name,
                vital=part.vital,
                kind=part.kind,
                state=state,
                then=worse["state"] if worse else "",
                at=now.start + timedelta(minutes=worse["minute"]) if worse else None,
                back=now.start + timedelta(minutes=back["minute"]) if back else None,
                need=step[0],
                providers=step[1],
            )
        )
    far = now.start + timedelta(minutes=2 * MOST_MINUTES)
    return sorted(rows, key=lambda row: (min(WORST.index(row.state), 2), row.at or far, not row.vital, row.name))


def _reason(found: Outcome, key: str, minute: int) -> tuple[str, list[str]]:
    """The requirement and the providers through which a node is hit at a minute."""
    steps = [step for step in found.of(key) if step.worse and step.minute <= minute]
    if steps:
        return steps[-1].requirement, [found.parts[provider].name for provider in steps[-1].providers]
    used = [each for each in found.reserves if each.node == key and each.start <= minute < each.end]
    return (used[-1].requirement if used else ""), []
