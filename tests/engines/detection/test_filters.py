"""Sigma filters: one tuning on many rules (Sigma filters specification 2.1)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Matcher, Rule, load_rules
from tests.engines.detection.correlation_support import RULE_IDS, base, correlation_text
from tests.engines.detection.support import event

FILTER_ID = "66666666-2222-4333-8444-555555555555"
WHOLE = {"rules": ["a"], "selection": {"User|startswith": "adm_"}, "condition": "not selection"}


def filter_text(section, **other):
    """A filter as YAML: the section, with what it leaves out filled in."""
    given = {key: value for key, value in (WHOLE | section).items() if value is not ...}
    about = {"title": "Beheer", "id": FILTER_ID, "logsource": {"product": "windows"}, "filter": given}
    return json.dumps(about | other)


def load(section, **other):
    """The rules a and b with one filter in a file before them."""
    return load_rules([("f", filter_text(section, **other)), ("a", base("a")), ("b", base("b"))])


def hits(loaded, **fields):
    """The names of the rules that match."""
    names = {rule_id: name for name, rule_id in RULE_IDS.items()}
    return {names[match.rule_id] for match in Matcher(loaded.rules).match(event(fields))}


@pytest.mark.parametrize("reference", ["a", RULE_IDS["a"], RULE_IDS["a"].upper()])
def test_a_filter_counts_for_the_rules_it_names(reference):
    loaded = load({"rules": reference})
    assert not loaded.unusable
    assert [(item.id, item.title, item.rules, item.unknown) for item in loaded.filters] == [
        (FILTER_ID, "Beheer", (RULE_IDS["a"],), ())
    ]
    assert hits(loaded, Wat="a", User="jan") == {"a"}
    assert not hits(loaded, Wat="a", User="adm_jan")
    assert hits(loaded, Wat="b", User="adm_jan") == {"b"}


@pytest.mark.parametrize("rules", ["any", "ANY", []])
def test_a_filter_may_be_for_all_rules_of_its_log_source(rules):
    loaded = load({"rules": rules})
    assert loaded.filters[0].rules == (RULE_IDS["a"], RULE_IDS["b"])
    assert not hits(loaded, Wat="b", User="adm_jan")


def test_a_filter_condition_is_added_with_and():
    loaded = load({"condition": "selection"})
    assert hits(loaded, Wat="a", User="adm_jan") == {"a"}
    assert not hits(loaded, Wat="a", User="jan")


@pytest.mark.parametrize("condition", ["not 1 of them", "not all of them", "not selection*", "not (een or selection)"])
def test_names_in_a_filter_are_its_own(condition):
    """The rule has a selection of that name as well, and `them` are the filter's."""
    section = {"condition": condition.replace("selection*", "1 of selection*"), "een": {"User|startswith": "adm_"}}
    loaded = load(section)
    assert not loaded.unusable
    assert hits(loaded, Wat="a", User="jan") == {"a"}
    assert not hits(loaded, Wat="a", User="adm_x")


def test_several_filters_all_count():
    second = filter_text({"selection": {"Host": "x"}}, id=FILTER_ID.replace("6", "7"))
    loaded = load_rules([("f", filter_text({})), ("g", second), ("a", base("a"))])
    assert len(loaded.filters) == 2
    assert hits(loaded, Wat="a") == {"a"}
    assert not hits(loaded, Wat="a", User="adm_x")
    assert not hits(loaded, Wat="a", Host="X")
    assert set(loaded.rules[0].selections) == {"selection", "Beheer: selection", "Beheer (2): selection"}


def test_a_filtered_rule_keeps_its_filter_when_stored():
    (rule, _) = load({}).rules
    assert Rule.from_json(json.loads(json.dumps(rule.to_json()))) == rule


def test_what_a_filter_names_and_is_not_there_is_told():
    loaded = load({"rules": ["a", "weg", FILTER_ID]})
    assert loaded.filters[0].unknown == ("weg", FILTER_ID)


@pytest.mark.parametrize(
    ("section", "other", "words"),
    [
        ({"rules": ["weg"]}, {}, "past bij geen enkele regel"),
        ({}, {"logsource": {"product": "linux"}}, "past bij geen enkele regel"),
        ({}, {"logsource": {"product": "windows", "category": "process_creation"}}, "past bij geen enkele regel"),
        ({"rules": "any"}, {"logsource": {"product": "linux"}}, "past bij geen enkele regel"),
        ({}, {"logsource": ...}, "logbron"),
        ({}, {"logsource": {}}, "logbron"),
        ({"rules": ...}, {}, "filter"),
        ({"rules": 5}, {}, "filter"),
        ({"condition": ...}, {}, "filter"),
        ({"condition": ["selection"]}, {}, "filter"),
        ({"condition": "elders"}, {}, "elders"),
        ({"selection": {"A|re": "("}}, {}, "patroon"),
        ({"selection": {"A|expand": "%lijst%"}}, {}, "%lijst%"),
        ({}, {"filter": 5}, "filter"),
    ],
)
def test_what_can_not_be_used_has_a_reason(section, other, words):
    text = json.dumps({key: value for key, value in json.loads(filter_text(section)).items() if key not in other})
    text = json.dumps(json.loads(text) | {key: value for key, value in other.items() if value is not ...})
    loaded = load_rules([("f", text), ("a", base("a"))])
    assert not loaded.filters
    assert words in loaded.unusable[0].reason
    assert hits(loaded, Wat="a", User="adm_jan") == {"a"}


def test_a_correlation_has_no_filter():
    loaded = load_rules([("f", filter_text({"rules": ["v"]})), ("a", base("a")), ("v", correlation_text({}, name="v"))])
    assert not loaded.filters
    assert len(loaded.correlations) == len(loaded.unusable) == 1


@given(
    st.dictionaries(
        st.sampled_from(["rules", "selection", "condition", "A|re"]),
        st.recursive(
            st.one_of(
                st.none(), st.integers(), st.sampled_from(["a", "any", "selection", "not selection", "A|re", ""])
            ),
            lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text("A|re", max_size=3), inner)),
            max_leaves=5,
        ),
    )
)
def test_any_filter_is_usable_or_has_a_reason(section):
    loaded = load_rules([("a", base("a")), ("f", filter_text(section))])
    assert len(loaded.filters) + len(loaded.unusable) == 1
    Matcher(loaded.rules).match(event({"A": "x"}))
