"""Which rules can fire here, held against what was seen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Matcher, OutdatedForm, SeenBySource, SeenFields, coverage
from tests.engines.detection.correlation_support import RULE_IDS, load
from tests.engines.detection.support import SYSMON, event, rule


def seen_of(*events, **options):
    seen = SeenFields(**options)
    for item in events:
        seen.add(item)
    return seen


def verdict(detection, *events, **other):
    """The verdict on a rule, and what it lacks."""
    (found,) = coverage([rule(detection, **other)], seen_of(*events))
    assert found.says.endswith(".")
    return found.verdict, found.missing


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"A": "x"}, ("can_fire", ())),
        ({"Z": "x"}, ("missing_fields", ("Z",))),
        ({"A": "x", "Z": "x", "Y": "x"}, ("missing_fields", ("Y", "Z"))),
        ([{"Z": "x", "Y": "x"}, {"X": "x"}], ("missing_fields", ("X",))),
        ([{"Z": "x"}, {"A": "x"}], ("can_fire", ())),
        ({"Z": None}, ("can_fire", ())),
        ({"Z|exists": False}, ("can_fire", ())),
        ({"Z|exists": True}, ("missing_fields", ("Z",))),
        ({"Leeg|exists": True}, ("can_fire", ())),
        ({"Leeg": "x"}, ("missing_fields", ("Leeg",))),
        ({"Z|neq": "x"}, ("can_fire", ())),
        ({"A|fieldref": "Z"}, ("missing_fields", ("Z",))),
        (["los woord"], ("can_fire", ())),
        ({"EventID": 1}, ("can_fire", ())),
        ({"EventID": 2}, ("unseen", ())),
        ({"Channel": "SECURITY", "Computer": "x", "Provider_Name": "y"}, ("can_fire", ())),
        ({"Channel": "System"}, ("unseen", ())),
        ({"Channel|re": "^Sec"}, ("can_fire", ())),
    ],
)
def test_what_a_rule_lacks(selection, expected):
    assert verdict({"selection": selection}, event({"A": "1", "B": "2", "Leeg": None})) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("good and not bad", ("can_fire", ())),
        ("not (bad or good)", ("can_fire", ())),
        ("good and bad", ("missing_fields", ("Z",))),
        ("good and not gone", ("missing_fields", ("Y",))),
        ("bad or good", ("can_fire", ())),
    ],
)
def test_conditions(condition, expected):
    detection = {"good": {"A": "x"}, "bad": {"Z": "x"}, "gone": {"Y": None}, "condition": condition}
    assert verdict(detection, event({"A": "1"})) == expected


def test_log_sources():
    process = {"logsource": {"product": "windows", "category": "process_creation"}}
    detection = {"selection": {"Image": "x", "CommandLine": "y"}}
    sysmon = event({"Image": "a"}, SYSMON, 1)
    security = event({"NewProcessName": "a", "CommandLine": "b"}, "Security", 4688)
    assert verdict(detection, **process) == ("unseen", ())
    assert verdict(detection, event({"Image": "a"}, SYSMON, 3), **process) == ("unseen", ())
    assert verdict(detection, sysmon, **process) == ("missing_fields", ("CommandLine",))
    assert verdict(detection, sysmon, security, **process) == ("can_fire", ())
    assert verdict({"selection": {"Image": "x"}}, event({"A": "a"}, "Security", 4688), **process) == (
        "missing_fields",
        ("NewProcessName",),
    )
    assert verdict(detection, sysmon, logsource={"product": "toaster"}) == ("no_log_source", ())


def test_each_source_is_judged_by_itself():
    process = rule(
        {"selection": {"Image": "x", "CommandLine": "y"}},
        logsource={"product": "windows", "category": "process_creation"},
    )
    poor, rich = event({"Image": "a"}, SYSMON, 1), event({"Image": "a", "CommandLine": "b"}, SYSMON, 1)
    other, halves = event({"A": "1"}, "System", 1), event({"CommandLine": "b"}, SYSMON, 1)
    servers = {"A": poor, "B": rich, "C": other, "D": poor}
    (found,) = coverage([process], SeenBySource({name: seen_of(item) for name, item in servers.items()}))
    assert (found.verdict, found.able, found.missing) == ("can_fire", {"B"}, ())
    assert found.lacking == {"A": ("CommandLine",), "D": ("CommandLine",)}
    (found,) = coverage([process], SeenBySource({"A": seen_of(poor), "B": seen_of(halves)}))
    assert (found.verdict, found.able, found.lacking) == (
        "missing_fields",
        frozenset(),
        {"A": ("CommandLine",), "B": ("Image",)},
    )
    assert coverage([process], seen_of(poor, halves))[0].verdict == "can_fire", "of one source it can not be told apart"


def test_a_correlation_is_judged_over_all_sources_together():
    loaded = load({"type": "temporal", "rules": ["a", "b"], "group-by": ["User"], "condition": ...})
    one, two = event({"Wat": "a", "User": "x"}), event({"Wat": "b"})
    assert coverage(loaded.rules, SeenBySource({1: seen_of(one)}), loaded.correlations)[-1].verdict == "can_fire"
    found = coverage(loaded.rules, SeenBySource({1: seen_of(two), 2: seen_of(two)}), loaded.correlations)[-1]
    assert (found.verdict, found.missing) == ("missing_fields", ("User",))


def test_what_is_noted_is_a_sample():
    early, late = event({"A": "1"}), event({"B": "1"})
    seen = seen_of(*[early] * 10, *[late] * 9, first=10, every=10)
    assert coverage([rule({"selection": {"B": "1"}})], seen)[0].verdict == "missing_fields"
    seen.add(late)
    (found,) = coverage([rule({"selection": {"B": "1"}})], seen)
    assert (found.verdict, found.events, found.sampled) == ("can_fire", 20, 11)


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr("brandwacht.engines.detection.seen.MAX_FIELDS", 5)
    seen = seen_of(*(event({f"F{number}": "1"}, event_id=number % 5) for number in range(100)), kinds=3)
    assert len(seen.kinds) == 3
    assert seen.left_out == 40
    assert all(len(kind.fields) <= 5 for kind in seen.kinds.values())


def test_all_names_together_are_bounded_and_can_be_written():
    odd = event({"F\x00": "1", "G\ud800": "1", "n" * 201: "1", "goed": "1"})
    (kind,) = seen_of(odd).kinds.values()
    assert kind.fields == {"EventID", "Channel", "Provider_Name", "Computer", "goed"}
    many = [event({f"F{number}": "1"}, event_id=number) for number in range(20)]
    one, two = seen_of(*many[:10], names=30), seen_of(*many[10:], names=30)
    assert sum(kind.names for kind in one.kinds.values()) == 30
    one.merge(two)
    again = SeenFields.from_json(one.to_json(), names=30)
    again.add(many[0])
    for seen in (one, again):
        assert sum(kind.names for kind in seen.kinds.values()) == 30
    assert len(again.kinds) == 20


def test_whether_one_tells_more_than_another():
    one = seen_of(event({"A": "1"}))
    assert not seen_of(event({"A": "2"})).tells_more_than(one)
    for more in (event({"B": "1"}), event({"A": None}), event({"A": "1"}, event_id=9)):
        assert seen_of(more).tells_more_than(one)


def test_what_was_seen_can_be_kept_and_added_up():
    one, two = seen_of(event({"A": "1", "C": None})), seen_of(event({"B": "1"}), event({"D": []}, event_id=2))
    again = SeenFields.from_json(json.loads(json.dumps(one.to_json())))
    assert again.to_json() == one.to_json()
    again.merge(two)
    assert (
        again.to_json()
        == seen_of(event({"A": "1", "C": None}), event({"B": "1"}), event({"D": []}, event_id=2)).to_json()
    )
    for odd in ({}, {"form": 0}, {"form": 1}, {"form": 1, "left_out": 0, "kinds": [[1]]}):
        with pytest.raises(OutdatedForm):
            SeenFields.from_json(odd)


@pytest.mark.parametrize(
    ("section", "fields", "expected"),
    [
        ({"rules": ["a"]}, {"Wat": "a", "User": "x"}, ("can_fire", (), ())),
        ({"rules": ["a"]}, {"Wat": "a"}, ("missing_fields", ("User",), ())),
        ({"rules": ["a"], "aliases": {"User": {"a": "Wie"}}}, {"Wat": "a", "Wie": 1}, ("can_fire", (), ())),
        (
            {"type": "value_count", "condition": {"gte": 1, "field": "Ip"}},
            {"Wat": "a", "User": 1},
            ("missing_fields", ("Ip",), ()),
        ),
        ({"rules": ["a"]}, {"User": "x"}, ("missing_fields", (), (RULE_IDS["a"],))),
    ],
)
def test_correlations(section, fields, expected):
    loaded = load(section)
    found = coverage(loaded.rules, seen_of(event(fields)), loaded.correlations)[-1]
    assert (found.verdict, found.missing, found.blocked_by) == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ({"type": "temporal", "rules": ["a", "b"], "condition": ...}, "missing_fields"),
        ({"type": "temporal", "rules": ["a", "b"], "condition": {"gte": 1}}, "can_fire"),
        ({"type": "temporal", "rules": ..., "condition": "a or b"}, "can_fire"),
        ({"type": "temporal", "rules": ..., "condition": "a and b"}, "missing_fields"),
        ({"rules": ["a", "b"]}, "can_fire"),
    ],
)
def test_a_correlation_of_which_one_rule_can_not_fire(section, expected):
    loaded = load(section | {"group-by": ...})
    rules = [item for item in loaded.rules if item.id != RULE_IDS["b"]]
    assert coverage(rules, seen_of(event({"Wat": "1"})), loaded.correlations)[-1].verdict == expected


VALUES = st.sampled_from(["x", "y", None, "*"])
FIELDS = st.sampled_from(["A", "B", "C", "A|contains", "B|neq", "C|fieldref", "A|re", "EventID", "Channel"])
SELECTION = st.one_of(
    st.dictionaries(FIELDS, st.sampled_from(["x", "y", "A"]), min_size=1, max_size=2),
    st.dictionaries(st.sampled_from(["A", "B"]), VALUES, min_size=1),
    st.dictionaries(st.sampled_from(["A|exists", "D|exists"]), st.booleans(), min_size=1),
    st.lists(st.sampled_from(["x", "y"]), min_size=1, max_size=2),
)
EVENTS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from("ABCD"), st.sampled_from(["x", "y", None, [], ["x"], "A"])), st.integers(0, 2)
    ),
    max_size=4,
)


@given(
    selections=st.lists(SELECTION, min_size=2, max_size=2),
    condition=st.sampled_from(["s0", "s0 and s1", "s0 or not s1", "not s0", "not (s0 or s1)", "s0 and not s1"]),
    events=EVENTS,
)
def test_a_rule_that_fires_can_fire(selections, condition, events):
    detection = {f"s{number}": selection for number, selection in enumerate(selections)} | {"condition": condition}
    made = rule(detection)
    items = [event(fields, event_id=number) for fields, number in events]
    matcher = Matcher([made])
    (found,) = coverage([made], SeenBySource({number: seen_of(item) for number, item in enumerate(items)}))
    assert found.able >= {number for number, item in enumerate(items) if matcher.match(item)}
    assert found.able.isdisjoint(found.lacking)
    (found,) = coverage([made], seen_of(*items))
    if any(matcher.match(item) for item in items):
        assert found.verdict == "can_fire"
    elif not items:
        assert found.verdict == "unseen"
