"""A network of the size that Brandwacht is made for, from a seeded generator.

26 heavy organisations, 342 municipalities, alerts, incidents and register as large as asked. Rows go in by bulk
insert below the use cases (a bench of pages needs no audit trail of its own making).
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from brandwacht.baseline.models import AnswerState, ControlAnswer, Measure
from brandwacht.cert.models import Incident, IncidentClock, IncidentEntry, IncidentState
from brandwacht.engines.norms import load_framework
from brandwacht.network.actor import ACT, SEE
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import (
    Action,
    Dependency,
    Grant,
    Node,
    NodeKind,
    Organisation,
    Requirement,
    RoleAssignment,
    User,
)
from brandwacht.network.roles import Role
from brandwacht.network.services.seed import seed_organisations
from brandwacht.sharing.models import CircleWarning, WarningState
from brandwacht.soc.models import (
    OPEN_STATES,
    Alert,
    AlertRule,
    AlertState,
    Disposition,
    IngestFile,
    IngestState,
    MatchedEvent,
    SecondLook,
    SigmaRule,
)

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
TECHNIQUES = ("T1003.001", "T1021.002", "T1047", "T1053.005", "T1059.001", "T1070.001", "T1078", "T1110", "T1490")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; ``nodes`` is per heavy organisation."""

    alerts: int = 100_000
    incidents: int = 2_000
    nodes: int = 2_000
    warnings: int = 500
    rules: int = 3_700


def _bulk(model: Any, rows: Iterable[Any]) -> None:
    iterator: Iterator[Any] = iter(rows)
    while batch := list(islice(iterator, 2000)):
        model._base_manager.bulk_create(batch)


def build(size: Size, seed: int = 20261122) -> dict[str, User]:
    """Fill the empty database; returns the people to visit pages as, by role."""
    rng = random.Random(seed)
    seed_organisations()
    heavy = list(Organisation.objects.filter(kind__in=["veiligheidsregio", "instituut"]).order_by("code"))
    people = _people(heavy)
    nodes = {owner.pk: _register(owner, size.nodes, rng) for owner in heavy}
    _rules(Organisation.objects.get(code="VR-SOC"), size.rules, rng)
    _watch(heavy, nodes, size, rng)
    _incidents(heavy, size.incidents, rng)
    _basis(heavy, rng)
    _warnings(size.warnings, rng)
    return people


def _people(heavy: list[Organisation]) -> dict[str, User]:
    by_code = {o.code: o for o in Organisation.objects.all()}
    posts = {
        "analyst": ("VR-SOC", Role.SOC_ANALYST),
        "cert": ("VR-CERT", Role.CERT_LEAD),
        "ciso": ("VR17", Role.CISO),
        "chair": ("VR17", Role.CHAIR),
        "admin": ("VR17", Role.ADMIN),
        "member": ("VR15", Role.ISAC_MEMBER),
    }
    people = {}
    for key, (code, role) in posts.items():
        user = User.objects.create_user(f"{key}@bench.example", f"{key} (bench)")
        RoleAssignment._base_manager.create(
            organisation=by_code[code], user=user, role=role, valid_from=date(2025, 1, 1)
        )
        people[key] = user
    doors = [(GrantKind.SOC_MANDATE, "VR-SOC"), (GrantKind.CERT_MANDATE, "VR-CERT")]
    common = {"starts_at": NOW - timedelta(days=30), "ends_at": NOW + timedelta(days=3650), "given_by": "bench"}
    grants = [
        Grant(organisation=owner, kind=kind, grantee=by_code[to], may=[SEE, ACT], purpose="bench", **common)
        for owner in heavy
        for kind, to in doors
    ]
    circle = by_code["VR-ISAC"]
    grants += [
        Grant(organisation=circle, kind=GrantKind.CIRCLE, grantee=member, may=[SEE], purpose="bench", **common)
        for member in heavy
    ]
    grants.append(
        Grant(
            organisation=circle,
            kind=GrantKind.CIRCLE,
            grantee=by_code["VR-CERT"],
            may=[SEE, ACT],
            purpose="bench",
            **common,
        )
    )
    _bulk(Grant, grants)
    return people


def _register(owner: Organisation, count: int, rng: random.Random) -> list[Node]:
    kinds = (NodeKind.PROCESS, NodeKind.SERVICE, NodeKind.ASSET, NodeKind.ASSET, NodeKind.ASSET)
    sectors = ("digitaal", "energie", "telecom", "vervoer", "hulpdiensten", "openbare orde", "eigen organisatie")
    _bulk(
        Node,
        (
            Node(
                organisation=owner, key=f"k{n}", name=f"Knoop {owner.code} {n:04d}", kind=kinds[n % 5],
                sector=sectors[n % 7], vital=n % 40 == 0, restart=rng.randrange(0, 120), repair=rng.randrange(60, 1440),
            )
            for n in range(count)
        ),
    )  # fmt: skip
    nodes = list(Node._base_manager.filter(organisation=owner).order_by("pk"))
    needy = [n for n in range(count) if n % 5 != 4 and n + 1 < count]
    _bulk(
        Requirement,
        (
            Requirement(organisation=owner, node=nodes[n], label="stroom en netwerk", autonomy=rng.randrange(0, 480))
            for n in needy
        ),
    )
    rows = list(Requirement._base_manager.filter(organisation=owner).order_by("pk"))
    index = {node.pk: n for n, node in enumerate(nodes)}
    _bulk(
        Dependency,
        (
            Dependency(organisation=owner, requirement=row, provider=nodes[pick])
            for row in rows
            for pick in {rng.randrange(index[row.node_id] + 1, count) for _ in range(3)}
        ),
    )
    return nodes


def _rules(soc: Organisation, count: int, rng: random.Random) -> None:
    _bulk(
        SigmaRule,
        (
            SigmaRule(
                organisation=soc, rule_id=f"r{n}", name=f"windows/r{n}.yml", title=f"Regel {n}", sha256=f"{n:064d}",
                level=rng.choice((0, 1, 2, 2, 3, 3, 4)), source="title: bench\n" * 60, compiled={"form": 0},
                attack=rng.sample(TECHNIQUES, 1), imported_at=NOW,
            )
            for n in range(count)
        ),
    )  # fmt: skip


def _watch(heavy: list[Organisation], nodes: dict[int, list[Node]], size: Size, rng: random.Random) -> None:
    count = size.alerts
    states = [AlertState.CLOSED] * 6 + [AlertState.KNOWN] * 2 + [AlertState.NEW, AlertState.ACKNOWLEDGED]
    files = {}
    for owner in heavy:
        files[owner.pk] = IngestFile._base_manager.create(
            organisation=owner, sha256=f"{owner.pk:064d}", name=f"{owner.code}.evtx", size=1, state=IngestState.DONE,
            started_at=NOW, finished_at=NOW, seen_at=NOW,
        )  # fmt: skip

    def alerts() -> Iterator[Alert]:
        for n in range(count):
            owner = heavy[n % len(heavy)]
            state = rng.choice(states)
            seen = NOW - timedelta(minutes=rng.randrange(0, 500_000))
            attack = rng.sample(TECHNIQUES, 2)
            begun = seen + timedelta(minutes=rng.randrange(1, 90)) if state != AlertState.NEW else None
            ended = begun + timedelta(minutes=rng.randrange(1, 300)) if begun and state not in OPEN_STATES else None
            yield Alert(
                organisation=owner, asset=rng.choice(nodes[owner.pk]), title=f"Verdacht gedrag {n}",
                severity=rng.choice((0, 1, 1, 2, 2, 2, 3, 4)), state=state, waiting=state == AlertState.NEW,
                open=state in OPEN_STATES,
                first_seen=seen - timedelta(minutes=30), last_seen=seen, opened_at=seen, attack=attack, rule_count=2,
                event_count=rng.randrange(1, 90), received_at=seen, acknowledged_at=begun, triaged_at=ended,
                closed_at=ended, disposition=rng.choice(Disposition.values) if ended else "",
            )  # fmt: skip

    _bulk(Alert, alerts())
    _bulk(
        SecondLook,
        (
            SecondLook(
                organisation_id=a.organisation_id, alert=a, closed_at=a.closed_at, disposition=a.disposition,
                agreed=rng.random() < 0.9, by="bench", at=a.closed_at + timedelta(days=1),
            )
            for a in Alert._base_manager.filter(closed_at__isnull=False).order_by("pk").iterator(chunk_size=5000)
            if rng.random() < 0.05
        ),
    )  # fmt: skip
    rows = Alert._base_manager.order_by("pk").iterator(chunk_size=5000)
    _bulk(
        AlertRule,
        (
            AlertRule(
                organisation_id=a.organisation_id, alert=a, rule_id=f"r{r}", title=f"Regel {r}", level=a.severity,
                attack=[a.attack[k]], count=3, first_seen=a.first_seen, last_seen=a.last_seen,
            )
            for a in rows
            for k, r in enumerate((a.pk % min(60, size.rules), a.pk * 7919 % size.rules))
            if k == 0 or r != a.pk % min(60, size.rules)
        ),
    )  # fmt: skip
    waiting = Alert._base_manager.filter(waiting=True).order_by("pk")[:5000]
    _bulk(
        MatchedEvent,
        (
            MatchedEvent(
                organisation_id=a.organisation_id, alert=a, file=files[a.organisation_id], number=n * 10 + k,
                time=a.last_seen, channel="Security", event_id=4688,
                matches=[{"rule_id": "r0", "title": "Regel 0", "level": a.severity, "matched": {"Image": f"x{n}.exe"}}],
                raw={"Event": {"System": {"EventID": 4688}, "EventData": {"Image": f"C:\\x{n}.exe"}}},
            )
            for n, a in enumerate(waiting)
            for k in range(5)
        ),
    )  # fmt: skip


def _incidents(heavy: list[Organisation], count: int, rng: random.Random) -> None:
    states = [IncidentState.CLOSED] * 8 + [IncidentState.OPEN, IncidentState.CONTAINED]
    _bulk(
        Incident,
        (
            Incident(
                organisation=heavy[n % len(heavy)], number=f"2026-{n:05d}", title=f"Incident {n}", severity=3,
                state=rng.choice(states), attack=rng.sample(TECHNIQUES, 2), facts=["significant"],
                known_at=NOW - timedelta(hours=n), opened_at=NOW - timedelta(hours=n), opened_by="bench",
            )
            for n in range(count)
        ),
    )  # fmt: skip
    incidents = list(Incident._base_manager.order_by("pk"))
    _bulk(
        IncidentEntry,
        (
            IncidentEntry(
                organisation_id=i.organisation_id,
                incident=i,
                at=i.opened_at,
                kind="notitie",
                text=f"Regel {k}",
                author="bench",
            )
            for i in incidents
            for k in range(10)
        ),
    )
    _bulk(
        IncidentClock,
        (
            IncidentClock(
                organisation_id=i.organisation_id, incident=i, key=f"klok{k}", title=f"Melding {k}", duty="Meld dit",
                to_whom="CSIRT", basis="Wet", due=i.known_at + timedelta(hours=24 * (k + 1)), data_version="1",
                done_at=i.known_at if i.state == IncidentState.CLOSED else None,
            )
            for i in incidents
            for k in range(3)
        ),
    )  # fmt: skip


def _basis(heavy: list[Organisation], rng: random.Random) -> None:
    controls = load_framework("bio2-1.3").controls
    states = (AnswerState.MET, AnswerState.PARTLY, AnswerState.NOT_MET)
    _bulk(
        ControlAnswer,
        (
            ControlAnswer(
                organisation=owner, control=c.number, state=rng.choice(states), reason="bench",
                answered_at=NOW - timedelta(days=50), answered_by="bench",
            )
            for owner in heavy
            for c in controls
        ),
    )  # fmt: skip
    _bulk(
        Measure,
        (
            Measure(
                organisation=owner, control=rng.choice(controls).number, title=f"Maatregel {n}", owner_name="bench",
                due=date(2026, 10, 1) + timedelta(days=n), created_at=NOW, created_by="bench",
            )
            for owner in heavy
            for n in range(100)
        ),
    )  # fmt: skip
    _bulk(
        Action,
        (
            Action(
                organisation=owner, key=f"a{n}", title=f"Actie {n}", room="baseline", path="/basis", role=Role.CISO,
                risk=1 + n % 4, effort=10 + n, due=NOW + timedelta(days=n), created_at=NOW,
            )
            for owner in heavy
            for n in range(100)
        ),
    )  # fmt: skip


def _warnings(count: int, rng: random.Random) -> None:
    circle = Organisation.objects.get(code="VR-ISAC")
    writer = Organisation.objects.get(code="VR-CERT")
    _bulk(
        CircleWarning,
        (
            CircleWarning(
                organisation=circle, number=n, title=f"Waarschuwing {n}", state=WarningState.SENT, what="bench",
                tlp=rng.choice(("RED", "AMBER_STRICT", "AMBER", "GREEN", "CLEAR")), written_by="bench",
                written_by_organisation=writer, written_at=NOW, sent_by="bench", sent_at=NOW - timedelta(hours=n),
                public_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            )
            for n in range(1, count + 1)
        ),
    )  # fmt: skip
