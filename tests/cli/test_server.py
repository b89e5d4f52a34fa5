"""`brandwacht serve` and `brandwacht worker`, as processes with a data folder and a port of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.test_main import brandwacht
from tests.cli.test_setup import GOOD

pytestmark = pytest.mark.slow
PATIENCE = 180


class House:
    """An installation in a folder; what is started in it is ended with it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        self.settings = {"BRANDWACHT_DATA": str(folder), "BRANDWACHT_HTTPS": "0", "BRANDWACHT_KERNELS": "0"}
        self.env = {n: v for n, v in os.environ.items() if not n.startswith(("BRANDWACHT_", "DJANGO_"))} | self.settings
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "brandwacht.cli", *arguments],
            env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def serve(self) -> subprocess.Popen[str]:
        process = self.start("serve", "--port", str(self.port))
        wait(self.healthy, process)
        wait(lambda: len(children(process.pid)) == 3 and queue_of(process.pid) is not None, process)
        return process

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/gezondheid", timeout=5) as answer:
                return bool(answer.status == 200 and b"goed" in answer.read())
        except (urllib.error.URLError, OSError):
            return False

    def rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.folder / "brandwacht.sqlite3", timeout=20) as database:
            return database.execute(query, values).fetchall()

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(120)
                except subprocess.TimeoutExpired:
                    process.kill()
            if process.stdout:
                process.stdout.close()


def wait(happened: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Until it happened; fails when the process ends first."""
    until = time.monotonic() + PATIENCE
    while not happened():
        if process is not None and process.poll() is not None:
            pytest.fail(f"ended with {process.returncode}: {process.stdout and process.stdout.read()}")
        if time.monotonic() > until:
            pytest.fail("it took too long")
        time.sleep(0.1)


def children(pid: int) -> dict[int, str]:
    """The running children of a process, with their command lines."""
    found: dict[int, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid and fields[0] != "Z":
                found[int(stat.parent.name)] = (stat.parent / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def child(pid: int, word: str) -> int | None:
    return next((found for found, line in children(pid).items() if word in line), None)


def queue_of(pid: int) -> int | None:
    """The process that does the queued work under ``serve``."""
    worker = child(pid, "cli worker")
    return child(worker, "db_worker") if worker else None


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    """A house in which nothing was made yet."""
    made = House(tmp_path / "gegevens")
    yield made
    made.close()


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as ``brandwacht init`` leaves it; made once, for a house takes a copy."""
    folder = tmp_path_factory.mktemp("ingericht") / "gegevens"
    given = ("--organisation", "VR17", "--email", "b@vr17.example", "--name", "B. Heer", "--password", GOOD)
    assert brandwacht("init", *given, **House(folder).settings).returncode == 0
    return folder


@pytest.fixture
def house(empty: House, set_up: Path) -> House:
    """A house that is set up, so that a test waits for what it looks at alone."""
    shutil.copytree(set_up, empty.folder)
    return empty


def test_serve_answers_and_ends_everything_on_sigterm(empty: House) -> None:
    process = empty.serve()
    queue = queue_of(process.pid)
    everyone = [process.pid, *children(process.pid), queue]
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 0
    wait(lambda: not any(alive(pid) for pid in everyone if pid))
    assert not empty.healthy()
    assert all(path.stat().st_mode & 0o077 == 0 for path in [empty.folder, *empty.folder.rglob("*")])


@pytest.mark.parametrize("victim", ["gunicorn", "cli worker", "cli soc run"])
def test_when_one_dies_the_other_ends_too(house: House, victim: str) -> None:
    process = house.serve()
    everyone = [*children(process.pid), queue_of(process.pid)]
    killed = child(process.pid, victim)
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert process.wait(120) == 1
    assert "stopte onverwacht" in (process.stdout.read() if process.stdout else "")
    wait(lambda: not any(alive(pid) for pid in everyone if pid))


def test_a_port_that_is_taken_ends_it_with_the_reason(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", house.port))
        taken.listen()
        process = house.start("serve", "--port", str(house.port))
        assert process.wait(PATIENCE) == 1
    assert "Address already in use" in (process.stdout.read() if process.stdout else "")


ENQUEUE = """
import django; django.setup()
from brandwacht.soc.tasks import read_inbox
print(read_inbox.enqueue("VR17", "00000000-0000-0000-0000-000000000000").id)
"""


def test_workers_do_queued_work_and_periodic_work_once(house: House) -> None:
    env = house.env | {"DJANGO_SETTINGS_MODULE": "brandwacht.site.settings"}
    subprocess.run([sys.executable, "-c", ENQUEUE], env=env, check=True, timeout=240, capture_output=True)
    first, second = house.start("worker"), house.start("worker")
    ended = "SELECT 1 FROM django_tasks_database_dbtaskresult WHERE finished_at IS NOT NULL AND task_path LIKE ?"
    wait(lambda: len(house.rows(ended, "%.read_inbox")) == 1)
    jobs = "SELECT job FROM network_periodic_run WHERE length(period) = 10 AND result != ''"  # those of every day
    wait(lambda: len(house.rows(jobs)) >= 3)
    done = [str(job) for (job,) in house.rows(jobs)]
    said = ""
    for process in (first, second):
        process.send_signal(signal.SIGTERM)
        said += process.communicate(timeout=120)[0]
        assert process.returncode == 0
    for job in done:
        assert said.count(f"{job}: ") == 1, said
