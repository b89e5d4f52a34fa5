"""One row of everything, owned by VR17 (warnings: by the circle), each with the same word in every text.

Whoever should not see it must not find that word anywhere.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import AnswerState, ControlAnswer, Measure
from brandwacht.cert.models import Incident, IncidentAsset, IncidentClock, IncidentEntry
from brandwacht.governance.models import BoardFigure
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Action, Dependency, NodeKind, Organisation, Requirement, TableImport, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.riskmap.models import CascadeRun, Scenario
from brandwacht.riskmap.services import run_cascade
from brandwacht.sharing.models import CircleWarning, WarningState
from brandwacht.soc.models import Alert, AlertRule, IngestFile, IngestState, MatchedEvent, SigmaRule
from tests.world import acting_system, asset, mandate, organisation, person

WORD = "GEHEIM17"


@dataclass(frozen=True, slots=True)
class Secrets:
    """The people who try, and the things they try to reach, by name."""

    people: dict[str, User]
    things: dict[str, Any]


def build() -> Secrets:
    """Fill the database and return who is who and what is what."""
    now = timezone.now()
    region, other = organisation("VR17"), organisation("VR01")
    soc, cert = organisation("VR-SOC", "landelijk"), organisation("VR-CERT", "landelijk")
    circle = organisation("VR-ISAC", "kring")
    people = {
        "stranger": person(other, Role.CISO, Role.ISAC_MEMBER, Role.ADMIN, Role.CHAIR),
        "colleague": person(region, Role.COUNCILLOR),
        "ciso": person(region, Role.CISO, Role.ISAC_MEMBER),
        "admin": person(region, Role.ADMIN),
        "adviser": person(region, Role.RISK_ADVISER),
        "chair": person(region, Role.CHAIR),
        "analyst": person(soc, Role.SOC_ANALYST),
        "cert": person(cert, Role.CERT_LEAD),
    }
    doors = {
        "soc": mandate(region, soc, GrantKind.SOC_MANDATE, act=True),
        "cert": mandate(region, cert, GrantKind.CERT_MANDATE, act=True),
    }
    mandate(circle, region, GrantKind.CIRCLE)
    mandate(circle, cert, GrantKind.CIRCLE, act=True)
    things: dict[str, Any] = {"grant": doors["cert"]}
    with every_owner():
        things |= _register(region) | _watch(region, soc, now) | _rest(region, people, now)
        things["warning"] = _saved(
            CircleWarning(
                organisation=circle, number=1, title=f"{WORD} waarschuwing", tlp="AMBER", state=WarningState.SENT,
                what=WORD, written_by="cert", written_by_organisation=cert, written_at=now, sent_at=now, sent_by="cert",
            )
        )  # fmt: skip
        things["draft"] = _saved(
            CircleWarning(
                organisation=circle, number=2, title=f"{WORD} concept", tlp="AMBER", what=WORD, written_by="cert",
                written_by_organisation=cert, written_at=now,
            )
        )  # fmt: skip
    with acting_system(region, now) as system:
        things["run"] = run_cascade(
            system, region.pk, [{"node": "geheim17-dc", "start": 0, "duration": None, "state": "down"}],
            title=f"{WORD} cascade", started_at=now, incident_ref=things["incident"].public_id,
        )  # fmt: skip
    assert isinstance(things["run"], CascadeRun)
    return Secrets(people, things)


def _saved(row: Any) -> Any:
    row.save()
    return row


def _register(region: Organisation) -> dict[str, Any]:
    dc = asset(region, f"{WORD}-DC")
    process = asset(region, f"{WORD}-PROCES", NodeKind.PROCESS, vital=True)
    seen = asset(region, f"{WORD}-GEZIEN", confirmed=False)
    need = _saved(Requirement(organisation=region, node=process, label=f"{WORD} stroom", autonomy=60))
    _saved(Dependency(organisation=region, requirement=need, provider=dc))
    return {"node": dc, "process": process, "seen": seen, "requirement": need}


def _watch(region: Organisation, soc: Organisation, now: Any) -> dict[str, Any]:
    rule = _saved(
        SigmaRule(
            organisation=soc, rule_id="regel-1", name="regel.yml", title="Regel van het SOC", level=3, source="title: x",
            sha256="0" * 64, compiled={}, imported_at=now,
        )
    )  # fmt: skip
    file = _saved(
        IngestFile(
            organisation=region, sha256="1" * 64, name=f"{WORD}.evtx", size=1, state=IngestState.DONE, started_at=now,
            finished_at=now, seen_at=now, events=1, matched=1, position=1,
        )
    )  # fmt: skip
    node = asset(region, f"{WORD}-WS")
    alerts = {}
    for key in ("alert", "alert2"):
        alert = _saved(
            Alert(
                organisation=region, asset=node, title=f"{WORD} melding", severity=3, first_seen=now, last_seen=now,
                opened_at=now, event_count=1, rule_count=1, attack=["T1003.001"],
            )
        )  # fmt: skip
        _saved(
            AlertRule(
                organisation=region, alert=alert, rule_id="regel-1", title=f"{WORD} regel", level=3, count=1, first_seen=now,
                last_seen=now, attack=["T1003.001"],
            )
        )  # fmt: skip
        alerts[key] = alert
    _saved(
        MatchedEvent(
            organisation=region, alert=alerts["alert"], file=file, number=1, time=now, channel="Security", event_id=4688,
            matches=[{"rule_id": "regel-1", "title": f"{WORD} regel", "level": 3, "matched": {"Image": WORD}}],
            raw={"x": WORD},
        )
    )  # fmt: skip
    return {"rule": rule, "file": file, **alerts}


def _rest(region: Organisation, people: dict[str, User], now: Any) -> dict[str, Any]:
    node = asset(region, f"{WORD}-FS")
    incident = _saved(
        Incident(
            organisation=region, number="2026-0001", title=f"{WORD} incident", severity=3, facts=["significant"],
            attack=["T1003.001"], known_at=now, opened_at=now, opened_by="ciso",
        )
    )  # fmt: skip
    _saved(IncidentAsset(organisation=region, incident=incident, node=node))
    _saved(IncidentEntry(organisation=region, incident=incident, at=now, kind="notitie", text=WORD, author="ciso"))
    _saved(
        IncidentClock(
            organisation=region, incident=incident, key="cbw_melding", title=f"{WORD} klok", duty="Meld", to_whom="CSIRT",
            basis="Wet", due=now + timedelta(hours=72), data_version="1",
        )
    )  # fmt: skip
    done_clock = _saved(
        IncidentClock(
            organisation=region, incident=incident, key="avg_melding_ap", title=f"{WORD} klok", duty="Meld", to_whom="AP",
            basis="Wet", due=now + timedelta(hours=72), data_version="1", done_at=now, done_by="ciso",
        )
    )  # fmt: skip
    scenario = _saved(
        Scenario(
            organisation=region, key="s", name=f"{WORD} scenario",
            outages=[{"node": "geheim17-dc", "start": 0, "duration": 60, "state": "down"}],
        )
    )  # fmt: skip
    _saved(
        ControlAnswer(
            organisation=region, control="5.01", state=AnswerState.PARTLY, reason=WORD, evidence=WORD,
            answered_at=now, answered_by="ciso",
        )
    )  # fmt: skip
    measure = _saved(
        Measure(
            organisation=region, control="5.01", title=f"{WORD} maatregel", owner_name=WORD,
            due=(now + timedelta(days=30)).date(), created_at=now, created_by="ciso", for_board=True, cost=1000,
        )
    )  # fmt: skip
    action = _saved(
        Action(organisation=region, key="a", title=f"{WORD} actie", room="baseline", path="/basis", created_at=now)
    )
    offered = _saved(
        TableImport(
            organisation=region,
            kind="nodes",
            filename=f"{WORD}.csv",
            sha256="2" * 64,
            created_at=now,
            created_by="ciso",
        )
    )
    _saved(BoardFigure(organisation=region, key="basis", on=now.date(), value=17))
    with every_owner():
        from brandwacht.network.models import RoleAssignment

        role = RoleAssignment.objects.get(organisation=region, user=people["adviser"])
    return {
        "incident": incident, "clock": done_clock, "scenario": scenario, "measure": measure, "action": action,
        "import": offered, "role": role, "nothing": uuid.uuid4(),
    }  # fmt: skip
