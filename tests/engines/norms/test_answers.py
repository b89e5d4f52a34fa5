"""Which answers the norm allows, and the score they give."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import (
    Answer,
    Control,
    RefusedByNorm,
    State,
    UnknownControl,
    check_answer,
    load_framework,
    score,
)

TODAY = date(2026, 11, 22)
BIO2 = load_framework("bio2-1.3")
NUMBERS = [control.number for control in BIO2.controls]
WITH = BIO2.control("8.13")  # has active government measures
WITHOUT = BIO2.control("8.14")  # has none


def answer(number: str, state: State, **more: object) -> Answer:
    return replace(Answer(control=number, state=state, answered_on=TODAY), **more)  # type: ignore[arg-type]


# What the norm allows


@pytest.mark.parametrize("state", [State.MET, State.PARTLY, State.NOT_MET, State.UNANSWERED])
@pytest.mark.parametrize("control", [WITH, WITHOUT])
def test_plain_answers_pass(control: Control, state: State) -> None:
    check_answer(control, answer(control.number, state))


@pytest.mark.parametrize("control", [WITH, WITHOUT])
def test_not_applicable_needs_a_reason(control: Control) -> None:
    with pytest.raises(RefusedByNorm, match="Vul een reden in"):
        check_answer(control, answer(control.number, State.NOT_APPLICABLE, reason="  "))
    check_answer(control, answer(control.number, State.NOT_APPLICABLE, reason="Wij ontwikkelen niets zelf."))


def test_a_government_measure_can_not_be_accepted_away() -> None:
    given_with_care = answer(WITH.number, State.ACCEPTED, reason="te duur", risk_analysis="RA-2026-04")
    with pytest.raises(RefusedByNorm, match=r"8\.13\.01, 8\.13\.02, 8\.13\.03, 8\.13\.04"):
        check_answer(WITH, given_with_care)


def test_no_control_with_active_measures_lets_a_risk_pass() -> None:
    for control in (*BIO2.controls, *load_framework("bio-1.04").controls):
        accepted = answer(control.number, State.ACCEPTED, reason="klein", risk_analysis="RA-1")
        if control.active_measures:
            with pytest.raises(RefusedByNorm):
                check_answer(control, accepted)
        else:
            check_answer(control, accepted)


@pytest.mark.parametrize("missing", ["reason", "risk_analysis"])
def test_accepting_elsewhere_needs_a_reason_and_a_risk_analysis(missing: str) -> None:
    accepted = answer(WITHOUT.number, State.ACCEPTED, reason="Eén lijn is genoeg.", risk_analysis="RA-2026-04")
    check_answer(WITHOUT, accepted)
    with pytest.raises(RefusedByNorm, match="risicoanalyse"):
        check_answer(WITHOUT, replace(accepted, **{missing: " "}))


def test_an_answer_belongs_to_its_control() -> None:
    with pytest.raises(ValueError, match=r"8\.14 held against control 8\.13"):
        check_answer(WITH, answer("8.14", State.MET))


def test_a_stored_word_is_a_state() -> None:
    stored = Answer("5.01", "voldoet", TODAY)  # type: ignore[arg-type]
    assert stored.state is State.MET
    assert score(BIO2, [stored], TODAY).percent == 1
    with pytest.raises(ValueError, match="misschien"):
        Answer("5.01", "misschien", TODAY)  # type: ignore[arg-type]


def test_every_state_has_a_dutch_word() -> None:
    assert len({state.dutch for state in State}) == len(State)


# The score


def test_no_answers() -> None:
    nothing = score(BIO2, [], TODAY)
    assert (nothing.percent, nothing.word, nothing.based_on, nothing.oldest) == (0, "nog geen antwoorden", 0, None)
    assert (nothing.controls, nothing.applicable) == (93, 93)


def test_everything_met() -> None:
    full = score(BIO2, [answer(number, State.MET, evidence_valid_to=TODAY) for number in NUMBERS], TODAY)
    assert (full.percent, full.word, full.based_on, full.expired, full.unproven) == (100, "op orde", 93, (), ())
    assert all(theme.percent == 100 for theme in full.by_theme.values())


def test_one_missing_is_not_a_hundred() -> None:
    assert score(BIO2, [answer(number, State.MET) for number in NUMBERS[1:]], TODAY).percent == 98  # 92/93, down


def test_the_formula_by_hand() -> None:
    mine = [
        answer("5.01", State.MET, evidence_valid_to=TODAY - timedelta(days=1)),  # expired: 1/2
        answer("5.02", State.MET),  # without evidence: 1, and named
        answer("5.03", State.PARTLY),  # 1/2
        answer("5.04", State.NOT_MET, answered_on=date(2025, 3, 1)),
        answer("8.14", State.ACCEPTED),  # 0
        answer("8.28", State.NOT_APPLICABLE),  # out
        answer("8.33", State.UNANSWERED, answered_on=date(2020, 1, 1)),
    ]
    result = score(BIO2, mine, TODAY)
    assert (result.percent, result.applicable, result.based_on) == (2, 92, 6)  # 2 / 92 = 2.17 %
    assert result.oldest == date(2025, 3, 1)
    assert (result.expired, result.unproven, result.accepted) == (("5.01",), ("5.02",), ("8.14",))
    assert result.by_theme["organisatorisch"].percent == 5  # 2 / 37
    assert result.by_theme["technologisch"].applicable == 33
    assert result.word == "veel te doen"


def test_evidence_counts_up_to_and_including_its_last_day() -> None:
    mine = [answer(number, State.MET, evidence_valid_to=TODAY) for number in NUMBERS]
    assert score(BIO2, mine, TODAY).percent == 100
    assert score(BIO2, mine, TODAY + timedelta(days=1)).percent == 50


def test_nothing_applies() -> None:
    result = score(BIO2, [answer(number, State.NOT_APPLICABLE) for number in NUMBERS], TODAY)
    assert (result.percent, result.word, result.applicable) == (0, "niets van toepassing", 0)


def test_the_latest_answer_counts_and_a_past_date_shows_the_past() -> None:
    mine = [
        answer("5.01", State.MET),
        answer("5.01", State.NOT_MET, answered_on=TODAY - timedelta(days=30)),
        answer("5.02", State.NOT_MET),
        answer("5.02", State.MET),  # later on the same day
    ]
    assert score(BIO2, mine, TODAY).percent == 2
    before = score(BIO2, mine, TODAY - timedelta(days=1))
    assert (before.percent, before.based_on, before.oldest) == (0, 1, TODAY - timedelta(days=30))


def test_an_answer_on_an_unknown_control_is_refused() -> None:
    with pytest.raises(UnknownControl):
        score(BIO2, [answer("5.38", State.MET)], TODAY)


days = st.integers(-800, 800).map(lambda offset: TODAY + timedelta(days=offset))
answers = st.builds(
    Answer,
    control=st.sampled_from(NUMBERS),
    state=st.sampled_from(State),
    answered_on=days,
    evidence_valid_to=st.none() | days,
)
RUNGS = [State.UNANSWERED, State.NOT_MET, State.PARTLY, State.MET]


@given(st.lists(answers, max_size=120), days)
def test_a_score_is_a_percentage_of_what_applies(mine: list[Answer], today: date) -> None:
    result = score(BIO2, mine, today)
    assert 0 <= result.percent <= 100
    assert 0 <= result.based_on <= result.controls == 93
    assert sum(theme.applicable for theme in result.by_theme.values()) == result.applicable
    assert sum(theme.based_on for theme in result.by_theme.values()) == result.based_on
    assert result.oldest is None or result.oldest <= today
    assert result == score(BIO2, mine, today)


@given(
    st.lists(answers, max_size=93, unique_by=lambda each: each.control),
    st.sampled_from(NUMBERS),
    st.sampled_from(RUNGS),
    st.sampled_from(RUNGS),
    st.none() | days,
)
def test_a_better_answer_never_lowers_the_score(
    others: list[Answer], number: str, one: State, other: State, evidence: date | None
) -> None:
    worse, better = sorted((one, other), key=RUNGS.index)
    rest = [each for each in others if each.control != number]
    low = score(BIO2, [*rest, answer(number, worse, evidence_valid_to=evidence)], TODAY)
    high = score(BIO2, [*rest, answer(number, better, evidence_valid_to=evidence)], TODAY)
    assert low.percent <= high.percent
    assert all(low.by_theme[theme].percent <= high.by_theme[theme].percent for theme in BIO2.themes)


@given(st.lists(answers, max_size=93, unique_by=lambda each: each.control), st.sampled_from(NUMBERS), days, days)
def test_longer_valid_evidence_never_lowers_the_score(
    others: list[Answer], number: str, one: date, other: date
) -> None:
    rest = [each for each in others if each.control != number]
    short, long = sorted((one, other))
    low = score(BIO2, [*rest, answer(number, State.MET, evidence_valid_to=short)], TODAY)
    high = score(BIO2, [*rest, answer(number, State.MET, evidence_valid_to=long)], TODAY)
    assert low.percent <= high.percent
