"""The work on an alert: who holds it, its story, questions, steps of a playbook, dispositions and times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Action, ActionState, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, AlertEntry, Disposition, EntryKind, StepDone
from brandwacht.soc.playbooks import WHO, book, playbooks_for
from brandwacht.soc.queries import work
from brandwacht.soc.services import holding, questions, steps, story
from brandwacht.soc.terms import terms
from tests.soc.conftest import line
from tests.world import NOW, acting, actor, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(region: Organisation, read: Callable[..., Any]) -> Alert:
    read(region, line("lsass.exe", at=NOW - timedelta(minutes=30)))
    with every_owner():
        found: Alert = Alert.objects.get()
    return found


@pytest.fixture
def sem(soc: Organisation, region: Organisation) -> Actor:
    return actor(person(soc, Role.SOC_ANALYST, name="Sem"), soc)


@pytest.fixture
def yara(soc: Organisation, region: Organisation) -> Actor:
    return actor(person(soc, Role.SOC_ANALYST, name="Yara"), soc)


def told(alert: Alert) -> list[tuple[str, str, str]]:
    with every_owner():
        rows = AlertEntry.objects.filter(alert=alert).order_by("at", "pk")
        return [(row.kind, row.text, row.author) for row in rows]


def test_two_people_never_silently_take_the_same(alert: Alert, sem: Actor, yara: Actor) -> None:
    with acting(sem):
        assert holding.pick_up(sem, alert.public_id).holder_id == sem.user_id
        with pytest.raises(Refused, match="U heeft deze melding al"):
            holding.pick_up(sem, alert.public_id, held_by=str(alert_now(alert).holder.public_id))  # type: ignore[union-attr]
    with acting(yara):
        with pytest.raises(Refused, match="Sem heeft deze melding sinds 22 november 14:05"):
            holding.pick_up(yara, alert.public_id)
        with pytest.raises(Refused, match="Sem heeft deze melding. Neem de melding eerst over"):
            services.acknowledge(yara, alert.public_id)
        holding.pick_up(yara, alert.public_id, held_by=str(alert_now(alert).holder.public_id))  # type: ignore[union-attr]
        assert services.acknowledge(yara, alert.public_id).acknowledged_at == NOW
    assert told(alert) == [
        ("toewijzing", "Opgepakt.", "Sem"),
        ("toewijzing", "Overgenomen van Sem.", "Yara"),
        ("stand", "In onderzoek", "Yara"),
    ]


def alert_now(alert: Alert) -> Alert:
    with every_owner():
        found: Alert = Alert.objects.select_related("holder").get(pk=alert.pk)
    return found


def test_handing_to_a_colleague_who_may(alert: Alert, sem: Actor, yara: Actor, soc: Organisation) -> None:
    ids = {name: str(user.public_id) for name, user in people_of(soc).items()}
    with acting(sem):
        with pytest.raises(Refused, match="Kies een collega") as refused:
            holding.hand_to(sem, alert.public_id, "niemand")
        assert refused.value.field == "colleague"
        assert holding.hand_to(sem, alert.public_id, ids["Yara"]).holder_id == yara.user_id
        with pytest.raises(Refused, match="Yara heeft deze melding al"):
            holding.hand_to(sem, alert.public_id, ids["Yara"], held_by=ids["Yara"])
        assert holding.release(sem, alert.public_id, held_by=ids["Yara"]).holder_id is None
        with pytest.raises(Refused, match="Niemand heeft"):
            holding.release(sem, alert.public_id)
    assert told(alert)[-1] == ("toewijzing", "Losgelaten namens Yara.", "Sem")


def people_of(soc: Organisation) -> dict[str, Any]:
    from brandwacht.network.models import RoleAssignment

    with every_owner():
        rows = RoleAssignment.objects.filter(organisation=soc).select_related("user")
        return {row.user.name: row.user for row in rows}


def test_a_disposition_and_the_times(alert: Alert, sem: Actor, region: Organisation) -> None:
    later = sem.at(NOW + timedelta(minutes=40))
    with acting(sem):
        services.acknowledge(sem, alert.public_id)
        with pytest.raises(Refused, match="Kies wat het bleek") as refused:
            services.close(later, alert.public_id, "klaar", "misschien")
        assert refused.value.field == "disposition"
        closed = services.close(later, alert.public_id, "Nagevraagd", Disposition.FALSE)
    assert closed.disposition == Disposition.FALSE
    assert closed.first_seen < (closed.received_at or NOW) <= closed.opened_at
    assert (closed.acknowledged_at, closed.triaged_at, closed.closed_at) == (NOW, later.now, later.now)
    assert closed.closed_by_id == sem.user_id
    with acting(sem):
        again = services.reopen(later, alert.public_id)
        assert (again.disposition, again.closed_at, again.triaged_at, again.closed_by_id) == ("", None, None, None)
        assert again.acknowledged_at == NOW
        known = services.mark_known(later, alert.public_id, "onderhoud")
        assert known.disposition == Disposition.BENIGN


def test_a_note_stays(alert: Alert, sem: Actor) -> None:
    with acting(sem):
        story.add_note(sem, alert.public_id, "  Gebeld met beheer ")
        for text, ask in (("  ", "Schrijf eerst"), ("x" * 4001, "korter")):
            with pytest.raises(Refused, match=ask) as refused:
                story.add_note(sem, alert.public_id, text)
            assert refused.value.field == "text"
        assert [(e.kind, e.text) for e in work.work_on(sem, alert).entries] == [(EntryKind.NOTE, "Gebeld met beheer")]


def test_a_question_becomes_an_action_and_its_answer_ends_it(alert: Alert, sem: Actor, region: Organisation) -> None:
    ciso = actor(person(region, Role.CISO, name="Noor"), region, NOW + timedelta(hours=1))
    with acting(sem):
        question = questions.ask(sem, alert.public_id, "Is dit jullie beheerder?")
        assert question.due == NOW + terms().answer[alert.severity]
        with pytest.raises(Denied):
            questions.answer(sem, question.public_id, "Ja")
        assert work.marks(sem, [alert_now(alert)])[alert.pk] == work.Marks(question.due, False)
    with every_owner():
        action = Action.objects.get(key=f"soc.vraag.{question.public_id}")
        assert (action.organisation_id, action.role, action.due) == (region.pk, Role.CISO, question.due)
    with acting(ciso):
        questions.answer(ciso, question.public_id, "Nee, bel mij")
        with pytest.raises(Refused, match="Noor heeft deze vraag al beantwoord"):
            questions.answer(ciso, question.public_id, "Toch wel")
    with every_owner():
        action.refresh_from_db()
        assert (action.state, action.done_by) == (ActionState.DONE, "Noor")
    assert told(alert) == [("vraag", "Is dit jullie beheerder?", "Sem"), ("antwoord", "Nee, bel mij", "Noor")]
    with acting(sem):
        assert work.marks(sem, [alert_now(alert)])[alert.pk] == work.Marks(None, True)


def test_a_step_is_ticked_once_and_what_remains_comes_first(alert: Alert, sem: Actor) -> None:
    with acting(sem):
        steps.tick(sem, alert.public_id, "wachtwoorden", "elders")
        steps.tick(sem, alert.public_id, "wachtwoorden", "elders")
        first = work.playbooks(alert_now(alert), ["regel"], work.work_on(sem, alert).steps)[0]
        assert (first.playbook.key, first.done, len(first.left)) == ("wachtwoorden", 1, len(first.rows) - 1)
        assert [row.step.key for row in first.taken] == ["elders"]
        assert "DC01" in first.left[0].what
        assert StepDone.objects.get().version == book().version
        steps.tick(sem, alert.public_id, "wachtwoorden", "elders", done=False)
        assert not StepDone.objects.exists()
        with pytest.raises(Refused, match="staat niet in het draaiboek"):
            steps.tick(sem, alert.public_id, "wachtwoorden", "koffie")
    assert [kind for kind, _text, _author in told(alert)] == ["stap", "stap"]


def test_the_playbooks_are_whole() -> None:
    keys = [playbook.key for playbook in book().playbooks]
    assert len(keys) == len(set(keys)) == 12
    assert sum(playbook.general for playbook in book().playbooks) == 1
    for playbook in book().playbooks:
        assert len({step.key for step in playbook.steps}) == len(playbook.steps) >= 4
        assert all(step.who in WHO and step.what and step.why and step.evidence for step in playbook.steps)


@pytest.mark.parametrize(
    ("techniques", "rules", "first"),
    [
        (["T1003.001"], [], "wachtwoorden"),
        (["T1490", "T1059.001"], [], "gijzelsoftware"),
        (["T9999"], [], "malware"),
        ([], [], "malware"),
        (["T1490"], ["brandwacht-stille-bron-1"], "stille_bron"),
    ],
)
def test_which_playbook_fits(techniques: list[str], rules: list[str], first: str) -> None:
    assert playbooks_for(techniques, rules)[0].key == first
