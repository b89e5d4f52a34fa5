"""From a log line that is sent to an alert in the queue, at 5,000 events per second, while people use the pages.

`brandwacht serve` runs as in production (web process, worker, processing; SQLite). This script sends `_bulk` requests
of 500 events (2.5 KB each, Winlogbeat's form, from a seeded generator in which values recur as in real logs: 40 hosts,
400 command lines, 120 images, 60 users) at a steady rate. One event in every other request, on a host of its own, is
one that a rule matches. How long it takes from sending that event until its own row is in the database is the latency;
a page is fetched twice a second meanwhile. The sender, the poller and the pages share the two cores with what is
measured; how much of a core each process of ours took is printed.

The rules are all usable Windows rules of `../shared/data/sigma` where that folder exists, else the demo's own. The peer
is the promise: 5,000 events/s, an alert within 2 s, pages within 300 ms.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RATE, BATCH = 5000, 500
PROMISE_S, PROMISE_MS = 2.0, 300.0
PAGES = ("/waakzaam", "/waakzaam/logbronnen", "/")
PORT = 8971


def environment(folder: Path) -> dict[str, str]:
    """Settings of an installation of its own in ``folder``."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BRANDWACHT_") or k == "BRANDWACHT_SHARED"}
    return kept | {
        "BRANDWACHT_DATA": str(folder),
        "BRANDWACHT_DEMO": "1",
        "BRANDWACHT_SECRET_KEY": "bench",
        "DJANGO_SETTINGS_MODULE": "brandwacht.site.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
    }


def prepare(folder: Path) -> dict[str, str]:
    """The demo, the rules, a source; returns its token, a session, and the number of rules."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from brandwacht.network.actor import system_actor
    from brandwacht.network.models import Organisation, User
    from brandwacht.network.tenancy import every_owner, tenancy_scope
    from brandwacht.site import demo
    from brandwacht.soc.models import SigmaRule
    from brandwacht.soc.services import import_rules
    from brandwacht.soc.services.logsources import SourceDraft, connect

    list(demo.fill(timezone.now()))
    shared = Path(os.environ.get("BRANDWACHT_SHARED", ROOT.parent / "shared")) / "data" / "sigma" / "rules" / "windows"
    if shared.is_dir():
        soc = system_actor(Organisation.objects.get(code="VR-SOC"), timezone.now())
        with tenancy_scope(soc.tenancy()):
            import_rules(soc, shared)
    ours = system_actor(Organisation.objects.get(code="VR17"), timezone.now())
    with tenancy_scope(ours.tenancy()):
        _source, token = connect(ours, ours.organisation_id, SourceDraft("bench", "bulk"))
    analyst = User.objects.get(email="analist@demo.example")
    session = SessionStore()
    session["_auth_user_id"] = str(analyst.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = analyst.get_session_auth_hash()
    session.save()
    with every_owner():
        count = SigmaRule.objects.filter(usable=True).count()
    return {"token": token, "session": str(session.session_key), "rules": str(count)}


class Lines:
    """Events of 2.2 KB, in which values recur."""

    def __init__(self, seed: int) -> None:
        chance = self._chance = random.Random(seed)
        self._hosts = [f"VRR-WS{n:03d}.vrr.example" for n in range(40)]
        folders = ("C:\\Windows\\System32", "C:\\Program Files\\Kantoor", "C:\\Program Files (x86)\\Meldkamer")
        self._images = [f"{chance.choice(folders)}\\programma{n:03d}.exe" for n in range(120)]
        self._commands = [
            f'"{chance.choice(self._images)}" --taak {n} --map "D:\\gegevens\\{chance.randrange(90)}" ' + "x" * 120
            for n in range(400)
        ]
        self._users = [f"VRR\\gebruiker{n:02d}" for n in range(60)]

    def line(self, number: int, at: datetime, *, hit: bool = False) -> bytes:
        """One event; ``hit`` for one that a rule of the demo matches."""
        chance = self._chance
        image = "C:\\Windows\\System32\\vssadmin.exe" if hit else chance.choice(self._images)
        command = "vssadmin.exe delete shadows /all /quiet" if hit else chance.choice(self._commands)
        data = {
            "RuleName": "-",
            "UtcTime": at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
            "ProcessGuid": f"{{{chance.getrandbits(128):032x}}}",
            "ProcessId": str(chance.randrange(65536)),
            "Image": image,
            "OriginalFileName": image.rpartition("\\")[2],
            "CommandLine": command,
            "CurrentDirectory": "C:\\Windows\\system32\\",
            "User": chance.choice(self._users),
            "IntegrityLevel": "Medium",
            "Hashes": f"SHA256={hash(image) & (2**64 - 1):064x}",
            "ParentImage": chance.choice(self._images),
            "ParentCommandLine": chance.choice(self._commands),
            "Description": "Een programma van de veiligheidsregio " * 8,
        }
        event = {
            "@timestamp": at.isoformat(),
            "event": {"code": "1", "provider": "Microsoft-Windows-Sysmon", "kind": "event", "created": at.isoformat()},
            "host": {"name": "BENCH-HIT" if hit else chance.choice(self._hosts), "os": {"family": "windows"}},
            "log": {"level": "information"},
            "message": "Process Create: " + "een regel tekst zoals Windows die schrijft. " * 14,
            "agent": {"type": "winlogbeat", "version": "8.17.0", "id": f"{number:032x}"},
            "winlog": {
                "channel": "Microsoft-Windows-Sysmon/Operational",
                "computer_name": "BENCH-HIT" if hit else chance.choice(self._hosts),
                "provider_name": "Microsoft-Windows-Sysmon",
                "event_id": "1",
                "record_id": number,
                "event_data": data,
            },
        }
        return json.dumps(event, ensure_ascii=False).encode()


def bodies(count: int) -> list[bytes]:
    """Requests to send; every other one has an event that a rule matches."""
    lines, start, number = Lines(20261126), datetime.now(UTC), 0
    made = []
    for request in range(count):
        parts = []
        for place in range(BATCH):
            number += 1
            hit = request % 2 == 0 and place == BATCH // 2
            parts.append(b'{"create":{}}\n' + lines.line(number, start + timedelta(milliseconds=number / 5), hit=hit))
        made.append(b"\n".join(parts) + b"\n")
    return made


def number_of_hit(request: int) -> int:
    """The number of the event in this request that a rule matches."""
    return request * BATCH + BATCH // 2 + 1


class Watcher(threading.Thread):
    """Notes by the number of each event that matched when its row is there, under an alert."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self._database = database
        self.seen: dict[int, float] = {}
        self.stop = threading.Event()

    def run(self) -> None:
        with contextlib.closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=20)) as database:
            query = (
                "SELECT m.id, json_extract(m.raw, '$.winlog.record_id') FROM soc_matchedevent m "
                "JOIN soc_alert a ON a.id = m.alert_id JOIN network_node n ON n.id = a.asset_id "
                "WHERE m.id > ? AND n.name = 'BENCH-HIT' ORDER BY m.id"
            )
            last = 0
            while not self.stop.wait(0.02):
                for key, number in database.execute(query, (last,)).fetchall():
                    last = key
                    self.seen.setdefault(number, time.perf_counter())


class Reader(threading.Thread):
    """Fetches pages now and then, and notes how long each took (milliseconds)."""

    def __init__(self, session: str) -> None:
        super().__init__(daemon=True)
        self._session = session
        self.times: dict[str, list[float]] = {page: [] for page in PAGES}
        self.stop = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stop.wait(0.5):
            page = PAGES[number % len(PAGES)]
            began = time.perf_counter()
            status = fetch(page, self._session)
            if status != 200:
                raise SystemExit(f"{page}: {status}")
            self.times[page].append((time.perf_counter() - began) * 1000)
            number += 1


def fetch(path: str, session: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        answer = connection.getresponse()
        answer.read()
        return answer.status


def processor_time(leader: int) -> dict[str, float]:
    """Seconds of processor that each part of the running server took so far, with what it started."""
    found: dict[int, tuple[int, float, str]] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            facts = (path / "stat").read_text().rpartition(")")[2].split()
            used = (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")
            found[int(path.name)] = int(facts[1]), used, (path / "cmdline").read_text().replace("\0", " ")
    parts = {"gunicorn": "web", "soc run": "processing", "worker": "worker"}
    sums: dict[str, float] = {}
    for pid, (parent, used, command) in found.items():
        above = parent
        while above in found and above != leader and pid != leader:
            above = found[above][0]
        if above == leader:
            name = next((name for mark, name in parts.items() if mark in command), "other")
            sums[name] = sums.get(name, 0.0) + used
    return sums


def wait_until_up(session: str) -> None:
    for _try in range(120):
        with contextlib.suppress(OSError):
            if fetch(PAGES[0], session) == 200:
                return
        time.sleep(0.25)
    raise SystemExit("the server does not come up")


class Sender(threading.Thread):
    """Sends its share of the requests, each at its moment; notes when those with a match were sent, and refusals."""

    def __init__(self, token: str, work: list[tuple[float, int, bytes]], began: float) -> None:
        super().__init__(daemon=True)
        self._token, self._work, self._began = token, work, began
        self.sent: dict[int, float] = {}
        self.answered: list[float] = []
        self.refused = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        headers = {"Authorization": f"ApiKey {self._token}", "Content-Type": "application/x-ndjson"}
        for moment, number, body in self._work:
            time.sleep(max(0.0, self._began + moment - time.perf_counter()))
            at = time.perf_counter()
            connection.request("POST", "/ingest/elastic/_bulk?filter_path=errors,items.*.error", body, headers)
            answer = connection.getresponse()
            answer.read()
            self.answered.append((time.perf_counter() - at) * 1000)
            self.refused += answer.status != 200
            self.sent[number] = at


def measure(folder: Path, facts: dict[str, str], seconds: int, leader: int) -> dict[str, Any]:
    """Send for so many seconds; the latencies in seconds, the pages in milliseconds, the load in cores."""
    work = [(n * BATCH / RATE, n, body) for n, body in enumerate(bodies(seconds * RATE // BATCH))]
    watcher, reader = Watcher(folder / "brandwacht.sqlite3"), Reader(facts["session"])
    watcher.start()
    reader.start()
    used = processor_time(leader)
    began = time.perf_counter() + 0.2
    senders = [Sender(facts["token"], work[n::2], began) for n in range(2)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took = time.perf_counter() - began
    sent = {number: at for sender in senders for number, at in sender.sent.items()}
    hits = {number_of_hit(number): at for number, at in sent.items() if number % 2 == 0}
    until = time.perf_counter() + 30
    while len(watcher.seen) < len(hits) and time.perf_counter() < until:
        time.sleep(0.05)
    over = time.perf_counter() - began
    load = {name: (after - used.get(name, 0.0)) / over for name, after in processor_time(leader).items()}
    reader.stop.set()
    watcher.stop.set()
    reader.join()
    if watcher.seen.keys() != hits.keys() or any(sender.refused for sender in senders):
        refused = sum(sender.refused for sender in senders)
        raise SystemExit(f"{len(hits)} matches sent, {len(watcher.seen)} found, {refused} requests refused")
    return {
        "latency": [watcher.seen[number] - at for number, at in hits.items()],
        "load": load,
        "rate": len(work) * BATCH / took,
        "pages": reader.times,
        "answers": [ms for sender in senders for ms in sender.answered],
        "events": len(work) * BATCH,
        "bytes": sum(len(body) for _m, _n, body in work),
    }


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def main() -> None:
    """Prepare, serve, send, print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="6 seconds instead of 30")
    seconds = 6 if parser.parse_args().quick else 30
    with tempfile.TemporaryDirectory(prefix="brandwacht-bench-") as name:
        folder = Path(name)
        os.environ |= environment(folder)
        sys.path.insert(0, str(ROOT / "src"))
        facts = prepare(folder)
        command = [sys.executable, "-m", "brandwacht.cli", "serve", "--port", str(PORT)]
        server = subprocess.Popen(command, env=environment(folder), start_new_session=True)
        try:
            wait_until_up(facts["session"])
            time.sleep(5)  # until the rules are in memory: a start is not what this measures
            found = measure(folder, facts, seconds, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    latency, answers = found["latency"], found["answers"]
    pages = [ms for times in found["pages"].values() for ms in times]
    size = found["bytes"] / found["events"]
    print(f"{facts['rules']} rules; {found['events']} events of {size:.0f} bytes in {seconds} s: {found['rate']:.0f}/s")
    print(
        f"alert after: median {statistics.median(latency):.2f} s, p95 {p95(latency):.2f} s, most {max(latency):.2f} s"
    )
    print(f"pages: median {statistics.median(pages):.0f} ms, p95 {p95(pages):.0f} ms of {len(pages)}")
    for page, times in found["pages"].items():
        print(f"  {page}: median {statistics.median(times):.0f} ms, most {max(times):.0f} ms")
    print("cores: " + ", ".join(f"{name} {share:.2f}" for name, share in sorted(found["load"].items())))
    print(f"answers to _bulk: median {statistics.median(answers):.0f} ms, p95 {p95(answers):.0f} ms")
    rows = (
        ("ingest: events received and watched", found["rate"], float(RATE), "events/s", found["rate"] / RATE),
        ("ingest: log line to alert, p95", p95(latency), PROMISE_S, "s", PROMISE_S / p95(latency)),
        ("ingest: page while logs come in, p95", p95(pages), PROMISE_MS, "ms", PROMISE_MS / p95(pages)),
    )
    keys = ("figure", "ours", "peer", "unit", "ratio")
    print(json.dumps([dict(zip(keys, row, strict=True)) | {"n": found["events"]} for row in rows]))


if __name__ == "__main__":
    main()
