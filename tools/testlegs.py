"""Run the tests on every leg, and say at the end which legs passed, failed or were skipped.

A leg is one way to run the tests: all tests but the journeys on SQLite, those of them that use the database on
PostgreSQL too, and the journeys (stories played in a real browser) on both. PostgreSQL is a private server in a
temporary folder, started here and stopped here, whatever happens in between.

    tools/testlegs.py                          all legs
    tools/testlegs.py --leg sqlite             one leg; may be repeated
    tools/testlegs.py --leg postgres -- tests/soc -k triage

What follows `--` goes to pytest. With REQUIRE_ALL_LEGS=1 a leg that cannot run is a leg that failed.
"""

import argparse
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from defusedxml import ElementTree

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHROMIUM = os.environ.get("BRANDWACHT_CHROMIUM", "/usr/bin/chromium")
NO_TESTS = 5  # pytest's exit code when it found nothing to run


@dataclass(frozen=True)
class Leg:
    """One way to run the tests."""

    name: str
    database: str  # sqlite | postgres
    marker: str


LEGS = (
    Leg("sqlite", "sqlite", "not journey"),
    # What has no database holds on the one leg as on the other.
    Leg("postgres", "postgres", "database and not journey"),
    Leg("journeys-sqlite", "sqlite", "journey"),
    Leg("journeys-postgres", "postgres", "journey"),
)


@dataclass
class Outcome:
    """What became of one leg; counts are tests."""

    leg: str
    verdict: str  # passed | failed | skipped
    remark: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0

    def line(self) -> str:
        """One row of the summary."""
        counts = f"{self.passed:5d} passed {self.failed:4d} failed {self.skipped:4d} skipped {self.seconds:6.0f} s"
        return f"  {self.leg:18s} {self.verdict.upper():8s}" + (f" {self.remark}" if self.remark else counts)


class LegAbsent(Exception):
    """This machine lacks what the leg needs; the message says what to install."""


# PostgreSQL


def postgres_binaries() -> Path:
    """The folder with initdb and postgres: from PATH, else the newest that Debian installed.

    Raises LegAbsent when there is none.
    """
    candidates = []
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise LegAbsent("no PostgreSQL server on this machine: apt-get install postgresql")


def _as_other_user(folder: Path) -> list[str]:
    """The prefix that runs a command as an ordinary user (PostgreSQL refuses root) and ends it when we are killed."""
    tool = shutil.which("setpriv")
    if os.geteuid() != 0:
        return [tool, "--pdeathsig=INT", "--"] if tool else []
    if not tool:
        raise LegAbsent("PostgreSQL does not run as root, and setpriv is missing: apt-get install util-linux")
    known = {user.pw_name: user for user in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [tool, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig=INT", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres_server() -> Iterator[str]:
    """A private server on 127.0.0.1 and on a socket in its own folder; yields the URL of an ordinary role.

    That role may create databases but is no superuser, as in production. The server trades safety for speed: what it
    holds is worth nothing after the tests.
    """
    binaries = postgres_binaries()
    folder = Path(tempfile.mkdtemp(prefix="bw-pg-", dir="/tmp"))  # a socket's path may have 107 characters
    server: subprocess.Popen[bytes] | None = None
    try:
        prefix = _as_other_user(folder)
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        data, port, password = folder / "data", _free_port(), secrets.token_urlsafe(16)
        initdb = [str(binaries / "initdb"), "--pgdata", str(data), "--username=owner", "--auth-local=trust"]
        initdb += ["--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run([*prefix, *initdb], env=environment, cwd=folder, capture_output=True, text=True)
        if made.returncode:
            raise SystemExit(f"initdb failed:\n{made.stdout}{made.stderr}")
        options = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": 60,
            "shared_buffers": "128MB",
            "autovacuum": "off",
        }
        start = [str(binaries / "postgres"), "-D", str(data)]
        start += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder.with_suffix(".log")).open("wb") as log:
            server = subprocess.Popen([*prefix, *start], env=environment, cwd=folder, stdout=log, stderr=log)
        _make_role(folder, port, password, server)
        yield f"postgresql://brandwacht:{password}@127.0.0.1:{port}/brandwacht"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # "fast": ends the sessions that are still open
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)


def _make_role(folder: Path, port: int, password: str, server: "subprocess.Popen[bytes]") -> None:
    import psycopg
    from psycopg import sql

    end = time.monotonic() + 60
    while True:
        try:
            connection = psycopg.connect(host=str(folder), port=port, user="owner", dbname="postgres", autocommit=True)
            break
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                log = folder.with_suffix(".log").read_text(errors="replace")
                raise SystemExit(f"PostgreSQL did not start:\n{log}") from error
            time.sleep(0.1)
    with connection:
        connection.execute(sql.SQL("CREATE ROLE brandwacht LOGIN CREATEDB PASSWORD {}").format(sql.Literal(password)))
        connection.execute("CREATE DATABASE brandwacht OWNER brandwacht")


# Legs


def _counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests according to pytest's own report."""
    if not report.is_file():
        return 0, 0, 0
    suites = ElementTree.parse(report).findall(".//testsuite")
    total, failures, errors, skipped = (
        sum(int(suite.get(key, "0")) for suite in suites) for key in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return max(total - failed - skipped, 0), failed, skipped


def run_leg(leg: Leg, url: str | None, workers: str, arguments: list[str], scratch: Path, *, coverage: bool) -> Outcome:
    """Run pytest once. `url` is the PostgreSQL database, None for SQLite."""
    environment = {**os.environ, "BRANDWACHT_TEST_DATABASE": leg.database}
    environment["COVERAGE_FILE"] = str(scratch / f".coverage.{leg.name}")
    environment.pop("BRANDWACHT_DATABASE_URL", None)
    if url:
        environment["BRANDWACHT_DATABASE_URL"] = url
    report = scratch / f"{leg.name}.xml"
    command = [PYTHON, "-m", "pytest", "-m", leg.marker, "-n", workers, f"--junit-xml={report}"]
    if coverage:
        command += ["--cov=brandwacht", "--cov-report="]
    command += arguments
    print(f"\n=== leg {leg.name}: {leg.marker!r} on {leg.database} ===", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env=environment).returncode
    outcome = Outcome(leg.name, "passed" if code == 0 else "failed", "", *_counts(report), time.monotonic() - began)
    if code == NO_TESTS:
        return Outcome(leg.name, "skipped", "no tests for this leg")
    if code and not outcome.failed:
        outcome.remark = f"pytest ended with exit code {code}"
    return outcome


def run(legs: list[Leg], workers: str, arguments: list[str], scratch: Path, *, coverage: bool) -> list[Outcome]:
    """Run the legs in order, with one PostgreSQL server for all that need it."""
    outcomes: list[Outcome] = []

    def play(leg: Leg, url: str | None) -> None:
        if leg.marker == "journey" and not Path(CHROMIUM).is_file():
            remark = f"no browser at {CHROMIUM}: apt-get install chromium (or set BRANDWACHT_CHROMIUM)"
            outcomes.append(Outcome(leg.name, "skipped", remark))
        else:
            outcomes.append(run_leg(leg, url, workers, arguments, scratch, coverage=coverage))

    for leg in legs:
        if leg.database == "sqlite":
            play(leg, None)
    if on_postgres := [leg for leg in legs if leg.database == "postgres"]:
        try:
            with postgres_server() as url:
                for leg in on_postgres:
                    play(leg, url)
        except LegAbsent as absent:
            outcomes += [Outcome(leg.name, "skipped", str(absent)) for leg in on_postgres]
    return outcomes


def _show_coverage(scratch: Path) -> None:
    files = sorted(str(path) for path in scratch.glob(".coverage.*"))
    if not files:
        return
    coverage = [PYTHON, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet", *files], cwd=ROOT)
    subprocess.run([*coverage, "report"], cwd=ROOT)


def main() -> int:
    """Run what was asked; the exit code is 0 only when no leg failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [leg.name for leg in LEGS]
    parser.add_argument("--leg", action="append", choices=names, help="run only this leg (may be repeated)")
    parser.add_argument("-n", "--workers", default="2", help="pytest workers per leg (default 2)")
    parser.add_argument("--coverage", action="store_true", help="tell which lines no test reached; a third slower")
    parser.add_argument("arguments", nargs="*", metavar="-- PYTEST ARGUMENTS")
    options = parser.parse_args()
    chosen = [leg for leg in LEGS if not options.leg or leg.name in options.leg]

    # A stop asked from outside must still stop the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="brandwacht-legs-") as folder:
        outcomes = run(chosen, options.workers, options.arguments, Path(folder), coverage=options.coverage)
        _show_coverage(Path(folder))

    strict = os.environ.get("REQUIRE_ALL_LEGS") == "1"
    print("\nLegs:")
    for outcome in outcomes:
        if outcome.verdict == "skipped" and strict:
            outcome.verdict, outcome.failed = "failed", outcome.failed + 1
            outcome.remark += " (REQUIRE_ALL_LEGS=1)"
        print(outcome.line())
    passed, failed, skipped = (sum(getattr(o, key) for o in outcomes) for key in ("passed", "failed", "skipped"))
    print(f"\ntotal: {passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if any(outcome.verdict == "failed" for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
