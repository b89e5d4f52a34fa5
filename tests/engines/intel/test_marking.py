"""One marking per thing: read from any form, strictest wins, nothing said counts as AMBER+STRICT."""

from __future__ import annotations

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.intel import (
    PAP,
    TLP,
    UNMARKED,
    Marking,
    Stated,
    UnknownPap,
    effective_marking,
    stated_by_words,
    stated_on,
    strictest,
)

OWN = "marking-definition--00000000-0000-4000-8000-000000000000"
markings = st.builds(Marking, st.sampled_from(TLP), st.sampled_from(PAP))


def marked(*labels: TLP | PAP, **more: object) -> dict[str, object]:
    return {"type": "indicator", "object_marking_refs": [label.marking_id for label in labels], **more}


def test_the_strictest_marking_wins() -> None:
    assert effective_marking(marked(TLP.GREEN, PAP.RED), marked(TLP.CLEAR, TLP.AMBER, PAP.CLEAR)) == Marking(
        TLP.AMBER, PAP.RED
    )
    part = {"marking_ref": TLP.AMBER_STRICT.marking_id, "selectors": ["description"]}
    assert effective_marking(marked(TLP.GREEN, granular_markings=[part])).tlp is TLP.AMBER_STRICT
    assert effective_marking(marked(TLP.GREEN), TLP.RED.marking_definition()).tlp is TLP.GREEN


def test_what_carries_no_label_counts_as_amber_strict() -> None:
    statement = {"type": "indicator", "object_marking_refs": [OWN]}
    for unlabelled in ({"type": "indicator"}, statement, {"object_marking_refs": "x", "granular_markings": [3]}):
        assert effective_marking(unlabelled) == Marking(TLP.AMBER_STRICT, PAP.AMBER) == UNMARKED
        assert effective_marking(marked(TLP.GREEN), unlabelled).tlp is TLP.AMBER_STRICT
        assert effective_marking(marked(TLP.GREEN), unlabelled, unmarked=Marking(TLP.CLEAR)).tlp is TLP.GREEN
        assert stated_on(unlabelled) == Stated()
    assert effective_marking() == UNMARKED


def test_the_markings_of_tlp_1_count() -> None:
    old = {"type": "indicator", "object_marking_refs": [stix2.v21.TLP_AMBER.id]}
    assert effective_marking(old, marked(TLP.CLEAR)).tlp is TLP.AMBER


@pytest.mark.parametrize(
    "definition",
    [
        {"name": "TLP:RED"},
        {"definition_type": "tlp", "definition": {"tlp": "red"}},
        {"definition_type": "statement", "definition": {"statement": "tlp: red"}},
        {"extensions": {"extension-definition--1": {"tlp_2_0": "red"}}},
        {"definition_type": "tlp", "definition": {"tlp": "purple"}},
    ],
)
def test_an_own_definition_that_says_tlp_counts(definition: dict[str, object]) -> None:
    own = {"type": "marking-definition", "id": OWN, **definition}
    thing = {"type": "indicator", "object_marking_refs": [OWN]}
    assert effective_marking(thing, own).tlp is TLP.RED


@given(st.lists(markings, max_size=5), st.lists(markings, max_size=5))
def test_a_composed_thing_is_at_least_as_strict_as_each_part(one: list[Marking], other: list[Marking]) -> None:
    whole = strictest(one + other)
    for part in one + other:
        assert TLP.strictest(part.tlp, whole.tlp) is whole.tlp
        assert PAP.strictest(part.pap, whole.pap) is whole.pap
    if one and other:
        assert whole == strictest([strictest(one), strictest(other)])


@given(markings)
def test_a_marking_survives_tags_and_refs(marking: Marking) -> None:
    assert stated_by_words(marking.tags).marking() == marking
    assert stated_on({"object_marking_refs": marking.refs}).marking() == marking
    assert effective_marking({"object_marking_refs": marking.refs}, *marking.definitions) == marking
    for definition in marking.definitions:
        assert stix2.parse(definition, allow_custom=True).id == definition["id"]


def test_a_part_speaks_for_itself_where_it_speaks() -> None:
    whole = Stated(TLP.RED, PAP.GREEN)
    assert Stated(TLP.CLEAR).over(whole) == Stated(TLP.CLEAR, PAP.GREEN)
    assert Stated().over(whole).marking() == Marking(TLP.RED, PAP.GREEN)


def test_words_that_mean_to_limit_do_limit() -> None:
    assert stated_by_words(["tlp:ex:chr", "admiralty-scale:a"]) == Stated(TLP.RED)
    assert stated_by_words(["PAP:purple"]) == Stated(None, PAP.RED)
    assert stated_by_words(["tlp:white", "pap:white"]) == Stated(TLP.CLEAR, PAP.CLEAR)


def test_levels_as_people_write_them() -> None:
    assert PAP.parse(" pap-Amber ") is PAP.AMBER
    assert all(level.what_is_allowed.endswith(".") for level in PAP)
    with pytest.raises(UnknownPap, match="geen PAP-niveau"):
        PAP.parse("amber+strict")
