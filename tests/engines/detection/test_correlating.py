"""What makes a correlation true, and what it tells (Sigma correlation rules specification 2)."""

import json
from datetime import timedelta

import pytest

from brandwacht.engines.detection import Correlator, Limits, Matcher, OutdatedForm, load_rules
from tests.engines.detection.correlation_support import (
    CORRELATION_ID,
    RULE_IDS,
    START,
    base,
    correlation_text,
    event,
    feed,
    load,
    match,
    numbers,
    run,
)

JAN, PIET = {"User": "jan"}, {"User": "piet"}
OTHER_ID = "88888888-2222-4333-8444-555555555555"


def test_counting_events_tells_what_it_rests_on():
    steps = [("a", 0, JAN), ("a", 10, PIET), ("a", 20, {"User": "JAN"}), ("b", 21, JAN), ("a", 60, JAN)]
    (found,) = run({"condition": {"gte": 3}}, steps)
    assert (found.rule_id, found.title, found.level) == (CORRELATION_ID, "Verband", "high")
    assert found.because.startswith("Minstens 3 gebeurtenissen")
    assert found.group == {"User": "jan"}
    assert (found.number, found.total, numbers(found)) == (3, 3, [1, 3, 5])
    assert (found.first, found.last) == (START, START + timedelta(minutes=1))
    assert found.records[0] == ("proef.jsonl", 1, START, RULE_IDS["a"])


def test_the_window_slides_and_has_an_end():
    steps = [("a", second, JAN) for second in (0, 50, 61, 110)]
    (found,) = run({}, steps)
    assert numbers(found) == [2, 3, 4]
    assert not run({}, [("a", second, JAN) for second in (0, 50, 61)])


def test_one_match_per_window():
    """The first three are a match; what follows within a minute of its first record belongs to it."""
    found = run({}, [("a", second, JAN) for second in range(0, 130, 10)])
    assert [numbers(item) for item in found] == [[1, 2, 3], [8, 9, 10]]
    steps = [("a", second, JAN) for second in (0, 10, 20, 61, 62)]
    assert [numbers(item) for item in run({}, steps)] == [[1, 2, 3]]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"gt": 3}, [[1, 2, 3, 4]]),
        ({"lt": 3}, [[6, 7]]),
        ({"lte": 2}, [[6, 7]]),
        ({"eq": 5}, [[1, 2, 3, 4, 5]]),
        ({"eq": 3}, []),
        ({"neq": 2}, [[1, 2, 3, 4, 5]]),
        ({"gt": 1, "lte": 4}, [[6, 7]]),
        ({"gte": 5, "lte": 5}, [[1, 2, 3, 4, 5]]),
        ({"gte": 2, "gt": 2}, [[1, 2, 3]]),
    ],
)
def test_conditions(condition, expected):
    """Five events in a minute, and later two: an upper limit is judged of the whole window."""
    steps = [("a", second, JAN) for second in (0, 1, 2, 3, 4, 1000, 1001)]
    assert [numbers(item) for item in run({"condition": condition}, steps)] == expected


def test_a_window_with_an_upper_limit_waits_until_nothing_more_is_expected():
    loaded = load({"condition": {"lte": 2}})
    correlator = Correlator(loaded.correlations, loaded.rules, lateness=timedelta(seconds=30))
    assert not feed(correlator, [("a", 0, JAN), ("a", 89, JAN)])
    assert not correlator.advance(START + timedelta(seconds=90))
    (found,) = correlator.advance(START + timedelta(seconds=91))
    assert numbers(found) == [1]
    assert [numbers(item) for item in feed(correlator, [("a", 1000, JAN)], first=3)] == [[2]]
    assert [numbers(item) for item in correlator.finish()] == [[3]]
    assert not correlator.finish()


def test_counting_values():
    section = {"type": "value_count", "condition": {"field": "Ip", "gte": 3}}
    steps = [("a", n, JAN | {"Ip": ip}) for n, ip in enumerate(["x", "y", "Y", "x", "", "q"])]
    (found,) = run(section, steps)
    assert (found.number, found.total) == (3, 5)
    listed = [("a", 0, JAN | {"Ip": ["x", "y", "z"]})]
    assert run(section, listed)[0].number == 3
    assert not run(section, [("a", n, JAN | {"Poort": n}) for n in range(9)])


def test_counting_values_of_several_fields_together():
    section = {"type": "value_count", "condition": {"field": ["Ip", "Poort"], "gte": 3}}
    assert not run(section, [("a", n, JAN | {"Ip": "x", "Poort": n % 2}) for n in range(6)])
    assert run(section, [("a", n, JAN | {"Ip": "x", "Poort": n}) for n in range(3)])


def test_temporal_asks_for_all_rules_in_any_order():
    section = {"type": "temporal", "rules": ["a", "b", "c"], "condition": ...}
    assert [numbers(item) for item in run(section, [("c", 0, JAN), ("a", 1, JAN), ("b", 60, JAN)])] == [[1, 2, 3]]
    assert not run(section, [("c", 0, JAN), ("a", 1, JAN), ("b", 61, JAN)])
    assert not run(section, [("c", 0, JAN), ("a", 1, PIET), ("b", 60, JAN)])
    assert run(section, [("a b c", 0, JAN)])
    assert run(section | {"condition": {"gte": 2}}, [("c", 0, JAN), ("a", 1, JAN)])[0].number == 2


def test_temporal_ordered_asks_for_their_order():
    section = {"type": "temporal_ordered", "rules": ["a", "b", "c"], "condition": ...}
    assert run(section, [("a", 0, JAN), ("b", 1, JAN), ("c", 60, JAN)])
    assert not run(section, [("b", 0, JAN), ("a", 1, JAN), ("c", 60, JAN)])
    assert run(section, [("b", 0, JAN), ("a", 1, JAN), ("c", 3, JAN), ("b", 2, JAN)])
    assert run(section, [("c", 0, JAN), ("b", 0, JAN), ("a", 0, JAN)])
    assert run(section | {"condition": {"gte": 2}}, [("c", 0, JAN), ("b", 1, JAN), ("c", 2, JAN)])[0].number == 2


@pytest.mark.parametrize(
    ("condition", "names", "expected"),
    [
        ("a and b", "b a", True),
        ("a and b", "a c", False),
        ("a or b", "b", True),
        ("(a or b) and c", "c a", True),
        ("a AND NOT b", "a", True),
        ("a and not b", "a b", False),
        ("a and not b", "b a", False),
        ("a or not b", "b", False),
        ("not (a or b) and c", "c", True),
    ],
)
def test_extended_conditions(condition, names, expected):
    steps = [(name, second, JAN) for second, name in enumerate(names.split())]
    assert bool(run({"type": "temporal", "rules": ..., "condition": condition}, steps)) is expected


def test_an_extended_condition_in_order():
    section = {"type": "temporal_ordered", "rules": ..., "condition": "b and a or c and d"}
    assert run(section, [("b", 0, JAN), ("a", 1, JAN)])
    assert not run(section, [("a", 0, JAN), ("b", 1, JAN)])
    assert run(section, [("c", 0, JAN), ("a", 1, JAN), ("d", 2, JAN)])


@pytest.mark.parametrize(
    ("kind", "condition", "number"),
    [
        ("value_sum", {"gte": 30}, 30),
        ("value_sum", {"lt": 31}, 30),
        ("value_avg", {"eq": 7.5}, 7.5),
        ("value_median", {"eq": 6}, 6),
        ("value_percentile", {"percentile": 50, "eq": 4}, 4),
        ("value_percentile", {"percentile": 90, "eq": 18}, 18),
    ],
)
def test_metrics(kind, condition, number):
    """A sum may be told as soon as it is reached, the others are calculated over the window."""
    steps = [("a", n, JAN | {"Bytes": size}) for n, size in enumerate(["0", 4, "8.0", 18])] + [
        ("a", 5, JAN | {"Bytes": "veel"}),
        ("a", 6, JAN | {"Bytes": "nan"}),
    ]
    (found,) = run({"type": kind, "condition": {"field": "Bytes"} | condition}, steps)
    assert (found.number, found.total) == (number, 4)


def test_groups_are_values_that_are_there():
    section = {"group-by": ["User", "Host"], "condition": {"gte": 2}}
    here = {"User": "jan", "Host": "A"}
    assert [item.group for item in run(section, [("a", 0, here), ("a", 1, {"User": "JAN", "Host": "a"})])] == [here]
    assert not run(section, [("a", 0, here), ("a", 1, here | {"Host": "B"})])
    assert not run(section, [("a", 0, {"User": "jan"}), ("a", 1, {"User": "jan"}), ("a", 2, {"User": None, "Host": 1})])
    assert run({"group-by": ..., "condition": {"gte": 2}}, [("a", 0, {}), ("a", 1, {})])[0].group == {}


def test_a_list_is_in_the_group_of_each_of_its_values():
    section = {"condition": {"gte": 2}}
    found = run(section, [("a", 0, JAN), ("a", 1, {"User": ["piet", "JAN", "jan"]}), ("a", 2, PIET)])
    assert [item.group["User"] for item in found] == ["jan", "piet"]


def test_an_event_counts_once_whatever_rules_it_matches():
    assert not run({"rules": ["a", "b"], "condition": {"gte": 3}}, [("a b", 0, JAN), ("b a", 1, JAN)])
    assert run({"rules": ["a", "b"], "condition": {"gte": 2}}, [("a", 0, JAN), ("b", 1, JAN)])


def test_aliases_name_the_field_per_rule():
    section = {
        "type": "temporal",
        "rules": ["a", "b"],
        "group-by": ["ip"],
        "condition": ...,
        "aliases": {"ip": {"a": "SourceIp", "b": "DestinationIp"}},
    }
    steps = [("a", 0, {"SourceIp": "1", "DestinationIp": "2"}), ("b", 1, {"SourceIp": "3", "DestinationIp": "1"})]
    assert [item.group for item in run(section, steps)] == [{"ip": "1"}]
    assert not run(section, [("a", 0, {"SourceIp": "1"}), ("b", 1, {"SourceIp": "1", "DestinationIp": "9"})])


def test_fields_have_the_names_that_the_rule_knows_them_by():
    """A process in the Security log: Image is NewProcessName there."""
    text = base("a", logsource={"product": "windows", "category": "process_creation"}).replace(
        '"Wat": "a"', '"Image": "*"'
    )
    loaded = load_rules([("a", text), ("v", correlation_text({"group-by": ["Image"], "condition": {"gte": 2}}))])
    matcher, correlator = Matcher(loaded.rules), Correlator(loaded.correlations, loaded.rules)
    found = []
    for number in (1, 2):
        item = event(number, number, {"NewProcessName": "x.exe"}, Channel="Security", EventID=4688)
        found += correlator.feed(item, matcher.match(item))
    assert [item.group for item in found] == [{"Image": "x.exe"}]


def test_a_correlation_on_a_correlation():
    """Many failures and then a success: the inner one is not told, and all users among its records count."""
    inner = correlation_text({"group-by": ["Ip"], "condition": {"gte": 3}}, name="veel")
    outer = correlation_text(
        {"type": "temporal_ordered", "rules": ["veel", "b"], "condition": ..., "timespan": "10m"},
        id=OTHER_ID,
        title="Gelukt",
    )
    loaded = load_rules([("o", outer), ("i", inner), ("a", base("a")), ("b", base("b"))])
    assert not loaded.unusable
    assert loaded.silent == {CORRELATION_ID, RULE_IDS["a"], RULE_IDS["b"]}
    tries = [("a", n, {"Ip": "9", "User": user}) for n, user in enumerate(["jan", "piet", "klaas"])]
    for user, expected in (("piet", 1), ("joop", 0)):
        correlator = Correlator(loaded.correlations, loaded.rules)
        found = feed(correlator, [*tries, ("b", 60, {"User": user})])
        assert len(found) == expected
        if found:
            assert (found[0].rule_id, found[0].group, numbers(found[0])) == (OTHER_ID, {"User": "piet"}, [1, 2, 3, 4])
            assert (found[0].total, found[0].number) == (4, 2)


def test_an_inner_correlation_that_generates_is_told_too():
    inner = correlation_text({"condition": {"gte": 2}}, name="veel")
    outer = correlation_text({"rules": ["veel"], "condition": {"gte": 1}, "generate": True}, id=OTHER_ID)
    loaded = load_rules([("o", outer), ("i", inner), ("a", base("a"))])
    found = feed(Correlator(loaded.correlations, loaded.rules), [("a", 0, JAN), ("a", 1, JAN)])
    assert [item.rule_id for item in found] == [CORRELATION_ID, OTHER_ID]


def test_late_events_count_within_the_lateness():
    loaded = load({})
    order = [("a", 100, JAN), ("a", 40, JAN), ("a", 95, JAN)]
    assert [numbers(item) for item in feed(Correlator(loaded.correlations, loaded.rules), order)] == [[2, 3, 1]]


def test_a_wrong_clock_hides_nothing():
    """An event of years ahead, and a file of years ago, live beside what happens now."""
    loaded = load({})
    correlator = Correlator(loaded.correlations, loaded.rules)
    steps = [("a", 0, JAN), ("a", 1e9, JAN), ("a", 10, JAN), ("a", -1e9, JAN), ("a", 20, JAN), ("a", -1e9, JAN)]
    assert [numbers(item) for item in feed(correlator, steps)] == [[1, 3, 5]]
    assert correlator.state()[CORRELATION_ID].late == 1


def test_what_can_not_be_placed_is_counted():
    loaded = load({})
    correlator = Correlator(loaded.correlations, loaded.rules)
    assert not feed(correlator, [("a", None, JAN), ("a", 0, {}), ("a", 1, JAN), ("b", None, JAN), ("b", 99, JAN)])
    state = correlator.state()[CORRELATION_ID]
    assert (state.untimed, state.incomplete, state.groups, state.records) == (1, 1, 1, 1)
    assert (state.newest, state.lag) == (START + timedelta(seconds=1), timedelta(0))


def test_lag_is_how_far_a_correlation_trails():
    loaded = load({}, correlation_text({"rules": ["b"]}, id=OTHER_ID))
    correlator = Correlator(loaded.correlations, loaded.rules)
    feed(correlator, [("a", 0, JAN), ("b", 30, JAN)])
    assert correlator.state()[CORRELATION_ID].lag == timedelta(seconds=30)
    assert correlator.state()[OTHER_ID].lag == timedelta(0)


def test_memory_is_bounded_and_tells_what_went():
    loaded = load({})
    correlator = Correlator(loaded.correlations, loaded.rules, limits=Limits(groups=10, group_records=5, records=8))
    feed(correlator, [("a", n / 100, {"User": str(n)}) for n in range(100)])
    state = correlator.state()[CORRELATION_ID]
    assert (state.groups, state.records, state.evictions, state.expired) == (8, 8, 92, 0)
    feed(correlator, [("a", 1000 + n * 100, {"User": str(n)}) for n in range(100)])
    assert correlator.state()[CORRELATION_ID].evictions == 92
    assert correlator.state()[CORRELATION_ID].expired == 100
    many = {"type": "value_count", "condition": {"field": "Ip", "gte": 4}}
    loaded = load(many)
    correlator = Correlator(loaded.correlations, loaded.rules, limits=Limits(group_records=10))
    feed(correlator, [("a", n / 100, JAN | {"Ip": n % 3}) for n in range(1000)])
    assert correlator.state()[CORRELATION_ID].records == 10
    assert correlator.state()[CORRELATION_ID].dropped == 990


def test_a_group_holds_what_its_correlation_must_count_to():
    found = run({"condition": {"gte": 30}}, [("a", n, JAN) for n in range(30)], limits=Limits(group_records=10))
    assert [item.total for item in found] == [30]


def test_a_match_names_the_oldest_and_newest_records():
    (found,) = run({"condition": {"gte": 200}, "timespan": "1h"}, [("a", n, JAN) for n in range(200)])
    assert found.total == 200
    assert numbers(found) == [*range(1, 26), *range(176, 201)]


def test_long_values_stay_apart_without_being_held():
    long = "x" * 100_000
    loaded = load({"condition": {"gte": 2}})
    correlator = Correlator(loaded.correlations, loaded.rules)
    assert not feed(correlator, [("a", 0, {"User": long + "1"}), ("a", 1, {"User": long + "2"})])
    assert len(json.dumps(correlator.to_json())) < 5000
    assert feed(correlator, [("a", 2, {"User": (long + "1").upper()})])


def test_state_of_another_meaning_is_not_used():
    loaded = load({})
    correlator = Correlator(loaded.correlations, loaded.rules)
    feed(correlator, [("a", 0, JAN), ("a", 1, JAN)])
    stored = json.loads(json.dumps(correlator.to_json()))
    same = Correlator(loaded.correlations, loaded.rules)
    assert same.restore(stored) == ()
    assert feed(same, [("a", 2, JAN)])
    changed = load({"condition": {"gte": 2}})
    other = Correlator(changed.correlations, changed.rules)
    assert other.restore(stored) == (CORRELATION_ID,)
    assert not feed(other, [("a", 2, JAN)])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"form": 0},
        {"form": 1},
        {"form": 1, "newest": None, "correlations": []},
        {"form": 1, "newest": "x", "correlations": {}},
    ],
)
def test_odd_state_is_refused(data):
    loaded = load({})
    with pytest.raises(OutdatedForm):
        Correlator.from_json(data, loaded.correlations, loaded.rules)


ODD = {"newest": 1, "claims": [], "entries": [[1, 0, [{}], [], 1, {}]]}


def test_damaged_state_is_refused_whole():
    loaded = load({})
    correlator = Correlator(loaded.correlations, loaded.rules)
    feed(correlator, [("a", 0, JAN)])
    stored = correlator.to_json()
    for damage in (
        [["jan"]],
        [[["jan"], ["jan"], []]],
        [[[], [], [{"newest": 1, "claims": [], "entries": []}]]],
        7,
        [[["j"], ["j"], [ODD]]],
    ):
        stored["correlations"][CORRELATION_ID]["groups"] = damage
        with pytest.raises(OutdatedForm):
            Correlator.from_json(stored, loaded.correlations, loaded.rules)


def test_events_without_a_match_that_counts_do_nothing():
    loaded = load({})
    correlator = Correlator(loaded.correlations, loaded.rules)
    assert correlator.listens_to == {RULE_IDS["a"]}
    before = correlator.to_json()
    assert correlator.feed(event(1, 0, JAN), [match(RULE_IDS["b"])]) == []
    assert correlator.feed(event(1, 0, JAN), []) == []
    assert correlator.to_json() == before
