"""How sure we still are: less with time and false positives, more with sightings, always between 0 and 100."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.intel import Kind
from brandwacht.engines.intel.decay import AGING, Confidence, Decay, Opinion, Word, confidence

THEN = datetime(2026, 1, 1, tzinfo=UTC)
days = st.integers(0, 400).map(timedelta)
words = st.lists(st.builds(Word, st.sampled_from("abc"), days.map(lambda age: THEN + age), st.sampled_from(Opinion)))
kinds = st.sampled_from(Kind)
trusts = st.floats(0, 1)


def sure(kind: Kind = Kind.DOMAIN, *said: Word, trust: float = 0.8, age: int = 0) -> Confidence:
    return confidence(kind, trust=trust, given=THEN, words=said, now=THEN + timedelta(days=age))


def test_the_formula() -> None:
    assert sure().score == 80
    assert sure(age=90).score == 40, "half of its life, a straight line"
    assert sure(age=180).score == sure(age=999).score == 0
    assert sure(Kind.SHA256, age=365).score == 60, "a file stays what it is for long"
    assert sure(Kind.IPV4, age=30).score == 30, "an address changes hands soon"
    assert AGING.keys() == set(Kind)


def test_what_others_say() -> None:
    seen, false = Word("VR01", THEN + timedelta(days=90), Opinion.SEEN), Word("VR02", THEN, Opinion.FALSE)
    assert sure(Kind.DOMAIN, seen, age=90).score == 80, "seen again: as new"
    assert sure(Kind.DOMAIN, seen, age=80).score == sure(age=80).score, "what is still to come does not count"
    assert sure(Kind.DOMAIN, false).base == pytest.approx(80 / 3)
    assert sure(Kind.DOMAIN, false, false).false == 1, "each organisation counts once"
    taken_back = Word("VR02", THEN + timedelta(days=1), Opinion.SEEN)
    assert (sure(Kind.DOMAIN, false, taken_back, age=1).seen, sure(Kind.DOMAIN, false, taken_back, age=1).false) == (
        1,
        0,
    )
    assert sure(Kind.DOMAIN, seen, false, age=90).sentence == (
        "Betrouwbaarheid 40 van 100: één organisatie zag dit, één vond het vals alarm."
    )
    assert not sure(age=170).useful


@given(kinds, trusts, words, days, days)
def test_time_alone_never_makes_surer(
    kind: Kind, trust: float, said: list[Word], age: timedelta, more: timedelta
) -> None:
    now = THEN + age
    known = [word for word in said if word.at <= now]
    before = confidence(kind, trust=trust, given=THEN, words=known, now=now)
    after = confidence(kind, trust=trust, given=THEN, words=known, now=now + more)
    assert 0 <= after.score <= before.score <= 100


@given(kinds, trusts, words, days)
def test_one_more_that_saw_it_never_makes_less_sure(kind: Kind, trust: float, said: list[Word], age: timedelta) -> None:
    now = THEN + age
    without = confidence(kind, trust=trust, given=THEN, words=said, now=now)
    seen = confidence(kind, trust=trust, given=THEN, words=[*said, Word("new", now, Opinion.SEEN)], now=now)
    false = confidence(kind, trust=trust, given=THEN, words=[*said, Word("new", now, Opinion.FALSE)], now=now)
    assert false.score <= without.score <= seen.score
    assert false.base <= without.base <= seen.base


@given(kinds, trusts, words, days)
def test_the_order_of_words_does_not_matter(kind: Kind, trust: float, said: list[Word], age: timedelta) -> None:
    now = THEN + age
    one = confidence(kind, trust=trust, given=THEN, words=said, now=now)
    assert one == confidence(kind, trust=trust, given=THEN, words=list(reversed(said)), now=now)
    assert one.sentence.endswith(".")


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(ValueError, match="tussen 0 en 1"):
        sure(trust=1.1)
    with pytest.raises(ValueError, match="groter dan nul"):
        Decay(timedelta(0), 1)
