"""What the tests of sources share: a source with its token, lines for `_bulk`, and a runner without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from brandwacht.connectors.elastic_bulk import views
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import LogSource, SourceKind
from brandwacht.soc.services import logsources
from brandwacht.soc.services.logsources import SourceDraft
from brandwacht.soc.services.runner import Runner
from tests.world import NOW, acting_system

BULK = "/ingest/elastic/_bulk"


@dataclass
class Clocks:
    """The time of day and the clock that cannot jump; they move together unless told otherwise."""

    now: datetime = NOW
    seconds: float = 1000.0

    def advance(self, **time: float) -> None:
        step = timedelta(**time)
        self.now += step
        self.seconds += step.total_seconds()


@contextmanager
def own_folder(settings: Any, folder: Path) -> Iterator[None]:
    """Keep what is received in this folder, however full the disk; the receiver forgets it afterwards."""
    folder.mkdir(exist_ok=True)
    settings.DATA, settings.DISK_RESERVE = folder, 0
    yield
    views.intake.close()
    views.intake._rooms.clear()


def connected(
    owner: Organisation, name: str = "Filebeat", kind: str = SourceKind.BULK, **facts: Any
) -> tuple[LogSource, str]:
    """A source of this organisation, and its token."""
    with acting_system(owner) as me:
        source, token = logsources.connect(me, owner.pk, SourceDraft(name, kind, **facts))
    source.organisation = owner
    return source, token


def body(*lines: str, action: str = '{"create": {}}') -> bytes:
    """A `_bulk` body of these documents."""
    return "".join(f"{action}\n{line}\n" for line in lines).encode()


def send(token: str, data: bytes, address: str = BULK, **headers: str) -> Any:
    """What a sender with this token gets."""
    given = {"authorization": f"ApiKey {token}", **headers}
    return Client().post(address, data, "application/x-ndjson", headers=given)


@contextmanager
def running(clocks: Clocks, make: Callable[..., Runner] = Runner) -> Iterator[Runner]:
    """A runner that loads rules in this thread."""
    runner = make(lambda: clocks.now, monotonic=lambda: clocks.seconds, beside=False)
    try:
        yield runner
    finally:
        runner.close()


def drain(runner: Runner, clocks: Clocks, rounds: int = 50) -> int:
    """Turn until nothing comes any more; returns how many payloads were accounted for."""
    total = 0
    for _round in range(rounds):
        clocks.advance(seconds=4)
        if not (done := runner.turn()):
            return total
        total += done
    raise AssertionError("it never ends")


def run_once(clocks: Clocks) -> int:
    """A runner that starts, does all there is, and ends."""
    views.intake.close()  # as when the web process ends: its segments are finished
    with running(clocks) as runner:
        total = drain(runner, clocks)
        clocks.advance(seconds=30)
        return total + drain(runner, clocks)  # and has cleaned up


def fresh(source: LogSource) -> LogSource:
    """The source as it is now."""
    with every_owner():
        return LogSource.objects.select_related("organisation").get(pk=source.pk)
