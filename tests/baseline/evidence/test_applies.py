"""Levels of processes, the annex of exceptions, and the fixed tasks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from brandwacht.baseline import queries
from brandwacht.baseline.models import Evidence, LevelBasis, RhythmDone
from brandwacht.baseline.services import answer_control, answer_government, decide_level, mark_done, undo_done
from brandwacht.baseline.services.reminders import NEVER_DONE, renew
from brandwacht.engines.norms import Pace, load_level_test
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, ActionState, NodeKind
from brandwacht.network.roles import Role
from tests.world import NOW, acting, acting_system, actor, asset, organisation, person

pytestmark = pytest.mark.django_db
TEST = load_level_test()
LIGHT = {question.key: question.choices[0].key for question in TEST.questions}
HEAVY = {question.key: question.choices[-1].key for question in TEST.questions}


@pytest.fixture
def region():
    return organisation("VR17")


@pytest.fixture
def me(region):
    with acting(actor(person(region, Role.CISO), region)) as ciso:
        yield ciso


# --- levels --------------------------------------------------------------------------------------------------------


def test_the_test_decides_and_a_lower_level_takes_a_risk_analysis(me, region):
    process = asset(region, "Alarmering", NodeKind.PROCESS)
    made = decide_level(me, process.public_id, given=HEAVY)
    assert (made.level, made.basis, made.analysis_needed) == (2, LevelBasis.TEST, True)
    with pytest.raises(Refused, match="risicoanalyse") as refused:
        decide_level(me, process.public_id, given=HEAVY, level=1)
    assert refused.value.field == "risk_analysis"
    made = decide_level(me, process.public_id, given=HEAVY, level=1, risk_analysis="RA-1", note="Alleen openbaar.")
    assert (made.level, made.basis, made.analysis_needed) == (1, LevelBasis.ANALYSIS, False)
    with pytest.raises(Refused) as refused:
        decide_level(me, process.public_id)
    assert refused.value.field == "level"
    assert [row.level for row in queries.levels_of(me, process.public_id)] == [1, 2]
    assert [row.level.level for row in queries.with_levels(me, queries.processes(me))] == [1]
    assert not queries.without_level(me).exists()


def test_only_a_process_of_the_own_organisation_has_a_level(me, region):
    elsewhere = asset(organisation("VR15"), "Van een ander", NodeKind.PROCESS)
    server = asset(region, "DC01")
    for node in (elsewhere, server):
        with pytest.raises(NotFound):
            decide_level(me, node.public_id, given=LIGHT)


# --- exceptions ----------------------------------------------------------------------------------------------------


def test_the_annex_names_deviations_and_what_does_not_apply(me):
    answer_control(
        me.at(NOW - timedelta(days=400)), "8.14", state="geaccepteerd", reason="Eén is genoeg.", risk_analysis="RA-1"
    )
    answer_control(me, "8.28", state="niet_van_toepassing", reason="Wij bouwen niets.")
    answer_government(me, "8.13.04", state="niet_van_toepassing", reason="Geen eigen back-up.")
    annex = queries.annex(me, me.organisation_id)
    assert [(row.number, row.risk_analysis, row.review) for row in annex.deviations] == [("8.14", "RA-1", True)]
    assert [row.number for row in annex.not_applicable] == ["8.13.04", "8.28"]
    answer_government(me, "8.13.04", state="voldoet")
    assert [row.number for row in queries.annex(me, me.organisation_id).not_applicable] == ["8.28"]


# --- fixed tasks ---------------------------------------------------------------------------------------------------


def test_a_fixed_task_comes_back_as_an_action_and_its_proof_counts_until_then(me, region):
    mark_done(me, "8.02.01", done_on=me.today - timedelta(days=10), note="Vier accounts", where="zaak 9")
    proof = Evidence.objects.get()
    assert (proof.control, proof.valid_from, proof.valid_to) == ("8.02", date(2026, 11, 12), date(2027, 2, 12))
    assert "16" not in Action.objects.get(key=NEVER_DONE).title
    assert not Action.objects.filter(key="ritme:bio2-1.3:8.02.01").exists()
    later = NOW + timedelta(days=75)
    with acting_system(region, later) as system:
        renew(system)
    action = Action.objects.get(key="ritme:bio2-1.3:8.02.01")
    assert (action.state, action.title) == (ActionState.OPEN, "Loop alle accounts met hoge rechten na.")
    assert action.why.startswith("BIO2 8.02.01 vraagt dit uiterlijk op 12 februari 2027.")
    mark_done(me.at(later), "8.02.01")
    action.refresh_from_db()
    assert action.state == ActionState.DONE


def test_a_task_that_is_late_says_so_and_undoing_brings_it_back(me):
    done = mark_done(me, "5.24.04", done_on=me.today - timedelta(days=60))
    assert queries.rhythms(me)[0].beat.pace is Pace.LATE
    now = mark_done(me, "5.24.04")
    assert queries.rhythms_at(me, "5.24")[0].beat.pace is Pace.ON_TIME
    undo_done(me, now.public_id)
    assert queries.rhythms(me)[0].done == done
    assert Action.objects.get(key="ritme:bio2-1.3:5.24.04").state == ActionState.OPEN


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"done_on": date(2999, 1, 1)}, "done_on"),
        ({"done_on": date(1999, 1, 1)}, "done_on"),
        ({"done_on": date(2020, 1, 1), "where": "zaak 1"}, "where"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(me, given, field):
    with pytest.raises(Refused) as refused:
        mark_done(me, "8.02.01", **given)
    assert refused.value.field == field
    assert not RhythmDone.objects.exists()


def test_only_what_returns_is_noted_and_only_by_who_may(me, region):
    with pytest.raises(NotFound):
        mark_done(me, "5.01.01")
    with acting(actor(person(region, Role.LINE_MANAGER), region)) as manager, pytest.raises(Denied):
        mark_done(manager, "8.02.01")
