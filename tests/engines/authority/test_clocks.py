"""Legal clocks: which apply, and when they end."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.authority import AMSTERDAM, RunningClock, add_months, load_clocks, start_clocks

CBW = frozenset({"cbw"})
BOTH = frozenset({"cbw", "avg"})
SIGNIFICANT = frozenset({"significant"})
ALL_FACTS = frozenset({"significant", "persoonsgegevens"})

moments = st.datetimes(datetime(2020, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.astimezone(AMSTERDAM)
)


def amsterdam(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[misc,arg-type]


def started(known_at: datetime, **more: object) -> dict[str, RunningClock]:
    running = start_clocks(load_clocks(), BOTH, ALL_FACTS, known_at, **more)  # type: ignore[arg-type]
    return {clock.key: clock for clock in running}


def test_an_ordinary_incident() -> None:
    clocks = started(amsterdam(2026, 11, 24, 12, 0))
    assert clocks["cbw_vroege_waarschuwing"].due == amsterdam(2026, 11, 25, 12, 0)
    assert clocks["cbw_melding"].due == amsterdam(2026, 11, 27, 12, 0)
    assert clocks["avg_melding_ap"].due == amsterdam(2026, 11, 27, 12, 0)
    assert clocks["cbw_eindverslag"].due == amsterdam(2026, 12, 27, 12, 0)


@pytest.mark.parametrize(
    ("regimes", "facts", "expected"),
    [
        (frozenset(), ALL_FACTS, set()),
        (BOTH, frozenset(), set()),
        (CBW, ALL_FACTS, {"cbw_vroege_waarschuwing", "cbw_melding", "cbw_eindverslag"}),
        (BOTH, SIGNIFICANT, {"cbw_vroege_waarschuwing", "cbw_melding", "cbw_eindverslag"}),
        (frozenset({"avg"}), ALL_FACTS, {"avg_melding_ap"}),
        (CBW, frozenset({"persoonsgegevens"}), set()),
    ],
)
def test_only_the_clocks_that_apply_run(regimes: frozenset[str], facts: frozenset[str], expected: set[str]) -> None:
    running = start_clocks(load_clocks(), regimes, facts, amsterdam(2026, 11, 24, 12, 0))
    assert {clock.key for clock in running} == expected


def test_the_final_report_moves_forward_when_the_notification_is_early() -> None:
    known_at = amsterdam(2026, 11, 24, 12, 0)
    before = started(known_at)["cbw_eindverslag"]
    after = started(known_at, done={"cbw_melding": amsterdam(2026, 11, 25, 9, 30)})["cbw_eindverslag"]
    assert before.starts_after == after.starts_after == "cbw_melding"
    assert (before.provisional, after.provisional) == (True, False)
    assert after.started_at == amsterdam(2026, 11, 25, 9, 30)
    assert after.due == amsterdam(2026, 12, 25, 9, 30)


def test_first_due_comes_first() -> None:
    running = start_clocks(load_clocks(), BOTH, ALL_FACTS, amsterdam(2026, 11, 24, 12, 0))
    assert [clock.due for clock in running] == sorted(clock.due for clock in running)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((2027, 1, 31, 15, 0), (2027, 2, 28, 15, 0)),
        ((2028, 1, 31, 15, 0), (2028, 2, 29, 15, 0)),
        ((2027, 1, 30, 15, 0), (2027, 2, 28, 15, 0)),
        ((2027, 2, 28, 15, 0), (2027, 3, 28, 15, 0)),
        ((2026, 12, 31, 23, 59), (2027, 1, 31, 23, 59)),
        ((2027, 3, 31, 8, 0), (2027, 4, 30, 8, 0)),
    ],
)
def test_a_month_later(start: tuple[int, ...], end: tuple[int, ...]) -> None:
    assert add_months(amsterdam(*start), 1) == amsterdam(*end)


def test_a_month_later_in_the_hour_that_summer_time_skips() -> None:
    # On 28 March 2027 the clock jumps from 02:00 to 03:00.
    assert add_months(amsterdam(2027, 2, 28, 2, 30), 1).isoformat() == "2027-03-28T03:30:00+02:00"


@pytest.mark.parametrize(
    ("known_at", "due"),
    [
        (amsterdam(2027, 3, 27, 12, 0), "2027-03-28T13:00:00+02:00"),  # a day of 23 hours
        (amsterdam(2026, 10, 24, 12, 0), "2026-10-25T11:00:00+01:00"),  # a day of 25 hours
    ],
)
def test_hours_are_elapsed_hours_across_a_change_of_the_clock(known_at: datetime, due: str) -> None:
    assert started(known_at)["cbw_vroege_waarschuwing"].due.isoformat() == due


@given(moments)
def test_hours_elapse_exactly(known_at: datetime) -> None:
    clocks = started(known_at)
    assert clocks["cbw_vroege_waarschuwing"].due.astimezone(UTC) - known_at.astimezone(UTC) == timedelta(hours=24)
    assert clocks["cbw_melding"].due.astimezone(UTC) - known_at.astimezone(UTC) == timedelta(hours=72)


@given(moments, st.integers(0, 30))
def test_months_keep_the_date_or_take_the_last_day(start: datetime, months: int) -> None:
    end = add_months(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])
    # Only the skipped hour of summer time may move the time of day.
    assert end.replace(tzinfo=None, fold=0).time() == start.time().replace(fold=0) or end.hour == start.hour + 1 == 3


@given(moments, moments)
def test_an_earlier_start_never_ends_later(one: datetime, other: datetime) -> None:
    early, late = sorted((one, other), key=lambda moment: moment.astimezone(UTC))
    # Compared by the clock on the wall, since a month keeps that.
    if early.replace(tzinfo=None) <= late.replace(tzinfo=None):
        assert add_months(early, 1).astimezone(UTC) <= add_months(late, 1).astimezone(UTC)


@given(moments, st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]))
def test_the_time_zone_of_the_reporter_does_not_matter(known_at: datetime, zone: str) -> None:
    there = known_at.astimezone(ZoneInfo(zone))
    assert [clock.due for clock in started(there).values()] == [clock.due for clock in started(known_at).values()]


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="geen tijdzone"):
        start_clocks(load_clocks(), BOTH, ALL_FACTS, datetime(2026, 11, 24, 12, 0))
    with pytest.raises(ValueError, match="geen tijdzone"):
        started(amsterdam(2026, 11, 24, 12, 0), done={"cbw_melding": datetime(2026, 11, 25)})


@pytest.mark.parametrize(
    ("regimes", "facts", "done", "message"),
    [
        (frozenset({"nis"}), ALL_FACTS, {}, "Regime 'nis' is onbekend; kies uit cbw, avg"),
        (BOTH, frozenset({"groot"}), {}, "Feit 'groot' is onbekend"),
        (BOTH, ALL_FACTS, {"melding": amsterdam(2026, 11, 25)}, "Klok 'melding' is onbekend"),
    ],
)
def test_unknown_names_are_refused(
    regimes: frozenset[str], facts: frozenset[str], done: dict[str, datetime], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        start_clocks(load_clocks(), regimes, facts, amsterdam(2026, 11, 24, 12, 0), done)


def test_every_clock_says_who_what_to_whom_and_why() -> None:
    for clock in load_clocks().rows:
        assert clock.duty
        assert clock.who
        assert clock.to_whom
        assert "artikel" in clock.basis
        assert clock.source.checked
        assert "te bevestigen" in clock.status
