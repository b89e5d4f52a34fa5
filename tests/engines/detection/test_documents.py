"""The documents in a file: each of them comes out as one thing, whatever stands beside it."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Matcher, RuleSet, load_rules
from brandwacht.engines.detection.documents import MAX_REPEATS
from tests.engines.detection.correlation_support import RULE_IDS, base, correlation_text
from tests.engines.detection.support import event, rule_text
from tests.engines.detection.test_filters import filter_text


def together(*documents):
    return "\n---\n".join(documents)


def outcomes(loaded: RuleSet) -> int:
    return sum(map(len, (loaded.rules, loaded.correlations, loaded.filters, loaded.unusable)))


def test_one_file_may_hold_everything():
    text = together(base("a"), correlation_text({}), filter_text({}), "title: half", rule_text({"x": 1}, id="geen"))
    loaded = load_rules([("alles.yml", text)])
    assert [item.name for item in loaded.rules] == ["alles.yml#1"]
    assert [item.name for item in loaded.correlations] == ["alles.yml#2"]
    assert [item.name for item in loaded.filters] == ["alles.yml#3"]
    assert [item.name for item in loaded.unusable] == ["alles.yml#4", "alles.yml#5"]


def test_a_document_that_pysigma_stumbles_over_takes_no_other_along():
    """A correlation without a condition makes pySigma raise where it should collect."""
    loaded = load_rules([("x", together(base("a"), correlation_text({"rules": ..., "condition": ...}), base("b")))])
    assert [item.name for item in loaded.rules] == ["x#1", "x#3"]
    assert [item.name for item in loaded.unusable] == ["x#2"]


def test_global_documents_give_what_rules_have_in_common():
    shared = json.dumps({"action": "global", "level": "critical", "logsource": {"product": "windows"}})
    bare = [json.dumps({k: v for k, v in json.loads(base(n)).items() if k not in ("logsource", "level")}) for n in "ab"]
    loaded = load_rules(
        [("x", together(shared, *bare, "action: reset", bare[0].replace(RULE_IDS["a"], RULE_IDS["c"])))]
    )
    assert [(item.name, item.level) for item in loaded.rules] == [("x#1", "critical"), ("x#2", "critical")]
    assert "logbron" in loaded.unusable[0].reason


def test_a_repeated_rule_has_the_changes_of_those_before():
    changes = [{"id": RULE_IDS["b"], "level": "low"}, {"id": RULE_IDS["c"], "detection": {"selection": {"Wat": "c"}}}]
    loaded = load_rules([("x", together(base("a"), *(json.dumps({"action": "repeat"} | item) for item in changes)))])
    assert not loaded.unusable
    assert [(item.name, item.level) for item in loaded.rules] == [("x#1", "high"), ("x#2", "low"), ("x#3", "low")]
    assert [match.rule_id for match in Matcher(loaded.rules).match(event({"Wat": "c"}))] == [RULE_IDS["c"]]


def test_repeating_without_end_is_refused():
    again = [json.dumps({"action": "repeat", "id": RULE_IDS["b"]})] * (MAX_REPEATS + 20)
    loaded = load_rules([("x", together(base("a"), *again))])
    assert outcomes(loaded) == MAX_REPEATS + 21
    assert "hoogstens" in loaded.unusable[-1].reason


@pytest.mark.parametrize("text", ["action: global", "action: reset", together("action: global", "action: reset")])
def test_a_file_with_nothing_but_actions_has_no_rule(text):
    (unusable,) = load_rules([("x", text)]).unusable
    assert "geen regel" in unusable.reason


def test_the_same_source_twice_is_double():
    loaded = load_rules([("x", base("a")), ("x", base("a"))])
    assert len(loaded.rules) == len(loaded.unusable) == 1


DOCUMENTS = st.one_of(
    st.sampled_from([base("a"), base("b"), correlation_text({}), filter_text({}), "x: 1", "action: repeat"]).map(
        yaml.safe_load
    ),
    st.dictionaries(
        st.sampled_from(
            ["title", "id", "name", "logsource", "detection", "correlation", "filter", "level", "tags", "date"]
        ),
        st.recursive(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.dates(), st.sampled_from(["a", "high", RULE_IDS["a"]])
            ),
            lambda inner: st.one_of(
                st.lists(inner, max_size=2),
                st.dictionaries(st.sampled_from(["product", "selection", "condition", "rules", "type", "A|re"]), inner),
            ),
            max_leaves=5,
        ),
        min_size=1,
    ),
)


@given(st.lists(DOCUMENTS, min_size=1, max_size=5))
def test_every_document_comes_out_as_one_thing(documents):
    loaded = load_rules([("x", yaml.safe_dump_all(documents))])
    assert outcomes(loaded) == len(documents)
    assert all(item.reason.endswith(".") for item in loaded.unusable)
    Matcher(loaded.rules).match(event({"A": "a"}))
