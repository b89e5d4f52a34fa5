"""TLP 2.0: spelling, order, colours, STIX markings, and who may see what."""

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.intel import TLP, Audience, Reader, UnknownTlp, may_see, old_name
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


# Who may see

ANNE = Reader(person="anne", organisations=frozenset({"vrr"}), circles=frozenset({"isac"}))
BOB = Reader(person="bob", organisations=frozenset({"vrr"}), circles=frozenset({"isac"}))
CEES = Reader(person="cees", organisations=frozenset({"vrh"}), circles=frozenset({"isac"}))
DORA = Reader(person="dora", organisations=frozenset({"gemeente"}))
PUBLIC = Reader()
MEANT_FOR = Audience(frozenset({"anne"}), frozenset({"vrr"}), frozenset({"isac"}))


@pytest.mark.parametrize(
    ("tlp", "readers"),
    [
        (TLP.RED, [ANNE]),
        (TLP.AMBER_STRICT, [ANNE, BOB]),
        (TLP.AMBER, [ANNE, BOB, CEES]),
        (TLP.GREEN, [ANNE, BOB, CEES, DORA]),
        (TLP.CLEAR, [ANNE, BOB, CEES, DORA, PUBLIC]),
    ],
)
def test_each_label_opens_one_group_more(tlp: TLP, readers: list[Reader]) -> None:
    everyone = [ANNE, BOB, CEES, DORA, PUBLIC]
    assert [reader for reader in everyone if may_see(tlp, reader=reader, audience=MEANT_FOR)] == readers


keys = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=3)
readers = st.builds(Reader, st.none() | st.sampled_from(["a", "b", "c"]), keys, keys)
audiences = st.builds(Audience, keys, keys, keys)
labels = st.sampled_from(TLP)


@given(labels, labels, readers, audiences)
def test_a_stricter_label_never_admits_more(one: TLP, other: TLP, reader: Reader, audience: Audience) -> None:
    strict, open_ = sorted((one, other), key=STRICT_TO_OPEN.index)
    if may_see(strict, reader=reader, audience=audience):
        assert may_see(open_, reader=reader, audience=audience)


@given(st.sampled_from([TLP.RED, TLP.AMBER_STRICT, TLP.AMBER]), readers)
def test_an_empty_audience_is_nobody(tlp: TLP, reader: Reader) -> None:
    verdict = may_see(tlp, reader=reader, audience=Audience())
    assert not verdict.allowed
    assert "geen ontvanger gekozen" in verdict.reason


@given(labels, readers, audiences, audiences)
def test_a_larger_audience_never_shuts_anyone_out(tlp: TLP, reader: Reader, one: Audience, more: Audience) -> None:
    both = Audience(one.persons | more.persons, one.organisations | more.organisations, one.circles | more.circles)
    if may_see(tlp, reader=reader, audience=one):
        assert may_see(tlp, reader=reader, audience=both)


@given(readers, audiences)
def test_red_is_for_named_persons_only(reader: Reader, audience: Audience) -> None:
    allowed = may_see(TLP.RED, reader=reader, audience=audience).allowed
    assert allowed == (reader.person is not None and reader.person in audience.persons)


@given(labels, readers, audiences)
def test_every_verdict_has_a_dutch_sentence(tlp: TLP, reader: Reader, audience: Audience) -> None:
    verdict = may_see(tlp, reader=reader, audience=audience)
    assert verdict.reason.endswith(".")
    assert bool(verdict) is verdict.allowed
    assert verdict.allowed or verdict.reason.startswith(f"{tlp.label}: ")
