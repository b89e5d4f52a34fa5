"""Loading rules, what is not usable, and the stored form."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import FORM, Matcher, OutdatedForm, Rule, load_rules, tactic_name, technique_name
from tests.engines.detection.support import event, rule, rule_text

OTHER_ID = "99999999-2222-4333-8444-555555555555"


def test_what_a_rule_tells():
    text = rule_text(
        {"selection": {"A": "1"}},
        description="Wat",
        author="Wie",
        tags=["attack.t1003.001", "attack.credential-access", "attack.t1059"],
        falsepositives=["Beheer"],
        references=["https://example.org"],
        logsource={"product": "windows", "service": "security", "definition": "x"},
    )
    (loaded,) = load_rules([("regel.yml", text)]).rules
    assert loaded.name == "regel.yml"
    assert (loaded.title, loaded.level, loaded.status) == ("Proef", "high", "test")
    assert loaded.attack == ("T1003.001", "T1059")
    assert (loaded.description, loaded.author) == ("Wat", "Wie")
    assert (loaded.falsepositives, loaded.references) == (("Beheer",), ("https://example.org",))
    assert loaded.logsource == {"product": "windows", "service": "security"}


def test_several_documents_each_count():
    two = (
        rule_text({"selection": {"A": "1"}}) + "\n---\n" + rule_text({"selection": {"A": "2"}}, id=OTHER_ID) + "\n---\n"
    )
    assert [item.name for item in load_rules([("twee.yml", two)]).rules] == ["twee.yml#1", "twee.yml#2"]


def test_a_broken_document_does_not_take_the_first_along():
    loaded = load_rules([("half.yml", rule_text({"selection": {"A": "1"}}) + "\n---\ntitle: [")])
    assert len(loaded.rules) == 1
    assert "YAML" in loaded.unusable[0].reason


def test_a_double_id_is_reported():
    text = rule_text({"selection": {"A": "1"}})
    loaded = load_rules([("een.yml", text), ("twee.yml", text)])
    assert [item.name for item in loaded.rules] == ["een.yml"]
    assert loaded.unusable[0].name == "twee.yml"
    assert "een.yml" in loaded.unusable[0].reason


def test_a_rule_without_id_gets_one_that_stays():
    text = json.dumps(
        {key: value for key, value in json.loads(rule_text({"selection": {"A": "1"}})).items() if key != "id"}
    )
    first, second = (load_rules([("a", text)]).rules[0].id for _ in range(2))
    assert first == second
    assert len(first) == 36


CORRELATION = json.dumps(
    {
        "title": "Samen",
        "id": OTHER_ID,
        "correlation": {
            "type": "event_count",
            "rules": ["x"],
            "group-by": ["User"],
            "timespan": "5m",
            "condition": {"gte": 5},
        },
    }
)
FILTER = json.dumps(
    {
        "title": "Filter",
        "id": OTHER_ID,
        "logsource": {"product": "windows"},
        "filter": {"rules": ["x"], "selection": {"User": "y"}, "condition": "selection"},
    }
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CORRELATION, "verwijst"),
        (FILTER, "filter past"),
        ("", "geen regel"),
        ("- los", "geen Sigma-regel"),
        ("zomaar tekst", "geen Sigma-regel"),
        ("a: [", "YAML"),
        ("a: 1\na: 2", "YAML"),
        ("title: &a [*a]", ""),
        ("title: x", "logbron"),
        ("x" * (1024 * 1024 + 1), "groot"),
        (rule_text({"selection": {"A": "1"}}, level="erg"), "ernst"),
        (rule_text({"selection": {"A": "1"}}, id="geen"), "UUID"),
        (rule_text({"selection": {"A": "1"}}, logsource={}), "logbron"),
        (rule_text({"selection": {"A": "1"}}, action="onbekend"), ""),
    ],
)
def test_nothing_is_dropped_without_a_reason(text, words):
    loaded = load_rules([("fout.yml", text), ("goed.yml", rule_text({"selection": {"A": "1"}}))])
    assert [item.name for item in loaded.rules] == ["goed.yml"]
    assert loaded.unusable[0].name == "fout.yml"
    assert words in loaded.unusable[0].reason


def test_placeholders_can_be_filled():
    text = rule_text({"selection": {"User|expand": "%beheerders%", "Path|contains|expand": "\\%map%\\"}})
    (loaded,) = load_rules([("a", text)], {"beheerders": ["jan", "Piet*"], "map": ["temp"]}).rules
    assert Matcher([loaded]).match(event({"User": "PIETER", "Path": "c:\\Temp\\x"}))
    assert not Matcher([loaded]).match(event({"User": "klaas", "Path": "c:\\Temp\\x"}))


@given(text=st.one_of(st.text(max_size=80), st.text("abc:-[]{}&*!|>\n '\"", max_size=80)))
def test_any_text_gives_rules_or_reasons(text):
    loaded = load_rules([("x", text)])
    assert loaded.rules or loaded.unusable


@given(
    st.dictionaries(
        st.sampled_from(["selection", "A|contains", "A|re", "B|cidr", "|all", "C|base64offset|windash", "condition"]),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text("A|re", max_size=4), inner, max_size=2)
            ),
            max_leaves=6,
        ),
    )
)
def test_any_detection_gives_a_rule_or_a_reason(detection):
    loaded = load_rules([("x", json.dumps(json.loads(rule_text({})) | {"detection": detection}))])
    assert len(loaded.rules) + len(loaded.unusable) == 1
    Matcher(loaded.rules).match(event({"A": "x"}))


DETECTION = {
    "selection": {"A|contains|all": ["x", "y"], "B|re|i": "q.r", "C|cidr": "10.0.0.0/8", "D|cased": "a*b?c"},
    "gone": {"E": None, "F|exists": False, "A|fieldref|startswith": "G", "H|gte": 1.5},
    "condition": "selection and not gone or 1 of g*",
}


def test_the_stored_form_gives_the_same_rule():
    made = rule(DETECTION, tags=["attack.t1003"])
    stored = json.loads(json.dumps(made.to_json()))
    assert stored["form"] == FORM
    again = Rule.from_json(stored)
    assert again == made
    for fields in ({"A": "xy", "B": "QRR", "C": "10.0.0.1", "D": "axxbyc"}, {"H": 2, "A": "g", "G": "g"}, {"A": "x"}):
        assert Matcher([again]).match(event(fields)) == Matcher([made]).match(event(fields))


@pytest.mark.parametrize("change", [{"form": FORM + 1}, {"form": None}, {"nieuw": 1}])
def test_another_form_is_refused(change):
    with pytest.raises(OutdatedForm):
        Rule.from_json(rule({"selection": {"A": "1"}}).to_json() | change)


def test_dutch_names():
    assert technique_name("t1003.001") == "Wachtwoorden uit het geheugen van LSASS lezen"
    assert technique_name("T1059.999") == technique_name("T1059")
    assert technique_name("T9999") is None
    assert tactic_name("attack.credential-access") == tactic_name("credential_access") == "Inloggegevens buitmaken"
    assert tactic_name("koken") is None
