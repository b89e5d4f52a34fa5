"""``kill -9`` in the middle of an ingest, and again, gives every event exactly once."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.soc.conftest import RULES, line, minutes, rule_text

LINES = 24_000
BATCH = 400
SETUP = """
import django; django.setup()
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0, skip_checks=True)
from brandwacht.network.actor import system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation
from brandwacht.network.services import access
from brandwacht.network.tenancy import tenancy_scope
ours = Organisation.objects.create(code="VR17", name="Test", kind="veiligheidsregio")
soc = Organisation.objects.create(code="VR-SOC", name="SOC", kind="landelijk")
me = system_actor(ours, timezone.now())
with tenancy_scope(me.tenancy()):
    access.give(me, GrantKind.SOC_MANDATE, soc, "test", me.now + timedelta(days=9), act=True)
"""
TABLES = {
    "soc_matchedevent": "number, time, channel, event_id, matches, raw",
    "soc_alert": "title, severity, state, open, waiting, first_seen, last_seen, event_count, rule_count, attack",
    "soc_alertrule": "rule_id, level, attack, count, first_seen, last_seen",
    "soc_badrecord": "number, reason",
    "soc_ingestfile": "sha256, name, size, state, position, events, bad_records, matched",
}


def environment(data: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("BRANDWACHT_")}
    return kept | {
        "BRANDWACHT_DATA": str(data),
        "BRANDWACHT_SECRET_KEY": "for tests only",
        "DJANGO_SETTINGS_MODULE": "brandwacht.site.settings",
    }


def start(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "brandwacht.cli", "soc", *arguments],
        env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def finish(process: subprocess.Popen[bytes]) -> str:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err.decode()
    return out.decode()


def rows(data: Path, query: str) -> list[Any]:
    with contextlib.closing(sqlite3.connect(data / "brandwacht.sqlite3", timeout=20)) as database:
        return database.execute(query).fetchall()


def position(data: Path) -> int:
    return next(iter(rows(data, "SELECT position FROM soc_ingestfile")), (0,))[0]


@pytest.mark.slow
def test_killed_twice_and_started_again_equals_one_quiet_run(tmp_path: Path) -> None:
    killed, quiet = tmp_path / "killed", tmp_path / "quiet"
    killed.mkdir()
    subprocess.run([sys.executable, "-c", SETUP], env=environment(killed), check=True, timeout=240)
    folder = tmp_path / "regels"
    folder.mkdir()
    for number, (name, facts) in enumerate(RULES.items(), 1):
        (folder / name).write_text(rule_text(number, *facts), encoding="utf-8")
    finish(start(killed, "rules", "import", str(folder)))
    shutil.copytree(killed, quiet)

    chance = random.Random(9)
    images = ["notepad.exe"] * 30 + ["lsass.exe", "whoami.exe", "powershell.exe", "vssadmin.exe"]
    log = tmp_path / "groot.jsonl"
    with log.open("w", encoding="utf-8") as file:
        for n in range(LINES):
            broken = n % 997 == 0
            text = line(chance.choice(images), f"PC{chance.randrange(8)}", minutes((LINES - n) / 6))
            file.write(("kapot" if broken else text) + "\n")
    read = ("ingest", str(log), "--organisation", "VR17", "--batch", str(BATCH))

    for _kill in range(2):
        before = position(killed)
        process = start(killed, *read)
        while position(killed) <= before + 2 * BATCH:
            assert process.poll() is None, "it was done before it could be killed; make the log longer"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert before < position(killed) < LINES

    finish(start(killed, *read))
    finish(start(quiet, *read))
    for table, columns in TABLES.items():
        query = f"SELECT {columns} FROM {table} ORDER BY {columns}"  # noqa: S608 - our own names
        assert rows(killed, query) == rows(quiet, query), table
    (done,) = rows(quiet, "SELECT state, position, events, bad_records, matched FROM soc_ingestfile")
    assert done[:4] == ("klaar", LINES, LINES - 25, 25)
    assert done[4] == rows(quiet, "SELECT count(*) FROM soc_matchedevent")[0][0] > 1000
    assert "al eerder gelezen" in finish(start(killed, *read))
