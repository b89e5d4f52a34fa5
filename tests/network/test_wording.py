"""The wording of time, durations, numbers and rows of words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from brandwacht.network import wording
from tests.site.tools import AMSTERDAM, NOW


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (timedelta(seconds=-10), "zojuist"),
        (timedelta(seconds=10), "zo meteen"),
        (timedelta(minutes=-1), "1 minuut geleden"),
        (timedelta(minutes=-12), "12 minuten geleden"),
        (timedelta(minutes=-58), "1 uur geleden"),
        (timedelta(hours=5), "over 5 uur"),
        (timedelta(days=-1), "1 dag geleden"),
        (timedelta(days=3), "over 3 dagen"),
        (timedelta(days=-70), "2 maanden geleden"),
        (timedelta(days=800), "over 2 jaar"),
    ],
)
def test_relative_time_reads_as_speech(step: timedelta, text: str) -> None:
    assert wording.relative(NOW + step, NOW) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 22), "vandaag"),
        (date(2026, 11, 23), "morgen"),
        (date(2026, 11, 21), "gisteren"),
        (date(2026, 11, 27), "over 5 dagen"),
    ],
)
def test_a_day_is_not_a_moment(day: date, text: str) -> None:
    assert wording.relative(day, NOW) == text


def test_absolute_time_is_local_and_dutch() -> None:
    assert wording.absolute(datetime(2026, 11, 22, 13, 5, tzinfo=UTC)) == "22 november 2026 14:05"
    assert wording.absolute(date(2026, 3, 1)) == "1 maart 2026"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 minuten"),
        (1, "1 minuut"),
        (150, "2 uur 30 minuten"),
        (120, "2 uur"),
        (24 * 60 + 61, "1 dag 1 uur"),
        (-5, "0 minuten"),
    ],
)
def test_durations(minutes: int, text: str) -> None:
    assert wording.duration(minutes) == text


def test_precise_durations() -> None:
    assert [wording.precise_duration(n) for n in (0, 1, 60, 150, 1440, 1500, 4380, 4385)] == [
        "0 minuten", "1 minuut", "1 uur", "2 uur 30 minuten", "1 dag", "25 uur", "3 dagen 1 uur",
        "3 dagen 1 uur 5 minuten",
    ]  # fmt: skip
    assert [wording.within(n) for n in (90, 1440, 4320, 10080)] == ["1 uur 30 minuten", "24 uur", "72 uur", "7 dagen"]
    assert [wording.brief_duration(n) for n in (30, 60, 65, 4320)] == ["30 min", "1 u", "1 u 05", "3 dagen"]


def test_rows_of_words() -> None:
    assert [wording.listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a en b",
        "a, b en c",
    ]


@pytest.mark.parametrize(
    ("step", "level"),
    [
        (timedelta(minutes=-1), "late"),
        (timedelta(hours=9), "today"),
        (timedelta(hours=30), "soon"),
        (timedelta(days=4), "ample"),
    ],
)
def test_urgency(step: timedelta, level: str) -> None:
    assert wording.urgency(NOW + step, NOW) == level


def test_a_deadline_just_after_midnight_is_still_today_when_two_hours_away() -> None:
    late_evening = datetime(2026, 11, 22, 23, 30, tzinfo=AMSTERDAM)
    assert wording.urgency(late_evening + timedelta(hours=1), late_evening) == "today"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234.5, None, "1.234,5"), (12000, None, "12.000"), (0, None, "0"), (100, None, "100"), (2.345, 1, "2,3")],
)
def test_numbers(value: float, decimals: int | None, text: str) -> None:
    assert wording.number(value, decimals) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1500, "1,5 kB"),
        (1_500_000, "1,5 MB"),
        (999_900, "1 MB"),
        (42_000_000_000, "42 GB"),
        (5 * 10**16, "50.000 TB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert wording.size(count) == text


@pytest.mark.parametrize(
    ("name", "letters"), [("Jan de Vries", "JV"), ("s.dewit@vrr.example", "SD"), ("Cher", "C"), ("", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert wording.initials(name) == letters
