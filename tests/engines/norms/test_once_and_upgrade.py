"""Answered once and seen everywhere; and the step to the next version, in which nothing is lost or answered twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.norms import (
    FRAMEWORKS,
    GROUPINGS,
    Answer,
    Change,
    Control,
    Crosswalk,
    Framework,
    GovernmentMeasure,
    Judgement,
    RefusedByNorm,
    State,
    answers_through,
    check_answer,
    crosswalk,
    load_framework,
    load_grouping,
    plan_upgrade,
    score,
    seen_through,
)

TODAY = date(2026, 11, 22)
HUB = "bio2-1.3"
VIEWS = [key for key in (*FRAMEWORKS, *GROUPINGS) if key != HUB]
GIVEN = [state for state in State if state is not State.UNANSWERED]
PASSAGES = [("bio2-1.2", HUB), (HUB, "bio2-1.2"), ("bio-1.04", HUB), ("bio-1.04", "bio2-1.2")]


def frame(key: str) -> Framework:
    return load_grouping(key).framework if key in GROUPINGS else load_framework(key)


def answers_on(key: str) -> st.SearchStrategy[list[Answer]]:
    """Answers that the norm allows, on any of its controls."""
    controls = frame(key).controls

    @st.composite
    def build(draw: st.DrawFn) -> list[Answer]:
        rng = draw(st.randoms(use_true_random=False))
        share = draw(st.sampled_from([0.0, 0.5, 0.95, 1.0]))
        favourite = draw(st.sampled_from(GIVEN))
        found = []
        for control in controls:
            if rng.random() >= share:
                continue
            state = favourite if rng.random() < 0.8 else rng.choice(GIVEN)
            if state is State.ACCEPTED and control.active_measures:
                state = State.NOT_MET
            ends = rng.choice([None, TODAY + timedelta(days=rng.randint(-400, 400))])
            day = TODAY - timedelta(days=rng.randint(0, 900))
            found.append(Answer(control.number, state, day, f"omdat {control.number}", ends, "RA 1"))
        return found

    return build()


@pytest.mark.parametrize("key", VIEWS)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_no_view_says_more_than_the_answers(key: str, data: st.DataObject) -> None:
    answers = data.draw(answers_on(HUB))
    given_ = {answer.control: answer for answer in answers}
    framework, walk = frame(key), crosswalk(HUB, key)
    seen = seen_through(framework, walk, answers, TODAY)
    assert [row.control for row in seen] == list(framework.controls)
    for row in seen:
        found = [given_[number] for number in row.sources if number in given_]
        assert row.answered == len(found)
        assert (row.answer is None) == (len(found) < len(row.sources))
        if row.answer is None:
            continue
        check_answer(row.control, row.answer)  # a view never shows what its norm refuses
        states = {answer.holds(TODAY) for answer in found}
        if row.state is State.MET:
            assert states <= {State.MET, State.NOT_APPLICABLE}
            assert not row.rest
        if row.state is State.NOT_APPLICABLE:
            assert states == {State.NOT_APPLICABLE}
        assert row.answer.answered_on == min(answer.answered_on for answer in found)
    figure = score(framework, answers_through(seen), TODAY)
    assert figure.based_on == sum(row.answer is not None for row in seen)


def test_all_met_is_all_met_but_for_what_no_question_covers() -> None:
    answers = [Answer(c.number, State.MET, TODAY) for c in load_framework(HUB).controls]
    for key in VIEWS:
        walk = crosswalk(HUB, key)
        for row in seen_through(frame(key), walk, answers, TODAY):
            assert row.state is (State.PARTLY if row.control.number in walk.rest else State.MET)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([State.MET, State.NOT_APPLICABLE], State.MET),
        ([State.MET, State.NOT_MET], State.PARTLY),
        ([State.MET, State.ACCEPTED], State.PARTLY),
        ([State.NOT_MET, State.ACCEPTED], State.NOT_MET),
        ([State.ACCEPTED, State.NOT_APPLICABLE], State.ACCEPTED),
        ([State.NOT_APPLICABLE, State.NOT_APPLICABLE], State.NOT_APPLICABLE),
        ([State.PARTLY, State.NOT_MET], State.PARTLY),
        ([State.MET, State.UNANSWERED], State.UNANSWERED),
    ],
)
def test_two_questions_for_one_control(states: list[State], expected: State) -> None:
    norm = small("nieuw", Control("x", "X", "t"))
    walk = Crosswalk("oud", "nieuw", (("1", "x"), ("2", "x")))
    answers = [Answer(str(n), state, TODAY, "reden", risk_analysis="RA") for n, state in enumerate(states, start=1)]
    assert seen_through(norm, walk, answers, TODAY)[0].state is expected


def test_an_accepted_risk_is_not_met_where_the_government_prescribes() -> None:
    norm = small("nieuw", Control("x", "X", "t", measures=(GovernmentMeasure("x.1", "Doen", "actief"),)))
    answers = [Answer("1", State.ACCEPTED, TODAY, "reden", risk_analysis="RA")]
    assert seen_through(norm, Crosswalk("oud", "nieuw", (("1", "x"),)), answers, TODAY)[0].state is State.NOT_MET


@pytest.mark.parametrize(("old_key", "new_key"), PASSAGES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_nothing_is_lost_and_nothing_is_answered_twice(old_key: str, new_key: str, data: st.DataObject) -> None:
    old, new = load_framework(old_key), load_framework(new_key)
    answers = data.draw(answers_on(old_key))
    plan = plan_upgrade(old, new, crosswalk(old_key, new_key), answers)
    assert [step.control for step in plan.steps] == list(new.controls)
    assert len({answer.control for answer in plan.carried}) == len(plan.carried)
    assert len(plan.carried) + len(plan.asked) == len(new.controls)
    reached = {answer.control for step in plan.steps for answer in step.earlier}
    reached |= {gone.answer.control for gone in plan.dropped if gone.answer}
    assert reached == {answer.control for answer in answers}
    given_ = {answer.control: answer for answer in answers}
    for step in plan.steps:
        assert step.why
        if step.carried is None:
            continue
        check_answer(step.control, step.carried)
        sources = [given_[number] for number in step.sources]
        assert {source.state for source in sources} == {step.carried.state}
        assert step.carried.answered_on == min(source.answered_on for source in sources)
        ends = [source.evidence_valid_to for source in sources if source.evidence_valid_to]
        assert step.carried.evidence_valid_to == min(ends, default=None)
        known = {c.number: c for c in old.controls}
        before = {m.number for n in step.sources for m in known[n].active_measures}
        assert {m.number for m in step.control.active_measures} <= before  # nothing new is asked unseen


def test_from_1_2_to_1_3_only_what_got_more_is_asked_again() -> None:
    old, new = load_framework("bio2-1.2"), load_framework(HUB)
    plan = plan_upgrade(
        old, new, crosswalk("bio2-1.2", HUB), [Answer(c.number, State.MET, TODAY) for c in old.controls]
    )
    assert {step.control.number: step.why for step in plan.asked} == {
        "5.10": "Erbij: 5.10.02, 5.10.03 (stond bij 5.04).",
        "5.21": "Erbij: 5.21.05 (stond bij 5.24). Weg: 5.21.01.",
        "5.24": "Erbij: 5.24.08. Weg: 5.24.06.",
        "5.26": "Erbij: 5.26.02 (stond bij 5.25).",
        "6.03": "Erbij: 6.03.04.",
    }
    assert plan.dropped == ()


def test_from_bio_1_04_twelve_questions_are_new() -> None:
    old, new = load_framework("bio-1.04"), load_framework(HUB)
    plan = plan_upgrade(old, new, crosswalk("bio-1.04", HUB), [])
    assert sum(step.change is Change.NEW for step in plan.steps) == 12
    assert not plan.carried


def test_what_no_longer_holds_does_not_count_elsewhere() -> None:
    norm, walk = small("nieuw", Control("x", "X", "t")), Crosswalk("oud", "nieuw", (("1", "x"),))
    said = Answer("1", State.MET, TODAY, evidence_valid_to=TODAY)
    assert seen_through(norm, walk, [said], TODAY)[0].state is State.MET
    row = seen_through(norm, walk, [said], TODAY + timedelta(days=1))[0]
    assert row.state is State.PARTLY
    assert row.answer is not None
    assert row.answer.evidence_valid_to == TODAY
    held = Answer("1", State.MET, TODAY, judgement=Judgement(unmet=("1.1",)))
    assert seen_through(norm, walk, [held], TODAY)[0].state is State.PARTLY


def small(key: str, *controls: Control) -> Framework:
    return Framework(key, key.title(), "1", TODAY, "test", "test", "0", controls)


OLD = small(
    "oud", Control("1", "Een", "t"), Control("2", "Twee", "t"), Control("3", "Drie", "t"), Control("9", "N", "t")
)
NEW = small(
    "nieuw",
    Control("a", "Samen", "t"),
    Control("b", "Deel 1", "t"),
    Control("c", "Deel 2", "t", measures=(GovernmentMeasure("c.1", "Doen", "actief"),)),
    Control("d", "Vers", "t"),
)
WAY = Crosswalk("oud", "nieuw", (("1", "a"), ("2", "a"), ("3", "b"), ("3", "c")))


@pytest.mark.parametrize(
    ("states", "carried"),
    [
        ({"1": State.MET, "2": State.MET, "3": State.MET}, {"a": State.MET, "b": State.MET}),
        ({"1": State.MET, "2": State.PARTLY, "3": State.PARTLY}, {}),
        (
            {"1": State.ACCEPTED, "2": State.ACCEPTED, "3": State.NOT_APPLICABLE},
            {"a": State.ACCEPTED, "b": State.NOT_APPLICABLE},
        ),
        ({"1": State.MET, "3": State.ACCEPTED}, {}),
    ],
)
def test_merged_and_split(states: dict[str, State], carried: dict[str, State]) -> None:
    answers = [Answer(n, state, TODAY, f"reden {n}", risk_analysis=f"RA {n}") for n, state in states.items()]
    plan = plan_upgrade(OLD, NEW, WAY, [*answers, Answer("9", State.MET, TODAY)])
    assert [step.change for step in plan.steps] == [Change.MERGED, Change.SPLIT, Change.SPLIT, Change.NEW]
    assert {answer.control: answer.state for answer in plan.carried} == carried
    assert [(gone.control.number, gone.answer is not None) for gone in plan.dropped] == [("9", True)]
    if carried.get("a") is State.ACCEPTED:
        assert plan.carried[0].reason == "1: reden 1 2: reden 2"
        assert plan.carried[0].risk_analysis == "RA 1; RA 2"


def test_what_the_new_norm_refuses_is_asked_again_with_the_reason() -> None:
    new = small("nieuw", Control("1", "Een", "t"))
    answer = Answer("1", State.NOT_APPLICABLE, TODAY)
    with pytest.raises(RefusedByNorm):
        check_answer(new.controls[0], answer)
    step = plan_upgrade(OLD, new, Crosswalk("oud", "nieuw", (("1", "1"),)), [answer]).steps[0]
    assert step.ask
    assert "als u schrijft waarom" in step.why


def test_a_way_that_leads_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="does not lead"):
        plan_upgrade(NEW, OLD, WAY, [])
