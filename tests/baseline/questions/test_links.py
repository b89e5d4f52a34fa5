"""The link to one question: it opens that question alone, once, and says in plain words when it opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from brandwacht.baseline.models import AskedQuestion, AskedState, QuestionFile, QuestionLink, Said
from brandwacht.baseline.services import answering, asking
from brandwacht.network.actor import Actor
from brandwacht.network.models import Action, AuditEntry, Node
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.services.signed_links import LinkGone
from brandwacht.network.services.tokens import hashed
from brandwacht.network.tenancy import every_owner, tenancy_scope
from tests.baseline.questions.conftest import Asked, Browser, mailed, opened
from tests.network.rows import tenant_models

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0 een foto"
REVEALING = ("VR17", "Testregio", "Bakker", "8.13", "ack-up", "Noor")


def photo(name: str = "rooster.jpg", content: bytes = JPEG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def test_the_mail_is_plain_and_holds_the_link_and_nothing_of_the_question(asked: Asked) -> None:
    sent = mail.outbox[-1]
    assert sent.to == ["bakker@lijn.example"]
    assert sent.subject.endswith("VR17 stelt u één vraag over digitale veiligheid")
    assert "Noor Test" in sent.body
    assert "ongeveer twee minuten" in sent.body
    assert "geen account" in sent.body
    assert "ack-up" not in sent.body + sent.subject
    assert "roosters" not in sent.body


class Log:
    """What the request log is told."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []

    def info(self, _event: str, **facts: object) -> None:
        self.lines.append(facts)


def test_the_token_stands_in_the_mail_and_nowhere_else(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(asked.token) >= 43
    log = Log()
    monkeypatch.setattr("brandwacht.site.middleware.log", log)
    opened(asked.token)
    Browser().get(f"/basis/vraag/open/{asked.token}")
    assert [line["path"] for line in log.lines] == ["/basis/vraag/open/..."] * 2
    with every_owner():
        kept = [row for model in tenant_models() for row in model._base_manager.values()]
    assert DBTaskResult.objects.exists()
    assert asked.token not in repr(kept) + repr(log.lines) + repr(list(DBTaskResult.objects.values()))
    assert QuestionLink.objects.get().token_hash == hashed(asked.token)


def test_a_get_changes_nothing_and_the_exchange_cleans_the_address(asked: Asked) -> None:
    page = Browser().get(f"/basis/vraag/open/{asked.token}")
    assert page.status_code == 200
    assert page.context["last_day"] == asked.question.due
    assert "back-ups" not in page.content.decode()
    assert QuestionLink.objects.get().opened_at is None
    assert answering.KIND.cookie not in page.cookies
    cookie = Browser().post(f"/basis/vraag/open/{asked.token}").cookies[answering.KIND.cookie]
    assert asked.token not in cookie.value
    assert cookie["httponly"]
    assert (cookie["path"], cookie["samesite"]) == ("/basis/vraag", "Lax")
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(f"/basis/vraag/open/{asked.token}").status_code == 403


def test_answered_once_with_a_photo(asked: Asked) -> None:
    browser = opened(asked.token)
    page = browser.get("/basis/vraag").content.decode()
    assert "Het gaat om de roosters." in page
    assert "terugzetten" in page
    for data, said in (
        ({"words": "x"}, "Dit veld is verplicht"),
        ({"choice": "deels", "words": " "}, "Schrijf in een paar woorden"),
        ({"choice": "ja", "attached": photo("virus.exe")}, "Dit soort bestand"),
        ({"choice": "ja", "attached": [photo() for _n in range(4)]}, "hoogstens drie"),
    ):
        answer = browser.post("/basis/vraag", data)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), data
    asked.question.refresh_from_db()
    assert (asked.question.state, QuestionFile.objects.count()) == (AskedState.OPEN, 0)
    data = {"choice": "deels", "words": "Elke nacht, nooit getest.", "attached": [photo(), photo("lijst.jpg")]}
    answer = browser.post("/basis/vraag", data)
    assert answer["Location"] == "/basis/vraag/bedankt"
    assert "Dank u wel" in browser.get("/basis/vraag/bedankt").content.decode()
    asked.question.refresh_from_db()
    assert (asked.question.state, asked.question.choice) == (AskedState.ANSWERED, Said.PARTLY)
    assert {bytes(f.content) for f in QuestionFile.objects.all()} == {JPEG}
    assert Action.objects.get(key=asking.key(asked.question)).title == "Beoordeel het antwoord van Kees Bakker op 8.13"
    for again in (
        browser.get("/basis/vraag"),
        browser.post("/basis/vraag", data),
        Browser().get(f"/basis/vraag/open/{asked.token}"),
    ):
        html = again.content.decode()
        assert (again.status_code, "Deze vraag is al beantwoord" in html) == (404, True)
        assert not [word for word in REVEALING if word in html]
    assert QuestionFile.objects.count() == 2


@pytest.mark.parametrize(
    ("how", "title"),
    [("verlopen", "Deze link is verlopen"), ("ingetrokken", "Deze vraag is ingetrokken"), ("", "Deze link werkt niet")],
)
def test_a_link_that_opens_nothing_says_why_and_reveals_nothing(
    asked: Asked, ciso: Actor, how: str, title: str
) -> None:
    browser, token = opened(asked.token), asked.token
    if how == "verlopen":
        QuestionLink.objects.update(expires_at=ciso.now)
    elif how == "ingetrokken":
        asking.withdraw(ciso, asked.question.public_id)
    else:
        token, browser = "verzonnen", Browser()
        browser.cookies[answering.KIND.cookie] = "verzonnen:cookie"
    for answer in (
        browser.get("/basis/vraag"), browser.post("/basis/vraag", {"choice": "ja"}),
        Browser().get(f"/basis/vraag/open/{token}"), Browser().post(f"/basis/vraag/open/{token}"),
    ):  # fmt: skip
        html = answer.content.decode()
        assert (answer.status_code, title in html) == (404, True)
        assert not [word for word in REVEALING if word in html]
    asked.question.refresh_from_db()
    assert asked.question.choice == ""


def test_two_answers_at_once_give_one(asked: Asked) -> None:
    link = QuestionLink._base_manager.select_related("question", "organisation").get()
    answering.answer(link, "nee", "Nog niet.", [], timezone.now())
    with pytest.raises(LinkGone, match="gebruikt"):
        answering.answer(link, "ja", "", [], timezone.now())
    assert AskedQuestion.objects.get().choice == "nee"


def test_a_link_may_do_one_thing_to_one_thing(asked: Asked, ciso: Actor) -> None:
    """Over every rule there is and every kind of row: the holder may answer through its own link, and no more."""
    link = QuestionLink.objects.get()
    other = asking.ask(ciso, "5.01", person="Ander", email="a@lijn.example", due=ciso.today + timedelta(days=3))
    mailed(other)
    holder = answering.KIND.holder(link, ciso.now)
    with every_owner():
        rows = [row for model in tenant_models() for row in model.objects.all()[:5]]
    allowed = {(rule, row) for rule in rules() for row in rows if decide(holder, rule, row)}
    assert allowed == {("baseline.question.fill", link)}
    with tenancy_scope(holder.tenancy()):
        assert list(QuestionLink.objects.filter(visible(holder, "baseline.question.fill"))) == [link]
        assert not Node.objects.exists()
        assert {m.domain for m in tenant_models() if m.objects.exists()} == {"vraag"}


def test_the_cookie_opens_no_other_page(asked: Asked) -> None:
    browser = opened(asked.token)
    for address in ("/", "/basis", "/basis/8.13", "/basis/uitgezet", f"/basis/uitgezet/{asked.question.public_id}"):
        answer = browser.get(address)
        assert (answer.status_code, "/account/login" in answer["Location"]) == (302, True)
    assert browser.get("/api/v1/nodes").status_code in {401, 404}
    assert not AuditEntry.objects.filter(action="baseline.question.ask", origin="link").exists()
