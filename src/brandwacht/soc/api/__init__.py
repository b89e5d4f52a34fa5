"""API resources of the watch: alerts with what matched, detection rules, and the ledger of log files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router

from brandwacht.network.requests import ActorRequest
from brandwacht.network.resources import Cursor, Limit, Page, Resource, paged, paged_noted
from brandwacht.network.usecase import note_use
from brandwacht.soc import queries, services
from brandwacht.soc.api import hunts, sources
from brandwacht.soc.models import Alert, AlertRule, Disposition, IngestFile, MatchedEvent, SigmaRule

router = Router(by_alias=True)
router.add_router("", hunts.router)
router.add_router("", sources.router)
EVENTS = 50
"""So many events stand with an alert: the first ones in time."""


class AssetOut(Resource):
    """The node of the register on which it happened."""

    id: UUID
    name: str


class AlertOut(Resource):
    """What happened on one asset in one stretch of time; ``severity`` 0-4."""

    id: UUID
    organisation: str
    asset: AssetOut
    title: str
    severity: int
    state: str
    waiting: bool
    first_seen: datetime
    last_seen: datetime
    received_at: datetime | None
    opened_at: datetime
    acknowledged_at: datetime | None
    triaged_at: datetime | None
    escalated_at: datetime | None
    closed_at: datetime | None
    holder: str
    event_count: int
    rule_count: int
    attack: list[str]
    handled_by: str
    handled_at: datetime | None
    note: str
    disposition: str
    incident: UUID | None


class MatchedRuleOut(Resource):
    """A rule that matched within the alert: how often, from when to when."""

    rule_id: str
    title: str
    level: int
    attack: list[str]
    count: int
    first_seen: datetime
    last_seen: datetime


class ValueOut(Resource):
    """A field of the event that a rule looked at."""

    field: str
    value: Any


class MatchOut(Resource):
    """Why a rule matched an event."""

    rule_id: str
    title: str
    level: int
    values: list[ValueOut]
    because: list[str]


class EventOut(Resource):
    """An event that matched, without its raw text."""

    time: datetime
    file: str
    number: int
    channel: str
    event_id: int | None
    matches: list[MatchOut]


class AlertDetailOut(AlertOut):
    """An alert with its rules and its first events."""

    rules: list[MatchedRuleOut]
    events: list[EventOut]


class ClosureIn(Resource):
    """How the alert was dealt with; ``disposition`` is echt, vals, onschuldig or onbeslist."""

    reason: str
    disposition: str = Disposition.UNDECIDED.value


class RuleOut(Resource):
    """A detection rule; ``reason`` says why it cannot be used, when that is so."""

    id: UUID
    rule_id: str
    title: str
    level: int
    status: str
    author: str
    attack: list[str]
    usable: bool
    reason: str
    enabled: bool
    imported_at: datetime


class RuleDetailOut(RuleOut):
    """A detection rule with its text, and how it did in the last 90 days."""

    version: int
    edited: bool
    description: str
    falsepositives: list[str]
    source: str
    hits: int
    alerts: int
    last_seen: datetime | None


class IngestFileOut(Resource):
    """A log file in the ledger; ``size`` in bytes."""

    id: UUID
    organisation: str
    name: str
    size: int
    sha256: str
    state: str
    events: int
    matched: int
    bad_records: int
    reason: str
    started_at: datetime
    finished_at: datetime | None


def _alert(row: Alert) -> dict[str, object]:
    return {
        "id": row.public_id,
        "organisation": row.organisation.code,
        "asset": AssetOut(id=row.asset.public_id, name=row.asset.name),
        "title": row.title,
        "severity": row.severity,
        "state": row.state,
        "waiting": row.waiting,
        "first_seen": row.first_seen,
        "last_seen": row.last_seen,
        "received_at": row.received_at,
        "opened_at": row.opened_at,
        "acknowledged_at": row.acknowledged_at,
        "triaged_at": row.triaged_at,
        "escalated_at": row.escalated_at,
        "closed_at": row.closed_at,
        "holder": row.holder.name if row.holder else "",
        "event_count": row.event_count,
        "rule_count": row.rule_count,
        "attack": row.attack,
        "handled_by": row.handled_by,
        "handled_at": row.handled_at,
        "note": row.note,
        "disposition": row.disposition,
        "incident": row.incident_ref,
    }


def _matched_rule(row: AlertRule) -> MatchedRuleOut:
    return MatchedRuleOut.model_validate(row)


def _event(row: MatchedEvent) -> EventOut:
    return EventOut(
        time=row.time,
        file=row.file.name,
        number=row.number,
        channel=row.channel,
        event_id=row.event_id,
        matches=[
            MatchOut(
                rule_id=match["rule_id"],
                title=match["title"],
                level=match["level"],
                values=[ValueOut(field=field, value=value) for field, value in match["matched"].items()],
                because=match.get("because", []),
            )
            for match in row.matches
        ],
    )


def _rule(row: SigmaRule) -> dict[str, object]:
    names = ("rule_id", "title", "level", "status", "author", "attack", "usable", "reason", "enabled", "imported_at")
    return {"id": row.public_id} | {name: getattr(row, name) for name in names}


def _file(row: IngestFile) -> dict[str, object]:
    names = ("name", "size", "sha256", "state", "events", "matched", "bad_records", "reason", "started_at")
    facts = {name: getattr(row, name) for name in (*names, "finished_at")}
    return {"id": row.public_id, "organisation": row.organisation.code} | facts


@router.get("/alerts", response=Page[AlertOut], tags=["soc"], summary="Meldingen")
def list_alerts(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The alerts that the caller may see."""
    return paged_noted(request, queries.alerts(request.actor), cursor, limit, "soc.alert.see", _alert)


@router.get("/alerts/{uuid:alert_id}", response=AlertDetailOut, tags=["soc"], summary="Een melding")
def get_alert(request: ActorRequest, alert_id: UUID) -> dict[str, object]:
    """One alert, with the rules that matched and the first events."""
    alert = queries.alert(request.actor, alert_id)
    note_use(request.actor, "soc.alert.see", alert)
    events = queries.matched_events(request.actor, alert).defer("raw").order_by("time", "id")[:EVENTS]
    rules = queries.alert_rules(request.actor, alert)
    return _alert(alert) | {"rules": [_matched_rule(r) for r in rules], "events": [_event(e) for e in events]}


@router.post(
    "/alerts/{uuid:alert_id}/acknowledgement", response=AlertOut, tags=["soc"], summary="Onderzoek een melding"
)
def acknowledge_alert(request: ActorRequest, alert_id: UUID) -> dict[str, object]:
    """The caller looks into it: the alert no longer waits."""
    return _alert(services.acknowledge(request.actor, alert_id))


@router.post("/alerts/{uuid:alert_id}/closure", response=AlertOut, tags=["soc"], summary="Sluit een melding")
def close_alert(request: ActorRequest, alert_id: UUID, body: ClosureIn) -> dict[str, object]:
    """The alert is dealt with."""
    return _alert(services.close(request.actor, alert_id, body.reason, body.disposition))


@router.get("/rules", response=Page[RuleOut], tags=["soc"], summary="Detectieregels")
def list_rules(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The detection rules of the caller's organisation."""
    return paged(request, queries.rules(request.actor, queries.RuleFilter()), cursor, limit, _rule)


@router.get("/rules/{uuid:rule_id}", response=RuleDetailOut, tags=["soc"], summary="Een detectieregel")
def get_rule(request: ActorRequest, rule_id: UUID) -> dict[str, object]:
    """One detection rule of the caller's organisation, with its text and figures."""
    row = queries.rule(request.actor, rule_id)
    since = request.actor.now - queries.LONGER
    figures = queries.rule_figures(request.actor, [row.rule_id], since).get(row.rule_id, queries.RuleFigures())
    facts = {name: getattr(row, name) for name in ("version", "edited", "description", "falsepositives", "source")}
    return _rule(row) | facts | {"hits": figures.hits, "alerts": figures.alerts, "last_seen": figures.latest}


@router.get("/ingest-files", response=Page[IngestFileOut], tags=["soc"], summary="Gelezen logbestanden")
def list_ingest_files(request: ActorRequest, cursor: Cursor = None, limit: Limit = 50) -> dict[str, object]:
    """The log files that were read."""
    return paged_noted(request, queries.sources(request.actor), cursor, limit, "soc.sources.see", _file)
