"""Whatever breaks: nothing that was acknowledged is lost or counted twice, memory is bounded, the operator is told.

A disk is full by injection at each place that writes, so that nothing depends on what the machine allows. Other faults
have their tests beside what they break: `kill -9` in test_kill, test_kill_receiver and test_spool, jumps of the clock
and rules that do not load in test_runner, lines of 100 MB in test_folders and the tests of the connectors.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from brandwacht.connectors.elastic_bulk import views
from brandwacht.engines.detection import Matcher, ecs
from brandwacht.network.models import Action, ActionState, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, GapReason, IngestFile, MatchedEvent, WatchGap
from brandwacht.soc.services import health, rulebook
from brandwacht.soc.services.intake import spool_of
from brandwacht.soc.spool import writing as spool_writing
from brandwacht.soc.store import layout, scan
from brandwacht.soc.store import writing as store_writing
from tests.soc.conftest import line, rule_text
from tests.soc.sources import Clocks, body, connected, drain, fresh, own_folder, running, send
from tests.soc.test_views import log_in
from tests.world import NOW, acting_system, person

pytestmark = pytest.mark.django_db
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    with own_folder(settings, tmp_path / "data"):
        yield


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def numbers() -> list[int]:
    """What the events that matched say their number is."""
    with every_owner():
        raws = MatchedEvent.objects.values_list("raw", flat=True)
        return sorted(raw["Event"]["EventData"]["Nummer"] for raw in raws)


def stored(until: timedelta = timedelta(days=400)) -> list[int]:
    """The numbers of all events in the store."""
    found = scan(["VR17"], NOW - timedelta(days=400), NOW + until)
    return sorted(event.fields["Nummer"] for _row, event in found)  # type: ignore[type-var]


def lines(first: int, count: int, **facts: Any) -> bytes:
    return body(*(line("lsass.exe", Nummer=n, **facts) for n in range(first, first + count)))


def asked(key: str) -> str:
    """Where what Deze week asks about this stands."""
    with every_owner():
        return Action.objects.get(key=key).state


# --- a full disk ------------------------------------------------------------------------------------------------------


def _half_a_table(_table: Any, stream: Any, **_facts: Any) -> None:
    stream.write(b"PAR1" + b"x" * 1000)
    raise FULL


def _raise(*_args: Any, **_facts: Any) -> Any:
    raise FULL


STORE_WRITES: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "folder": (store_writing.layout, "make_folder", _raise),
    "open": (store_writing.os, "open", _raise),
    "half a file": (store_writing.pq, "write_table", _half_a_table),
    "sync": (layout.os, "fsync", _raise),
    "rename": (store_writing.layout, "settle", _raise),
}


@pytest.mark.parametrize("place", STORE_WRITES)
def test_no_room_for_events_stops_the_processing_and_loses_nothing(
    region: Organisation, clocks: Clocks, place: str
) -> None:
    source, token = connected(region)
    with running(clocks) as runner:
        send(token, lines(0, 3))
        drain(runner, clocks)
        with pytest.MonkeyPatch.context() as full:
            assert send(token, lines(3, 4)).status_code == 200
            full.setattr(*STORE_WRITES[place])
            for _round in range(4):
                clocks.advance(minutes=2)
                assert runner.turn() == 0
        assert (numbers(), stored(), fresh(source).events) == ([0, 1, 2], [0, 1, 2], 3)
        health.look_after(clocks.now)
        assert asked(health.STILL) == ActionState.OPEN
        with every_owner():
            assert not WatchGap.objects.filter(reason=GapReason.FAILED).exists()
        drain(runner, clocks)
        assert (numbers(), stored(), fresh(source).events) == (list(range(7)), list(range(7)), 7)
    health.look_after(clocks.now)
    assert asked(health.STILL) == ActionState.DONE
    assert not [path for path in layout.root().rglob("*") if path.name.startswith(layout.TEMPORARY)]


@contextmanager
def full_database() -> Iterator[list[str]]:
    """A database that can be read but not written; gives the statements that were refused."""
    refused: list[str] = []

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            refused.append(sql)
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield refused


@pytest.mark.django_db(transaction=True)
def test_no_room_in_the_database_stops_the_processing_and_loses_nothing(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    ciso = log_in(person(region, Role.CISO))
    with running(clocks) as runner:
        send(token, lines(0, 3))
        drain(runner, clocks)
        with full_database() as refused:
            assert send(token, lines(3, 4)).status_code == 200  # it is in the spool, which is no database
            for _round in range(6):
                clocks.advance(minutes=1)
                assert runner.turn() == 0
            page = ciso.get(reverse("soc:logsource", args=[source.public_id]))
        assert refused
        assert numbers() == [0, 1, 2]
        assert "worden niet verwerkt" in page.content.decode()
        clocks.advance(minutes=2)  # it waits longer each time
        drain(runner, clocks)
    assert (numbers(), stored(), fresh(source).events) == (list(range(7)), list(range(7)), 7)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_fills_at_any_statement_counts_everything_once(region: Organisation, clocks: Clocks) -> None:
    """The disk fills at the first statement that writes, then at the second, and so on, until a batch passes whole."""
    source, token = connected(region)
    passed, place, sent = False, 0, 0
    with running(clocks) as runner:
        drain(runner, clocks)
        while not passed:
            seen = 0
            last = place

            def fill(execute: Any, sql: str, params: Any, many: bool, context: Any, last: int = last) -> Any:
                nonlocal seen
                if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                    seen += 1
                    if seen > last:
                        raise OperationalError("database or disk is full")
                return execute(sql, params, many, context)

            send(token, lines(sent, 2))
            sent += 2
            clocks.advance(seconds=30)
            with connection.execute_wrapper(fill):
                passed = runner.turn() > 0
            place += 1
            drain(runner, clocks)
            assert numbers() == list(range(sent))
    assert place > 5
    assert (stored(), fresh(source).events) == (list(range(sent)), sent)
    with every_owner():
        assert sum(IngestFile.objects.values_list("events", flat=True)) == sent


@pytest.mark.parametrize("place", ["open", "write", "fdatasync"])
def test_no_room_for_what_comes_in_is_told_to_the_sender(region: Organisation, clocks: Clocks, place: str) -> None:
    source, token = connected(region)
    write = os.write

    def room_for_half(file: int, data: Any) -> int:
        if len(data) < 100:
            raise FULL
        return write(file, data[: len(data) // 2])

    with pytest.MonkeyPatch.context() as full:
        if place == "open":
            full.setattr(spool_writing.os, "open", _raise)
        else:
            faults = {"write": {"write": room_for_half}, "fdatasync": {"sync": _raise}}[place]
            full.setattr(views.intake, "_make", partial(spool_writing.Writer, **faults))
        refused = send(token, lines(0, 3))
    assert refused.status_code == 429
    assert "bijna vol" in refused.json()["error"]["reason"]
    assert refused["Retry-After"] == "30"
    views.intake.close()
    assert send(token, lines(0, 3)).status_code == 200  # as every sender does: again
    with running(clocks) as runner:
        drain(runner, clocks)
    assert (numbers(), fresh(source).events) == ([0, 1, 2], 3)
    assert {path.suffix for path in spool_of(source).iterdir()} <= {".seg", ".lock"}


def test_a_disk_that_is_nearly_full_is_told_on_every_page_of_sources(region: Organisation, settings: Any) -> None:
    source, token = connected(region)
    settings.DISK_RESERVE = 10**15
    assert send(token, lines(0, 1)).status_code == 429
    browser = log_in(person(region, Role.CISO))
    for address in (reverse("soc:logsources"), reverse("soc:logsource", args=[source.public_id])):
        assert "De schijf van Brandwacht is bijna vol" in browser.get(address).content.decode()


# --- clocks, rules, values --------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_both_ways_loses_nothing_in_the_store_either(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    with running(clocks) as runner:
        for number, hours in enumerate((0, 2400, -2412, 1200, -1190)):
            clocks.now += timedelta(hours=hours)
            send(token, lines(10 * number, 2, at=clocks.now))
            drain(runner, clocks)
    wanted = [10 * number + n for number in range(5) for n in range(2)]
    assert (numbers(), stored(), fresh(source).events) == (wanted, wanted, 10)


class Held:
    """Loads rules when it is told to, as a helper that is busy does."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, work: Callable[..., Any], *args: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, partial(work, *args)))
        return future

    def finish(self, load: Callable[[], Any]) -> None:
        (future, _work), *self.waiting = self.waiting
        future.set_result(load())

    def shutdown(self, **_how: Any) -> None:
        pass


def test_rules_that_are_renewed_under_load_leave_no_event_unseen(
    region: Organisation, soc: Organisation, clocks: Clocks, tmp_path: Path
) -> None:
    source, token = connected(region)
    held = Held()
    with running(clocks) as runner:
        send(token, lines(0, 2))
        drain(runner, clocks)
        runner.keeper._helper = held  # type: ignore[assignment]
        new = tmp_path / "erbij"
        new.mkdir()
        (new / "calc.yml").write_text(rule_text(9, "Rekenmachine", "high", "T1033", "calc.exe"), encoding="utf-8")
        with acting_system(soc) as me:
            services.import_rules(me, new)
        for batch in range(1, 5):  # the new rules load for as long as this takes; the old ones go on
            send(token, lines(2 * batch, 2))
            clocks.advance(seconds=4)
            assert runner.turn() == 2
        assert len(held.waiting) == 1
        with acting_system(region) as me:
            held.finish(lambda: rulebook.rulebook_for(me))
        send(token, body(line("calc.exe", Nummer=10)))
        drain(runner, clocks)
    assert (numbers(), fresh(source).events) == (list(range(11)), 11)
    with every_owner():
        assert Alert.objects.filter(rules__title="Rekenmachine").count() == 1


def test_values_that_never_repeat_fill_no_memory(
    region: Organisation, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulebook, "Matcher", partial(Matcher, memory=50_000))
    source, token = connected(region)
    with running(clocks) as runner:
        for batch in range(3):
            new = (
                line("lsass.exe", f"PC{n % 3}", Nummer=n, CommandLine=f"x{n**5}.exe", **{f"Veld{n}": str(n**3)})
                for n in range(200 * batch, 200 * batch + 200)
            )
            send(token, body(*new))
            drain(runner, clocks)
            matcher = runner.keeper._held[region.pk].book.shared.matcher
            assert 0 <= matcher._memory.left <= matcher._memory.size
    assert fresh(source).events == 600
    assert ecs._shape.cache_info().currsize <= 1024


def test_indicators_remember_no_more_values_than_they_may() -> None:
    from brandwacht.engines.detection import indicators, parse_payload
    from brandwacht.engines.detection.sightings import IndicatorHolder, IndicatorWatch

    known = indicators.build([indicators.Indicator("domain", "kwaad.example", "1", "x")]).found
    watch = IndicatorWatch(IndicatorHolder(known), memory=20_000)
    hits = 0
    for n in range(400):
        name = "www.kwaad.example" if n % 100 == 0 else f"host{n}.example"
        event = {"winlog": {"channel": "Microsoft-Windows-Sysmon/Operational", "event_id": "22", "event_data": {
            "Image": "C:\\x.exe", "QueryName": name}}}  # fmt: skip
        hits += len(watch.match(parse_payload(event)))  # type: ignore[arg-type]
        assert len(watch._silent) + len(watch._sightings) <= 100
    assert hits == 4
