"""ENSIA: the calendar of a year, and a division of questions that is marked as ours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import InvalidFramework
from brandwacht.engines.norms.ensia import Phase, calendar_of, current_year, load_scheme, parse_scheme

SCHEME = load_scheme()
GOOD = {
    "version": "1", "framework": "bio2-1.3", "status": "te bevestigen", "source": "Wij",
    "calendar": {"opens": "07-01", "closes": "12-31", "account": "05-01"},
    "recipients": [{"key": "a", "name": "A", "addressee": "B", "about": "C", "controls": ["5.01"]}],
}  # fmt: skip


def test_what_we_ship_is_marked_as_to_be_confirmed() -> None:
    assert SCHEME.status == "te bevestigen"
    assert [each.key for each in SCHEME.recipients] == ["digid", "suwinet"]
    assert len(SCHEME.controls) == 26
    assert len(SCHEME.fingerprint) == 64


@pytest.mark.parametrize(
    ("day", "year", "phase"),
    [
        (date(2026, 5, 1), 2025, Phase.ACCOUNT),
        (date(2026, 5, 2), 2026, Phase.BEFORE),
        (date(2026, 6, 30), 2026, Phase.BEFORE),
        (date(2026, 7, 1), 2026, Phase.OPEN),
        (date(2026, 12, 31), 2026, Phase.OPEN),
        (date(2027, 1, 1), 2026, Phase.ACCOUNT),
    ],
)
def test_the_days_of_a_year(day: date, year: int, phase: Phase) -> None:
    assert current_year(SCHEME, day) == year
    assert calendar_of(SCHEME, year).phase(day) is phase
    assert calendar_of(SCHEME, year - 1).phase(day) is Phase.OVER


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_there_is_always_one_year_that_is_not_over(day: date) -> None:
    calendar = calendar_of(SCHEME, current_year(SCHEME, day))
    following = calendar.next_day(day)
    assert following is not None
    assert day <= following < day + timedelta(days=190)
    assert calendar_of(SCHEME, calendar.year + 1).phase(day) is Phase.BEFORE


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"framework": "iso"}, "geen normenkader"),
        ({"recipients": []}, "geen ontvangers"),
        ({"recipients": GOOD["recipients"] * 2}, "meer dan één keer"),  # type: ignore[operator]
        ({"recipients": [{"key": "a", "name": "A", "addressee": "B", "about": "C", "controls": ["9.99"]}]}, "9.99"),
        ({"recipients": [{"key": "a", "name": "A", "addressee": "B", "about": "C"}]}, "geen vragen"),
        ({"calendar": {"opens": "02-29", "closes": "12-31", "account": "05-01"}}, "maand en dag"),
        ({"calendar": {"opens": "12-01", "closes": "07-31", "account": "05-01"}}, "vóór opens"),
        ({"status": None}, "status"),
    ],
)
def test_a_division_that_is_wrong_is_refused_with_its_place(change: dict[str, object], said: str) -> None:
    with pytest.raises(InvalidFramework, match=said):
        parse_scheme(yaml.safe_dump(GOOD | change), name="eigen.yaml")


@given(text=st.text(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(GOOD)), inner, max_size=4),
    max_leaves=8,
).map(yaml.safe_dump))  # fmt: skip
def test_whatever_comes_in_is_a_division_or_is_refused(text: str) -> None:
    try:
        parse_scheme(text, name="proef.yaml")
    except InvalidFramework as error:
        assert error.errors
