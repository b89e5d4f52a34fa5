"""One row of everything that the work of the analyst keeps, for ``tests.secrets``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from brandwacht.network.models import Node, NodeName, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.signing import canonical, sign
from brandwacht.soc.models import (
    Alert,
    AlertEntry,
    AlertQuestion,
    AlertRule,
    AlertState,
    ConnectContact,
    ConnectDecision,
    ConnectSource,
    Disposition,
    Escalation,
    IsolationAgreement,
    SecondLook,
    ShiftItem,
    StepDone,
    WatchShift,
)
from tests.world import person

WORD = "GEHEIM17"


def things(region: Organisation, now: datetime) -> dict[str, Any]:
    """The rows by name, owned by ``region``, inside a scope of all owners."""
    node = _saved(Node(organisation=region, key="dienst", name=f"{WORD} dienst", kind="middel"))
    _saved(NodeName(organisation=region, node=node, value=f"{WORD}-dienst".lower()))
    held = person(region, Role.CISO, name=f"{WORD} Pietersen")
    alert = _alert(region, node, now, holder=held, held_since=now, acknowledged_at=now)
    yesterday = now - timedelta(days=1)
    judged = {
        "state": AlertState.CLOSED, "open": False, "waiting": False, "disposition": Disposition.FALSE,
        "closed_at": yesterday, "triaged_at": now, "note": WORD, "handled_by": WORD, "handled_at": yesterday,
    }  # fmt: skip
    sampled, looked = _alert(region, node, now, **judged), _alert(region, node, now, **judged)
    _saved(
        AlertRule(
            organisation=region, alert=sampled, rule_id="regel-2", title=f"{WORD} regel", level=3, count=1,
            first_seen=now, last_seen=now,
        )
    )  # fmt: skip
    _saved(
        SecondLook(
            organisation=region, alert=looked, closed_at=yesterday, disposition=Disposition.FALSE, agreed=True,
            note=WORD, by=WORD, at=now,
        )
    )  # fmt: skip
    question = _saved(
        AlertQuestion(
            organisation=region, alert=alert, text=WORD, asked_by=WORD, asked_at=now, due=now + timedelta(hours=4)
        )
    )
    step = _saved(
        StepDone(
            organisation=region, alert=alert, playbook="malware", step="los", version="1", done_at=now, done_by=WORD
        )
    )
    escalation = _escalation(region, alert, now)
    _saved(
        AlertEntry(
            organisation=region, alert=alert, at=now, kind="notitie", text=WORD, author=WORD, question=question,
            step=step, escalation=escalation,
        )
    )  # fmt: skip
    return {
        "question": question,
        "escalation": escalation,
        "sampled": sampled,
        "worked": alert,
    } | _shifts(region, alert, held, now) | _dossier(region, node, now)  # fmt: skip


def _saved(row: Any) -> Any:
    row.save()
    return row


def _alert(region: Organisation, node: Node, now: datetime, **facts: Any) -> Alert:
    given = {"first_seen": now, "last_seen": now, "opened_at": now, "event_count": 1, "rule_count": 1, "severity": 3}
    alert: Alert = _saved(Alert(organisation=region, asset=node, title=f"{WORD} werk", **given | facts))
    return alert


def _escalation(region: Organisation, alert: Alert, now: datetime) -> Escalation:
    number = uuid4()
    body = {
        "kenmerk": str(number), "gedaan": WORD, "vraag": WORD, "tlp": "TLP:AMBER", "indicatoren": [WORD.lower()],
        "middelen": [{"kenmerk": str(alert.asset.public_id), "naam": WORD}], "bewijs": [],
        "melding": {"gebeurtenissen": 1},
    }  # fmt: skip
    signed = sign(canonical(body))
    row: Escalation = _saved(
        Escalation(
            organisation=region, public_id=number, alert=alert, receiver="cert", tlp="TLP:AMBER",
            body=canonical(body).decode(), signature=signed.signature, public_key=signed.public_key, sent_at=now,
            sent_by=WORD, sender_code=region.code, due=now + timedelta(hours=1),
        )
    )  # fmt: skip
    return row


def _shifts(region: Organisation, alert: Alert, held: Any, now: datetime) -> dict[str, Any]:
    running = _saved(WatchShift(organisation=region, person=held, started_at=now - timedelta(hours=2)))
    ended = _saved(
        WatchShift(
            organisation=region, person=held, started_at=now - timedelta(hours=9), ended_at=now, summary=WORD,
            figures={"came": 1},
        )
    )  # fmt: skip
    _saved(ShiftItem(organisation=region, shift=ended, alert_ref=alert.public_id, why=WORD))
    return {"shift": running, "ended_shift": ended}


def _dossier(region: Organisation, node: Node, now: datetime) -> dict[str, Any]:
    _saved(
        ConnectDecision(
            organisation=region, kind="overgang", decided_by=WORD, why=WORD, recorded_by=WORD, recorded_at=now
        )
    )
    _saved(ConnectSource(organisation=region, key="mail", state="gepland", note=WORD, changed_by=WORD, changed_at=now))
    return {
        "contact": _saved(ConnectContact(organisation=region, name=WORD, task=WORD, phone=WORD)),
        "agreement": _saved(
            IsolationAgreement(organisation=region, node=node, what=WORD, who=WORD, agreed_by=WORD, agreed_at=now)
        ),
    }
