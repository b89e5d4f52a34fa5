"""Other names for fields and values: our own form, and pipelines of pySigma as far as they are of use here."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Correlator, Matcher, UnusablePipeline, load_rules, read_pipeline
from tests.engines.detection.correlation_support import RULE_IDS, base, correlation_text, feed
from tests.engines.detection.support import event, rule_text
from tests.engines.detection.test_filters import filter_text

OWN = """
mappings:
  - logsource: {product: windows}
    fields:
      Image: process.executable
      User: [user.name, winlog.user.name]
    values:
      Level: {High: S-1-16-12288, Low: 4}
  - logsource: {product: linux}
    fields: {Image: exe}
lists:
  beheerders: [jan, 7]
"""


def hits(pipeline, selection, fields, **other):
    """Whether a rule with this selection is true of an event with these fields."""
    loaded = load_rules([("r", rule_text({"selection": selection}, **other))], pipeline=read_pipeline(pipeline))
    assert not loaded.unusable, loaded.unusable
    return bool(Matcher(loaded.rules).match(event(fields)))


@pytest.mark.parametrize(
    ("selection", "fields", "expected"),
    [
        ({"Image|endswith": "x"}, {"process.executable": "ax"}, True),
        ({"Image|endswith": "x"}, {"Image": "ax", "exe": "ax"}, False),
        ({"User": "jan"}, {"winlog.user.name": "Jan"}, True),
        ({"User": "jan"}, {"user.name": "JAN"}, True),
        ({"User|contains|all": ["j", "n"]}, {"user.name": "jan"}, True),
        ({"User|fieldref": "Image"}, {"user.name": "x", "process.executable": "X"}, True),
        ({"Level": "High"}, {"Level": "s-1-16-12288"}, True),
        ({"Level": ["Low", "High"]}, {"Level": 4}, True),
        ({"Level": "High"}, {"Level": "High"}, False),
        ({"Other": "1"}, {"Other": "1"}, True),
        ({"User|expand": "%beheerders%"}, {"user.name": "7"}, True),
        (["los"], {"x": "los woord"}, True),
    ],
)
def test_our_own_form(selection, fields, expected):
    assert hits(OWN, selection, fields) is expected


THEIRS = """
name: proef
vars:
  beheerders: [jan]
transformations:
  - type: field_name_mapping
    mapping: {Image: process.executable}
    rule_conditions:
      - {type: logsource, product: windows}
  - type: add_condition
    conditions: {Omgeving: productie}
  - type: value_placeholders
"""


def test_a_pipeline_of_pysigma():
    assert hits(THEIRS, {"Image": "x"}, {"process.executable": "x", "Omgeving": "productie"})
    assert not hits(THEIRS, {"Image": "x"}, {"process.executable": "x"})
    assert hits(THEIRS, {"Wie|expand": "%beheerders%"}, {"Wie": "jan", "Omgeving": "productie"})


def test_a_pipeline_gives_the_same_rule_every_time():
    text = rule_text({"selection": {"Image": "x"}, "condition": "1 of them"})
    first, second = (load_rules([("r", text)], pipeline=read_pipeline(THEIRS)).rules[0] for _ in range(2))
    assert first == second
    assert not Matcher([first]).match(event({"Omgeving": "productie"}))


def test_a_pipeline_may_refuse_a_rule():
    text = "transformations: [{type: rule_failure, message: Niet hier}]"
    loaded = load_rules([("r", base("a"))], pipeline=read_pipeline(text))
    assert not loaded.rules
    assert "Niet hier" in loaded.unusable[0].reason


def test_filters_get_the_same_names():
    own = "mappings: [{logsource: {product: windows}, fields: {User: user.name}}]"
    loaded = load_rules([("f", filter_text({})), ("a", base("a"))], pipeline=read_pipeline(own))
    assert Matcher(loaded.rules).match(event({"Wat": "a", "user.name": "jan"}))
    assert not Matcher(loaded.rules).match(event({"Wat": "a", "user.name": "adm_jan"}))


def test_correlations_get_the_same_names():
    """Per rule: the one is about Windows, the other about Linux."""
    own = """
    mappings:
      - {logsource: {product: windows}, fields: {User: [user.id, user.name], Ip: source.ip}}
      - {logsource: {product: linux}, fields: {Account: acct}}
    """
    section = {
        "type": "value_count",
        "rules": ["a", "b"],
        "aliases": {"User": {"b": "Account"}},
        "condition": {"field": "Ip", "gte": 2},
    }
    texts = [base("a"), base("b", logsource={"product": "linux"}), correlation_text(section)]
    loaded = load_rules([(str(n), text) for n, text in enumerate(texts)], pipeline=read_pipeline(own))
    (correlation,) = loaded.correlations
    assert correlation.aliases == {
        "User": {RULE_IDS["a"]: ["user.id", "user.name"], RULE_IDS["b"]: ["acct"]},
        "Ip": {RULE_IDS["a"]: ["source.ip"]},
    }
    steps = [("a", 0, {"user.name": "jan", "source.ip": "1"}), ("b", 1, {"acct": "jan", "Ip": "2"})]
    assert [item.group for item in feed(Correlator(loaded.correlations, loaded.rules), steps)] == [{"User": "jan"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "geen pijplijn"),
        ("- a", "geen pijplijn"),
        ("a: [", "YAML"),
        ("&a [*a]", "YAML"),
        ("x" * (1024 * 1024 + 1), "te groot"),
        ("mappings: {a: b}", "lijst"),
        ("mappings: [{veld: x}]", "Vertaling 1"),
        ("mappings: [{fields: {a: b}}, {logsource: {os: x}}]", "Vertaling 2"),
        ("mappings: [{fields: [a]}]", "fields"),
        ("mappings: [{fields: {a: []}}]", "fields"),
        ("mappings: [{fields: {a: ''}}]", "fields"),
        ("mappings: [{values: {a: b}}]", "values"),
        ("mappings: []\ntransformations: []", "transformations"),
        ("lists: [a]", "lists"),
        ("lists: {a: []}", "lijst a"),
        ("lists: {a: [[b]]}", "lijst a"),
        ("transformations: {}\nfinalizers: []", "finalizers"),
        ("transformations: [{type: command_placeholders, command: [id]}]", "command_placeholders"),
        ("transformations: [{type: file_placeholders}]", "file_placeholders"),
        ("transformations: [{type: http_placeholders}]", "http_placeholders"),
        ("transformations: [{type: nest, items: [{type: command_placeholders}]}]", "nest"),
        ("transformations: [{type: field_name_mapping}]", "klopt niet"),
        ("transformations: [5]", "lijst"),
        ("transformations: [{type: []}]", "Bewerking 1"),
        ("transformations: []\npostprocessing: [{type: template, template: x}]", "postprocessing"),
    ],
)
def test_what_can_not_be_applied_has_a_reason(text, words):
    with pytest.raises(UnusablePipeline) as refused:
        read_pipeline(text)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


@given(
    st.dictionaries(
        st.sampled_from(["mappings", "lists", "transformations", "vars", "version"]),
        st.recursive(
            st.one_of(st.none(), st.integers(), st.sampled_from(["field_name_mapping", "Image", "a"])),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.sampled_from(["type", "mapping", "fields", "values", "logsource", "Image"]), inner),
            ),
            max_leaves=8,
        ),
    )
)
def test_any_pipeline_is_usable_or_has_a_reason(data):
    try:
        pipeline = read_pipeline(json.dumps(data))
    except UnusablePipeline as refused:
        assert str(refused)
    else:
        loaded = load_rules([("a", base("a"))], pipeline=pipeline)
        assert len(loaded.rules) + len(loaded.unusable) == 1
