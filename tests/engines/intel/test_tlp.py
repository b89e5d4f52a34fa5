"""TLP 2.0: spelling, order, colours and STIX markings."""

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.intel import TLP, UnknownTlp, old_name
from brandwacht.engines.intel.tlp import KNOWN_MARKINGS

STRICT_TO_OPEN = [TLP.RED, TLP.AMBER_STRICT, TLP.AMBER, TLP.GREEN, TLP.CLEAR]


def test_labels_and_colours_are_those_of_first() -> None:
    assert [tlp.label for tlp in TLP] == ["TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"]
    assert [tlp.colour for tlp in TLP] == ["#FF2B2B", "#FFC000", "#FFC000", "#33FF00", "#FFFFFF"]
    assert all(tlp.who_may_see.endswith(".") for tlp in TLP)


@pytest.mark.parametrize(
    ("text", "tlp"),
    [
        ("TLP:RED", TLP.RED),
        ("tlp:amber+strict", TLP.AMBER_STRICT),
        ("TLP: Amber + Strict", TLP.AMBER_STRICT),
        ("TLP:AMBER STRICT", TLP.AMBER_STRICT),
        ("amber_strict", TLP.AMBER_STRICT),
        ("amber", TLP.AMBER),
        (" tlp-green ", TLP.GREEN),
        ("tlp:white", TLP.CLEAR),
        ("Clear", TLP.CLEAR),
    ],
)
def test_labels_as_people_write_them(text: str, tlp: TLP) -> None:
    assert TLP.parse(text) is tlp


def test_the_old_name_is_noted() -> None:
    assert "oude naam" in (old_name("TLP:WHITE") or "")
    assert old_name("TLP:CLEAR") is None


@pytest.mark.parametrize("text", ["", "TLP:", "TLP:ORANGE", "rood", "amber+", "tlp:tlp:red", "x" * 500])
def test_other_texts_are_refused_in_dutch(text: str) -> None:
    with pytest.raises(UnknownTlp, match=r"is geen TLP-label. Kies uit: TLP:RED, TLP:AMBER\+STRICT"):
        TLP.parse(text)


@given(st.text(max_size=30))
def test_any_text_is_a_label_or_refused(text: str) -> None:
    try:
        assert TLP.parse(text) in TLP
    except UnknownTlp:
        assert old_name(text) is None


@given(st.lists(st.sampled_from(TLP), min_size=1))
def test_the_strictest_wins(labels: list[TLP]) -> None:
    assert TLP.strictest(*labels) is min(labels, key=STRICT_TO_OPEN.index)


def test_the_strictest_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="geen TLP-label"):
        TLP.strictest()


@pytest.mark.parametrize("tlp", TLP)
def test_stix2_reads_the_marking_definition(tlp: TLP) -> None:
    parsed = stix2.parse(tlp.marking_definition(), allow_custom=False)
    assert parsed.id == tlp.marking_id
    assert parsed.name == tlp.label
    assert KNOWN_MARKINGS[tlp.marking_id] is tlp


@pytest.mark.parametrize(
    ("theirs", "tlp"),
    [
        (stix2.v21.TLP_WHITE, TLP.CLEAR),
        (stix2.v21.TLP_GREEN, TLP.GREEN),
        (stix2.v21.TLP_AMBER, TLP.AMBER),
        (stix2.v21.TLP_RED, TLP.RED),
    ],
)
def test_the_markings_of_tlp_1_are_known(theirs: stix2.v21.MarkingDefinition, tlp: TLP) -> None:
    assert KNOWN_MARKINGS[theirs.id] is tlp
    assert len(KNOWN_MARKINGS) == 9
