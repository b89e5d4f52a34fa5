""" "Ziet iemand dit?": one click, one answer per member, and no number that tells of one of them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import CircleQuestion, QuestionAnswer
from brandwacht.sharing.queries import questions as queries
from brandwacht.sharing.queries.threats import stepped
from brandwacht.sharing.services import questions
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members
from tests.world import acting

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]
NAMES = ("vrager", "een", "twee", "drie", "vier", "vijf", "zes", "zeven")


@pytest.fixture
def asked() -> tuple[Members, CircleQuestion]:
    made = members(*NAMES)
    with acting(made["vrager"].actor) as me:
        return made, questions.ask(me, text="Ziet u kwaad.example?", tlp="AMBER", topic="phishing")


def say(made: Members, question: CircleQuestion, who: str, seen: bool, *, by_name: bool = False) -> queries.Outcome:
    """Answer, and what the asker then sees."""
    with acting(made[who].actor) as me:
        questions.answer(me, question.public_id, seen=seen, by_name=by_name)
    with acting(made["vrager"].actor) as me:
        return queries.outcome(queries.question(me, question.public_id))


def test_numbers_come_from_three_on_and_in_threes(asked: tuple[Members, CircleQuestion]) -> None:
    made, question = asked
    shown = [say(made, question, who, who in ("een", "vier")) for who in NAMES[1:]]
    assert [each.enough for each in shown] == [False, False, True, True, True, True, True]
    assert [(each.yes, each.no) for each in shown] == [(0, 0), (0, 0), (1, 2), (1, 2), (1, 2), (2, 4), (2, 4)]
    with acting(made["vrager"].actor) as me:
        questions.close(me, question.public_id)
        last = queries.outcome(queries.question(me, question.public_id))
    assert (last.yes, last.no) == (2, 4)  # the seventh would stand alone
    with every_owner():
        assert {(row.member_id, row.seen) for row in QuestionAnswer.objects.all()} == {(None, None)}
        who = AuditEntry.objects.filter(action="sharing.question.answer").values_list("person__name", "detail")
        assert {(name, str(detail)) for name, detail in who} == {("een lid, zonder naam", "{}")}


def test_names_take_nothing_off_the_sums(asked: tuple[Members, CircleQuestion]) -> None:
    made, question = asked
    assert not say(made, question, "een", True, by_name=True).enough
    assert not say(made, question, "twee", False).enough
    third = say(made, question, "drie", True, by_name=True)
    assert not third.enough  # one anonymous answer waits for two others and does not count yet
    fourth = say(made, question, "vier", False, by_name=True)
    assert fourth.enough
    assert (fourth.yes, fourth.no, len(fourth.named)) == (0, 0, 3)


def test_an_anonymous_answer_stands_and_a_named_one_can_change(asked: tuple[Members, CircleQuestion]) -> None:
    made, question = asked
    say(made, question, "een", True)
    for by_name in (True, False):
        with pytest.raises(Refused, match="staat vast"):
            say(made, question, "een", False, by_name=by_name)
    say(made, question, "twee", True, by_name=True)
    say(made, question, "twee", False, by_name=True)
    with pytest.raises(Refused, match="zonder naam"):
        say(made, question, "twee", False)
    with every_owner():
        assert QuestionAnswer.objects.get(member=made["twee"].at).seen is False
    with pytest.raises(Denied):
        say(made, question, "vrager", True)
    with acting(made["een"].actor) as me, pytest.raises(Denied):
        questions.close(me, question.public_id)


def test_one_click_on_the_page(asked: tuple[Members, CircleQuestion], browse: Browse) -> None:
    made, question = asked
    client = browse(made["een"])
    listing = reverse("sharing:questions")
    assert "Ja, zonder naam" in client.get(listing).content.decode()
    address = reverse("sharing:question-answer", args=[question.public_id])
    assert client.post(address, {"answer": "ja-anoniem"}).status_code == 302
    page = client.get(listing).content.decode()
    assert "Ja, zonder naam" not in page
    assert "nog geen drie antwoorden" in page
    assert (
        "zonder naam. Dat antwoord staat vast"
        in client.get(reverse("sharing:question", args=[question.public_id])).content.decode()
    )
    assert client.post(address, {"answer": "misschien"}).status_code == 400
    asker = browse(made["vrager"])
    assert asker.post(reverse("sharing:question-close", args=[question.public_id])).status_code == 302
    assert "gesloten" in asker.get(listing).content.decode()
    with acting(made["twee"].actor) as me, pytest.raises(Denied):
        questions.answer(me, question.public_id, seen=True, by_name=True)


def test_a_question_is_never_red(asked: tuple[Members, CircleQuestion]) -> None:
    made, _question = asked
    with acting(made["een"].actor) as me:
        with pytest.raises(Refused, match="TLP:RED"):
            questions.ask(me, text="x", tlp="RED", topic="phishing")
        with pytest.raises(NotFound):
            questions.close(me, uuid4())


def test_steps() -> None:
    assert [stepped(count) for count in (0, 1, 2, 3, 5, 6, 26)] == [
        "0", "1 of 2", "1 of 2", "3 of meer", "3 of meer", "6 of meer", "24 of meer",
    ]  # fmt: skip
