"""Short ways to make correlations, and streams of matches for them."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from brandwacht.engines.detection import (
    Correlation,
    CorrelationMatch,
    Correlator,
    Event,
    Match,
    RuleSet,
    event_from_record,
    load_rules,
)
from tests.engines.detection.support import rule_text

START = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
NAMES = ("a", "b", "c", "d")
RULE_IDS = {name: f"00000000-0000-4000-8000-00000000000{number}" for number, name in enumerate(NAMES, start=1)}
CORRELATION_ID = "99999999-2222-4333-8444-555555555555"


def base(name: str, **other: Any) -> str:
    """A rule with this name that is true of an event with it in the field Wat."""
    return rule_text({"selection": {"Wat": name}}, id=RULE_IDS[name], name=name, title=f"Regel {name}", **other)


def correlation_text(section: dict[str, Any], **other: Any) -> str:
    """A correlation as YAML: the section, with what `section` leaves out filled in."""
    whole = {"type": "event_count", "rules": ["a"], "group-by": ["User"], "timespan": "1m", "condition": {"gte": 3}}
    given = {key: value for key, value in (whole | section).items() if value is not ...}
    return json.dumps({"title": "Verband", "id": CORRELATION_ID, "correlation": given} | other)


def load(section: dict[str, Any], *more: str, **other: Any) -> RuleSet:
    """The rules a to d with one correlation, and what `more` adds."""
    texts = [*map(base, NAMES), correlation_text(section, **other), *more]
    return load_rules([(f"{number}.yml", text) for number, text in enumerate(texts)])


def correlation(section: dict[str, Any]) -> Correlation:
    """One usable correlation; fails with the reason when it is not usable."""
    loaded = load(section)
    assert not loaded.unusable, loaded.unusable
    return loaded.correlations[0]


def event(number: int, seconds: float | None, fields: dict[str, Any], **other: Any) -> Event:
    """An event so many seconds after the start."""
    time = None if seconds is None else (START + timedelta(seconds=seconds)).isoformat()
    return event_from_record(number, {"EventID": 1, "@timestamp": time, **fields, **other})


def match(rule_id: str) -> Match:
    """A match of a rule, as far as a correlator looks at it."""
    return Match(rule_id, "", "low", (), {}, ())


Step = tuple[str, float | None, dict[str, Any]]
"""(names of the rules that match, seconds after the start, fields)."""


def feed(correlator: Correlator, steps: Iterable[Step], first: int = 1) -> list[CorrelationMatch]:
    """What comes of these steps."""
    found: list[CorrelationMatch] = []
    for number, (names, seconds, fields) in enumerate(steps, start=first):
        matches = [match(RULE_IDS.get(name, name)) for name in names.split()]
        found += correlator.feed(event(number, seconds, fields), matches, "proef.jsonl")
    return found


def run(section: dict[str, Any], steps: Iterable[Step], **options: Any) -> list[CorrelationMatch]:
    """What one correlation makes of these steps, to the end."""
    loaded = load(section)
    correlator = Correlator(loaded.correlations, loaded.rules, **options)
    return feed(correlator, steps) + correlator.finish()


def numbers(found: CorrelationMatch) -> list[int]:
    """The records that a match rests on."""
    return [record.number for record in found.records]
