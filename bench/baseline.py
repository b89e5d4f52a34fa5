"""How long the pages of the basis take after five years: SQLite, warm, one client.

26 organisations, 5 years with two moments (peilmomenten) a year, answers to three frameworks, each answered anew every
year, 40 measures per organisation with a range of costs; every report signed and released to all the others and three
bodies. The peer is the promise itself: 200 ms for a page, 300 ms for the national overview, 15 queries, and 3 s to
judge or to take over a workbook of the whole assessment. Beside the clock the processor time of the process is
printed, which says the same on a machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from ours import ask, figure, show, start

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
PAGE_MS, OVERVIEW_MS, QUERIES, WORKBOOK_S = 200.0, 300.0, 15.0, 3.0
FRAMEWORKS = ("bio2-1.3", "bio-1.04", "nis2-21")
STATES = ("voldoet", "voldoet", "voldoet", "deels", "deels", "voldoet_niet")


def _people() -> dict[str, Any]:
    from brandwacht.network.models import Organisation, RoleAssignment, User
    from brandwacht.network.roles import Role

    found = {}
    for key, code, role in (("ciso", "VR17", Role.CISO), ("bureau", "NIPV", Role.PROGRAMME)):
        user = User.objects.create_user(f"{key}@bench.example", f"{key} (bench)")
        owner = Organisation.objects.get(code=code)
        RoleAssignment._base_manager.create(organisation=owner, user=user, role=role, valid_from=date(2021, 1, 1))
        found[key] = user
    return found


def _answers(owner: Any, years: int, dice: random.Random) -> Iterator[Any]:
    """The answers of one organisation, every question of three frameworks once a year."""
    from brandwacht.baseline.models import AnswerChange
    from brandwacht.engines.norms import load_framework

    for framework in FRAMEWORKS:
        for control in load_framework(framework).controls:
            for year in range(years):
                at = NOW - timedelta(days=365 * year + dice.randrange(1, 300))
                yield AnswerChange(
                    organisation=owner, framework=framework, control=control.number, state=dice.choice(STATES),
                    reason="bench", answered_at=at, answered_by="bench",
                )  # fmt: skip


def _measures(owner: Any, dice: random.Random) -> None:
    from brandwacht.baseline.models import Measure, MeasureCost
    from brandwacht.engines.norms import load_framework

    controls = load_framework(FRAMEWORKS[0]).controls
    rows = [
        Measure(
            organisation=owner, control=dice.choice(controls).number, title=f"Maatregel {number}", owner_name="bench",
            due=(NOW + timedelta(days=dice.randrange(-30, 300))).date(), created_at=NOW, created_by="bench",
        )
        for number in range(40)
    ]  # fmt: skip
    Measure._base_manager.bulk_create(rows)
    MeasureCost._base_manager.bulk_create(
        MeasureCost(
            organisation=owner, measure=row, once_low=1000, once_high=dice.randrange(2000, 90_000), yearly_low=0,
            yearly_high=dice.randrange(0, 9000), days_low=1, days_high=20, changed_at=NOW, changed_by="bench",
        )
        for row in rows
    )  # fmt: skip


def _snapshots(owner: Any, readers: list[Any], every: list[Any], dice: random.Random) -> None:
    """One signed snapshot per moment, its scores moved at random around those of today, with a grant per reader."""
    from brandwacht.baseline.models import Snapshot, SnapshotKind
    from brandwacht.baseline.progress.content import content
    from brandwacht.engines.norms.progress import load_dataset
    from brandwacht.network.actor import SEE, system_actor
    from brandwacht.network.domains import GrantKind
    from brandwacht.network.models import Grant
    from brandwacht.network.signing import canonical, sign

    said = content(system_actor(owner, NOW), load_dataset(), every[-1], None)
    for moment in every:
        public_id = uuid.UUID(int=dice.getrandbits(128), version=4)
        categories = [each | {"percent": dice.randrange(10, 100)} for each in said["scores"]["categories"]]
        body = canonical(
            said
            | {"moment": moment.key, "measured_on": moment.day.isoformat(), "id": str(public_id), "version": 1}
            | {"kind": SnapshotKind.RELEASE, "replaces": None, "why": "", "released_at": NOW.isoformat()}
            | {"scores": said["scores"] | {"percent": dice.randrange(10, 100), "categories": categories}}
            | {"bottlenecks": [{"kind": dice.choice(["geld", "mensen"]), "category": "", "text": "bench " * 40}]}
        )
        signed = sign(body)
        Snapshot._base_manager.create(
            organisation=owner, public_id=public_id, moment=moment.key, version=1, kind=SnapshotKind.RELEASE,
            body=body.decode(), sha256=hashlib.sha256(body).hexdigest(), signature=signed.signature,
            public_key=signed.public_key, released_at=NOW,
        )  # fmt: skip
        Grant._base_manager.bulk_create(
            Grant(
                organisation=owner, kind=GrantKind.SNAPSHOT, grantee=reader, thing=public_id, may=[SEE],
                purpose="bench", starts_at=NOW - timedelta(days=2000), ends_at=NOW + timedelta(days=3650),
                given_by="bench",
            )
            for reader in readers
            if reader.pk != owner.pk
        )  # fmt: skip


def _build(years: int) -> dict[str, Any]:
    from brandwacht.baseline.models import AnswerChange, ControlAnswer
    from brandwacht.engines.norms.progress import load_dataset, moments
    from brandwacht.network.models import Organisation
    from brandwacht.network.services.seed import seed_organisations

    dice = random.Random(20261122)
    seed_organisations()
    people = _people()
    heavy = list(Organisation.objects.filter(kind__in=["veiligheidsregio", "instituut"]).order_by("code"))
    bodies = list(Organisation.objects.filter(code__in=["POI", "RCDV", "BAC-IV"]))
    every = moments(load_dataset(), NOW.date())[-2 * years :]
    names = ("organisation", "framework", "control", "state", "reason", "answered_at", "answered_by")
    for owner in heavy:
        changes = list(_answers(owner, years, dice))
        AnswerChange._base_manager.bulk_create(changes)
        latest = {(row.framework, row.control): row for row in sorted(changes, key=lambda row: row.answered_at)}
        ControlAnswer._base_manager.bulk_create(
            ControlAnswer(**{name: getattr(row, name) for name in names}) for row in latest.values()
        )
        _measures(owner, dice)
        _snapshots(owner, [*heavy, *bodies], every, dice)
    return people


def _pages() -> list[tuple[str, str]]:
    from django.urls import reverse

    from brandwacht.baseline.models import Snapshot

    row = Snapshot._base_manager.filter(organisation__code="VR17").order_by("pk")[0]
    own = (
        "list", "government-list", "rhythms", "processes", "exceptions", "asked-list", "begin", "reference", "measures",
        "measure-new", "shared-list", "investment", "reviews", "review-new", "ensia", "conditions", "reports",
        "workbooks", "progress", "progress-release", "snapshots", "overview", "themes", "frameworks", "exchange",
        "texts",
    )  # fmt: skip
    pages = [("ciso", reverse(f"baseline:{name}")) for name in own]
    pages += [("ciso", reverse("baseline:control", args=["5.01"])), ("ciso", reverse("week:home"))]
    pages += [("ciso", reverse("baseline:through", args=[key])) for key in ("bio-1.04", "bio-zelf", "nis2-21")]
    pages += [("ciso", reverse("baseline:snapshot", args=[row.public_id])), ("bureau", reverse("baseline:overview"))]
    return [*pages, ("bureau", reverse("baseline:snapshot", args=[row.public_id])), ("bureau", reverse("week:home"))]


def _workbook(people: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Seconds by the clock and of the processor: a workbook with every answer edited is judged, then taken over."""
    from brandwacht.baseline.models import AssessmentImport
    from brandwacht.baseline.services import workbooks
    from brandwacht.network.actor import actor_for, assignments_of
    from brandwacht.network.models import Organisation
    from brandwacht.network.tenancy import tenancy_scope

    owner = Organisation.objects.get(code="VR17")
    me = actor_for(people["ciso"], owner, assignments_of(people["ciso"], NOW), NOW, "bench")
    found = {}
    with tenancy_scope(me.tenancy()):
        content = _edited(workbooks.made_book(me))
        row = workbooks.offer(me, "alles.xlsx", content)
        for step in ("judged", "taken over"):
            wall, busy = time.perf_counter(), time.process_time()
            workbooks.run(owner.code, str(row.public_id), lambda: NOW)
            found[step] = time.perf_counter() - wall, time.process_time() - busy
            row = AssessmentImport.objects.get(pk=row.pk)
            if step == "judged":
                workbooks.ask_take(me, row.public_id, {}, skip=True)
        if len(row.undo) < 80:
            raise SystemExit(f"the workbook changed {len(row.undo)} answers: {row.state} {row.reason}")
    return found


def _edited(content: bytes) -> bytes:
    """The same workbook with another reason at every answer."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets[1:-1]:
        titles = [str(cell.value) for cell in sheet[1]]
        reason = next(place for place, title in enumerate(titles, start=1) if title.startswith("Waarom"))
        for line in range(2, sheet.max_row + 1):
            if sheet.cell(line, 1).value:
                sheet.cell(line, reason).value = f"Opnieuw bekeken, regel {line}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    """Build, measure, print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two years instead of five, fewer repeats")
    arguments = parser.parse_args()
    years = 2 if arguments.quick else 5
    with tempfile.TemporaryDirectory(prefix="brandwacht-bench-") as folder:
        start(Path(folder))
        from brandwacht.network.tenancy import every_owner
        from brandwacht.network.upkeep import refresh_statistics

        began = time.perf_counter()
        with every_owner():
            people = _build(years)
        refresh_statistics()
        print(f"26 organisations, {years} years, {len(FRAMEWORKS)} frameworks: {time.perf_counter() - began:.0f} s")
        found = ask(people, _pages(), 5 if arguments.quick else 20)
        book = _workbook(people)
    show(found)
    for step, (wall, cpu) in book.items():
        print(f"workbook {step}: {wall:.2f} s ({cpu:.2f} s cpu)")
    national = max(page.median for page in found if page.path.endswith("/landelijk"))
    others = max(page.median for page in found if not page.path.endswith("/landelijk"))
    most = max(page.queries for page in found)
    slowest = max(wall for wall, _cpu in book.values())
    n = sum(len(page.times) for page in found)
    rows = [
        figure("basis: national overview, 26 organisations", national, OVERVIEW_MS, "ms", n),
        figure("basis: median of the slowest page", others, PAGE_MS, "ms", n),
        figure("basis: most queries on a page", most, QUERIES, "queries", n),
        figure("basis: a whole assessment from XLSX", slowest, WORKBOOK_S, "s", n),
    ]
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
