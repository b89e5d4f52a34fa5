"""The CISO's side: asking, reminding, taking back, and deciding with four eyes on what came back."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.baseline.models import (
    AskedQuestion,
    AskedState,
    ControlAnswer,
    Evidence,
    QuestionFile,
    QuestionLink,
)
from brandwacht.baseline.services import answering, asking
from brandwacht.baseline.services.evidence import open_document
from brandwacht.baseline.tasks import send
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Action, ActionState, Organisation, User
from brandwacht.network.roles import Role
from tests.baseline.questions.conftest import Asked, mailed
from tests.network.faces import log_in
from tests.world import acting, actor, organisation, person

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0 een foto"


def said(asked: Asked, choice: str = "deels", words: str = "Elke nacht, nooit getest.", files: int = 1) -> None:
    """Let the line manager answer."""
    link = answering.KIND.find(asked.token, timezone.now())
    answering.answer(link, choice, words, [("rooster.jpg", JPEG)] * files, timezone.now())
    asked.question.refresh_from_db()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"person": " "}, "person"),
        ({"email": "geen adres"}, "email"),
        ({"email": "x@y.example\nBcc: z@y.example"}, "email"),
        ({"days": 0}, "due"),
        ({"days": 61}, "due"),
        ({"email": "eigen"}, "email"),
    ],
)
def test_what_can_not_be_asked(ciso: Actor, facts: dict[str, Any], field: str) -> None:
    given = {"person": "Kees", "email": "kees@lijn.example", "days": 9} | facts
    if given["email"] == "eigen":
        given["email"] = User.objects.get(pk=ciso.user_id).email.upper()
    with pytest.raises(Refused) as error:
        asking.ask(
            ciso, "8.13", person=given["person"], email=given["email"], due=ciso.today + timedelta(days=given["days"])
        )
    assert error.value.field == field
    assert not AskedQuestion.objects.exists()
    with pytest.raises(NotFound):
        asking.ask(ciso, "99.9", person="Kees", email="k@lijn.example", due=ciso.today + timedelta(days=3))


def test_the_same_question_is_not_put_twice(asked: Asked, ciso: Actor) -> None:
    with pytest.raises(Refused, match="ligt al bij"):
        asking.ask(ciso, "8.13", person="K.", email="bakker@lijn.example", due=ciso.today + timedelta(days=3))


def test_taken_over_as_it_is_with_its_evidence(asked: Asked, ciso: Actor) -> None:
    said(asked)
    file = QuestionFile.objects.get()
    asking.take_over(
        ciso, asked.question.public_id, state="deels", reason=asking.proposed_reason(asked.question),
        files=[str(file.public_id)],
    )  # fmt: skip
    answer, evidence = ControlAnswer.objects.get(), Evidence.objects.get()
    assert answer.reason.startswith("Volgens Kees Bakker, ")
    assert (answer.state, answer.answered_by) == ("deels", "Noor Test")
    assert evidence.title == "rooster.jpg, van Kees Bakker"
    assert evidence.received_on == timezone.localdate(asked.question.answered_at)
    assert open_document(ciso, evidence.public_id)[1] == JPEG
    asked.question.refresh_from_db()
    assert (asked.question.state, QuestionFile.objects.count()) == (AskedState.TAKEN, 0)
    assert Action.objects.get(key=asking.key(asked.question)).state == ActionState.DONE
    with pytest.raises(Refused, match="al besloten"):
        asking.refuse(ciso, asked.question.public_id, "Toch niet")


def test_changed_or_refused_with_a_word(asked: Asked, ciso: Actor) -> None:
    said(asked)
    with pytest.raises(Refused) as error:
        asking.refuse(ciso, asked.question.public_id, " ")
    assert error.value.field == "word"
    with pytest.raises(Refused):  # what the norm refuses stays undone as a whole
        asking.take_over(ciso, asked.question.public_id, state="geaccepteerd", reason="x", files=[])
    assert QuestionFile.objects.count() == 1
    asking.take_over(ciso, asked.question.public_id, state="voldoet_niet", reason="Nooit getest.", files=[])
    asked.question.refresh_from_db()
    assert (asked.question.state, Evidence.objects.count()) == (AskedState.CHANGED, 0)
    again = asking.ask(ciso, "8.13", person="K.", email="bakker@lijn.example", due=ciso.today + timedelta(days=3))
    said(Asked(again, mailed(again)), "weet_niet", "")
    asking.refuse(ciso, again.public_id, "Vraag het Piet.")
    again.refresh_from_db()
    assert (again.state, again.verdict, QuestionFile.objects.count()) == (AskedState.REFUSED, "Vraag het Piet.", 0)
    assert ControlAnswer.objects.get().state == "voldoet_niet"


def test_nobody_decides_on_their_own_words(asked: Asked, ciso: Actor, region: Organisation) -> None:
    said(asked)
    himself = person(region, Role.CISO, name="Kees Bakker")
    User.objects.filter(pk=himself.pk).update(email="bakker@lijn.example")
    with acting(actor(himself, region, timezone.now())) as me, pytest.raises(Refused, match="vier ogen"):
        asking.take_over(me, asked.question.public_id, state="deels", reason="x", files=[])


def test_a_reminder_brings_a_second_link_and_the_first_still_works(asked: Asked, ciso: Actor) -> None:
    with pytest.raises(Refused, match="Wacht een dag"):
        asking.remind(ciso, asked.question.public_id)
    later = ciso.at(ciso.now + timedelta(days=8))
    asking.remind(later, asked.question.public_id)
    asked.question.refresh_from_db()
    assert asked.question.due == later.today + asking.AGAIN
    second = mailed(asked.question, reminder=True)
    assert mail.outbox[-1].subject.startswith("Herinnering:")
    assert second != asked.token
    assert answering.KIND.find(asked.token, timezone.now()).question == asked.question
    said(Asked(asked.question, second))
    with pytest.raises(Refused):
        asking.withdraw(ciso, asked.question.public_id)


def test_who_does_not_answer_in_time_is_asked_after(asked: Asked, ciso: Actor) -> None:
    asking.go_after(ciso.now)
    assert not Action.objects.filter(key=asking.late_key(asked.question)).exists()
    late = ciso.at(ciso.now + timedelta(days=11))
    assert asking.go_after(late.now) == "1 vragen wachten te lang op antwoord"
    action = Action.objects.get(key=asking.late_key(asked.question))
    assert action.title == "Vraag na: Kees Bakker antwoordde nog niet op 8.13"
    asking.withdraw(late, asked.question.public_id)
    action.refresh_from_db()
    assert action.state == ActionState.DONE
    assert send("VR17", str(asked.question.public_id), True, timezone.now) == "niet nodig"


def test_a_stranger_finds_nothing_and_a_colleague_may_not(asked: Asked, region: Organisation) -> None:
    other = organisation("VR01")
    with acting(actor(person(other, Role.CISO), other, timezone.now())) as stranger:
        for use in (asking.remind, asking.withdraw):
            with pytest.raises(NotFound):
                use(stranger, asked.question.public_id)
    with acting(actor(person(region, Role.RISK_ADVISER), region, timezone.now())) as adviser, pytest.raises(Denied):
        asking.ask(adviser, "8.13", person="K", email="k@lijn.example", due=adviser.today + timedelta(days=3))


def test_the_pages_from_asking_to_deciding(
    client: Client, asked: Asked, ciso: Actor, django_assert_max_num_queries: Any
) -> None:
    said(asked)
    log_in(client, User.objects.get(pk=ciso.user_id))
    detail = reverse("baseline:asked", args=[asked.question.public_id])
    for address in (reverse("baseline:asked-list"), detail, "/basis/8.13", "/"):
        with django_assert_max_num_queries(20):
            page = client.get(address)
        assert "Kees Bakker" in page.content.decode(), address
    file = QuestionFile.objects.get()
    download = client.get(reverse("baseline:asked-file", args=[file.public_id]))
    assert download.content == JPEG
    assert download["Content-Disposition"].startswith("attachment")
    html = client.get(detail)
    taken = html.context["take"].initial
    wrong = client.post(reverse("baseline:asked-take", args=[asked.question.public_id]), {"state": "geaccepteerd"})
    assert wrong.status_code == 422
    assert client.post(reverse("baseline:asked-refuse", args=[asked.question.public_id]), {}).status_code == 422
    answer = client.post(reverse("baseline:asked-take", args=[asked.question.public_id]), taken)
    assert answer["Location"] == "/basis/8.13"
    assert Evidence.objects.count() == 1
    new = {
        "control": "5.01",
        "person": "Piet",
        "email": "piet@lijn.example",
        "due": str(ciso.today + timedelta(days=5)),
    }
    assert client.post(reverse("baseline:ask"), new | {"email": "x"}).status_code == 422
    assert "De vraag gaat naar Piet." in client.post(reverse("baseline:ask"), new, follow=True).content.decode()


# --- the mail server --------------------------------------------------------------------------------------------------


class _Smtp(socketserver.StreamRequestHandler):
    """As much of a mail server as one message takes; it refuses the address "weg"."""

    def handle(self) -> None:
        heard: list[bytes] = self.server.heard  # type: ignore[attr-defined]
        self.wfile.write(b"220 proef\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.wfile.write(b"354 ga door\r\n")
                while (text := self.rfile.readline()) != b".\r\n":
                    heard.append(text)
                self.wfile.write(b"250 ok\r\n")
            elif word == b"RCPT" and b"weg@" in line:
                self.wfile.write(b"550 onbekend\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 dag\r\n")
                return
            else:
                self.wfile.write(b"250 ok\r\n")


@pytest.fixture
def smtp(settings: Any) -> Iterator[list[bytes]]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp) as server:
        server.heard = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_USE_TLS = False
        yield server.heard  # type: ignore[attr-defined]
        server.shutdown()


def test_it_goes_over_smtp_and_a_refusal_is_told_on_the_page(ciso: Actor, smtp: list[bytes]) -> None:
    due = ciso.today + timedelta(days=3)
    good = asking.ask(ciso, "8.13", person="Kees", email="kees@lijn.example", due=due)
    bad = asking.ask(ciso, "8.13", person="Weg", email="weg@lijn.example", due=due)
    assert send("VR17", str(good.public_id), False, timezone.now) == "verstuurd"
    assert b"/basis/vraag/open/" in b"".join(smtp)
    assert send("VR17", str(bad.public_id), False, timezone.now) == "mislukt"
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.mailed_at is not None
    assert (bad.mailed_at, bad.mail_failed) == (None, "De mailserver nam het bericht niet aan.")
    assert QuestionLink.objects.get(question=bad).revoked_at is not None
    asking.remind(ciso, bad.public_id)  # at once: nothing was sent yet
