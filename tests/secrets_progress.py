"""The rows of progress reports: a draft, a released snapshot, an agreement, a joint theme, and what a measure costs."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import (
    FRAMEWORK,
    JointTheme,
    Measure,
    MeasureCost,
    NamedComparison,
    ReportDraft,
    Snapshot,
    SnapshotKind,
)
from brandwacht.baseline.progress.content import content
from brandwacht.engines.norms.progress import latest_moment, load_dataset
from brandwacht.network.actor import SEE
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant, Organisation
from brandwacht.network.signing import canonical, sign
from tests.world import acting_system


def things(region: Organisation, other: Organisation, now: datetime, word: str, measure: Measure) -> dict[str, Any]:
    """The rows by name, owned by ``region``, inside a scope of all owners. ``other`` released a report to it."""
    dataset = load_dataset()
    moment = latest_moment(dataset, timezone.localdate(now))
    assert moment is not None
    by = {"changed_at": now, "changed_by": word}
    knot = {"kind": "geld", "category": "", "text": word}
    draft = ReportDraft(
        organisation=region, moment=moment.key, dataset=dataset.key, said={"fte_now": 0.2},
        explained={"fase": word, "scores": word}, bottlenecks=[knot], **by,
    )  # fmt: skip
    draft.save()
    costs = MeasureCost(organisation=region, measure=measure, once_low=1, once_high=2, source=word, **by)
    costs.save()
    agreed = NamedComparison(organisation=region, agreed_at=now, agreed_by=word)
    agreed.save()
    theme = JointTheme(
        organisation=region, title=f"{word} thema", text=word, kinds=["geld"], moment=moment.key, based_on=2,
        made_at=now, made_by=word,
    )  # fmt: skip
    theme.save()
    with acting_system(region, now) as system:
        said = content(system, dataset, moment, draft)
    assert said["framework"]["key"] == FRAMEWORK
    theirs = content_of_another(other, said)
    _show(_released(other, theirs, now), region, now)
    return {"theme": theme, "snapshot": _released(region, said, now), "draft_report": draft}


def content_of_another(other: Organisation, said: dict[str, Any]) -> dict[str, Any]:
    """The same without a word of the owner."""
    owner = {"code": other.code, "name": other.full_name}
    knot = {"kind": "geld", "category": "", "text": ""}
    return said | {"organisation": owner, "explained": {}, "bottlenecks": [knot]}


def _show(row: Snapshot, reader: Organisation, now: datetime) -> None:
    Grant(
        organisation=row.organisation, kind=GrantKind.SNAPSHOT, grantee=reader, thing=row.public_id, may=[SEE],
        purpose="Voortgang", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=300), given_by="Buur",
    ).save()  # fmt: skip


def _released(region: Organisation, said: dict[str, Any], now: datetime) -> Snapshot:
    public_id = uuid.uuid4()
    facts = {"id": str(public_id), "kind": SnapshotKind.RELEASE, "version": 1, "replaces": None, "why": ""}
    body = canonical({**said, **facts, "released_at": now.isoformat()})
    signed = sign(body)
    row = Snapshot(
        organisation=region, public_id=public_id, moment=said["moment"], version=1, kind=SnapshotKind.RELEASE,
        body=body.decode(), sha256=hashlib.sha256(body).hexdigest(), signature=signed.signature,
        public_key=signed.public_key, released_at=now,
    )  # fmt: skip
    row.save()
    return row
