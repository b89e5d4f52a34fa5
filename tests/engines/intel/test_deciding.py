"""Who may see what, by which way, and what they may do with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.intel import PAP, TLP, Action, Audience, Marking, Purpose, Reader, Verdict, decide

STRICT_TO_OPEN = list(TLP)
ANNE = Reader("anne", frozenset({"vrr"}), frozenset({"isac"}), frozenset({"net"}))
BOB = Reader("bob", frozenset({"vrr"}), frozenset({"isac"}), frozenset({"net"}))
CEES = Reader("cees", frozenset({"vrh"}), frozenset({"isac"}), frozenset({"net"}))
DORA = Reader("dora", frozenset({"gemeente"}), frozenset(), frozenset({"net"}))
ELSE = Reader("els", frozenset({"zorg"}), frozenset({"z-cert"}), frozenset({"zorgnet"}))
PUBLIC = Reader()
EVERYONE = [ANNE, BOB, CEES, DORA, ELSE, PUBLIC]
MEANT_FOR = Audience(frozenset({"anne"}), frozenset({"vrr"}), frozenset({"isac"}), frozenset({"net"}))


def sees(tlp: TLP, reader: Reader, audience: Audience) -> Verdict:
    return decide(Marking(tlp, PAP.CLEAR), reader=reader, audience=audience)


@pytest.mark.parametrize(("tlp", "count"), [(tlp, count) for tlp, count in zip(TLP, (1, 2, 3, 4, 6), strict=True)])
def test_each_label_opens_one_group_more(tlp: TLP, count: int) -> None:
    assert [reader for reader in EVERYONE if sees(tlp, reader, MEANT_FOR)] == EVERYONE[:count]


def test_who_attended_the_meeting_may_see_what_was_shared_there() -> None:
    audience = Audience(meetings=frozenset({"2026-11"}))
    there = replace(CEES, meetings=frozenset({"2026-11"}))
    assert sees(TLP.RED, there, audience).reason == "U was bij het overleg waarin dit is gedeeld."
    assert not sees(TLP.RED, CEES, audience)
    assert not sees(TLP.RED, replace(CEES, meetings=frozenset({"2026-10"})), audience)
    assert not sees(TLP.RED, replace(there, person=None), audience), "a system was nowhere"


def test_who_left_sees_no_more_than_the_public() -> None:
    former = Reader("anne", meetings=frozenset({"2026-11"}))
    audience = replace(MEANT_FOR, meetings=frozenset({"2026-11"}))
    assert [tlp for tlp in TLP if sees(tlp, former, audience)] == [TLP.CLEAR]


keys = st.frozensets(st.sampled_from(["a", "b"]), max_size=2)
readers = st.builds(Reader, st.none() | st.sampled_from(["a", "b"]), keys, keys, keys, keys)
audiences = st.builds(Audience, keys, keys, keys, keys, keys)
labels, levels = st.sampled_from(TLP), st.sampled_from(PAP)
markings = st.builds(Marking, labels, levels)
purposes, actions = st.sampled_from(Purpose), st.sampled_from(Action)


@given(markings, labels, levels, readers, audiences, purposes, actions)
def test_a_stricter_marking_never_admits_more(
    one: Marking, tlp: TLP, pap: PAP, reader: Reader, audience: Audience, purpose: Purpose, action: Action
) -> None:
    strict = Marking(TLP.strictest(one.tlp, tlp), PAP.strictest(one.pap, pap))
    if decide(strict, reader=reader, audience=audience, purpose=purpose, action=action):
        assert decide(one, reader=reader, audience=audience, purpose=purpose, action=action)


@given(markings, readers, audiences, purposes, actions)
def test_no_way_and_no_action_makes_somebody_a_reader(
    marking: Marking, reader: Reader, audience: Audience, purpose: Purpose, action: Action
) -> None:
    if decide(marking, reader=reader, audience=audience, purpose=purpose, action=action):
        assert decide(marking, reader=reader, audience=audience)


@given(markings, readers, audiences)
def test_pages_counts_search_and_correlations_say_the_same(
    marking: Marking, reader: Reader, audience: Audience
) -> None:
    ways = (Purpose.PAGE, Purpose.SEARCH, Purpose.COUNT, Purpose.CORRELATION, Purpose.API)
    assert len({bool(decide(marking, reader=reader, audience=audience, purpose=way)) for way in ways}) == 1


@given(markings, readers, purposes, actions)
def test_an_empty_audience_is_nobody(marking: Marking, reader: Reader, purpose: Purpose, action: Action) -> None:
    verdict = decide(marking, reader=reader, audience=Audience(), purpose=purpose, action=action)
    assert not verdict
    assert "geen ontvanger gekozen" in verdict.reason


@given(markings, readers, audiences, audiences)
def test_a_larger_audience_never_shuts_anyone_out(
    marking: Marking, reader: Reader, one: Audience, more: Audience
) -> None:
    both = Audience(
        one.persons | more.persons, one.organisations | more.organisations, one.circles | more.circles,
        one.communities | more.communities, one.meetings | more.meetings,
    )  # fmt: skip
    if decide(marking, reader=reader, audience=one):
        assert decide(marking, reader=reader, audience=both)


@given(readers, audiences)
def test_red_is_for_persons_only(reader: Reader, audience: Audience) -> None:
    named = reader.person is not None and bool(reader.organisations)
    named = named and (reader.person in audience.persons or bool(reader.meetings & audience.meetings))
    assert bool(sees(TLP.RED, reader, audience)) is named


@given(markings, readers, audiences, purposes, actions)
def test_every_verdict_has_a_dutch_sentence(
    marking: Marking, reader: Reader, audience: Audience, purpose: Purpose, action: Action
) -> None:
    verdict = decide(marking, reader=reader, audience=audience, purpose=purpose, action=action)
    assert verdict.reason.endswith(".")
    assert verdict.allowed or verdict.reason.startswith((f"{marking.tlp.label}: ", f"{marking.pap.label}: "))


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        (Action.READ, 4),
        (Action.WATCH, 4),
        (Action.EXPORT, 3),
        (Action.LOOK_UP, 3),
        (Action.TOUCH, 2),
    ],
)
def test_pap_blocks_what_is_above_its_level(action: Action, allowed: int) -> None:
    verdicts = [
        decide(Marking(TLP.GREEN, pap), reader=ANNE, audience=MEANT_FOR, action=action) for pap in reversed(PAP)
    ]
    assert [bool(verdict) for verdict in verdicts] == [True] * allowed + [False] * (4 - allowed)


def test_the_way_narrows() -> None:
    def by(tlp: TLP, pap: PAP, purpose: Purpose) -> bool:
        return bool(decide(Marking(tlp, pap), reader=ANNE, audience=MEANT_FOR, purpose=purpose))

    assert [tlp for tlp in TLP if by(tlp, PAP.CLEAR, Purpose.MAIL)] == [TLP.GREEN, TLP.CLEAR]
    assert [tlp for tlp in TLP if by(tlp, PAP.CLEAR, Purpose.TAXII)] == list(TLP)[1:]
    assert [pap for pap in PAP if by(TLP.RED, pap, Purpose.FILE)] == [PAP.AMBER, PAP.GREEN, PAP.CLEAR]
    assert by(TLP.RED, PAP.RED, Purpose.PAGE)
