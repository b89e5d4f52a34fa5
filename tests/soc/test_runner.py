"""The processing: every payload once, whatever stops, jumps, fails or repeats; and what the operator is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from brandwacht.connectors.elastic_bulk import views
from brandwacht.network.models import Action, ActionState, Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import (
    Alert,
    AlertState,
    GapReason,
    IngestFile,
    MatchedEvent,
    RuleOff,
    Severity,
    SigmaRule,
    WatchGap,
)
from brandwacht.soc.services import health, keeper, logsources, pipeline, tails
from brandwacht.soc.services.intake import spool_of
from brandwacht.soc.services.runner import Runner
from brandwacht.soc.services.tails import Memory
from brandwacht.soc.spool import segments
from tests.soc.conftest import line
from tests.soc.sources import Clocks, body, connected, drain, fresh, own_folder, run_once, running, send
from tests.world import acting_system

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    with own_folder(settings, tmp_path):
        yield


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def matched() -> int:
    with every_owner():
        return MatchedEvent.objects.count()


def gaps(reason: GapReason) -> list[WatchGap]:
    with every_owner():
        return list(WatchGap.objects.filter(reason=reason).order_by("pk"))


def test_a_runner_that_stops_halfway_goes_on_at_the_record(
    region: Organisation, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, token = connected(region)
    send(token, body(*(line("lsass.exe", Nummer=n) for n in range(9))))
    views.intake.close()
    monkeypatch.setattr(tails, "MOST_BYTES", 1000)  # three of these lines
    with running(clocks) as runner:
        assert runner.turn() == 3
        assert runner.turn() == 3
    assert matched() == 6
    assert run_once(clocks) == 3
    assert (matched(), fresh(source).events) == (9, 9)
    with every_owner():
        assert set(MatchedEvent.objects.values_list("number", flat=True)) == set(range(1, 10))


def test_what_comes_in_is_gathered_for_a_moment_unless_much_waits(
    region: Organisation, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    _source, token = connected(region)
    with running(clocks, partial(Runner, gather=0.25)) as runner:
        send(token, body(line("lsass.exe", Nummer=1)))
        assert runner.turn() == 1  # after silence at once
        send(token, body(line("lsass.exe", Nummer=2)))
        assert runner.turn() == 0
        send(token, body(line("lsass.exe", Nummer=3)))
        clocks.advance(seconds=0.3)
        assert runner.turn() == 2
        monkeypatch.setattr(tails, "MOST_BYTES", 1000)  # three of these lines
        send(token, body(*(line("lsass.exe", Nummer=n) for n in range(4, 10))))
        clocks.advance(seconds=0.3)
        assert [runner.turn(), runner.turn()] == [3, 3]
    assert matched() == 9


def test_two_runners_share_the_sources_and_neither_counts_twice(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    send(token, body(line("lsass.exe")))
    with running(clocks) as one, running(clocks) as other:
        assert drain(one, clocks) == 1
        assert drain(other, clocks) == 0
        assert not other._watches
        one.close()  # as when it is killed: the system takes the lock back
        send(token, body(line("whoami.exe")))
        assert drain(other, clocks) == 1
    assert fresh(source).events == 2


def test_a_batch_that_fails_between_store_and_database_comes_again_under_its_name(
    region: Organisation, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: dict[str, list[int]] = {}

    class Store:
        def append(self, owner: str, source: str, batch: str, events: Any, received_at: Any) -> int:
            stored[batch] = [event.number for event in events]
            return len(events)

    fails = [True]
    original = pipeline.file_matches

    def file_matches(*args: Any) -> None:
        if fails.pop() if fails else False:
            raise OperationalError("database is locked")
        original(*args)

    monkeypatch.setattr(pipeline, "_store", [Store()])
    monkeypatch.setattr(pipeline, "file_matches", file_matches)
    source, token = connected(region)
    send(token, body(line("lsass.exe"), line("notepad.exe")))
    with running(clocks) as runner:
        assert runner.turn() == 0
        assert matched() == 0
        drain(runner, clocks)
    assert list(stored.values()) == [[1, 2]]
    assert (matched(), fresh(source).events) == (1, 2)
    assert gaps(GapReason.FAILED) == []


def test_a_record_that_keeps_failing_is_set_aside_and_the_others_go_on(
    region: Organisation, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = tails.events_of

    def events_of(kind: str, number: int, payload: Any, received_at: Any) -> Any:
        if b"vergif" in payload.data:
            raise ZeroDivisionError("kapot")
        return original(kind, number, payload, received_at)

    monkeypatch.setattr(tails, "events_of", events_of)
    source, token = connected(region)
    lines = [line("lsass.exe", Nummer=n) for n in range(6)]
    lines.insert(3, line("lsass.exe", Nummer="vergif"))
    send(token, body(*lines))
    with running(clocks) as runner:
        for _turn in range(40):
            clocks.advance(seconds=70)
            runner.turn()
    assert matched() == 6
    (gap,) = gaps(GapReason.FAILED)
    assert "ZeroDivisionError" in gap.detail
    assert gap.lost_events == 1
    assert b"vergif" in Path(gap.path).read_bytes()
    assert fresh(source).errors == 1
    health.look_after(clocks.now)
    with every_owner():
        assert Action.objects.get(key=health.ASIDE).state == ActionState.OPEN


def test_damage_in_what_was_received_is_a_gap_and_the_rest_is_read(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    for number in range(3):
        send(token, body(line("lsass.exe", Nummer=number)))
    views.intake.close()
    (path,) = segments(spool_of(source))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    run_once(clocks)
    assert matched() == 2
    (gap,) = gaps(GapReason.DAMAGED)
    assert path.name in gap.detail


def test_segments_go_a_day_after_they_were_processed(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    send(token, body(line("lsass.exe")))
    run_once(clocks)
    assert len(segments(spool_of(source))) == 1
    clocks.advance(hours=25)
    with running(clocks) as runner:
        drain(runner, clocks)
    assert segments(spool_of(source)) == []
    with every_owner():
        assert IngestFile.objects.get().state == "klaar"


def test_the_memory_of_identities_stays_within_its_limit() -> None:
    memory = Memory(most=100, seconds=1000)
    for number in range(1, 1001):
        memory.learn([number], at=0.0)
    assert 100 <= len(memory) <= 201
    assert 1000 in memory
    assert 1 not in memory
    memory.learn([1], at=600.0)
    memory.learn([2], at=1200.0)
    assert 1000 not in memory
    assert 1 in memory


# --- silence ---------------------------------------------------------------------------------------------------------


def test_a_silent_source_is_one_alert_that_closes_itself(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region, silent_after=30)
    send(token, body(line("notepad.exe")))
    with running(clocks) as runner:
        drain(runner, clocks)
        for _minute in range(90):
            clocks.advance(minutes=1)
            runner.turn()
        with every_owner():
            alert = Alert.objects.get()
        assert (alert.severity, alert.state, alert.waiting) == (Severity.MEDIUM, AlertState.NEW, True)
        assert alert.title == "De bron Filebeat stuurt niets meer"
        assert alert.asset.name == "Filebeat"
        assert fresh(source).silent_since is not None
        views.intake._rooms.clear()
        send(token, body(line("whoami.exe", at=clocks.now - timedelta(minutes=20))))
        drain(runner, clocks)
    with every_owner():
        alert.refresh_from_db()
    assert (alert.state, alert.open) == (AlertState.CLOSED, False)
    assert alert.handled_by == "Brandwacht"
    (gap,) = gaps(GapReason.SILENT)
    assert gap.until is not None
    assert fresh(source).silent_since is None


def test_an_alert_that_an_analyst_closed_is_not_opened_again_in_the_same_silence(
    region: Organisation, clocks: Clocks
) -> None:
    connected(region, silent_after=30)
    with running(clocks) as runner:
        clocks.advance(minutes=31)
        drain(runner, clocks)
        with acting_system(region, clocks.now) as me:
            services.close(me, Alert.objects.get().public_id, "Onderhoud")
        for _hour in range(5):
            clocks.advance(hours=1)
            runner.turn()
    run_once(clocks)
    with every_owner():
        assert Alert.objects.count() == 1


def test_a_jump_of_the_clock_alarms_nobody_and_loses_nothing(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region, silent_after=30)
    with running(clocks) as runner:
        for number, hours in enumerate((2400, -2412, 1200)):
            clocks.now += timedelta(hours=hours)
            send(token, body(line("lsass.exe", Nummer=number)))
            drain(runner, clocks)
    with every_owner():
        assert not Alert.objects.filter(title__startswith="De bron").exists()
    assert gaps(GapReason.STOPPED) == []
    assert (matched(), fresh(source).events) == (3, 3)


def test_an_absence_of_the_processing_is_a_gap_that_is_filled(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    run_once(clocks)
    send(token, body(line("lsass.exe"), line("whoami.exe")))
    clocks.advance(hours=2)
    health.look_after(clocks.now)
    with every_owner():
        action = Action.objects.get(key=health.STILL)
    assert action.state == ActionState.OPEN
    assert "1 bron" in action.title
    run_once(clocks)
    (gap,) = gaps(GapReason.STOPPED)
    assert gap.until is not None
    assert gap.until - gap.since > timedelta(hours=1)
    assert gap.filled_events == 2
    health.look_after(clocks.now)
    with every_owner():
        action.refresh_from_db()
    assert action.state == ActionState.DONE
    assert fresh(source).events == 2


def test_a_full_spool_is_told_in_deze_week(region: Organisation, clocks: Clocks, settings: Any) -> None:
    connected(region)
    settings.DISK_RESERVE = 10**15
    health.look_after(clocks.now)
    with every_owner():
        assert Action.objects.get(key=health.FULL).state == ActionState.OPEN
    settings.DISK_RESERVE = 0
    health.look_after(clocks.now)
    with every_owner():
        assert Action.objects.get(key=health.FULL).state == ActionState.DONE


# --- rules -----------------------------------------------------------------------------------------------------------


def test_new_rules_watch_within_seconds_and_nothing_goes_unseen_meanwhile(
    region: Organisation, soc: Organisation, clocks: Clocks
) -> None:
    _source, token = connected(region)
    with running(clocks) as runner:
        send(token, body(line("lsass.exe", Nummer=1)))
        drain(runner, clocks)
        assert matched() == 1
        with every_owner():
            rule = SigmaRule.objects.get(title="Geheugen gelezen")
        with acting_system(soc) as me:
            services.switch_rule(me, rule.public_id, enabled=False, reason="Ruis")
        clocks.advance(seconds=keeper.LOOK_EVERY)
        send(token, body(line("lsass.exe", Nummer=2), line("whoami.exe", Nummer=3)))
        drain(runner, clocks)
    assert matched() == 2


def test_rules_that_do_not_load_leave_the_old_ones_at_work_and_are_a_gap(
    region: Organisation, soc: Organisation, clocks: Clocks
) -> None:
    _source, token = connected(region)
    with running(clocks) as runner:
        send(token, body(line("lsass.exe", Nummer=1)))
        drain(runner, clocks)

        def broken(*_args: Any) -> Any:
            raise ValueError("onzin")

        runner.keeper._load = broken
        with every_owner():
            rule = SigmaRule.objects.get(title="Geheugen gelezen")
        with acting_system(soc) as me:
            services.switch_rule(me, rule.public_id, enabled=False, reason="Ruis")
        send(token, body(line("lsass.exe", Nummer=2)))
        drain(runner, clocks)
    assert matched() == 2
    (gap,) = gaps(GapReason.RULES)
    assert "onzin" in gap.detail


def test_organisations_with_the_same_rules_share_them(region: Organisation, soc: Organisation, clocks: Clocks) -> None:
    from brandwacht.network.domains import GrantKind
    from tests.world import mandate, organisation

    other = organisation("VR15")
    mandate(other, soc, GrantKind.SOC_MANDATE)
    connected(region)
    connected(other)
    with running(clocks) as runner:
        drain(runner, clocks)
        assert len({id(held.book.shared) for held in runner.keeper._held.values()}) == 1
        with acting_system(region) as me:
            RuleOff.objects.create(
                organisation=region, watcher=soc, rule_id="00000000-0000-4000-8000-000000000001", title="x",
                reason="Ruis", off_by="x", off_at=me.now, until=me.now + timedelta(days=9),
            )  # fmt: skip
        clocks.advance(seconds=keeper.LOOK_EVERY)
        runner.turn()
        drain(runner, clocks)
        held = runner.keeper._held
        assert [each.book.size for each in held.values()] in ([3, 4], [4, 3])
        assert len({id(each.book.shared) for each in held.values()}) == 1, "the rules in memory stay shared"


def test_values_that_never_repeat_leave_memory_bounded(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    with running(clocks) as runner:
        for batch in range(4):
            send(token, body(*(line("notepad.exe", Uniek=f"{batch}-{n}-{n**7}") for n in range(300))))
            drain(runner, clocks)
        watch = runner._watches[source.pk]
        assert len(watch.follower.memory) == 1200
        assert sum(len(each.waiting) for each in watch.follower.tail._open) == 0  # type: ignore[attr-defined]
    assert fresh(source).events == 1200


def test_a_source_that_ended_is_processed_to_the_end_and_then_left(region: Organisation, clocks: Clocks) -> None:
    source, token = connected(region)
    send(token, body(line("lsass.exe")))
    with acting_system(region) as me:
        logsources.end(me, source.public_id)
    views.intake.close()
    with running(clocks) as runner:
        drain(runner, clocks)
        clocks.advance(seconds=10)
        runner.turn()
        assert not runner._watches
    assert matched() == 1
    assert isinstance(runner, Runner)
