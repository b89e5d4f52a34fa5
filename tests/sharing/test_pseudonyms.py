"""A contribution under a pseudonym: nothing anywhere names who wrote it, who can still change it; two open it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from django.apps import apps
from django.core import mail
from django.db import models
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.network import audit
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Organisation, RoleAssignment, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import CircleQuestion, Opening, Pseudonym, Threat
from brandwacht.sharing.sealing import CannotOpen, new_key, open_sealed, open_share, seal
from brandwacht.sharing.services import profile, pseudonyms, questions, threats
from brandwacht.sharing.tasks.threats import tell_readers
from tests.sharing.conftest import Persona
from tests.sharing.members import Members, members
from tests.world import NOW, acting, asset

pytestmark = pytest.mark.django_db

Browse = Callable[[Persona | None], Client]
Cells = dict[tuple[str, Any], dict[str, Any]]


@pytest.fixture
def four() -> Members:
    made = members("bron", "ander", "bewaarder", "tweede")
    made.keepers("bewaarder", "tweede")
    return made


def cells() -> Cells:
    """Every row of every table, column by column."""
    with every_owner():
        return {
            (model._meta.label, row.pk): {field.attname: getattr(row, field.attname) for field in model._meta.fields}
            for model in apps.get_models()
            for row in model._base_manager.all()
        }


def points_at(label: str, cell: str, value: Any, who: Persona) -> bool:
    """Whether a column is a foreign key to the contributor, or to the organisation they work for."""
    field = next(each for each in apps.get_model(label)._meta.fields if each.attname == cell)
    if not isinstance(field, models.ForeignKey):
        return False
    return (field.related_model is User and value == who.user.pk) or (
        field.related_model is Organisation and value == who.at.pk
    )


def betrayals(before: Cells, after: Cells, who: Persona) -> list[str]:
    """What in the rows that came or changed names the contributor, in any text or by any key."""
    words = [
        who.user.name, who.user.email, str(who.user.public_id), who.user.public_id.hex, who.at.code, who.at.name,
        str(who.at.public_id), who.at.public_id.hex,
    ]  # fmt: skip
    found = []
    for key, row in after.items():
        for cell, value in row.items():
            if before.get(key, {}).get(cell) == value and key in before:
                continue
            text = json.dumps(value, default=str).lower()
            if points_at(key[0], cell, value, who) or any(word.lower() in text for word in words):
                found.append(f"{key[0]}.{cell}: {text}")
    return found


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, at any level."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logging.getLogger().addHandler(handler)
    kept = structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(0), logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )  # fmt: skip
    try:
        yield out
    finally:
        structlog.configure(**kept)
        logging.getLogger().removeHandler(handler)


def test_nothing_anywhere_names_the_contributor(four: Members, browse: Browse) -> None:
    client = browse(four["bron"])
    client.get(reverse("sharing:threat-new") + "?soort=phishing")
    before = cells()
    form = {
        "topic": "phishing", "title": "Valse mail", "what": "Zeldzaam.", "tlp": "AMBER", "pap": "AMBER",
        "indicators": "192.0.2.7", "pseudonymous": "on",
    }  # fmt: skip
    with logged() as log:
        answer = client.post(reverse("sharing:threat-new"), form)
        assert answer.status_code == 302
        share = answer.headers["Location"]
        assert (
            "Kievit" in client.get(share).content.decode()
            or "Uw naam en uw organisatie" in client.get(share).content.decode()
        )
        shown = client.post(share).headers["Location"]
        assert "pseudoniem" in client.get(shown).content.decode()
        threat = Threat._base_manager.get()
        assert client.post(shown + "/wijzig", form | {"title": "Valse mails"}).status_code == 302
        assert client.post(shown + "/intrekken", {"why": "Klopte niet"}).status_code == 302
        client.post(reverse("sharing:question-new"), {
            "text": "Ziet u dit?", "tlp": "AMBER", "topic": "phishing", "pseudonymous": "on"
        })  # fmt: skip
    after = {key: row for key, row in cells().items() if key[0] != "sessions.Session"}
    assert betrayals(before, after, four["bron"]) == []
    for word in (
        four["bron"].user.name,
        four["bron"].user.email,
        str(four["bron"].user.public_id),
        four["bron"].at.code,
    ):
        assert word not in log.getvalue()
    with every_owner():
        question = CircleQuestion.objects.get()
        pseudonym = Pseudonym.objects.get()
        assert question.pseudonym == threat.pseudonym == pseudonym  # the same on one topic
        written = AuditEntry.objects.filter(organisation=four.owner, action__startswith="sharing.").order_by("seq")
        mine = [each for each in written if each.object_id in (str(threat.public_id), str(question.public_id))]
        assert len(mine) == 5
        assert {each.person.name for each in mine} == {pseudonym.name}
        assert {each.actor_organisation for each in mine} == {"VR-ISAC"}
        assert {each.at.minute for each in mine} == {0}
        assert not list(audit.verify(owner_ids=[four.owner.pk]))
        assert four["bron"].user.email not in str(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))


def test_the_contributor_gets_the_mail_too_and_keeps_the_right(four: Members) -> None:
    threat = four.shared("bron", pseudonymous=True)
    with every_owner():
        assert tell_readers(four.owner.pk, threat.public_id, NOW) == 4
    assert {each.to[0] for each in mail.outbox} == {each.user.email for each in four.people.values()}
    assert all("Zeldzaamwoord" not in each.body and threat.title not in each.subject for each in mail.outbox)
    with acting(four["bron"].actor) as me:
        assert threats.change(me, threat.public_id, four.report(title="Anders")).title == "Anders"
    with acting(four["ander"].actor) as me, pytest.raises(Denied):
        threats.change(me, threat.public_id, four.report())
    with acting(four["bron"].actor) as me:
        other = threats.write(me, four.report(topic="aanval"), pseudonymous=True)
    assert other.pseudonym != threat.pseudonym  # topics can not be laid beside each other


def test_what_tells_who_wrote_it_is_found_before_sharing(four: Members) -> None:
    asset(four["bron"].at, "VRX-DC01")
    email = four["bron"].user.email
    with acting(four["bron"].actor) as me:
        threat = threats.write(
            me, four.report(what=f"Lid Bron zag dit op vrx-dc01, mail {email}", indicators="kwaad.test.example"),
            pseudonymous=True,
        )  # fmt: skip
        found = {(each.field, each.word) for each in threats.traces(me, threat)}
        own = ("Lid Bron", "vrx-dc01", email.partition("@")[0], "test.example")
        assert {*(("what", each) for each in own), ("indicators", "kwaad.test.example")} <= found
        with pytest.raises(Refused, match="iets van uzelf"):
            threats.share(me, threat.public_id)
        with pytest.raises(Refused, match="Haal dat weg"):
            questions.ask(me, text="Hier Testregio VR11", tlp="AMBER", topic="phishing", pseudonymous=True)
        assert threats.share(me, threat.public_id, anyway=True).shared_at is not None


def test_a_machine_of_what_one_runs_tells_who_wrote_it_too(four: Members) -> None:
    me = four["bron"]
    with every_owner():
        RoleAssignment(organisation=me.at, user=me.user, role=Role.CISO, valid_from=NOW.date()).save()
    with acting(me.actor) as writer:
        profile.add(writer, {"product": "FortiOS", "place": "VRX-FW02, rek 3"})
        threat = threats.write(writer, four.report(what="Dit kwam langs vrx-fw02."), pseudonymous=True)
        assert [(each.field, each.word) for each in threats.traces(writer, threat)] == [("what", "vrx-fw02")]


def test_two_custodians_together_open_it_with_a_reason(four: Members) -> None:
    threat = four.shared("bron", pseudonymous=True)
    with every_owner():
        pseudonym = Pseudonym.objects.get()
    one, two = four.keys["bewaarder"], four.keys["tweede"]
    with acting(four["ander"].actor) as me, pytest.raises(NotFound):
        pseudonyms.ask_opening(me, pseudonym.public_id, one, "Nieuwsgierig")
    with acting(four["bewaarder"].actor) as me:
        with pytest.raises(Refused, match="past niet"):
            pseudonyms.ask_opening(me, pseudonym.public_id, two, "Aangifte")
        with pytest.raises(Refused, match="waarom"):
            pseudonyms.ask_opening(me, pseudonym.public_id, one, " ")
        opening = pseudonyms.ask_opening(me, pseudonym.public_id, one, "Aangifte door de kring")
        with pytest.raises(Refused, match="andere sleutelbewaarder"):
            pseudonyms.finish_opening(me, opening.public_id, one)
    with acting(four["tweede"].actor) as me:
        with pytest.raises(Refused, match="past niet"):
            pseudonyms.finish_opening(me, opening.public_id, one)
        before = cells()
        identity = pseudonyms.finish_opening(me, opening.public_id, two)
    assert identity == {"naam": "Lid Bron", "e-mail": four["bron"].user.email, "organisatie": "VR11"}
    assert betrayals(before, cells(), four["bron"]) == []
    with every_owner():
        assert Opening.objects.get().share == {}
        steps = AuditEntry.objects.filter(action="sharing.pseudonym.open", result="gedaan").order_by("seq")
        assert [each.detail["stap"] for each in steps] == ["gevraagd", "geopend"]
        assert {each.detail["reden"] for each in steps} == {"Aangifte door de kring"}
        assert [each.person.name for each in steps] == ["Lid Bewaarder", "Lid Tweede"]
    assert threat.pseudonym == pseudonym


def test_the_pages_of_custodians(four: Members, browse: Browse) -> None:
    four.shared("bron", pseudonymous=True)
    with every_owner():
        pseudonym = Pseudonym.objects.get()
    overview = reverse("sharing:pseudonyms")
    assert pseudonym.name in browse(four["bewaarder"]).get(overview).content.decode()
    assert pseudonym.name not in browse(four["ander"]).get(overview).content.decode()
    client = browse(four["bewaarder"])
    ask = reverse("sharing:pseudonym-ask", args=[pseudonym.public_id])
    assert client.post(ask, {"reason": "Aangifte", "private": "x"}).status_code == 422
    assert client.post(ask, {"reason": "Aangifte", "private": four.keys["bewaarder"]}).status_code == 302
    with every_owner():
        opening = Opening.objects.get()
    finish = reverse("sharing:pseudonym-open", args=[opening.public_id])
    page = browse(four["tweede"]).post(finish, {"private": four.keys["tweede"]}).content.decode()
    assert "Lid Bron" in page
    assert browse(four["ander"]).get(finish).status_code == 404


def test_without_two_keys_nobody_writes_under_a_pseudonym(browse: Browse) -> None:
    made = members("een", "twee")
    with acting(made.writer.actor) as me:
        rows = pseudonyms.set_custodians(me, [made["een"].user.public_id, made["twee"].user.public_id])
        with pytest.raises(Refused, match="precies twee"):
            pseudonyms.set_custodians(me, [made["een"].user.public_id])
    with acting(made["een"].actor) as me:
        with pytest.raises(Refused, match="twee sleutelbewaarders"):
            threats.write(me, made.report(), pseudonymous=True)
        mine = next(row for row in rows if row.user == made["een"].user)
        assert len(bytes.fromhex(pseudonyms.make_key(me, mine.public_id))) == 32
        other = next(row for row in rows if row.user == made["twee"].user)
        with pytest.raises(NotFound):
            pseudonyms.make_key(me, other.public_id)
        with pytest.raises(Refused, match="al een sleutel"):
            pseudonyms.make_key(me, mine.public_id)
    page = browse(made["twee"]).get(reverse("sharing:threat-new") + "?soort=aanval").content.decode()
    assert "onder een pseudoniem" not in page


def test_a_small_circle_is_easy_to_guess_in(four: Members, browse: Browse) -> None:
    with acting(four["bron"].actor) as me:
        threat = threats.write(me, four.report(), pseudonymous=True)
    page = browse(four["bron"]).get(reverse("sharing:threat-share", args=[threat.public_id])).content.decode()
    assert "Er zijn maar 3 organisaties van wie dit kan komen" in page


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=40), max_size=4), st.text(max_size=20))
@settings(max_examples=10, deadline=None)
def test_sealing_needs_both_keys_and_the_right_label(identity: dict[str, str], label: str) -> None:
    keys = {name: new_key() for name in ("een", "twee")}
    try:
        sealed: Any = seal(identity, {name: public for name, (_private, public) in keys.items()}, label)
    except (TypeError, ValueError):
        return  # a lone surrogate is no text
    shares = [open_share(sealed["shares"][name], private, label) for name, (private, _public) in keys.items()]
    assert open_sealed(sealed, shares, label) == identity == open_sealed(sealed, shares[::-1], label)
    assert len(sealed["text"]) == 2 * (1024 + 16)
    for wrong in (shares[:1], [shares[0], shares[0]], [shares[0], bytes(32)]):
        with pytest.raises(CannotOpen):
            open_sealed(sealed, wrong, label)
    with pytest.raises(CannotOpen):
        open_sealed(sealed, shares, label + "x")
    with pytest.raises(CannotOpen):
        open_share(sealed["shares"]["een"], keys["twee"][0], label)


@given(st.text(max_size=80))
@settings(max_examples=10, deadline=None)
def test_no_text_is_a_key_by_chance(text: str) -> None:
    box = {"key": new_key()[1], "nonce": "00" * 12, "text": "00" * 48}
    with pytest.raises(CannotOpen):
        open_share(box, text, "")
