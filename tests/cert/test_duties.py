"""The legal clocks: when they are due, what they ask of whom, doing and undoing them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from brandwacht.cert import queries, services
from brandwacht.cert.models import Incident
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action
from brandwacht.network.tenancy import every_owner
from tests.cert.conftest import BREACH, EARLY, FINAL, PERSONAL, REPORT, SIGNIFICANT, Scene
from tests.world import NOW, acting

pytestmark = pytest.mark.django_db

KNOWN = NOW - timedelta(hours=1)
DO_EARLY, DO_REPORT, DO_FINAL = (
    f"{what} doen voor incident 2026-0001" for what in ("Vroege waarschuwing", "Incidentmelding", "Eindverslag")
)


def done(scene: Scene, incident: Incident, key: str, now: datetime = NOW, note: str = "kenmerk 1") -> None:
    with acting(scene.ciso.actor(now)) as me:
        services.clock_done(me, incident.public_id, key, note)


def undone(scene: Scene, incident: Incident, key: str, now: datetime = NOW) -> None:
    with acting(scene.ciso.actor(now)) as me:
        services.clock_undo(me, incident.public_id, key)


def assessed(scene: Scene, incident: Incident, *facts: str, known_at: datetime | None = None) -> None:
    with acting(scene.ciso.actor()) as me:
        services.assess(
            me, incident.public_id, phase="lauw", scenario="eigen_organisatie", facts=facts, known_at=known_at
        )


def test_a_significant_incident_starts_three_clocks(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    clocks = scene.clocks(incident)
    # Known on Sunday 22 November 2026 at 13:05 in the Netherlands.
    assert clocks[EARLY].due == datetime(2026, 11, 23, 12, 5, tzinfo=UTC)
    assert clocks[REPORT].due == datetime(2026, 11, 25, 12, 5, tzinfo=UTC)
    assert clocks[FINAL].due == datetime(2026, 12, 25, 12, 5, tzinfo=UTC)
    assert {key: clock.provisional for key, clock in clocks.items()} == {EARLY: False, REPORT: False, FINAL: True}
    assert scene.actions() == {DO_EARLY: "open", DO_REPORT: "open"}
    with every_owner():
        action = Action.objects.get(title=DO_EARLY)
    assert (action.due, action.role, action.risk) == (clocks[EARLY].due, "ciso", 4)
    assert action.path == f"/incidenten/{incident.public_id}#meldplichten"


def test_a_breach_starts_one(scene: Scene) -> None:
    clocks = scene.clocks(scene.incident(PERSONAL))
    assert {key: clock.due for key, clock in clocks.items()} == {BREACH: KNOWN + timedelta(hours=72)}


def test_without_facts_nothing_runs(scene: Scene) -> None:
    assert scene.clocks(scene.incident()) == {}
    assert scene.actions() == {}


def test_the_cbw_is_never_assumed(scene: Scene) -> None:
    scene.region.regimes = ["avg"]
    scene.region.save()
    assert set(scene.clocks(scene.incident(SIGNIFICANT, PERSONAL))) == {BREACH}


def test_a_month_ends_on_its_last_day(scene: Scene) -> None:
    january = datetime(2026, 1, 28, 9, 0, tzinfo=UTC)
    incident = scene.incident(SIGNIFICANT, now=january, known_at=january)
    done(scene, incident, REPORT, datetime(2026, 1, 31, 9, 0, tzinfo=UTC))
    assert scene.clocks(incident)[FINAL].due == datetime(2026, 2, 28, 9, 0, tzinfo=UTC)


def test_hours_are_counted_through_the_change_to_winter_time(scene: Scene) -> None:
    known = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    incident = scene.incident(SIGNIFICANT, now=known, known_at=known)
    assert scene.clocks(incident)[EARLY].due - known == timedelta(hours=24)


def test_doing_a_duty_ends_its_action_and_starts_what_follows(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    later = NOW + timedelta(hours=5)
    done(scene, incident, REPORT, later, "Gemeld, kenmerk A-17")
    clocks = scene.clocks(incident)
    assert (clocks[REPORT].done_at, clocks[REPORT].done_by) == (later, "Noor de Wit")
    assert not clocks[FINAL].provisional
    assert clocks[FINAL].due == datetime(2026, 12, 22, 18, 5, tzinfo=UTC)
    assert scene.actions() == {DO_EARLY: "open", DO_REPORT: "gedaan", DO_FINAL: "open"}
    assert "Incidentmelding gedaan: Gemeld, kenmerk A-17" in scene.told(incident)
    assert scene.chain() == [("cert.incident.open", "gedaan"), ("cert.incident.lead", "gedaan")]


def test_a_duty_done_after_its_term_says_so(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    done(scene, incident, EARLY, NOW + timedelta(hours=23, minutes=1))
    assert scene.clocks(incident)[EARLY].done_late
    done(scene, incident, REPORT)
    assert not scene.clocks(incident)[REPORT].done_late


def test_undoing_puts_back_what_follows(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    done(scene, incident, REPORT)
    undone(scene, incident, REPORT)
    clocks = scene.clocks(incident)
    assert clocks[REPORT].done_at is None
    assert clocks[REPORT].done_note == ""
    assert clocks[FINAL].provisional
    assert clocks[FINAL].due == datetime(2026, 12, 25, 12, 5, tzinfo=UTC)
    assert scene.actions() == {DO_EARLY: "open", DO_REPORT: "open", DO_FINAL: "gedaan"}
    done(scene, incident, REPORT)
    assert scene.actions() == {DO_EARLY: "open", DO_REPORT: "gedaan", DO_FINAL: "open"}


def test_a_duty_that_is_followed_by_a_done_one_stays(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    done(scene, incident, REPORT)
    done(scene, incident, FINAL)
    with pytest.raises(Refused, match="“Eindverslag” volgt hierop"):
        undone(scene, incident, REPORT)
    undone(scene, incident, FINAL)
    undone(scene, incident, REPORT)
    assert scene.clocks(incident)[FINAL].provisional


def test_a_fact_taken_back_ends_its_clocks_and_brings_them_back(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT, PERSONAL)
    assessed(scene, incident, PERSONAL)
    assert set(scene.clocks(incident)) == {BREACH}
    assert scene.actions()[DO_EARLY] == "gedaan"
    assessed(scene, incident, PERSONAL, SIGNIFICANT)
    assert set(scene.clocks(incident)) == {EARLY, REPORT, FINAL, BREACH}
    assert scene.actions()[DO_EARLY] == "open"


def test_what_was_reported_stays_when_its_fact_is_taken_back(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    done(scene, incident, EARLY)
    assessed(scene, incident)
    assert set(scene.clocks(incident)) == {EARLY}
    undone(scene, incident, EARLY)
    assert scene.clocks(incident) == {}
    assert DO_EARLY not in [title for title, state in scene.actions().items() if state == "open"]


def test_moving_the_moment_of_awareness_moves_what_is_due(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT, nodes=[])
    done(scene, incident, EARLY)
    assessed(scene, incident, SIGNIFICANT, known_at=KNOWN - timedelta(hours=24))
    clocks = scene.clocks(incident)
    assert clocks[EARLY].due == KNOWN
    assert clocks[EARLY].done_late
    assert clocks[REPORT].due == KNOWN + timedelta(hours=48)
    with every_owner():
        assert Action.objects.get(title=DO_REPORT).due == KNOWN + timedelta(hours=48)


def test_awareness_can_not_come_after_a_report(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT, known_at=NOW - timedelta(days=2))
    done(scene, incident, EARLY, NOW - timedelta(hours=8))
    with pytest.raises(Refused, match="Op 22 november 2026 06:05 was “Vroege waarschuwing” al gedaan") as error:
        assessed(scene, incident, SIGNIFICANT, known_at=NOW - timedelta(hours=7))
    assert error.value.field == "known_at"


def test_saving_the_same_assessment_leaves_postponed_actions_alone(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT, known_at=KNOWN + timedelta(seconds=33))
    with every_owner():
        Action.objects.filter(title=DO_REPORT).update(state="later")
    assessed(scene, incident, SIGNIFICANT, known_at=KNOWN)
    assert scene.actions() == {DO_EARLY: "open", DO_REPORT: "later"}


def test_refusals_name_the_mend(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    with pytest.raises(Refused, match="doe eerst de melding die ervoor komt"):
        done(scene, incident, FINAL)
    with pytest.raises(Refused, match="Schrijf op bij wie en hoe u meldde"):
        done(scene, incident, EARLY, note="  ")
    with pytest.raises(Refused, match="geldt niet meer"):
        done(scene, incident, BREACH)
    with pytest.raises(Refused, match="stond al open"):
        undone(scene, incident, EARLY)
    done(scene, incident, EARLY)
    with pytest.raises(Refused, match="al gedaan door Noor de Wit: kenmerk 1"):
        done(scene, incident, EARLY)


def test_a_closed_incident_has_no_clocks_to_move(scene: Scene) -> None:
    incident = scene.incident(PERSONAL)
    done(scene, incident, BREACH)
    with acting(scene.ciso.actor()) as me:
        services.move_to(me, incident.public_id, "gesloten")
    with pytest.raises(Refused, match="gesloten"):
        undone(scene, incident, BREACH)


@pytest.mark.parametrize("who", ["own_analyst", "analyst", "chair", "onlooker", "watcher"])
def test_who_only_looks_on_can_not_do_a_duty(scene: Scene, who: str) -> None:
    incident = scene.incident(SIGNIFICANT)
    with acting(getattr(scene, who).actor()) as me, pytest.raises(Denied):
        services.clock_done(me, incident.public_id, EARLY, "kenmerk")
    assert scene.chain()[-1] == ("cert.incident.lead", "geweigerd")


@pytest.mark.parametrize("who", ["stranger", "colleague"])
def test_to_others_it_is_not_there(scene: Scene, who: str) -> None:
    incident = scene.incident(SIGNIFICANT)
    with acting(getattr(scene, who).actor()) as me:
        with pytest.raises(NotFound):
            services.clock_done(me, incident.public_id, EARLY, "kenmerk")
        with pytest.raises(NotFound):
            queries.incident(me, incident.public_id)


def test_the_lead_of_the_cert_does_a_duty(scene: Scene) -> None:
    incident = scene.incident(SIGNIFICANT)
    with acting(scene.lead.actor()) as me:
        services.clock_done(me, incident.public_id, EARLY, "kenmerk")
    assert scene.clocks(incident)[EARLY].done_by == "Yara Visser"
    assert scene.actions()[DO_EARLY] == "gedaan"
    assert scene.chain()[-1] == ("cert.incident.lead", "gedaan")


def test_counts_are_of_what_asks_for_ones_own_action(scene: Scene) -> None:
    scene.incident(SIGNIFICANT, PERSONAL)
    scene.incident(SIGNIFICANT, exercise=True)
    counted = {}
    for who in ("ciso", "adviser", "lead", "analyst", "chair", "stranger"):
        with acting(getattr(scene, who).actor()) as me:
            counted[who] = queries.clocks_to_meet(me).count(), queries.open_clocks(me).count()
    assert counted == {
        "ciso": (3, 3), "adviser": (3, 3), "lead": (3, 3), "analyst": (0, 3), "chair": (0, 3), "stranger": (0, 0),
    }  # fmt: skip
