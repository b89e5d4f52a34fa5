"""The conditions for connecting: what is missing, how old proof may be, and a transition."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.norms import InvalidFramework
from brandwacht.engines.norms.conditions import Shown, Verdict, check, load_conditions, parse_conditions

TODAY = date(2026, 11, 22)
GOOD: dict[str, object] = {
    "open": 0, "unmet": 0, "partly": 0, "expired": 0, "cycle": True, "policy_on": "2026-03-01",
    "audit_on": "2025-06-01", "government_open": 0, "government_unmet": 0, "government_partly": 0, "measures_moved": 1,
    "tasks_done": 0,
}  # fmt: skip
TEXT = (files("brandwacht.engines.norms") / "data" / "aansluiten-1.yaml").read_text(encoding="utf-8")


def verdict(transition: date | None = None, measured: date = date(2026, 10, 1), **facts: object) -> Verdict:
    return check(load_conditions(), "ndn", Shown(measured, GOOD | facts), TODAY, transition)


def lacking(found: Verdict) -> list[str]:
    return [each.requirement.key for each in found.lacking]


def test_everything_shown() -> None:
    assert verdict().met
    assert verdict().open


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"open": 1}, ["ingevuld"]),
        ({"unmet": 2, "cycle": None}, ["ingevuld", "cyclus"]),
        ({"expired": 1}, ["bewezen"]),
        ({"government_open": 1}, ["overheid"]),
        ({"government_partly": None}, ["overheid"]),
        ({"measures_moved": 0}, ["bijgewerkt"]),
        ({"measures_moved": 0, "tasks_done": 2}, []),
        ({"policy_on": "2025-11-21"}, ["beleid"]),
        ({"audit_on": None}, ["aangetoond"]),
        ({"audit_on": "2024-11-21"}, ["aangetoond"]),
        ({"audit_on": "2027-01-01"}, ["aangetoond"]),
        ({"audit_on": None, "review_on": "2026-01-01"}, []),
        ({"audit_on": None, "certificate_to": "2026-11-22"}, []),
        ({"audit_on": None, "certificate_to": "2026-11-21"}, ["aangetoond"]),
        ({"measured": date(2026, 3, 21)}, ["vers"]),
        ({"open": "nul"}, ["ingevuld"]),
    ],
)
def test_what_is_missing_is_named(facts: dict[str, object], wanted: list[str]) -> None:
    assert lacking(verdict(**facts)) == wanted  # type: ignore[arg-type]


def test_nothing_released_shows_nothing() -> None:
    found = check(load_conditions(), "soc", None, TODAY)
    assert not found.open
    assert len(found.lacking) == len(load_conditions().requirements)
    with pytest.raises(KeyError):
        check(load_conditions(), "kelder", None, TODAY)


def test_a_transition_is_data() -> None:
    assert verdict(TODAY, open=3).open
    assert not verdict(TODAY, open=3).met
    assert not verdict(TODAY - timedelta(days=1), open=3).open
    content = yaml.safe_load(TEXT)
    content["transition"]["allowed"] = False
    strict = parse_conditions(yaml.safe_dump(content), name="streng.yaml")
    assert not check(strict, "ndn", None, TODAY, TODAY).open


@given(st.integers(0, 3), st.booleans(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_more_shown_never_lacks_more(count: int, cycle: bool, audit: date) -> None:
    poor = verdict(open=count, cycle=cycle, audit_on=audit.isoformat())
    rich = verdict(open=0, cycle=True, audit_on=TODAY.isoformat())
    assert set(lacking(rich)) <= set(lacking(poor))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25)
@given(st.sampled_from(["doors", "requirements", "transition", "standing", "key", "extra"]), JSON)
def test_any_content_is_read_or_refused(field: str, value: object) -> None:
    try:
        parse_conditions(yaml.safe_dump(yaml.safe_load(TEXT) | {field: value}), name="proef.yaml")
    except InvalidFramework as error:
        assert error.errors
