"""How long the pages take with a whole country in the database: SQLite, warm, one client.

26 organisations, 342 municipalities, 100,000 alerts, 3,700 rules, 2,000 incidents, 2,000 nodes per region. Every page
that is read is asked for repeatedly as somebody who uses it; we report the 95th percentile of server time over all of
them, the slowest page, and the largest number of queries. The peer is the promise itself: 200 ms and 15 queries.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from ours import ask, figure, show, start

PROMISE_MS = 200.0
PROMISE_QUERIES = 15.0


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


def main() -> None:
    """Build, measure, print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, fewer repeats")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="brandwacht-bench-") as folder:
        start(Path(folder))
        from world import Size, build

        from brandwacht.network.tenancy import every_owner
        from brandwacht.network.upkeep import refresh_statistics

        size = Size(10_000, 200, 200, 100) if arguments.quick else Size()
        began = time.perf_counter()
        with every_owner():
            people = build(size)
        refresh_statistics()  # the worker does this every hour
        print(f"{size} built in {time.perf_counter() - began:.0f} s")
        found = ask(people, _pages(), 5 if arguments.quick else 20)
    show(found)
    every = sorted(t for page in found for t in page.times)
    p95 = every[int(len(every) * 0.95)]
    slowest = max(page.median for page in found)
    most = max(page.queries for page in found)
    rows = [
        figure("pages: p95 of server time", p95, PROMISE_MS, "ms", len(every)),
        figure("pages: median of the slowest page", slowest, PROMISE_MS, "ms", len(every)),
        figure("pages: most queries on a page", most, PROMISE_QUERIES, "queries", len(every)),
    ]
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
