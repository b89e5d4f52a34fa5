"""Correlations against a plain reference, whatever the order, the batches, the restarts and the room."""

import json
from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Correlator, Limits
from tests.engines.detection.correlation_support import NAMES, START, Step, feed, load, numbers

SPAN, LATENESS = 60, 30
RULE = {name: place for place, name in enumerate(NAMES)}

RISING: list[dict[str, Any]] = [
    {"condition": {"gte": 3}},
    {"rules": ["a", "b"], "condition": {"gt": 3}},
    {"type": "value_count", "condition": {"field": "Ip", "gte": 3}},
    {"type": "value_sum", "condition": {"field": "Bytes", "gt": 5}},
    {"type": "temporal", "rules": ["a", "b", "c"], "condition": ...},
    {"type": "temporal", "rules": ["a", "b", "c"], "condition": {"gte": 2}},
    {"type": "temporal_ordered", "rules": ["a", "b", "c"], "condition": ...},
    {"type": "temporal_ordered", "rules": ["b", "a"], "condition": ...},
    {"type": "temporal_ordered", "rules": ["a", "b", "a"], "condition": ...},
    {"type": "temporal_ordered", "rules": ..., "condition": "b and a or c and d"},
    {"type": "temporal", "rules": ..., "condition": "a and b or c and d"},
]
SETTLED: list[dict[str, Any]] = [
    {"condition": {"lt": 3}},
    {"condition": {"eq": 2}},
    {"rules": ["a", "b"], "condition": {"gte": 2, "lte": 3}},
    {"type": "value_count", "condition": {"field": "Ip", "lte": 1}},
    {"type": "temporal", "rules": ..., "condition": "a and not b"},
]

steps = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d", "a b", "c d"]),
        st.integers(0, 20),
        st.fixed_dictionaries(
            {"User": st.sampled_from(["jan", "piet"]), "Ip": st.sampled_from("wxyz"), "Bytes": st.integers(-2, 4)}
        ),
    ),
    max_size=40,
)


def in_time(rows: list[Step], late: list[int]) -> list[Step]:
    """The steps as a stream: seconds are what passed since the last one, `late` how much later some are told."""
    now, told = 0, []
    for number, (names, passed, fields) in enumerate(rows):
        now += passed
        told.append((now + (late[number % len(late)] if late else 0), number, (names, float(now), fields)))
    return [step for _, _, step in sorted(told, key=lambda item: item[:2])]


Taken = list[tuple[float, int, str, dict[str, Any]]]
"""What counts for a group: time, number of the event, name of the rule, fields."""


def is_true(section: dict[str, Any], window: Taken) -> bool:
    """Whether a window makes a correlation true: the specification, word for word."""
    kind, condition = section.get("type", "event_count"), section["condition"]
    seen = {name for _, _, name, _ in window}
    if condition == "a and not b":
        return "a" in seen and "b" not in seen
    if condition == "a and b or c and d":
        return {"a", "b"} <= seen or {"c", "d"} <= seen
    if condition == "b and a or c and d":
        return in_order(["b", "a"], window) or in_order(["c", "d"], window)
    rules = section.get("rules", ["a"])
    if kind == "temporal_ordered":
        return in_order(rules, window)
    if condition is ...:
        return seen >= set(rules)
    count = {
        "event_count": len(window),
        "value_count": len({fields["Ip"] for _, _, _, fields in window}),
        "value_sum": sum(fields["Bytes"] for _, _, _, fields in window),
        "temporal": len(seen),
    }[kind]
    asked = {"lt": count.__lt__, "lte": count.__le__, "gt": count.__gt__, "gte": count.__ge__, "eq": count.__eq__}
    return all(asked[op](number) for op, number in condition.items() if op != "field")


def in_order(rules: list[str], window: Taken) -> bool:
    """Whether there is a way to pick an event per rule so that none comes before the one before it."""
    if not rules:
        return True
    return any(
        in_order(rules[1:], [later for later in window if later[0] >= item[0] and later is not item])
        for item in window
        if item[2] == rules[0]
    )


def groups_of(section: dict[str, Any], stream: list[Step]) -> dict[str, Taken]:
    """What counts, per group, as it came in."""
    expression = section["condition"] if isinstance(section["condition"], str) else ""
    rules = list(expression.replace("not", "").replace("and", "").replace("or", "").split()) or section.get(
        "rules", ["a"]
    )
    found: dict[str, Taken] = defaultdict(list)
    for number, (names, time, fields) in enumerate(stream, start=1):
        heard = [name for name in names.split() if name in rules]
        if not section.get("type", "event_count").startswith("temporal"):
            heard = heard[:1]
        for name in heard:
            found[fields["User"]].append((time, number, name, fields))
    return found


def rising(section: dict[str, Any], stream: list[Step]) -> Counter[tuple[int, ...]]:
    """Judged at each record, in each window that has it and ends at a record; what was told is done with."""
    told: Counter[tuple[int, ...]] = Counter()
    for taken in groups_of(section, stream).values():
        held: Taken = []
        done: list[float] = []
        for item in taken:
            if any(first <= item[0] <= first + SPAN for first in done):
                continue
            held.append(item)
            for end in sorted({other[0] for other in held}):
                window = [other for other in held if end - SPAN <= other[0] <= end]
                if item in window and is_true(section, window):
                    told[tuple(sorted(other[1] for other in window))] += 1
                    first = min(other[0] for other in window)
                    done.append(first)
                    held = [other for other in held if not first <= other[0] <= first + SPAN]
                    break
    return told


def settled(section: dict[str, Any], stream: list[Step]) -> Counter[tuple[int, ...]]:
    """One window after another, each from the oldest record that is in none."""
    told: Counter[tuple[int, ...]] = Counter()
    for taken in groups_of(section, stream).values():
        held = sorted(taken)
        while held:
            window = [item for item in held if item[0] <= held[0][0] + SPAN]
            if is_true(section, window):
                told[tuple(sorted(item[1] for item in window))] += 1
            held = held[len(window) :]
    return told


@pytest.mark.parametrize("section", RISING + SETTLED, ids=str)
@given(rows=steps, late=st.lists(st.integers(0, LATENESS), max_size=4))
def test_as_the_reference(section, rows, late):
    stream = in_time(rows, late)
    loaded = load(section)
    correlator = Correlator(loaded.correlations, loaded.rules, lateness=timedelta(seconds=LATENESS))
    found = feed(correlator, stream) + correlator.finish()
    reference = rising if section in RISING else settled
    assert Counter(tuple(sorted(numbers(item))) for item in found) == reference(section, stream)


CHAIN = json.dumps(
    {
        "title": "Keten",
        "id": "77777777-2222-4333-8444-555555555555",
        "correlation": {
            "type": "temporal",
            "rules": ["99999999-2222-4333-8444-555555555555", "d"],
            "group-by": ["Ip"],
            "timespan": "2m",
            "generate": True,
        },
    }
)


@pytest.mark.parametrize("section", [RISING[0], RISING[6], SETTLED[1], SETTLED[4]], ids=str)
@given(rows=steps, late=st.lists(st.integers(0, 500), max_size=3), cut=st.integers(0, 40))
def test_a_restart_neither_loses_nor_repeats(section, rows, late, cut):
    stream = in_time(rows, late)
    loaded = load(section, CHAIN)
    assert len(loaded.correlations) == 2
    whole = Correlator(loaded.correlations, loaded.rules)
    expected = feed(whole, stream) + whole.finish()
    first = Correlator(loaded.correlations, loaded.rules)
    found = feed(first, stream[:cut])
    stored = json.loads(json.dumps(first.to_json()))
    second = Correlator.from_json(stored, loaded.correlations, loaded.rules)
    assert second.to_json() == first.to_json()
    assert second.state() == first.state()
    found += feed(second, stream[cut:], first=cut + 1) + second.finish()
    assert found == expected


@pytest.mark.parametrize("section", [RISING[1], SETTLED[1], SETTLED[2], SETTLED[4]], ids=str)
@given(rows=steps, late=st.lists(st.integers(0, LATENESS), max_size=3), ends=st.sets(st.integers(0, 40)))
def test_where_batches_end_makes_no_difference(section, rows, late, ends):
    """At the end of a batch a caller says how far the time of the events is."""
    stream = in_time(rows, late)
    loaded = load(section)
    whole, batches = (
        Correlator(loaded.correlations, loaded.rules, lateness=timedelta(seconds=LATENESS)) for _ in range(2)
    )
    expected = feed(whole, stream) + whole.finish()
    found = []
    for number, step in enumerate(stream, start=1):
        found += feed(batches, [step], first=number)
        if number in ends:
            found += batches.advance(START + timedelta(seconds=max(time for _, time, _ in stream[:number])))
    found += batches.finish()
    assert Counter(map(repr, found)) == Counter(map(repr, expected))


@pytest.mark.parametrize("section", [RISING[2], RISING[6], SETTLED[2]], ids=str)
@given(rows=steps, late=st.lists(st.integers(0, 5000), max_size=3))
def test_memory_is_bounded_whatever_comes(section, rows, late):
    loaded = load(section, CHAIN)
    limits = Limits(groups=2, group_records=4, records=6)
    correlator = Correlator(loaded.correlations, loaded.rules, limits=limits, lateness=timedelta(seconds=5))
    told = []
    for number, step in enumerate(in_time(rows, late), start=1):
        told += feed(correlator, [step], first=number)
        states = correlator.state().values()
        assert sum(state.records for state in states) <= limits.records
        assert all(state.groups <= limits.groups for state in states)
        stored = correlator.to_json()["correlations"].values()
        held = [len(part["entries"]) for item in stored for _, _, parts in item["groups"] for part in parts]
        assert sum(held) == sum(state.records for state in states)
        assert all(size <= 5 for size in held)
    told += correlator.finish()
    mine = [item for item in told if item.title == "Verband"]
    for user in ("jan", "piet"):
        used = Counter(number for item in mine if item.group == {"User": user} for number in set(numbers(item)))
        assert not used or max(used.values()) == 1
