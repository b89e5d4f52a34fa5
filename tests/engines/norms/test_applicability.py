"""What applies: government measures, the level of a process, and the annex of exceptions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.norms import (
    Answer,
    GovernmentAnswer,
    InvalidFramework,
    RefusedByNorm,
    State,
    UnknownControl,
    asked_of,
    check_answer,
    check_government_answer,
    check_level,
    exceptions,
    judge_level,
    load_framework,
    load_level_test,
    unmet,
)
from brandwacht.engines.norms.applicability import parse_level_test

TODAY = date(2026, 11, 22)
BIO2 = load_framework("bio2-1.3")
BIO104 = load_framework("bio-1.04")
MEASURES = [measure for control in BIO2.controls for measure in control.measures]
TEST = load_level_test()
LIGHT = {question.key: question.choices[0].key for question in TEST.questions}


# Government measures


@pytest.mark.parametrize("state", [State.MET, State.PARTLY, State.NOT_MET])
def test_a_plain_answer_passes(state: State) -> None:
    check_government_answer(BIO2, GovernmentAnswer("5.01.02", state, TODAY))


@pytest.mark.parametrize(
    ("number", "state", "reason", "words"),
    [
        ("5.01.02", State.ACCEPTED, "te duur", "kunt u niet accepteren"),
        ("5.01.02", State.NOT_APPLICABLE, " ", "Vul een reden in"),
        ("5.01.02", State.UNANSWERED, "", "Kies een antwoord"),
        ("5.04.02", State.MET, "", r"staat nu onder 5\.10\.02"),
        ("5.03.01", State.MET, "", "vraagt niets meer"),
    ],
)
def test_the_norm_refuses_and_says_why(number: str, state: State, reason: str, words: str) -> None:
    with pytest.raises(RefusedByNorm, match=words):
        check_government_answer(BIO2, GovernmentAnswer(number, state, TODAY, reason))


def test_an_unknown_number_is_told() -> None:
    with pytest.raises(UnknownControl, match="geen overheidsmaatregel"):
        check_government_answer(BIO2, GovernmentAnswer("9.99.99", State.MET, TODAY))


steps = st.lists(
    st.tuples(st.sampled_from([m.number for m in MEASURES]), st.sampled_from(State), st.sampled_from(["", "omdat"])),
    max_size=40,
)


@given(steps)
def test_no_sequence_of_actions_brings_a_government_measure_to_accepted(
    actions: list[tuple[str, State, str]],
) -> None:
    """Whatever is tried on measures and on their controls, in any order: no risk of theirs is ever accepted."""
    measures: dict[str, State] = {}
    controls: dict[str, State] = {}
    for number, state, reason in actions:
        control = BIO2.control(number[:4])
        kept = [GovernmentAnswer(n, s, TODAY, "omdat") for n, s in measures.items()]
        try:
            check_government_answer(BIO2, GovernmentAnswer(number, state, TODAY, reason))
            measures[number] = state
        except RefusedByNorm:
            pass
        try:
            check_answer(control, Answer(control.number, state, TODAY, reason, risk_analysis="RA-1"))
            controls[control.number] = state
        except RefusedByNorm:
            pass
        annex = exceptions(BIO2, [Answer(n, s, TODAY, "omdat") for n, s in controls.items()], kept, TODAY)
        assert not {row.number for row in annex.deviations} & {c.number for c in BIO2.controls if c.active_measures}
    assert State.ACCEPTED not in measures.values()
    assert not any(s is State.ACCEPTED and BIO2.control(n).active_measures for n, s in controls.items())


def test_unmet_names_what_is_less_than_met() -> None:
    control = BIO2.control("8.13")
    given_answers = [
        GovernmentAnswer("8.13.01", State.MET, TODAY),
        GovernmentAnswer("8.13.04", State.NOT_MET, TODAY),
        GovernmentAnswer("8.13.02", State.PARTLY, TODAY),
        GovernmentAnswer("8.13.03", State.NOT_APPLICABLE, TODAY, "omdat"),
        GovernmentAnswer("5.01.02", State.NOT_MET, TODAY),
    ]
    assert unmet(control, given_answers) == ("8.13.02", "8.13.04")


# The level of a process


def test_the_lightest_choices_give_level_one_and_the_heaviest_decides() -> None:
    assert judge_level(TEST, LIGHT).level == 1
    assert judge_level(TEST, LIGHT).because == ()
    for question in TEST.questions:
        for choice in question.choices:
            outcome = judge_level(TEST, LIGHT | {question.key: choice.key})
            assert (outcome.level, outcome.analysis_needed) == (choice.level, choice.analysis)
            assert outcome.because == ((choice,) if choice.level == 2 else ())


@given(st.fixed_dictionaries({q.key: st.sampled_from([c.key for c in q.choices]) for q in TEST.questions}), st.data())
def test_a_heavier_choice_never_lowers_the_level(given_choices: dict[str, str], data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(TEST.questions))
    at = [choice.key for choice in question.choices].index(given_choices[question.key])
    heavier = data.draw(st.sampled_from(question.choices[at:]))
    assert (
        judge_level(TEST, given_choices | {question.key: heavier.key}).level >= judge_level(TEST, given_choices).level
    )


def test_a_missing_choice_is_named() -> None:
    question = TEST.questions[-1]
    with pytest.raises(RefusedByNorm, match=question.about) as refused:
        judge_level(TEST, {k: v for k, v in LIGHT.items() if k != question.key})
    assert refused.value.part == question.key


def test_less_than_the_test_takes_a_risk_analysis() -> None:
    question = TEST.questions[0]
    heavy = judge_level(TEST, LIGHT | {question.key: question.choices[1].key})
    check_level(2, heavy, "", "")
    check_level(2, judge_level(TEST, LIGHT), "", "")
    for outcome, analysis, reason in ((heavy, "", "klein"), (heavy, "RA-1", " "), (None, "", "")):
        with pytest.raises(RefusedByNorm, match="risicoanalyse"):
            check_level(1, outcome, analysis, reason)
    check_level(1, heavy, "RA-1", "Alleen openbare gegevens.")
    with pytest.raises(RefusedByNorm, match="niveau 1 of niveau 2"):
        check_level(3, None, "RA-1", "klein")


def test_level_two_asks_everything_and_level_one_less() -> None:
    one, two = asked_of(BIO104, 1), asked_of(BIO104, 2)
    assert len(two.controls) == len(BIO104.controls) == 112
    assert len(two.measures) == 137
    assert set(one.measures) < set(two.measures)
    assert {c.number for c in one.controls} < {c.number for c in two.controls}
    assert one.heavier == ()
    assert {c.number for c in two.controls} - {c.number for c in one.controls} <= {c.number for c in two.heavier}


@given(st.text(max_size=300))
def test_a_test_that_is_no_test_is_refused_with_its_name(text: str) -> None:
    with pytest.raises(InvalidFramework, match=r"t\.yaml"):
        parse_level_test(text, name="t.yaml")


# The annex of exceptions


def test_the_annex_holds_deviations_and_what_does_not_apply() -> None:
    old = TODAY - timedelta(days=366)
    answers = [
        Answer("8.14", State.ACCEPTED, old, "Eén lijn is genoeg.", risk_analysis="RA-2026-04"),
        Answer("8.28", State.NOT_APPLICABLE, TODAY, "Wij ontwikkelen niets."),
        Answer("5.01", State.MET, TODAY),
    ]
    said = [
        GovernmentAnswer("8.13.04", State.NOT_APPLICABLE, TODAY, "Geen eigen back-up."),
        GovernmentAnswer("5.01.02", State.NOT_MET, TODAY),
    ]
    annex = exceptions(BIO2, answers, said, TODAY)
    assert [(row.number, row.risk_analysis, row.review) for row in annex.deviations] == [("8.14", "RA-2026-04", True)]
    assert [(row.number, row.reason, row.review) for row in annex.not_applicable] == [
        ("8.13.04", "Geen eigen back-up.", False),
        ("8.28", "Wij ontwikkelen niets.", False),
    ]
