"""Reads of what organisations report: the own draft, what was released, and who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from brandwacht.baseline.models import NamedComparison, ReportDraft, Snapshot
from brandwacht.engines.norms.progress import Body, DataSet, Moment, load_dataset, moments
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.policy import visible
from brandwacht.network.queries import grants_given, in_force

SEE_REPORT = "baseline.progress.see"
WRITE = "baseline.progress.write"
RELEASE = "baseline.progress.release"


def find_moment(actor: Actor, key: str = "") -> Moment:
    """The moment with this key, or the one that is reported on now; raises ``NotFound``."""
    found = moments(load_dataset(), actor.today)
    chosen = next((each for each in found if each.key == key), None) if key else (found[-1] if found else None)
    if chosen is None:
        raise NotFound
    return chosen


def draft_of(actor: Actor, moment: Moment) -> ReportDraft | None:
    """What the own organisation wrote so far for this moment."""
    rows = ReportDraft.objects.filter(visible(actor, WRITE), organisation_id=actor.organisation_id)
    found: ReportDraft | None = rows.filter(moment=moment.key).first()
    return found


def draft_before(actor: Actor, moment: Moment) -> ReportDraft | None:
    """The last draft of an earlier moment, to start from."""
    rows = ReportDraft.objects.filter(visible(actor, WRITE), organisation_id=actor.organisation_id)
    found: ReportDraft | None = rows.filter(moment__lt=moment.key).order_by("-moment").first()
    return found


def snapshots(actor: Actor) -> QuerySet[Snapshot]:
    """Every version of every snapshot that the actor may see, newest first."""
    rows: QuerySet[Snapshot] = Snapshot.objects.filter(visible(actor, SEE_REPORT))
    return rows.select_related("organisation").order_by("-released_at", "-pk")


def snapshot(actor: Actor, public_id: Any) -> Snapshot:
    """One version; raises ``NotFound``."""
    found = snapshots(actor).select_related("replaces").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def versions(actor: Actor, of: Snapshot) -> list[Snapshot]:
    """All versions of the same report that the actor may see, newest first."""
    return list(snapshots(actor).filter(organisation_id=of.organisation_id, moment=of.moment).order_by("-version"))


def last_released(actor: Actor, moment: Moment) -> Snapshot | None:
    """The newest version that the own organisation made for this moment, be it a withdrawal."""
    rows = snapshots(actor).filter(organisation_id=actor.organisation_id, moment=moment.key)
    return rows.order_by("-version").first()


def latest_shown(actor: Actor, organisation_id: int) -> Snapshot | None:
    """The latest released snapshot of an organisation that the actor may see and that was not withdrawn. One query."""
    rows = snapshots(actor).filter(organisation_id=organisation_id).order_by("-moment", "-version")[:60]
    passed: set[str] = set()
    for row in rows:
        if row.moment not in passed and not row.withdrawn:
            return row
        passed.add(row.moment)
    return None


def readers_of(actor: Actor, released: Snapshot) -> Sequence[Grant]:
    """The grants in force on an own snapshot, by name of the reader."""
    rows = grants_given(actor).filter(kind=GrantKind.SNAPSHOT, thing=released.public_id)
    return list(in_force(rows, actor.now).order_by("grantee__name"))


def members(dataset: DataSet, actor: Actor) -> list[tuple[Body, list[Organisation]]]:
    """Each body of the data set with the organisations in it, but the own one. One query."""
    return own_and_members(dataset, actor)[1]


def own_and_members(dataset: DataSet, actor: Actor) -> tuple[Organisation, list[tuple[Body, list[Organisation]]]]:
    """The own organisation, and the ``members``. One query."""
    kinds = {kind for body in dataset.bodies for kind in body.kinds}
    codes = {code for body in dataset.bodies for code in body.codes}
    rows = {
        row.pk: row
        for row in Organisation.objects.filter(Q(pk=actor.organisation_id) | Q(kind__in=kinds) | Q(code__in=codes))
    }
    own = rows.pop(actor.organisation_id)
    return own, [
        (body, [row for row in rows.values() if row.kind in body.kinds or row.code in body.codes])
        for body in dataset.bodies
    ]


def agreement(actor: Actor) -> NamedComparison | None:
    """What the own organisation agreed to about being compared by name, if that runs."""
    rows = NamedComparison.objects.filter(visible(actor, SEE_REPORT), ended_at__isnull=True)
    found: NamedComparison | None = rows.filter(organisation_id=actor.organisation_id).first()
    return found
