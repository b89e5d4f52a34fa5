"""``kill -9`` of whoever receives and whoever processes, in the middle: what was acknowledged becomes alerts, once."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.soc.conftest import RULES, line, rule_text
from tests.soc.sources import body
from tests.soc.test_kill import SETUP, environment, rows

CONNECT = """
import django; django.setup()
from django.utils import timezone
from brandwacht.network.actor import system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.soc.services.logsources import SourceDraft, connect
me = system_actor(Organisation.objects.get(code="VR17"), timezone.now())
with tenancy_scope(me.tenancy()):
    print(connect(me, me.organisation_id, SourceDraft("proef", "bulk"))[1])
"""
PORT = 8975
REQUESTS, LINES = 40, 25
MACHINES = 10
"""Of a flood on one machine only the first and last events are kept whole; spread so, every one of them is."""


def run(data: Path, *command: str) -> subprocess.Popen[bytes]:
    env = environment(data) | {"BRANDWACHT_HTTPS": "0", "BRANDWACHT_DISK_RESERVE_MB": "0"}
    return subprocess.Popen([sys.executable, *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def web(data: Path) -> subprocess.Popen[bytes]:
    return run(
        data, "-m", "gunicorn", "brandwacht.site.wsgi:application", "--bind", f"127.0.0.1:{PORT}", "--workers", "1",
        "--worker-class", "gthread", "--threads", "2",
    )  # fmt: skip


def deliver(token: str, data: bytes) -> bool:
    """Whether it was acknowledged; a receiver that is not there, or dies meanwhile, did not."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    headers = {"Authorization": f"ApiKey {token}", "Content-Type": "application/x-ndjson"}
    with contextlib.closing(connection):
        try:
            connection.request("POST", "/ingest/elastic/_bulk", data, headers)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def kill_workers(process: subprocess.Popen[bytes]) -> None:
    """Kill gunicorn and its worker as a power cut would: both at once, without a word."""
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    process.kill()
    for pid in found.stdout.split():
        subprocess.run(["kill", "-9", pid], check=False)
    process.wait(120)


@pytest.mark.slow
def test_receiver_and_processing_killed_in_the_middle(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    subprocess.run([sys.executable, "-c", SETUP], env=environment(data), check=True, timeout=240)
    folder = tmp_path / "regels"
    folder.mkdir()
    for number, (name, facts) in enumerate(RULES.items(), 1):
        (folder / name).write_text(rule_text(number, *facts), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "brandwacht.cli", "soc", "rules", "import", str(folder)],
        env=environment(data), check=True, timeout=240, capture_output=True,
    )  # fmt: skip
    made = subprocess.run(
        [sys.executable, "-c", CONNECT], env=environment(data), check=True, timeout=240, capture_output=True, text=True
    )
    token = made.stdout.strip()
    requests = [
        body(*(line("lsass.exe", f"PC{n % MACHINES}", Nummer=f"{r}-{n}") for n in range(LINES)))
        for r in range(REQUESTS)
    ]
    receiver, processing = web(data), run(data, "-m", "brandwacht.cli", "soc", "run")
    try:
        for number, request in enumerate(requests):
            if number == REQUESTS // 3:
                kill_workers(receiver)
                receiver = web(data)
            if number == REQUESTS // 2:
                processing.kill()
                processing.wait(120)
            until = time.monotonic() + 240
            while not deliver(token, request):  # as every sender does: again, until it is acknowledged
                assert time.monotonic() < until
                time.sleep(0.1)
            if number % 7 == 0:
                assert deliver(token, request)  # and sometimes once too often
    finally:
        kill_workers(receiver)
        processing.kill()
        processing.wait(120)
    last = run(data, "-m", "brandwacht.cli", "soc", "run", "--once")
    assert last.wait(120) == 0
    numbers = rows(data, "SELECT json_extract(raw, '$.Event.EventData.Nummer') FROM soc_matchedevent")
    assert len(numbers) == REQUESTS * LINES
    assert len(set(numbers)) == REQUESTS * LINES
    assert rows(data, "SELECT SUM(event_count) FROM soc_alert") == [(REQUESTS * LINES,)]
    ((events, doubles),) = rows(data, "SELECT events, doubles FROM soc_logsource")
    assert events == REQUESTS * LINES
    assert doubles >= LINES * 6
