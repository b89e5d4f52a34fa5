"""API resources of the sources: connect one, see how it is doing, give it another token, end it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Field, Router, Status

from brandwacht.network.errors import Refused
from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged
from brandwacht.network.usecase import note_listing, note_use
from brandwacht.soc.models import LogSource, SourceError, WatchGap
from brandwacht.soc.queries import logsources as reads
from brandwacht.soc.services import logsources as services
from brandwacht.soc.services.intake import why_full

router = Router(by_alias=True)
SEE = "soc.sources.see"
GAPS = 20
"""So many of the latest gaps stand with a source."""


class SourceIn(Resource):
    """A source to be, of the caller's organisation or of one that gave a mandate to act; a folder only by command."""

    organisation: str = Field("", max_length=20, description="De code; leeg voor de eigen organisatie.")
    name: str = Field(max_length=80)
    kind: Literal["bulk", "syslog"] = "bulk"
    silent_after: int = Field(60, description="Minuten stilte die een alarm zijn; 0 is nooit.")
    port: int | None = Field(None, description="Alleen voor syslog.")
    tls: bool = False


class SourceOut(Resource):
    """A source and how it is doing; ``perMinute`` is of the last full minute, moments are null until there is one."""

    id: UUID
    organisation: str
    name: str
    kind: str
    enabled: bool
    port: int | None
    tls: bool
    silent_after: int
    silent_since: datetime | None
    seen_at: datetime | None
    event_at: datetime | None
    watched_at: datetime | None
    per_minute: int
    events: int
    doubles: int
    errors: int
    created_at: datetime
    ended_at: datetime | None


class ConnectedOut(SourceOut):
    """A source with its token: it stands in this answer only, and is empty for a source that needs none."""

    token: str


class BadLineOut(Resource):
    """A line that could not be read: when it came, why, and how it begins."""

    at: datetime
    reason: str
    line: str


class GapOut(Resource):
    """When nobody watched; ``filledEvents`` were processed after all, ``lostEvents`` were not."""

    reason: str
    since: datetime
    until: datetime | None
    filled_events: int
    lost_events: int


class DayOut(Resource):
    """The sums of the last 24 hours."""

    events: int
    bytes: int
    doubles: int
    errors: int
    matched: int


class HealthOut(SourceOut):
    """How a source is doing in full; ``full`` says why nothing of it is taken now, and is empty when it is."""

    full: str
    last_day: DayOut
    bad_lines: list[BadLineOut]
    gaps: list[GapOut]


_SAME = (
    *("name", "kind", "enabled", "port", "tls", "silent_after", "silent_since", "seen_at", "event_at", "watched_at"),
    *("per_minute", "events", "doubles", "errors", "created_at", "ended_at"),
)


def _out(source: LogSource) -> dict[str, object]:
    facts = {name: getattr(source, name) for name in _SAME}
    return {"id": source.public_id, "organisation": source.organisation.code} | facts


def _bad(line: SourceError) -> dict[str, object]:
    return {"at": line.at, "reason": line.reason, "line": line.line}


def _gap(gap: WatchGap) -> dict[str, object]:
    return {name: getattr(gap, name) for name in ("reason", "since", "until", "filled_events", "lost_events")}


@router.get("/log-sources", response=Page[SourceOut], tags=["soc"], summary="Bronnen van logs")
def list_sources(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The sources that the caller may see, newest first."""
    seen: set[int] = set()

    def make(source: LogSource) -> dict[str, object]:
        seen.add(source.organisation_id)
        return _out(source)

    found = paged(request, reads.log_sources(request.actor), cursor, limit, make)
    note_listing(request.actor, SEE, seen)
    return found


@router.post("/log-sources", response={201: ConnectedOut}, tags=["soc"], summary="Sluit een bron aan")
def connect_source(request: ActorRequest, body: SourceIn) -> Status[dict[str, object]]:
    """Connect a source; its token is in this answer and nowhere else."""
    actor = request.actor
    code = body.organisation.strip() or actor.organisation_code
    by_code = {each.code: each.pk for each in reads.connectable(actor)} | {
        actor.organisation_code: actor.organisation_id
    }
    if code not in by_code:
        raise Refused(_("U kunt geen bronnen aansluiten van %(code)s.") % {"code": code[:20]}, "organisation")
    draft = services.SourceDraft(body.name, body.kind, body.silent_after, body.port, body.tls)
    source, token = services.connect(actor, by_code[code], draft)
    return Status(201, _out(reads.log_source(actor, source.public_id)) | {"token": token})


@router.get("/log-sources/{uuid:source_id}", response=HealthOut, tags=["soc"], summary="Hoe het met een bron gaat")
def source_health(request: ActorRequest, source_id: UUID) -> dict[str, object]:
    """What came of a source, what could not be read, and when it was not watched."""
    actor = request.actor
    source = reads.log_source(actor, source_id)
    note_use(actor, SEE, source)
    return _out(source) | {
        "full": why_full(source) if source.enabled else "",
        "last_day": reads.last_day(actor, source),
        "bad_lines": [_bad(line) for line in reads.bad_lines(actor, source)],
        "gaps": [_gap(gap) for gap in reads.gaps(actor, source).order_by(*reads.GAP_ORDER)[:GAPS]],
    }


@router.post("/log-sources/{uuid:source_id}/token", response=ConnectedOut, tags=["soc"], summary="Geef een nieuw token")
def renew_token(request: ActorRequest, source_id: UUID) -> dict[str, object]:
    """Give a source another token, in this answer only; the one before works no longer."""
    source, token = services.renew_token(request.actor, source_id)
    return _out(reads.log_source(request.actor, source.public_id)) | {"token": token}


@router.post("/log-sources/{uuid:source_id}/closure", response=SourceOut, tags=["soc"], summary="Beëindig een bron")
def end_source(request: ActorRequest, source_id: UUID) -> dict[str, object]:
    """End a source: nothing of it is taken any more, what came before stays."""
    source = services.end(request.actor, source_id)
    return _out(reads.log_source(request.actor, source.public_id))
