"""One row of everything, owned by VR17 (warnings: by the circle), each with the same word in every text.

Whoever should not see it must not find that word anywhere. Keys, which a person may type, do not hold the word.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import AnswerChange, AnswerState, ControlAnswer, Measure, MeasureState, MeasureStep
from brandwacht.cert.models import Incident, IncidentAsset, IncidentClock, IncidentEntry
from brandwacht.governance.models import BoardFigure
from brandwacht.network.actor import ACT, SEE
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import (
    Action,
    ApiToken,
    Dependency,
    Grant,
    Node,
    NodeKind,
    NodeName,
    Organisation,
    Requirement,
    RoleAssignment,
    TableImport,
    User,
)
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap.models import Scenario
from brandwacht.riskmap.services import run_cascade
from brandwacht.sharing.circle import delivery, read_circle
from brandwacht.sharing.models import CircleWarning, WarningReader, WarningState
from brandwacht.soc.models import (
    Alert,
    AlertRule,
    AlertState,
    BadRecord,
    IngestFile,
    IngestState,
    MatchedEvent,
    SigmaRule,
)
from tests import (
    secrets_advisories,
    secrets_alerts,
    secrets_circle,
    secrets_content,
    secrets_couplings,
    secrets_evidence,
    secrets_frameworks,
    secrets_ndn,
    secrets_papers,
    secrets_picture,
    secrets_plan,
    secrets_product,
    secrets_progress,
    secrets_questions,
    secrets_receive,
    secrets_register,
    secrets_reviews,
    secrets_shared,
    secrets_shift,
    secrets_sight,
    secrets_store,
)
from tests.world import acting_system, organisation, person

WORD = "GEHEIM17"
OWNER, STRANGER, SOC, CERT, CIRCLE = "VR17", "VR01", "VR-SOC", "VR-CERT", "VR-ISAC"
REVIEWER = "VR15"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The people who try, where they work, and the things they try to reach, by name."""

    people: dict[str, User]
    homes: dict[str, Organisation]
    things: dict[str, Any]


def build() -> Secrets:
    """Fill the database and return who is who and what is what."""
    now = timezone.now()
    region, other = organisation(OWNER), organisation(STRANGER)
    soc, cert, circle = organisation(SOC, "landelijk"), organisation(CERT, "landelijk"), organisation(CIRCLE, "kring")
    staff = {
        "stranger": (other, (Role.CISO, Role.ISAC_MEMBER, Role.ADMIN, Role.CHAIR)),
        "colleague": (region, (Role.COUNCILLOR,)),
        "left": (region, (Role.CISO, Role.ADMIN, Role.ISAC_MEMBER)),
        "ciso": (region, (Role.CISO, Role.ISAC_MEMBER)),
        "admin": (region, (Role.ADMIN,)),
        "chair": (region, (Role.CHAIR,)),
        "bureau": (region, (Role.PROGRAMME,)),
        "analyst": (soc, (Role.SOC_ANALYST,)),
        "cert": (cert, (Role.CERT_LEAD,)),
        "reviewer": (organisation(REVIEWER), (Role.REVIEWER,)),
    }
    people = {key: person(home, *roles) for key, (home, roles) in staff.items()}
    things: dict[str, Any] = {
        "soc_mandate": _door(region, soc, GrantKind.SOC_MANDATE, now, act=True),
        "grant": _door(region, cert, GrantKind.CERT_MANDATE, now, act=True),
        "membership": _door(circle, region, GrantKind.CIRCLE, now),
        "coordination": _door(circle, cert, GrantKind.CIRCLE, now, act=True),
        "nothing": uuid.uuid4(),
    }
    with every_owner():
        yesterday = timezone.localdate(now) - timedelta(days=1)
        RoleAssignment.objects.filter(user=people["left"]).update(valid_to=yesterday)
        things["role"] = RoleAssignment.objects.get(user=person(region, Role.RISK_ADVISER, name=f"{WORD} Jansen"))
        things |= _register(region, now) | _watch(region, now) | _incident(region, now) | _basis(region, now)
        things |= secrets_content.things(region, now, WORD)
        things |= secrets_evidence.things(region, things["process"], now, WORD)
        things |= secrets_receive.things(region, now)
        things |= secrets_sight.things(region, things["logsource"], now, WORD)
        things |= secrets_store.things(region, now)
        things |= secrets_picture.things(region, now, WORD)
        things |= secrets_shift.things(region, now)
        things |= secrets_questions.things(region, now, WORD)
        things |= secrets_frameworks.things(region, now)
        things |= secrets_register.things(region, now, WORD, things["node"], things["process"])
        things |= _warnings(circle, cert, people["cert"], now)
        things |= secrets_progress.things(region, other, now, WORD, things["measure"])
        things |= secrets_papers.things(region, now, WORD, people["ciso"])
        things |= secrets_advisories.things(circle, region, now, WORD)
        things |= secrets_circle.things(circle, region, people["ciso"], now, WORD)
        things |= secrets_couplings.things(circle, region, now, WORD)
        things |= secrets_ndn.things(circle, region, cert, things["alert"], things["threat"], now, WORD)
        things |= secrets_product.things(circle, cert, people["ciso"], now, WORD)
        things["scenario"] = _saved(
            Scenario(organisation=region, key="s", name=f"{WORD} scenario", description=WORD, outages=[_outage(60)])
        )
        things |= secrets_reviews.things(region, organisation(REVIEWER), now, WORD)
        things |= secrets_shared.things(region, organisation(REVIEWER), things["measure"], now, WORD)
        things |= secrets_plan.things(region, other, things["scenario"], now)
        things["token"] = _saved(
            ApiToken(
                organisation=region, user=people["ciso"], name=f"{WORD} token", token_hash="3" * 64,
                expires_at=now + timedelta(days=30),
            )
        )  # fmt: skip
        _saved(BoardFigure(organisation=region, key="basis", on=timezone.localdate(now) - timedelta(days=8), value=17))
        things["incident"].refresh_from_db()
    with acting_system(region, now) as system:
        secrets_plan.freshen(system, region)
        things["run"] = run_cascade(
            system, region.pk, [_outage(None)], title=f"{WORD} cascade", started_at=now,
            incident_ref=things["incident"].public_id,
        )  # fmt: skip
    return Secrets(people, {key: home for key, (home, _roles) in staff.items()}, things)


def _saved(row: Any) -> Any:
    row.save()
    return row


def _door(giver: Organisation, grantee: Organisation, kind: GrantKind, now: datetime, *, act: bool = False) -> Grant:
    grant = Grant(
        organisation=giver, kind=kind, grantee=grantee, may=[SEE, ACT] if act else [SEE], purpose=f"{WORD} doel",
        starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=300), given_by=WORD,
    )  # fmt: skip
    with every_owner():
        return _saved(grant)


def _node(region: Organisation, key: str, kind: NodeKind = NodeKind.ASSET, **facts: Any) -> Node:
    node = _saved(
        Node(organisation=region, key=key, name=f"{WORD} {key}", kind=kind, sector=WORD, owner_name=WORD, **facts)
    )
    _saved(NodeName(organisation=region, node=node, value=f"{WORD}-{key}".lower()))
    return node


def _outage(duration: int | None) -> dict[str, Any]:
    return {"node": "dc", "start": 0, "duration": duration, "state": "down"}


def _register(region: Organisation, now: datetime) -> dict[str, Any]:
    dc, process = _node(region, "dc"), _node(region, "proces", NodeKind.PROCESS, vital=True)
    need = _saved(Requirement(organisation=region, node=process, label=f"{WORD} stroom", autonomy=60))
    _saved(Dependency(organisation=region, requirement=need, provider=dc))
    action = Action(
        organisation=region,
        key="a",
        title=f"{WORD} actie",
        why=WORD,
        room="baseline",
        path="/basis",
        created_at=now,
        closes_itself=False,
    )
    row = {"row": 2, "cells": {"name": f"{WORD} nieuw", "kind": "middel"}}
    table = TableImport(
        organisation=region, kind="middelen", filename=f"{WORD}.csv", sha256="2" * 64, rows=[row], created_at=now,
        created_by=WORD,
    )  # fmt: skip
    return {
        "node": dc, "process": process, "requirement": need, "loose": _node(region, "los"),
        "seen": _node(region, "gezien", confirmed=False), "action": _saved(action), "import": _saved(table),
    }  # fmt: skip


def _watch(region: Organisation, now: datetime) -> dict[str, Any]:
    rule = SigmaRule(
        organisation=region, rule_id="eigen", name=f"{WORD}.yml", title=f"{WORD} regel", level=3, source=WORD,
        sha256="0" * 64, compiled={}, imported_at=now,
    )  # fmt: skip
    file = IngestFile(
        organisation=region, sha256="1" * 64, name=f"{WORD}.evtx", size=1, state=IngestState.DONE, started_at=now,
        finished_at=now, seen_at=now, events=1, matched=1, position=1, offered_by=WORD,
    )  # fmt: skip
    things = {"rule": _saved(rule), "file": _saved(file)}
    _saved(BadRecord(organisation=region, file=file, number=9, reason=WORD))
    host = _node(region, "ws")
    for key, state in (("alert", AlertState.NEW), ("alert2", AlertState.NEW), ("closed", AlertState.CLOSED)):
        new = state == AlertState.NEW
        alert = _saved(
            Alert(
                organisation=region, asset=host, title=f"{WORD} melding", severity=3, state=state, open=new,
                waiting=new, first_seen=now, last_seen=now, opened_at=now, event_count=1, rule_count=1,
                attack=["T1003.001"], note="" if new else WORD, handled_by="" if new else WORD,
                handled_at=None if new else now,
            )
        )  # fmt: skip
        _saved(
            AlertRule(
                organisation=region, alert=alert, rule_id="regel-1", title=f"{WORD} regel", level=3, count=1,
                first_seen=now, last_seen=now, attack=["T1003.001"],
            )
        )  # fmt: skip
        things[key] = alert
    match = {"rule_id": "regel-1", "title": f"{WORD} regel", "level": 3, "matched": {"Image": WORD}, "because": [WORD]}
    _saved(
        MatchedEvent(
            organisation=region, alert=things["alert"], file=file, number=1, time=now, channel="Security",
            event_id=4688, matches=[match], raw={"x": WORD},
        )
    )  # fmt: skip
    things |= secrets_alerts.things(region, now, WORD, [things["alert"], things["alert2"]], host)
    return things


def _incident(region: Organisation, now: datetime) -> dict[str, Any]:
    incident = _saved(
        Incident(
            organisation=region, number="2026-0001", title=f"{WORD} incident", summary=WORD, severity=3,
            facts=["significant"], attack=["T1003.001"], known_at=now, opened_at=now, opened_by=WORD,
        )
    )  # fmt: skip
    hit = _node(region, "fs")
    _saved(IncidentAsset(organisation=region, incident=incident, node=hit))
    _saved(IncidentEntry(organisation=region, incident=incident, at=now, kind="notitie", text=WORD, author=WORD))
    for key, done_at in (("cbw_melding", None), ("avg_melding_ap", now)):
        _saved(
            IncidentClock(
                organisation=region, incident=incident, key=key, title=f"{WORD} klok", duty=WORD, to_whom=WORD,
                basis="Wet", due=now + timedelta(hours=72), data_version="1", done_at=done_at, done_by=WORD,
            )
        )  # fmt: skip
    return {"incident": incident, "hit": hit}


def _basis(region: Organisation, now: datetime) -> dict[str, Any]:
    given = {
        "organisation": region, "control": "5.01", "state": AnswerState.PARTLY, "reason": WORD, "evidence": WORD,
        "evidence_valid_to": timezone.localdate(now) + timedelta(days=9), "answered_at": now, "answered_by": WORD,
    }  # fmt: skip
    _saved(AnswerChange(**given))
    measure = _saved(
        Measure(
            organisation=region, control="5.01", title=f"{WORD} maatregel", description=WORD, owner_name=WORD,
            due=(now + timedelta(days=30)).date(), created_at=now, created_by=WORD, for_board=True, cost=1000,
        )
    )  # fmt: skip
    _saved(MeasureStep(organisation=region, measure=measure, state=MeasureState.PLAN, note=WORD, at=now, by=WORD))
    return {"answer": _saved(ControlAnswer(**given)), "measure": measure}


def _warnings(circle: Organisation, cert: Organisation, writer: User, now: datetime) -> dict[str, Any]:
    sent = {"state": WarningState.SENT, "sent_at": now, "sent_by": WORD}
    made = {}
    for number, (key, facts) in enumerate(
        {"warning": {"tlp": "AMBER"} | sent, "red": {"tlp": "RED"} | sent, "draft": {"tlp": "AMBER"}}.items(), start=1
    ):
        made[key] = _saved(
            CircleWarning(
                organisation=circle, number=number, title=f"{WORD} waarschuwing", what=WORD, advice=WORD,
                indicators=[{"kind": "domain", "value": f"{WORD}.example".lower()}], written_by=WORD,
                written_by_organisation=cert, written_at=now, **facts,
            )
        )  # fmt: skip
        _saved(WarningReader(organisation=circle, warning=made[key], user=writer))
    return made


def fingerprint(things: dict[str, Any], writer: User) -> str:
    """What the page that asks to confirm the sending of the draft holds."""
    draft = things["draft"]
    with every_owner():
        return delivery(read_circle(draft.organisation_id, timezone.now()), draft, writer.pk).fingerprint
