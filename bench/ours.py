"""What the benches of our own pages share: Django on an empty database, asking pages as somebody, and a figure."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

HERE = Path(__file__).resolve().parent


def start(folder: Path, database: str = "") -> None:
    """Django on an empty database: SQLite in ``folder``, or the PostgreSQL database at this address.

    Must come before anything of Brandwacht is imported.
    """
    os.environ |= {
        "BRANDWACHT_DATA": str(folder),
        "BRANDWACHT_DEMO": "1",
        "BRANDWACHT_SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "brandwacht.site.settings",
    }
    os.environ.pop("BRANDWACHT_DATABASE_URL", None)
    if database:
        os.environ["BRANDWACHT_DATABASE_URL"] = database
    sys.path.insert(0, str(HERE.parent / "src"))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from brandwacht.site.process import settle

    settle()  # as the web process does


def client_of(user: Any) -> Client:
    """A client that is logged in as this user."""
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@dataclass(frozen=True)
class Asked:
    """A page that was asked for repeatedly: milliseconds of each repeat by the clock and of the processor."""

    who: str
    path: str
    times: list[float]
    busy: list[float]
    queries: int

    @property
    def median(self) -> float:
        """The median by the clock, in milliseconds."""
        return statistics.median(self.times)

    def __str__(self) -> str:
        cpu = statistics.median(self.busy)
        return f"{self.median:8.1f} ms ({cpu:6.1f} ms cpu) {self.queries:3d} queries  {self.who:8s} {self.path[:70]}"


def ask(people: dict[str, Any], pages: Iterable[tuple[str, str]], repeats: int) -> list[Asked]:
    """Ask for every page (who, path), warm. Ends the bench when one does not answer."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = []
    for who, path in pages:
        client = client_of(people[who])
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{who} {path}: {answer.status_code}")
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
            count = len(queries)  # the next request empties the log
        times, busy = [], []
        for _repeat in range(repeats):
            began, working = time.perf_counter(), time.process_time()
            client.get(path)
            times.append((time.perf_counter() - began) * 1000)
            busy.append((time.process_time() - working) * 1000)
        found.append(Asked(who, path, times, busy, count))
    return found


def show(found: Iterable[Asked]) -> None:
    """Print what was asked, the slowest first."""
    for page in sorted(found, key=lambda each: -each.median):
        print(page)


def figure(name: str, ours: float, peer: float | None, unit: str, n: int) -> dict[str, Any]:
    """A figure as bench/run.py reads it; the ratio is how many times less we need than the peer."""
    return {
        "figure": name,
        "ours": round(ours, 2),
        "peer": peer and round(peer, 2),
        "ratio": None if peer is None else round(peer / ours, 2),
        "unit": unit,
        "n": n,
    }
