"""``brandwacht serve`` and ``brandwacht worker``: web, worker and the processing of logs, and all as one command."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import click
from django.core.management import call_command
from django.utils import timezone

from brandwacht.cli.common import heed_signals
from brandwacht.network.periodic import tick
from brandwacht.riskmap.reckoning.kernels import compiling
from brandwacht.soc.models import LogSource, SourceKind

TICK_SECONDS = 30
OURS = [sys.executable, "-m", "brandwacht.cli"]


@click.command()
def worker() -> None:
    """Doe het werk op de achtergrond.

    Dat zijn de taken uit de wachtrij en het werk dat elke minuut, elk uur of elke dag moet gebeuren.
    """
    queue = subprocess.Popen([sys.executable, "-m", "django", "db_worker", "--interval", "1"])
    kernels = compiling()
    stopped = heed_signals()
    try:
        while not stopped() and queue.poll() is None:
            for job, result in tick(timezone.now()):
                click.echo(f"{job}: {result}")
            for _second in range(TICK_SECONDS * 2):
                if stopped() or queue.poll() is not None:
                    break
                time.sleep(0.5)
    finally:
        _end(queue)
        if kernels is not None:
            _end(kernels)
    sys.exit(0 if stopped() else 1)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--threads", default=8, show_default=True, help="Verzoeken tegelijk per webproces.")
@click.option("--workers", default=1, show_default=True, help="Aantal webprocessen.")
def serve(host: str, port: int, threads: int, workers: int) -> None:
    """Start de webserver, de werker en de verwerking van logs als één opdracht.

    Zodra er een bron voor syslog is, ook de ontvangst daarvan. Ctrl-C stopt alles; stopt er een vanzelf, dan stoppen
    de andere ook.
    """
    call_command("migrate", verbosity=0)
    run(host, port, threads, workers)


def run(host: str, port: int, threads: int = 8, workers: int = 1) -> None:
    """Run web, worker and processing until one of them ends or a signal comes; then end the others."""
    web = [
        sys.executable, "-m", "gunicorn", "brandwacht.site.wsgi:application", "--bind", f"{host}:{port}",
        "--worker-class", "gthread", "--threads", str(threads), "--workers", str(workers), "--log-level", "warning",
    ]  # fmt: skip
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "brandwacht.site.settings"}
    processes = [
        subprocess.Popen(command, env=env, start_new_session=True)
        for command in (web, [*OURS, "worker"], [*OURS, "soc", "run"])
    ]
    stopped = heed_signals()
    listening, looked = False, float("-inf")
    try:
        while not stopped() and all(p.poll() is None for p in processes):
            if not listening and time.monotonic() - looked > TICK_SECONDS:
                looked = time.monotonic()
                if listening := _syslog_is_wanted():
                    processes.append(subprocess.Popen([*OURS, "listen"], env=env, start_new_session=True))
            time.sleep(0.3)
    finally:
        for process in processes:
            _end_all(process)
    if not stopped():
        click.echo("Een van de processen stopte onverwacht; zie de meldingen hierboven.", err=True)
        sys.exit(1)


def _syslog_is_wanted() -> bool:
    """Whether there is a source that sends syslog, of whatever organisation."""
    return LogSource._base_manager.filter(kind=SourceKind.SYSLOG, enabled=True).exists()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        if process.poll() is None:
            process.kill()


def _end_all(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group, and then what it left behind: a killed worker cannot end its own queue."""
    _end(process)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
