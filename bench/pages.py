"""How long the pages take with a whole country in the database: SQLite, warm, one client.

26 organisations, 342 municipalities, 100,000 alerts, 3,700 rules, 2,000 incidents, 2,000 nodes per region. Every page
that is read is asked for repeatedly as somebody who uses it; we report the 95th percentile of server time over all of
them, the slowest page, and the largest number of queries. The peer is the promise itself: 200 ms and 15 queries.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROMISE_MS = 200.0
PROMISE_QUERIES = 15.0


def _start(folder: Path) -> None:
    """Django on an empty database in ``folder``; must come before anything of Brandwacht is imported."""
    os.environ |= {
        "BRANDWACHT_DATA": str(folder),
        "BRANDWACHT_DEMO": "1",
        "BRANDWACHT_SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "brandwacht.site.settings",
    }
    os.environ.pop("BRANDWACHT_DATABASE_URL", None)
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from brandwacht.site.process import settle

    settle()  # as the web process does


def _pages() -> list[tuple[str, str]]:
    """(who, path) of every page that is measured."""
    from django.urls import reverse

    from brandwacht.cert.models import Incident
    from brandwacht.network.models import Node
    from brandwacht.sharing.models import CircleWarning
    from brandwacht.soc.models import Alert

    alert = Alert._base_manager.filter(waiting=True, organisation__code="VR17").order_by("pk")[0]
    incident = Incident._base_manager.exclude(state="gesloten").filter(organisation__code="VR17").order_by("pk")[0]
    node = Node._base_manager.filter(organisation__code="VR17", kind="middel").order_by("pk")[7]
    warning = CircleWarning._base_manager.filter(tlp="AMBER").order_by("pk")[0]
    everybody = [(who, reverse("week:home")) for who in ("ciso", "analyst", "cert", "chair")]
    named: list[tuple[str, str]] = [
        ("analyst", reverse("soc:list")),
        ("analyst", reverse("soc:list") + "?state=alle"),
        ("analyst", reverse("soc:list") + "?q=Knoop+VR17+0001"),
        ("analyst", reverse("soc:detail", args=[alert.public_id])),
        ("analyst", reverse("soc:rules")),
        ("analyst", reverse("soc:rules") + "?sort=-keer"),
        ("analyst", reverse("soc:rules") + "?sort=-laatst"),
        ("analyst", reverse("soc:rules") + "?stand=stil"),
        ("analyst", reverse("soc:figures")),
        ("ciso", reverse("soc:figures")),
        ("analyst", reverse("soc:second")),
        ("analyst", reverse("soc:logsources")),
        ("analyst", reverse("soc:sources")),
        ("ciso", reverse("soc:list")),
        ("ciso", reverse("soc:detail", args=[alert.public_id])),
        ("cert", reverse("cert:list")),
        ("cert", reverse("cert:list") + "?state=alle"),
        ("cert", reverse("cert:detail", args=[incident.public_id])),
        ("ciso", reverse("cert:detail", args=[incident.public_id])),
        ("ciso", reverse("riskmap:map")),
        ("ciso", reverse("riskmap:node", args=[node.public_id])),
        ("ciso", reverse("riskmap:what-if")),
        ("ciso", reverse("baseline:list")),
        ("ciso", reverse("baseline:control", args=["5.01"])),
        ("ciso", reverse("baseline:measures")),
        ("member", reverse("sharing:list")),
        ("member", reverse("sharing:detail", args=[warning.public_id])),
        ("chair", reverse("governance:board")),
        ("chair", reverse("governance:powers")),
        ("admin", reverse("beheer:home")),
        ("admin", reverse("beheer:register")),
        ("analyst", "/api/v1/alerts"),
        ("cert", "/api/v1/incidents"),
        ("ciso", "/api/v1/nodes"),
    ]
    return everybody + named


def _measure(
    people: dict[str, Any], pages: list[tuple[str, str]], repeats: int, clock: Callable[[], float] = time.perf_counter
) -> list[tuple[str, str, list[float], int]]:
    """(who, path, milliseconds of each repeat by ``clock``, queries) of every page, warm."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    found = []
    for who, path in pages:
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{who} {path}: {answer.status_code}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
            count = len(queries)
        times = []
        for _repeat in range(repeats):
            began = clock()
            client.get(path)
            times.append((clock() - began) * 1000)
        found.append((who, path, times, count))
    return found


def main() -> None:
    """Build, measure, print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, fewer repeats")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="brandwacht-bench-") as folder:
        _start(Path(folder))
        from world import Size, build

        from brandwacht.network.tenancy import every_owner
        from brandwacht.network.upkeep import refresh_statistics

        size = Size(10_000, 200, 200, 100) if arguments.quick else Size()
        began = time.perf_counter()
        with every_owner():
            people = build(size)
        refresh_statistics()  # the worker does this every hour
        print(f"{size} built in {time.perf_counter() - began:.0f} s")
        found = _measure(people, _pages(), 5 if arguments.quick else 20)
    for who, path, times, queries in sorted(found, key=lambda row: -statistics.median(row[2])):
        print(f"{statistics.median(times):8.1f} ms {queries:3d} queries  {who:8s} {path[:70]}")
    every = sorted(t for row in found for t in row[2])
    p95 = every[int(len(every) * 0.95)]
    slowest = max(statistics.median(row[2]) for row in found)
    most = max(row[3] for row in found)
    figures = (
        ("pages: p95 of server time", p95, PROMISE_MS, "ms"),
        ("pages: median of the slowest page", slowest, PROMISE_MS, "ms"),
        ("pages: most queries on a page", float(most), PROMISE_QUERIES, "queries"),
    )
    rows = [
        {
            "figure": name,
            "ours": round(ours, 1),
            "peer": peer,
            "ratio": round(peer / ours, 2),
            "unit": unit,
            "n": len(every),
        }
        for name, ours, peer, unit in figures
    ]
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
