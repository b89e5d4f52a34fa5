"""The national picture: what many organisations released, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from django.db.models import QuerySet
from django.utils import timezone

from brandwacht.baseline.models import JointTheme, NamedComparison, Snapshot, SnapshotKind
from brandwacht.baseline.progress.content import reported
from brandwacht.baseline.queries.progress import SEE_REPORT, find_moment
from brandwacht.engines.norms import national
from brandwacht.engines.norms.national import Reported
from brandwacht.engines.norms.progress import DataSet, Moment, load_dataset, moments
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.policy import visible
from brandwacht.network.queries import organisations

NATIONAL = "baseline.national.see"
HEAVY = (OrganisationKind.REGION, OrganisationKind.INSTITUTE)
"""The organisations that report."""


@dataclass(frozen=True, slots=True)
class Line:
    """The newest version that an organisation released for one moment, as the reader may see it.

    ``report`` is what the figures read from it, ``None`` when it was withdrawn.
    """

    owner_id: int
    public_id: Any
    moment: str
    kind: str
    released_on: date
    report: Reported | None


def lines(actor: Actor) -> list[Line]:
    """Per organisation and moment the newest version that the actor may see, withdrawals too. One query."""
    rows = (
        Snapshot.objects.filter(visible(actor, SEE_REPORT))
        .order_by("version")
        .values_list("organisation_id", "public_id", "moment", "kind", "released_at", "body")
    )
    newest = {(owner, moment): (owner, ref, moment, kind, at, body) for owner, ref, moment, kind, at, body in rows}
    return [
        Line(owner, ref, moment, kind, timezone.localdate(at), None if kind == SnapshotKind.WITHDRAWAL else _read(body))
        for owner, ref, moment, kind, at, body in newest.values()
    ]


@lru_cache(maxsize=600)
def _read(body: str) -> Reported:
    """What the figures read from a body. It never changes, so reading 26 regions over five years anew is lost work."""
    return reported(orjson.loads(body))


def reports(actor: Actor) -> dict[str, list[Reported]]:
    """What was released, by moment. One query."""
    return _by_moment(lines(actor))


def _by_moment(found: Sequence[Line]) -> dict[str, list[Reported]]:
    by_moment: dict[str, list[Reported]] = {}
    for line in found:
        if line.report is not None:
            by_moment.setdefault(line.moment, []).append(line.report)
    return by_moment


@dataclass(frozen=True, slots=True)
class Standing:
    """One organisation at the moment shown. ``state`` is "op_tijd", "laat", "ingetrokken", "wacht" or "te_laat"."""

    organisation: Organisation
    state: str
    line: Line | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything of the national page at one moment. ``shown`` are the reports of that moment, ``before`` those of the
    moment before it; ``time`` all moments; ``named`` those that agreed to be compared by name.
    """

    dataset: DataSet
    moment: Moment
    moments: Sequence[Moment]
    standings: Sequence[Standing]
    shown: Sequence[Reported]
    categories: Sequence[national.CategoryFigures]
    time: Sequence[national.MomentFigures]
    milestones: Sequence[national.MilestoneFigures]
    bottlenecks: Sequence[tuple[str, str, int]]
    phases: Sequence[tuple[str, int]]
    named: Sequence[tuple[Organisation, Reported]]
    agreed: int
    invested: dict[str, Any]

    @property
    def missing(self) -> list[Standing]:
        """Who did not report on this moment, or withdrew it."""
        return [each for each in self.standings if each.state in ("wacht", "te_laat", "ingetrokken")]

    @property
    def weakest(self) -> list[national.CategoryFigures]:
        """The themes with the lowest median."""
        return national.weakest(self.categories)


def overview(actor: Actor, key: str = "") -> Overview:
    """The national picture at the moment with this key (default the one that is reported on). Three queries.

    Raises ``NotFound`` for a moment that is not there.
    """
    dataset = load_dataset()
    every = moments(dataset, actor.today)
    moment = find_moment(actor, key)
    found = lines(actor)
    by_moment = _by_moment(found)
    place = every.index(moment)
    now = by_moment.get(moment.key, [])
    before = by_moment.get(every[place - 1].key, []) if place else []
    heavy = list(organisations(*HEAVY))
    here = {line.owner_id: line for line in found if line.moment == moment.key}
    agreed = set(_agreements(actor).values_list("organisation_id", flat=True))
    by_code = {each.code: each for each in heavy}
    named = national.named(now, {each.code for each in heavy if each.pk in agreed})
    return Overview(
        dataset=dataset,
        moment=moment,
        moments=every,
        standings=[Standing(each, _state(here.get(each.pk), moment, actor.today), here.get(each.pk)) for each in heavy],
        shown=now,
        categories=national.by_category(dataset, now, before),
        time=national.over_time(every, [report for rows in by_moment.values() for report in rows]),
        milestones=national.milestones(dataset, now, actor.today),
        bottlenecks=national.shared_bottlenecks(dataset, now),
        phases=national.phases(dataset, now),
        named=[(by_code[report.code], report) for report in named if report.code in by_code],
        agreed=len(agreed),
        invested=national.invested(now),
    )


def _state(line: Line | None, moment: Moment, today: date) -> str:
    if line is None:
        return "te_laat" if today > moment.due else "wacht"
    if line.kind == SnapshotKind.WITHDRAWAL:
        return "ingetrokken"
    return "laat" if line.released_on > moment.due else "op_tijd"


def _agreements(actor: Actor) -> QuerySet[NamedComparison]:
    rows: QuerySet[NamedComparison] = NamedComparison.objects.filter(visible(actor, SEE_REPORT), ended_at__isnull=True)
    return rows


def themes(actor: Actor) -> QuerySet[JointTheme]:
    """The joint themes that the actor may see, those that run first."""
    rows: QuerySet[JointTheme] = JointTheme.objects.filter(visible(actor, SEE_REPORT))
    return rows.select_related("organisation").order_by("-made_at", "-pk")


def theme(actor: Actor, public_id: Any) -> JointTheme:
    """One joint theme; raises ``NotFound``."""
    found = themes(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
