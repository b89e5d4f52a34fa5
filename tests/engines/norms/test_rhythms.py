"""The fixed rhythms: the data, when something is due again, and its pace."""

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import (
    InvalidFramework,
    Pace,
    beat,
    find_measure,
    load_framework,
    load_level_test,
    load_rhythms,
    next_due,
)
from brandwacht.engines.norms.judgement import MATURITY
from brandwacht.engines.norms.rhythms import parse_rhythms

TODAY = date(2026, 11, 22)
BIO2 = load_framework("bio2-1.3")
RHYTHMS = load_rhythms("bio2-1.3")
BY_NUMBER = {each.number: each for each in RHYTHMS}
PERIODS = {
    "5.01.02": 12, "5.05.01": 12, "5.14.05": 6, "5.18.02": 12, "5.30.01": 12, "5.35.02": 12, "5.36.01": 12,
    "8.02.01": 3,
}  # fmt: skip


def test_the_rhythms_of_the_norm_are_there() -> None:
    assert {number: BY_NUMBER[number].months for number in PERIODS} == PERIODS
    assert all(find_measure(BIO2, each.number)[1].active for each in RHYTHMS)
    assert load_rhythms("nis2-21") == ()


@pytest.mark.parametrize(
    ("number", "last", "due"),
    [
        ("5.01.02", date(2024, 2, 29), date(2025, 2, 28)),
        ("8.02.01", date(2026, 11, 30), date(2027, 2, 28)),
        ("5.24.04", date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_it_is_due_on_the_same_day_or_the_last_of_the_month(number: str, last: date, due: date) -> None:
    assert next_due(BY_NUMBER[number], last) == due


def test_the_pace_goes_from_on_time_to_late() -> None:
    rhythm = BY_NUMBER["8.02.01"]
    due = next_due(rhythm, TODAY)
    seen = [beat(rhythm, TODAY, day).pace for day in (TODAY, due - rhythm.notice, due, due + timedelta(days=1))]
    assert seen == [Pace.ON_TIME, Pace.SOON, Pace.SOON, Pace.LATE]
    assert beat(rhythm, None, TODAY).pace is Pace.NEVER


@given(st.sampled_from(RHYTHMS), st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 900))
def test_doing_it_later_never_makes_it_due_earlier(rhythm: object, last: date, more: int) -> None:
    assert next_due(rhythm, last) <= next_due(rhythm, last + timedelta(days=more))  # type: ignore[arg-type]
    assert next_due(rhythm, last) > last  # type: ignore[arg-type]


@given(st.text(max_size=300))
def test_what_is_no_list_of_rhythms_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InvalidFramework, match=r"r\.yaml"):
        parse_rhythms(text, BIO2, name="r.yaml")


def test_every_error_is_named_at_once() -> None:
    text = """
    source: proef
    rhythms:
      - {number: "5.04.02", months: 12, minutes: 5, task: a, proof: b}
      - {number: "9.99.99", months: 0, minutes: 5, task: a, proof: b}
      - {number: "5.01.02", months: 12, minutes: 5, task: a, proof: b, colour: red}
      - {number: "5.01.02", months: true, minutes: 5, task: a, proof: b}
    """
    with pytest.raises(InvalidFramework) as refused:
        parse_rhythms(text, BIO2, name="r.yaml")
    for words in ("vraagt niets meer", "9.99.99", "van 1 tot en met 60", "onbekend veld colour", "meer dan één keer"):
        assert words in str(refused.value)


def test_no_text_of_ours_shares_eight_words_in_a_row_with_the_norm(shared_data: Path) -> None:
    def runs(text: str) -> set[str]:
        words = re.findall(r"\w+", text.casefold())
        return {" ".join(words[at : at + 8]) for at in range(len(words) - 7)}

    official: set[str] = set()
    for name in ("bio2_overheidsmaatregelen_v1_3.csv", "bio104_overheidsmaatregelen.csv"):
        with (shared_data / "bio" / name).open(encoding="utf-8") as file:
            official |= {run for row in csv.DictReader(file) for run in runs(row["text_nl"])}
    ours = [each.text for each in MATURITY]
    ours += [text for each in RHYTHMS for text in (each.task, each.proof)]
    ours += [c.text for q in load_level_test().questions for c in q.choices]
    assert len(official) > 4000
    assert not [text for text in ours if runs(text) & official]
