"""Writing events to the store and searching in them, beside SQLite with an index on the address.

The events are made by a seeded generator: Sysmon in recorded form, about 1 KB each, spread over three days, with 500
hosts, 300 users, 65,000 addresses, 2,000 programs, and a command line and file hash that never repeat. Both get the
same events in batches of 5,000: the store as Parquet files that are then merged, SQLite as rows of moment, host,
address, command line and original, with indexes on moment and address.

Searching goes the way of the page: a process of its own is started, locks itself in and searches (its start is in the
figure); SQLite searches within this process, in a warm file. The address occurs a handful of times, the text once.
Writing is counted per second of processor time of this process.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
HOME = Path(tempfile.mkdtemp(prefix="brandwacht-bench-store-"))
os.environ |= {"BRANDWACHT_DATA": str(HOME), "DJANGO_SETTINGS_MODULE": "brandwacht.site.settings"}

import django  # noqa: E402

django.setup()

import orjson  # noqa: E402

from brandwacht.engines.detection import Event, event_from_record  # noqa: E402
from brandwacht.soc.services.hunting import SHOWN  # noqa: E402
from brandwacht.soc.store import append, layout, merging, process, results  # noqa: E402
from brandwacht.soc.store.conditions import Line, condition  # noqa: E402

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BATCH = 5000


def made(count: int) -> Iterator[list[Event]]:
    """The events in batches."""
    dice = random.Random(7)
    for begin in range(0, count, BATCH):
        yield [one(number, count, dice) for number in range(begin, min(begin + BATCH, count))]


def one(number: int, count: int, dice: random.Random) -> Event:
    moment = NOW - timedelta(days=3) + timedelta(days=3) * (number / count)
    image = f"C:\\Program Files\\Leverancier\\Programma {dice.randrange(2000)}\\werk.exe"
    data = {
        "Image": image,
        "CommandLine": f'"{image}" /taak {dice.getrandbits(64):016x} ' + "/optie waarde " * 12,
        "ParentImage": "C:\\Windows\\explorer.exe",
        "User": f"VRR\\medewerker{dice.randrange(300)}",
        "SourceIp": f"10.1.{dice.randrange(8)}.{dice.randrange(250)}",
        "DestinationIp": f"10.20.{dice.randrange(256)}.{dice.randrange(256)}",
        "DestinationPort": "443",
        "Hashes": f"SHA256={dice.getrandbits(256):064X}",
    }
    system = {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
        "EventID": dice.choice((1, 3, 11, 22)),
        "EventRecordID": number,
        "TimeCreated": {"#attributes": {"SystemTime": moment.isoformat()}},
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Computer": f"WS{dice.randrange(500):03d}.demo.example",
    }
    return event_from_record(number, {"Event": {"System": system, "EventData": data}})


def fill(count: int) -> tuple[float, float, sqlite3.Connection]:
    """Write everything to both; returns processor seconds of each, and the SQLite database."""
    base = sqlite3.connect(HOME / "peer.sqlite3")
    base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;")
    base.execute("CREATE TABLE events (time TEXT, host TEXT, address TEXT, command TEXT, raw TEXT)")
    base.execute("CREATE INDEX by_time ON events (time)")
    base.execute("CREATE INDEX by_address ON events (address)")
    ours = theirs = 0.0
    for number, batch in enumerate(made(count)):
        began = time.process_time()
        append("VR17", "werkplekken", f"b{number}", batch, NOW)
        ours += time.process_time() - began
        began = time.process_time()
        base.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", map(peer_row, batch))
        base.commit()
        theirs += time.process_time() - began
    for partition in layout.partitions("VR17"):
        merging.merge(partition, NOW + timedelta(days=5))
    return ours, theirs, base


def peer_row(event: Event) -> tuple[object, ...]:
    fields = event.fields
    moment = event.time.isoformat() if event.time else ""
    return moment, event.host, fields["DestinationIp"], fields["CommandLine"], orjson.dumps(event.raw).decode()


def hunt(line: Line) -> int:
    """A search by fields as the page does it; returns how many events were found."""
    files = [(p.day.isoformat(), path) for p in layout.partitions("VR17") for path in layout.live_files(p.folder)]
    where, values = condition([line])
    task: dict[str, Any] = {
        "files": process.newest_first(files), "sql": "", "where": where, "values": values, "columns": list(SHOWN),
        "view": [], "narrow": "time >= TIMESTAMP '2026-01-01'", "step": 3600, "rows": 10_000, "size": 1 << 24,
    }  # fmt: skip
    folder = results.home() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    standing = process.follow(folder, task)
    assert standing.state == results.DONE, standing.error
    return sum(standing.owners.values())


def timed(work: Callable[[], int], repeats: int) -> tuple[float, int]:
    """The median milliseconds of some repeats, and what it found."""
    taken, found = [], 0
    for _repeat in range(repeats):
        began = time.perf_counter()
        found = work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--events", type=int, default=1_000_000, help="how many, when not quick")
    options = parser.parse_args()
    count, repeats = (60_000, 3) if options.quick else (options.events, 5)
    ours, theirs, base = fill(count)
    size = sum(path.stat().st_size for p in layout.partitions("VR17") for path in layout.live_files(p.folder))
    peer_size = (HOME / "peer.sqlite3").stat().st_size
    print(f"{count:,} events: {size / count:.0f} bytes each stored, SQLite {peer_size / count:.0f}")

    wanted = next(made(1))[0]
    address = str(wanted.fields["DestinationIp"])
    text = str(wanted.fields["CommandLine"]).split("/taak ")[1][:16]

    def like(sql: str, value: str) -> int:
        return len(base.execute(sql, [value]).fetchall())

    figures = [
        figure("events written per second per core", count / ours, count / theirs, "events/s", count, more=True),
        figure("bytes stored per event", size / count, peer_size / count, "bytes", count),
    ]
    for name, line, sql, value in (
        ("exact address in all events", Line("en", "destination.ip", "is", address),
         "SELECT * FROM events WHERE address = ?", address),
        ("substring of the command line", Line("en", "process.command_line", "bevat", text),
         "SELECT * FROM events WHERE command LIKE ?", f"%{text}%"),
        ("substring of the whole event", Line("en", "event.original", "bevat", text),
         "SELECT * FROM events WHERE raw LIKE ?", f"%{text}%"),
    ):  # fmt: skip
        mine, found = timed(lambda line=line: hunt(line), repeats)  # type: ignore[misc]
        peer, peer_found = timed(lambda sql=sql, value=value: like(sql, value), repeats)  # type: ignore[misc]
        assert found == peer_found, (name, found, peer_found)
        figures.append(figure(name, mine, peer, "ms", count))
    shutil.rmtree(HOME, ignore_errors=True)
    print(json.dumps(figures))


def figure(name: str, ours: float, peer: float, unit: str, count: int, *, more: bool = False) -> dict[str, object]:
    """One figure; ``more`` says that a higher number is better."""
    ratio = ours / peer if more else peer / ours
    return {
        "figure": name, "ours": round(ours, 1), "peer": round(peer, 1), "ratio": round(ratio, 2), "unit": unit,
        "n": count,
    }  # fmt: skip


if __name__ == "__main__":
    main()
