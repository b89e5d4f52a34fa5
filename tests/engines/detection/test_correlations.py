"""Loading correlations: what they refer to, what is not usable, and the stored form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import (
    Correlation,
    Correlator,
    OutdatedForm,
    RuleSet,
    describe_correlation,
    load_rules,
)
from tests.engines.detection.correlation_support import (
    CORRELATION_ID,
    RULE_IDS,
    base,
    correlation,
    correlation_text,
    load,
)

OTHER_ID = "88888888-2222-4333-8444-555555555555"


def reason(section, *more, **other):
    loaded = load(section, *more, **other)
    assert not loaded.correlations
    return loaded.unusable[0].reason


def test_what_a_correlation_tells():
    section = {
        "type": "value_count",
        "rules": [RULE_IDS["b"].upper(), "a"],
        "group-by": "User",
        "timespan": "2h",
        "condition": {"field": "Ip", "gt": 4, "lte": 9},
        "aliases": {"User": {"a": "Gebruiker"}},
        "generate": True,
    }
    loaded = load(section, level="critical", tags=["attack.t1110"], description="Wat", status="test", author="Wie")
    (made,) = loaded.correlations
    assert (made.id, made.title, made.level, made.status) == (CORRELATION_ID, "Verband", "critical", "test")
    assert (made.tags, made.attack, made.description, made.author) == (("attack.t1110",), ("T1110",), "Wat", "Wie")
    assert (made.kind, made.rules) == ("value_count", (RULE_IDS["b"], RULE_IDS["a"]))
    assert (made.group_by, made.seconds, made.fields) == (("User",), 7200, ("Ip",))
    assert made.checks == (("gt", 4), ("lte", 9))
    assert made.aliases == {"User": {RULE_IDS["a"]: ["Gebruiker"]}}
    assert made.generate
    assert loaded.silent == frozenset()
    assert made.name == "4.yml"


@pytest.mark.parametrize(
    "section",
    [
        {"condition": {"gte": 2, "lt": 9}, "aliases": {"x": {"a": "y"}}},
        {"type": "temporal_ordered", "rules": ["a", "b", "a"], "condition": ...},
        {"type": "temporal", "rules": ..., "condition": "a and not (b or c) or d"},
        {"type": "value_percentile", "condition": {"field": "N", "gt": 1.5, "percentile": 95}},
    ],
)
def test_the_stored_form_gives_the_same_correlation(section):
    made = correlation(section)
    stored = json.loads(json.dumps(made.to_json()))
    assert Correlation.from_json(stored) == made
    for change in ({"form": 0}, {"nieuw": 1}):
        with pytest.raises(OutdatedForm):
            Correlation.from_json(stored | change)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({}, "Minstens 3 gebeurtenissen binnen 1 minuut, met dezelfde waarde in User."),
        (
            {"condition": {"gt": 2, "lte": 9}, "timespan": "90m", "group-by": ["User", "Host"]},
            "Meer dan 2 en hoogstens 9 gebeurtenissen binnen 90 minuten, met dezelfde waarde in User en Host.",
        ),
        (
            {
                "type": "value_count",
                "condition": {"field": ["Ip", "Poort"], "gte": 5},
                "timespan": "48h",
                "group-by": ...,
            },
            "Minstens 5 verschillende waarden in Ip en Poort binnen 2 dagen.",
        ),
        (
            {"type": "temporal_ordered", "rules": ["a", "b"], "condition": ..., "timespan": "30s", "group-by": ...},
            "Alle 2 regels, in de genoemde volgorde, binnen 30 seconden.",
        ),
        (
            {"type": "temporal", "rules": ["a", "b", "c"], "condition": {"gte": 2}, "group-by": ...},
            "Minstens 2 van de 3 regels binnen 1 minuut.",
        ),
        (
            {"type": "temporal", "rules": ..., "condition": "a and not b", "timespan": "1d", "group-by": ...},
            "De regels die de voorwaarde vraagt binnen 1 dag.",
        ),
        (
            {"type": "value_sum", "condition": {"field": "Bytes", "gte": 1.5}, "group-by": ...},
            "De som van Bytes is minstens 1,5 binnen 1 minuut.",
        ),
        (
            {"type": "value_percentile", "condition": {"field": "N", "lt": 4, "percentile": 95}, "group-by": ...},
            "Het 95e percentiel van N is minder dan 4 binnen 1 minuut.",
        ),
    ],
)
def test_what_it_asks_for_in_words(section, words):
    assert describe_correlation(correlation(section)) == words


def test_the_level_is_that_of_the_gravest_rule():
    texts = [base("a", level="low"), base("b", level="critical"), correlation_text({"rules": ["a", "b"]})]
    assert load_rules([(str(number), text) for number, text in enumerate(texts)]).correlations[0].level == "critical"


def test_rules_used_by_correlations_alone_are_silent():
    loaded = load({"rules": ["a", "b"]}, correlation_text({"rules": ["b"], "generate": True}, id=OTHER_ID))
    assert loaded.silent == {RULE_IDS["a"]}


def test_a_name_in_the_same_file_goes_first():
    here = "\n---\n".join([base("a"), correlation_text({})])
    elsewhere = base("a").replace(RULE_IDS["a"], RULE_IDS["b"])
    loaded = load_rules([("x.yml", elsewhere), ("y.yml", here)])
    assert loaded.correlations[0].rules == (RULE_IDS["a"],)
    loaded = load_rules([("x.yml", elsewhere), ("y.yml", base("a")), ("z.yml", correlation_text({}))])
    assert "meer regels met de naam 'a'" in loaded.unusable[0].reason


def test_correlations_may_come_before_what_they_refer_to():
    outer = correlation_text({"rules": ["binnen"]}, id=OTHER_ID)
    loaded = load_rules([("o", outer), ("i", correlation_text({}, name="binnen")), ("a", base("a"))])
    assert [item.id for item in loaded.correlations] == [OTHER_ID, CORRELATION_ID]
    assert loaded.correlations[0].rules == (CORRELATION_ID,)


def test_a_correlation_without_id_gets_one_that_stays():
    text = json.dumps({key: value for key, value in json.loads(correlation_text({})).items() if key != "id"})
    first, second = (load_rules([("a", base("a")), ("v", text)]).correlations[0].id for _ in range(2))
    assert first == second
    assert len(first) == 36


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"rules": ["weg"]}, "is er niet bij"),
        ({"rules": [OTHER_ID]}, "is er niet bij"),
        ({"rules": [CORRELATION_ID]}, "kring"),
        ({"rules": []}, "noemt geen regels"),
        ({"rules": 7}, "correlation"),
        ({"rules": ...}, "correlation"),
        ({"type": "gevoel"}, "soort"),
        ({"type": ...}, "soort"),
        ({"timespan": "5 minuten"}, "tijdspanne"),
        ({"timespan": "0m"}, "tijdspanne"),
        ({"timespan": ...}, "correlation"),
        ({"condition": ...}, "correlation"),
        ({"condition": {"gte": "veel"}}, "voorwaarde"),
        ({"condition": {}}, "voorwaarde"),
        ({"condition": {"gte": 1, "lte": None}}, "voorwaarde"),
        ({"condition": {"gte": 100_001}}, "100000"),
        ({"condition": "a"}, ""),
        ({"condition": 5}, "correlation"),
        ({"type": "value_count"}, "correlation"),
        ({"type": "value_count", "condition": {"gte": 1, "field": 5}}, "field"),
        ({"type": "value_count", "condition": {"gte": 1, "field": []}}, "field"),
        ({"type": "value_sum", "condition": {"gte": 1, "field": ["x", "y"]}}, "één veld"),
        ({"type": "value_percentile", "condition": {"gte": 1, "field": "x"}}, "percentiel"),
        ({"type": "value_percentile", "condition": {"gte": 1, "field": "x", "percentile": 101}}, "percentiel"),
        ({"type": "temporal", "rules": ..., "condition": "a and"}, "voorwaarde"),
        ({"type": "temporal", "rules": ..., "condition": "not a"}, "geen enkele gebeurtenis"),
        ({"type": "temporal", "rules": ..., "condition": "a and weg"}, "is er niet bij"),
        ({"type": "temporal", "rules": ["a", "b"], "condition": "a"}, ""),
        ({"type": "temporal", "rules": ..., "condition": " and ".join(["(a or b)"] * 9)}, "ingewikkeld"),
        ({"group-by": {"a": 1}}, "correlation"),
        ({"aliases": {"x": {"weg": "y"}}}, "is er niet bij"),
        ({"aliases": {"x": {"a": 5}}}, "alias"),
        ({"aliases": {"x": "y"}}, ""),
        ({"generate": "ja"}, "correlation"),
    ],
)
def test_what_can_not_be_used_has_a_reason(section, words):
    assert words in reason(section)


def test_a_broken_rule_takes_its_correlations_along():
    broken = base("a").replace('"selection": {"Wat": "a"}', '"selection": {"Wat|re": "("}')
    outer = correlation_text({"rules": ["binnen"]}, id=OTHER_ID)
    loaded = load_rules([("o", outer), ("i", correlation_text({}, name="binnen")), ("a", broken)])
    assert not loaded.rules
    assert not loaded.correlations
    assert [item.name for item in loaded.unusable] == ["a", "i", "o"]
    assert all("niet bruikbaar" in item.reason for item in loaded.unusable[1:])


def test_a_circle_is_seen():
    first = correlation_text({"rules": ["twee"]}, name="een")
    second = correlation_text({"rules": ["een"]}, name="twee", id=OTHER_ID)
    third = correlation_text({"rules": ["een", "a"]}, id="77777777-2222-4333-8444-555555555555")
    loaded = load_rules([("1", first), ("2", second), ("3", third), ("a", base("a"))])
    assert not loaded.correlations
    assert all("kring" in item.reason for item in loaded.unusable)
    assert len(loaded.unusable) == 3


def test_a_double_id_is_reported():
    loaded = load({}, correlation_text({"rules": ["b"]}), correlation_text({}, id=RULE_IDS["b"]))
    assert len(loaded.correlations) == 1
    assert [item.name for item in loaded.unusable] == ["5.yml", "6.yml"]
    assert all("Dubbel kenmerk" in item.reason for item in loaded.unusable)


def test_all_that_was_loaded_can_be_kept():
    tuning = {"rules": ["a", "weg"], "selection": {"User": "x"}, "condition": "not selection"}
    text = json.dumps({"title": "F", "logsource": {"product": "windows"}, "filter": tuning})
    loaded = load({"rules": ["a"]}, text, "title: half")
    assert all(map(len, (loaded.rules, loaded.filters, loaded.unusable, loaded.correlations)))
    stored = json.loads(json.dumps(loaded.to_json()))
    assert RuleSet.from_json(stored) == loaded
    for odd in ({}, {"form": 0}, {"form": stored["form"]}, stored | {"unusable": [{"x": 1}]}):
        with pytest.raises(OutdatedForm):
            RuleSet.from_json(odd)


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 5),
        st.floats(),
        st.sampled_from(
            ["a", "b", "a and b", "not a", "1m", "5s", "temporal", "event_count", "value_count", "User", ""]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["gte", "lt", "eq", "field", "percentile", "a"]), inner, max_size=3),
    ),
    max_leaves=6,
)
PARTS = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"]


@given(st.dictionaries(st.sampled_from(PARTS), VALUES))
def test_any_correlation_is_usable_or_has_a_reason(section):
    loaded = load(section)
    assert len(loaded.correlations) + len(loaded.unusable) == 1
    Correlator(loaded.correlations, loaded.rules)
    assert all(Correlation.from_json(item.to_json()) == item for item in loaded.correlations)
