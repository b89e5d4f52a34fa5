"""Design, existence and operation: what may be claimed, and what is left when evidence runs out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import (
    MATURITY,
    Answer,
    Evidence,
    Finding,
    Judgement,
    RefusedByNorm,
    State,
    check_answer,
    load_framework,
    most_to_claim,
    score,
    stand,
)
from brandwacht.engines.norms.states import lesser

TODAY = date(2026, 11, 22)
BIO2 = load_framework("bio2-1.3")
CONTROL = BIO2.control("8.13")
YES, PARTLY, NO, UNSEEN = Finding.YES, Finding.PARTLY, Finding.NO, Finding.UNSEEN


def proof(from_day: int, to_day: int, **more: object) -> Evidence:
    """Evidence that counts from so many days after today to so many."""
    first, last = TODAY + timedelta(days=from_day), TODAY + timedelta(days=to_day)
    return replace(Evidence("Verslag", first, last, first, added_on=first), **more)  # type: ignore[arg-type]


WHOLE = Judgement(YES, YES, YES, 5, (proof(-100, 10, seen_by="K. Bakker", seen_on=TODAY - timedelta(days=99)),))


@pytest.mark.parametrize(
    ("found", "most"),
    [
        ((UNSEEN, UNSEEN, UNSEEN), State.MET),
        ((YES, YES, YES), State.MET),
        ((YES, YES, UNSEEN), State.PARTLY),
        ((YES, UNSEEN, UNSEEN), State.PARTLY),
        ((YES, YES, NO), State.PARTLY),
        ((NO, YES, YES), State.PARTLY),
        ((YES, PARTLY, YES), State.PARTLY),
        ((YES, NO, UNSEEN), State.NOT_MET),
        ((NO, UNSEEN, UNSEEN), State.NOT_MET),
        ((UNSEEN, UNSEEN, NO), State.NOT_MET),
    ],
)
def test_no_answer_claims_more_than_was_found(found: tuple[Finding, ...], most: State) -> None:
    judgement = Judgement(*found)
    assert most_to_claim(judgement) is most
    for state in (State.NOT_MET, State.PARTLY, State.MET):
        answer = Answer("8.13", state, TODAY, judgement=judgement)
        if lesser(state, most) is state:
            check_answer(CONTROL, answer)
        else:
            with pytest.raises(RefusedByNorm, match="zegt meer dan wat u vond") as refused:
                check_answer(CONTROL, answer)
            assert refused.value.part == "state"


def test_operation_drops_by_itself_and_the_stand_says_so() -> None:
    now = stand(WHOLE, TODAY + timedelta(days=10))
    assert (now.operation, now.maturity, now.most, now.dropped, now.expired) == (YES, 5, State.MET, False, False)
    assert (now.oldest, now.seen_by, now.unseen) == (TODAY - timedelta(days=100), ("K. Bakker",), 0)
    later = stand(WHOLE, TODAY + timedelta(days=11))
    assert (later.operation, later.maturity, later.most, later.dropped) == (UNSEEN, 3, State.PARTLY, True)
    assert (later.counted_until, later.rests_on, later.expired) == (TODAY + timedelta(days=10), (), True)


def test_what_was_found_not_to_work_stays_so() -> None:
    judgement = replace(WHOLE, operation=NO, maturity=3)
    assert stand(judgement, TODAY + timedelta(days=11)).operation is NO


def test_evidence_counts_from_when_it_was_known_until_it_is_withdrawn() -> None:
    piece = proof(-30, 30, added_on=TODAY - timedelta(days=5), withdrawn_on=TODAY + timedelta(days=2))
    judgement = replace(WHOLE, evidence=(piece,))
    assert not stand(judgement, TODAY - timedelta(days=6)).proven
    assert stand(judgement, TODAY + timedelta(days=1)).proven
    gone = stand(judgement, TODAY + timedelta(days=2))
    assert (gone.expired, gone.counted_until) == (True, TODAY + timedelta(days=1))
    mistake = replace(piece, withdrawn_on=piece.added_on)
    assert not stand(replace(WHOLE, evidence=(mistake,)), TODAY).expired


def test_renewed_evidence_brings_it_back() -> None:
    renewed = replace(WHOLE, evidence=(*WHOLE.evidence, proof(0, 400)))
    now = stand(renewed, TODAY + timedelta(days=11))
    assert (now.operation, now.most, now.unseen, len(now.ran_out)) == (YES, State.MET, 1, 1)


@pytest.mark.parametrize(
    ("judgement", "words", "part"),
    [
        (Judgement(YES, NO, YES), "wat niet bestaat, kan niet werken", "operation"),
        (Judgement(YES, YES, YES, 4, (proof(-100, -1),)), "telt geen bewijs meer", "operation"),
        (Judgement(YES, YES, PARTLY, 4), "Kies hoogstens 3", "maturity"),
        (Judgement(maturity=3), "Kies hoogstens 2", "maturity"),
        (Judgement(YES, NO, NO, 2), "Kies hoogstens 1", "maturity"),
    ],
)
def test_findings_that_contradict_each_other_are_refused(judgement: Judgement, words: str, part: str) -> None:
    with pytest.raises(RefusedByNorm, match=words) as refused:
        check_answer(CONTROL, Answer("8.13", State.NOT_MET, TODAY, judgement=judgement))
    assert refused.value.part == part


def test_a_government_measure_that_is_not_met_holds_the_control_back() -> None:
    short = replace(WHOLE, unmet=("8.13.04",))
    with pytest.raises(RefusedByNorm, match=r"8\.13\.04 niet op orde"):
        check_answer(CONTROL, Answer("8.13", State.MET, TODAY, judgement=short))
    answer = Answer("8.13", State.MET, TODAY, judgement=short)
    assert answer.holds(TODAY) is State.PARTLY
    assert score(BIO2, [answer], TODAY).held_back == ("8.13",)


def test_the_score_names_what_it_rests_on() -> None:
    answers = [
        Answer("5.01", State.MET, TODAY),
        Answer("8.13", State.MET, TODAY, judgement=WHOLE),
        Answer("8.02", State.MET, TODAY, judgement=replace(WHOLE, evidence=(proof(-9, 9),))),
    ]
    now = score(BIO2, answers, TODAY)
    assert (now.unjudged, now.unproven, now.unseen, now.held_back) == (("5.01",), ("5.01",), ("8.02",), ())
    later = score(BIO2, answers, TODAY + timedelta(days=11))
    assert (later.expired, later.held_back) == (("8.02", "8.13"), ("8.02", "8.13"))


def test_a_maturity_level_has_words_and_a_border() -> None:
    assert [each.level for each in MATURITY] == list(range(6))
    assert len({each.name for each in MATURITY}) == len({each.text for each in MATURITY}) == 6
    with pytest.raises(ValueError, match="not from 0 to 5"):
        Judgement(maturity=6)


days = st.integers(-500, 500).map(lambda n: TODAY + timedelta(days=n))
findings = st.sampled_from(Finding)
pieces = st.builds(
    lambda first, length, added, withdrawn: Evidence(
        "Stuk", first, first + timedelta(days=length), first, added_on=added, withdrawn_on=withdrawn
    ),
    days,
    st.integers(0, 400),
    days,
    st.none() | days,
)
judgements = st.builds(
    Judgement,
    design=findings,
    existence=findings,
    operation=findings,
    maturity=st.none() | st.integers(0, 5),
    evidence=st.lists(pieces, max_size=3).map(tuple),
    unmet=st.sampled_from([(), ("8.13.01",)]),
)


@given(judgements, st.sampled_from(State), days, st.integers(1, 900))
def test_a_score_never_rises_when_evidence_expires(judgement: Judgement, state: State, today: date, later: int) -> None:
    """Evidence that was there only gets older: nothing is added, and nothing has yet to begin to count."""
    there = tuple(e for e in judgement.evidence if e.known(today) and e.valid_from <= today)
    answer = Answer("8.13", state, date.min, judgement=replace(judgement, evidence=there))
    before, after = today, today + timedelta(days=later)
    assert score(BIO2, [answer], after).percent <= score(BIO2, [answer], before).percent
    assert lesser(answer.holds(after), answer.holds(before)) is answer.holds(after)
    one, two = stand(answer.judgement, before), stand(answer.judgement, after)
    assert (two.maturity or 0) <= (one.maturity or 0)
    assert not (two.operation is YES and one.operation is not YES)


@given(judgements, st.sampled_from(State), days)
def test_what_holds_is_never_more_than_what_was_said_or_found(judgement: Judgement, state: State, today: date) -> None:
    holds = Answer("8.13", state, today, judgement=judgement).holds(today)
    assert lesser(holds, state) is holds
    assert lesser(holds, most_to_claim(judgement)) is holds


@given(judgements, st.data())
def test_taking_evidence_away_never_raises_what_holds_once_there_was_some(
    judgement: Judgement, data: st.DataObject
) -> None:
    """Withdrawing what counted is as if it ran out; it never frees an answer from its evidence."""
    piece = proof(-10, 10)
    before = replace(judgement, evidence=(*judgement.evidence, piece))
    after = replace(judgement, evidence=(*judgement.evidence, replace(piece, withdrawn_on=TODAY)))
    state = data.draw(st.sampled_from(State))
    old, new = (Answer("8.13", state, TODAY, judgement=each).holds(TODAY) for each in (before, after))
    assert lesser(new, old) is new
