"""Nothing leaks: every way to read in this room, for every label, for everybody who should and should not.

Each thing holds a word of its own in every text. A way shows a thing to a person when that word is in the answer, and
then it must be theirs. Data are made once; a request runs in a savepoint that is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from brandwacht.engines.intel import PAP, TLP, Action, Audience, Marking, Purpose, Reader
from brandwacht.engines.intel import decide as engine_decides
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import RoleAssignment
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import queries as warning_queries
from brandwacht.sharing import services as warning_services
from brandwacht.sharing.models import (
    CircleQuestion,
    CircleSeat,
    CircleWarning,
    Custodian,
    Guideline,
    Meeting,
    Pseudonym,
    StixObject,
    TaxiiStatus,
    Threat,
    ThreatReader,
)
from brandwacht.sharing.policy_threats import EXPORT_THREAT, SEE_THREAT
from brandwacht.sharing.queries import threats as threat_queries
from brandwacht.sharing.services import questions, seats
from brandwacht.sharing.services.digest import on_monday, send_digests
from brandwacht.sharing.services.objects import receive
from brandwacht.sharing.tasks import tell_members
from brandwacht.sharing.tasks_threats import tell_readers
from brandwacht.sharing.taxii.naming import collection_id
from tests.sharing.conftest import LOG_IN, Persona
from tests.sharing.members import Members, members, token_of
from tests.world import NOW, acting, mandate, organisation, person

pytestmark = pytest.mark.django_db

LABELS = [label.name for label in TLP]
INSIDE = {"named", "same", "other", "author", "writer"}
PEOPLE = ("named", "same", "other", "author", "writer", "former", "outsider", "elsewhere")
"""Named in RED; a colleague of theirs with a seat; another member; who wrote it; who writes for the circle; who left;
a stranger with the same roles; and a member of another community."""
OUTER = ("RED", "CLEAR")
MEDIA = "application/taxii+json;version=2.1"


@dataclass
class World:
    """The circle, everybody, and what there is by label; "EMPTY" is RED for nobody."""

    circle: Members
    people: dict[str, Persona]
    tokens: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    threats: dict[str, Threat] = field(default_factory=dict)
    warnings: dict[str, CircleWarning] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    questions: dict[str, CircleQuestion] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    own: str = ""
    status: str = ""

    def browser(self, who: str) -> Client:
        """A browser in which this person is logged in."""
        if who not in self.browsers:
            self.browsers[who] = Client()
            self.browsers[who].force_login(self.people[who].user, backend=LOG_IN)
        return self.browsers[who]

    def program(self, who: str) -> Client:
        """A program with this person's token."""
        return Client(headers={"authorization": f"Bearer {self.tokens[who]}", "accept": MEDIA})


def word(kind: str, label: str) -> str:
    """What one thing holds and no other."""
    return f"zq{kind}{label.lower().replace('_', '')}"


def _people() -> tuple[Members, dict[str, Persona]]:
    circle = members("named", "same", "other", "author", "former", homes={"named": "VR11", "same": "VR11"})
    people = dict(circle.people) | {"writer": circle.writer}
    outside, elsewhere = organisation("GM0001", "gemeente"), organisation("VR20")
    everything = (Role.ISAC_MEMBER, Role.CERT_LEAD, Role.CISO, Role.ADMIN)
    people["outsider"] = Persona(person(outside, *everything), outside)
    people["elsewhere"] = Persona(person(elsewhere, *everything), elsewhere)
    mandate(organisation("ANDERE-KRING", "kring"), elsewhere, GrantKind.CIRCLE, act=True)
    with every_owner():  # a colleague of the former member stays, so that the circle's door to their home stays open
        RoleAssignment(
            organisation=people["former"].at,
            user=people["former"].user,
            role=Role.CISO,
            valid_from=timezone.localdate(NOW),
        ).save()
    return circle, people


def _fill(world: World) -> None:
    circle = world.circle
    circle.sign("named", "same", "other", "author", "former")
    named = [world.people["named"].user.public_id]
    for label in LABELS:
        facts = {"tlp": label, "readers": named if label == "RED" else []}
        secret = word("dreiging", label)
        world.threats[label] = circle.shared(
            "author", title=secret, what=secret, products=secret, indicators=f"{secret}.example", **facts
        )
        with acting(circle.writer.actor) as me:
            secret = word("waarschuwing", label)
            draft = warning_services.draft(
                me, title=secret, tlp=label, what=secret, advice=secret, indicators_text=f"{secret}.example",
                reader_ids=named if label == "RED" else [],
            )  # fmt: skip
            world.warnings[label] = warning_services.send(me, draft.public_id)
            secret = word("overleg", label)
            world.meetings[label] = seats.write_meeting(
                me, None, title=secret, on=me.today, tlp=label, agenda=secret, decisions=secret, attendee_ids=named
            )
        if label != "RED":
            with acting(world.people["author"].actor) as me:
                secret = word("vraag", label)
                world.questions[label] = questions.ask(me, text=secret, tlp=label, topic="phishing", indicators="")
    empty = circle.shared(
        "author", title=word("dreiging", "EMPTY"), what=word("dreiging", "EMPTY"), tlp="RED", readers=named
    )
    with every_owner():
        ThreatReader.objects.filter(threat=empty).delete()
    world.threats["EMPTY"] = empty
    with acting(world.people["author"].actor) as me:
        secret = word("object", "own")
        thing = {
            "type": "identity", "spec_version": "2.1", "id": f"identity--{empty.public_id}", "name": secret,
            "created": "2026-11-20T10:00:00.000Z", "modified": "2026-11-20T10:00:00.000Z",
        }  # fmt: skip
        sent = receive(me, circle.owner, world.people["author"].at, orjson.dumps({"objects": [thing, {"id": secret}]}))
    world.status = str(sent.public_id)
    world.own = str(collection_id(circle.owner, world.people["author"].at))
    for label in LABELS:
        with every_owner():
            rows = StixObject.objects.filter(kind="report", content__name=word("dreiging", label))
            world.objects[label] = rows.first().stix_id if rows else f"report--{empty.public_id}"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        circle, people = _people()
        made = World(circle, people)
        _fill(made)
        made.tokens = {name: token_of(each) for name, each in people.items()}
        for name in people:
            made.browser(name)
        with every_owner():
            seat = CircleSeat.objects.get(user=people["former"].user)
        with acting(circle.writer.actor) as me:
            seats.end_seat(me, seat.public_id, "Vertrokken")
        yield made
        transaction.set_rollback(True)
    cache.clear()


@contextmanager
def undone() -> Iterator[None]:
    """What is written meanwhile is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def who_may(kind: str, label: str) -> set[str]:
    """Who may read a thing of this kind with this label on a page."""
    if label == "EMPTY":
        return {"author"}
    if label != "RED":
        return INSIDE
    return {"named", "writer"} if kind in ("waarschuwing", "overleg") else {"named", "author"}


# --- the ways --------------------------------------------------------------------------------------------------------

Ask = Callable[[World, str, str], str]
"""What a person gets by a way, for the thing with a label."""


def page(name: str, things: str = "") -> Ask:
    """A page of the site; with ``things`` that of the thing with the label."""

    def ask(world: World, who: str, label: str) -> str:
        found = getattr(world, things).get(label) if things else None
        if things and found is None:
            return ""
        address = reverse(f"sharing:{name}", args=[found.public_id] if found is not None else [])
        return text_of(world.browser(who).get(address))

    return ask


def taxii(path: str) -> Ask:
    """An address of the TAXII server; ``{ours}`` is the circle's collection, ``{id}`` the report with the label."""

    def ask(world: World, who: str, label: str) -> str:
        ours = collection_id(world.circle.owner)
        identifier = world.objects.get(label, "report--x")
        return text_of(
            world.program(who).get(path.format(ours=ours, own=world.own, id=identifier, status=world.status))
        )

    return ask


def text_of(answer: Any) -> str:
    """All of an answer."""
    return (answer.content + repr(sorted(answer.headers.items())).encode()).decode()


def api(path: str) -> Ask:
    """An operation of the API on warnings."""

    def ask(world: World, who: str, label: str) -> str:
        found = world.warnings.get(label)
        if found is None:
            return ""
        return text_of(world.program(who).get("/api/v1" + path.format(id=found.public_id), headers={"accept": "*/*"}))

    return ask


@dataclass(frozen=True)
class Way:
    """One way to read: what it is called, what it shows, and to whom of those who may read that on a page."""

    name: str
    kind: str
    ask: Ask
    only: frozenset[str] = frozenset(PEOPLE)
    labels: frozenset[str] = frozenset({*LABELS, "EMPTY"})
    whole: bool = False


def suggestions(world: World, who: str, label: str) -> str:
    """What is suggested for the first letters."""
    address = reverse("sharing:threat-suggest") + f"?q={word('dreiging', label)}"
    return text_of(world.browser(who).get(address))


_NO_RED = frozenset(LABELS) - {"RED"}
_AUTHOR = frozenset({"author"})
_WRITER = frozenset({"writer"})
_MEMBERS = frozenset(PEOPLE) - {"writer"}
WAYS = (
    Way("sharing:threats", "dreiging", page("threats"), whole=True),
    Way("sharing:threat-suggest", "dreiging", suggestions),
    Way("sharing:threat", "dreiging", page("threat", "threats")),
    Way("sharing:threat-edit", "dreiging", page("threat-edit", "threats"), _AUTHOR),
    Way("sharing:threat-share", "dreiging", page("threat-share", "threats"), _AUTHOR),
    Way("sharing:threat-stix", "dreiging", page("threat-stix", "threats")),
    Way("sharing:list", "waarschuwing", page("list"), whole=True),
    Way("sharing:detail", "waarschuwing", page("detail", "warnings")),
    Way("sharing:stix", "waarschuwing", page("stix", "warnings")),
    Way("sharing:circle", "overleg", page("circle"), whole=True),
    Way("sharing:meeting", "overleg", page("meeting", "meetings")),
    Way("sharing:meeting-edit", "overleg", page("meeting-edit", "meetings"), _WRITER),
    Way("sharing:questions", "vraag", page("questions"), whole=True),
    Way("sharing:question", "vraag", page("question", "questions")),
    Way("api:/warnings", "waarschuwing", api("/warnings"), whole=True),
    Way("api:/warnings/{id}", "waarschuwing", api("/warnings/{id}")),
    Way("api:/warnings/{id}/bundle", "waarschuwing", api("/warnings/{id}/bundle")),
    Way("taxii:objects", "dreiging", taxii("/taxii2/vr-isac/collections/{ours}/objects/"), labels=_NO_RED, whole=True),
    Way("taxii:objects", "waarschuwing", taxii("/taxii2/vr-isac/collections/{ours}/objects/?match[version]=all"),
        labels=_NO_RED, whole=True),
    Way("taxii:object", "dreiging", taxii("/taxii2/vr-isac/collections/{ours}/objects/{id}/"), labels=_NO_RED),
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.name} {way.kind}")
def test_hidden_is_absent(way: Way, world: World) -> None:
    labels = [label for label in (*LABELS, "EMPTY") if not (label == "EMPTY" and way.kind != "dreiging")]
    labels = [label for label in labels if not (label == "RED" and way.kind == "vraag")]
    for who in PEOPLE:
        with undone():
            if way.whole:  # one answer holds what there is with every label
                shown = dict.fromkeys(labels, way.ask(world, who, labels[0]))
            else:  # those who stand outside: the most and the least strict label say enough
                shown = {label: way.ask(world, who, label) for label in labels if who in INSIDE or label in OUTER}
            for label, answer in shown.items():
                may = who in who_may(way.kind, label) and who in way.only and label in way.labels
                assert (word(way.kind, label) in answer) is may, (way.name, who, label)
                for other in labels:  # a page about one thing must not tell of another either
                    if word(way.kind, other) in answer:
                        assert who in who_may(way.kind, other), (way.name, who, label, other)


IDENTIFIERS = ("taxii:manifest", "taxii:versions")


@pytest.mark.parametrize("who", PEOPLE)
def test_manifests_and_versions_name_nothing_hidden(who: str, world: World) -> None:
    program = world.program(who)
    ours = collection_id(world.circle.owner)
    with undone():
        listed = program.get(f"/taxii2/vr-isac/collections/{ours}/manifest/")
        for label in LABELS:
            may = who in INSIDE and label != "RED"
            versions = program.get(f"/taxii2/vr-isac/collections/{ours}/objects/{world.objects[label]}/versions/")
            assert (world.objects[label] in text_of(listed)) is may
            assert (versions.status_code == 200) is may


@pytest.mark.parametrize("who", PEOPLE)
def test_what_one_member_brought_for_itself_is_for_that_member(who: str, world: World) -> None:
    program = world.program(who)
    with undone():
        root = f"/taxii2/vr-isac/collections/{world.own}/"
        answers = [program.get(root + rest) for rest in ("", "objects/", "manifest/")]
        answers.append(program.get(f"/taxii2/vr-isac/status/{world.status}/"))
        for each in answers:
            assert (each.status_code == 200) is (who == "author")
        inside = world.own in text_of(program.get("/taxii2/vr-isac/collections/"))
        assert inside is (who == "author")
        assert (word("object", "own") in text_of(answers[1])) is (who == "author")
        assert ("vr-isac" in text_of(program.get("/taxii2/"))) is (who in INSIDE)
        assert (program.get("/taxii2/vr-isac/").status_code == 200) is (who in INSIDE)


@pytest.mark.parametrize("who", PEOPLE)
def test_refusals_are_the_same_for_hidden_and_for_nothing(who: str, world: World) -> None:
    """Error texts, their length included, do not tell that a thing is there."""
    hidden = {"threat": world.threats["EMPTY"], "detail": world.warnings["RED"], "meeting": world.meetings["RED"]}
    kinds = {"threat": ("dreiging", "EMPTY"), "detail": ("waarschuwing", "RED"), "meeting": ("overleg", "RED")}
    browser = world.browser(who)
    with undone():
        for name, thing in hidden.items():
            if who in who_may(*kinds[name]):
                continue
            there = browser.get(reverse(f"sharing:{name}", args=[thing.public_id]))
            nothing = browser.get(reverse(f"sharing:{name}", args=["00000000-0000-4000-8000-000000000000"]))
            assert there.status_code == nothing.status_code
            assert str(thing.public_id) not in text_of(there).replace(f"/delen/dreigingen/{thing.public_id}", "")
            assert thing.title not in text_of(there)


@pytest.mark.parametrize("who", PEOPLE)
def test_counts_and_search_count_what_may_be_seen(who: str, world: World) -> None:
    with undone(), acting(world.people[who].actor) as me:
        seen = [label for label in (*LABELS, "EMPTY") if who in who_may("dreiging", label)]
        assert threat_queries.threats(me).count() == len(seen)
        assert threat_queries.matching(threat_queries.threats(me), "zqdreiging").count() == len(seen)
        for label in (*LABELS, "EMPTY"):
            secret = word("dreiging", label)
            for found in (
                threat_queries.suggestions(me, secret),
                threat_queries.matching(threat_queries.threats(me), secret),
            ):
                titles = [each if isinstance(each, str) else each.title for each in found]
                assert (secret in titles) is (label in seen), (label, titles)
        concerns = {each.threat.title for each in threat_queries.concerning(me)}
        assert concerns == ({word("dreiging", "RED")} if who == "named" else set())
        warned = [label for label in LABELS if who in who_may("waarschuwing", label)]
        assert warning_queries.warnings(me).count() == len(warned)


def test_mail_goes_to_readers_and_says_nothing(world: World) -> None:
    """To each reader, and nobody else; no word of what it says, whatever the label."""
    circle = world.circle.owner
    emails = {name: each.user.email for name, each in world.people.items()}
    for label in LABELS:
        for kind, thing in (("dreiging", world.threats[label]), ("waarschuwing", world.warnings[label])):
            mail.outbox.clear()
            with undone(), every_owner():
                if kind == "dreiging":
                    tell_readers(circle.pk, thing.public_id, NOW)
                else:
                    tell_members(circle.pk, thing.public_id, thing.state, world.people["writer"].user.pk, NOW)
            to = {name for name, email in emails.items() if email in {each.to[0] for each in mail.outbox}}
            assert to == ({"named"} if label == "RED" else {"named", "same", "other", "author"}), (kind, label)
            for each in mail.outbox:
                assert word(kind, label) not in each.subject + each.body
                assert thing.marking.label in each.subject
    mail.outbox.clear()
    with undone(), every_owner():
        assert tell_readers(circle.pk, world.threats["EMPTY"].public_id, NOW) == 0


def test_the_weekly_message_tells_nothing_above_green(world: World) -> None:
    """To members only; a title of GREEN and CLEAR, a bare link for what is stricter, nothing of what is not theirs."""
    mail.outbox.clear()
    with undone(), every_owner():
        assert send_digests(world.circle.owner, NOW + timedelta(hours=1)) == 4
        assert send_digests(world.circle.owner, NOW + timedelta(days=8)) == 0
    sent = {each.to[0]: each for each in mail.outbox}
    assert set(sent) == {world.people[name].user.email for name in ("named", "same", "other", "author")}
    for name in ("named", "same", "other", "author"):
        text = sent[world.people[name].user.email]
        assert text.subject == "Weekbericht van de Testregio VR-ISAC (TLP:GREEN)"
        for kind, things in (("dreiging", world.threats), ("waarschuwing", world.warnings)):
            for label, thing in things.items():
                assert (word(kind, label) in text.body) is (label in ("GREEN", "CLEAR")), (name, kind, label)
                assert (str(thing.public_id) in text.body) is (name in who_may(kind, label)), (name, kind, label)


@pytest.mark.parametrize("day", range(7))
def test_the_weekly_message_goes_on_monday(day: int) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(days=day)
    assert bool(on_monday(now)) is (day == 0)


def test_the_policy_says_what_the_engine_says(world: World) -> None:
    """Pages and files of reports, objects of programs: the same verdict as the one pure function of the engine."""
    with every_owner():
        rows = list(Threat.objects.prefetch_related("readers"))
        for who in PEOPLE:
            me = world.people[who].actor
            circles = frozenset({"VR-ISAC"}) if who in INSIDE else frozenset()
            if who == "writer":
                continue  # who writes for the circle stands outside the engine's ladder of members
            homes = frozenset({str(me.organisation_id)})
            reader = Reader(person=str(me.user_id), organisations=homes if circles else frozenset(), circles=circles)
            for row in rows:
                persons = {str(each.user_id) for each in row.readers.all()} | {str(row.author_id)}
                home = frozenset({str(world.people[name].at.pk) for name in INSIDE})
                audience = Audience(frozenset(persons), home, frozenset({"VR-ISAC"}), frozenset({"VR-ISAC"}))
                for pap in PAP:
                    row.pap = pap.name
                    marking = Marking(row.marking, pap)
                    seen = engine_decides(marking, reader=reader, audience=audience, purpose=Purpose.PAGE)
                    assert bool(decide(me, SEE_THREAT, row)) is (bool(seen) and bool(circles)), (who, row.tlp)
                    out = engine_decides(
                        marking, reader=reader, audience=audience, purpose=Purpose.FILE, action=Action.EXPORT
                    )
                    assert bool(decide(me, EXPORT_THREAT, row)) is (bool(out) and bool(circles)), (who, row.tlp, pap)


ROWS_OF = {
    "threat": Threat, "guideline": Guideline, "seat": CircleSeat, "meeting": Meeting, "question": CircleQuestion,
    "object": StixObject, "taxii-status": TaxiiStatus, "pseudonym": Pseudonym, "custodian": Custodian,
    "warning": CircleWarning,
}  # fmt: skip


def test_decide_and_visible_agree_on_every_row(world: World) -> None:
    """For every rule of the room on the rows that it is about, also those of a circle without guidelines."""
    some = 0
    loaded: dict[Any, list[Any]] = {}
    with undone(), every_owner():
        other = organisation("ANDERE-KRING", "kring")
        Threat(organisation=other, number=1, topic="aanval", title="x", tlp="RED", what="x", written_at=NOW).save()
        mark = Pseudonym(organisation=world.circle.owner, name="Vink 100", topic="aanval", handle="0" * 64)
        mark.save()
        Threat(
            organisation=world.circle.owner, number=2, topic="aanval", title="x", tlp="RED", what="x", written_at=NOW,
            state="gedeeld", pap="RED", pseudonym=mark,
        ).save()  # fmt: skip
        Custodian(organisation=world.circle.owner, user=world.people["other"].user, since=NOW).save()
        for rule in rules().values():
            room, subject = rule.action.split(".")[:2]
            if room != "sharing" or subject == "receipt":
                continue
            model = ROWS_OF[subject]
            rows = loaded.setdefault(model, list(model.objects.all()))
            for who in PEOPLE:
                me = world.people[who].actor
                found = list(model.objects.filter(visible(me, rule.action)).values_list("pk", flat=True))
                assert len(found) == len(set(found)), (rule.action, who, "a row twice")
                assert set(found) == {row.pk for row in rows if decide(me, rule.action, row)}, (rule.action, who)
                some += bool(found)
    assert some > 60


# --- is the suite whole? ---------------------------------------------------------------------------------------------

ELSEWHERE = {
    "sharing:new", "sharing:edit", "sharing:send", "sharing:withdraw", "sharing:answer",
    "sharing:guideline", "sharing:guideline-new", "sharing:seat-end", "sharing:meeting-new",
    "sharing:threat-new", "sharing:threat-withdraw", "sharing:threat-sight",
    "sharing:question-new", "sharing:question-answer", "sharing:question-close",
    "sharing:pseudonyms", "sharing:custodian-key", "sharing:pseudonym-ask", "sharing:pseudonym-open",
    "taxii:discovery", "taxii:root", "taxii:collections", "taxii:collection", "taxii:status", *IDENTIFIERS,
}  # fmt: skip
"""Addresses that write or show a form only, or have a test of their own here or in ``test_pseudonyms``; the access
matrix tries those of the room as well."""


def _names(resolver: Any = None, space: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{space}{entry.name}"


def test_every_way_to_read_has_a_row() -> None:
    ways = {way.name for way in WAYS}
    there = {name for name in _names() if name.startswith(("sharing:", "taxii:"))}
    assert there - ways - ELSEWHERE == set(), "a way to read without a row"
    assert {name for name in ways | ELSEWHERE if not name.startswith("api:")} - there == set()


def test_every_model_of_the_room_is_seen_to() -> None:
    """A new table needs a thought here: which rule shows its rows, or that none does."""
    through_another = {
        "Attendee", "CircleSeat", "GuidelineSignature", "Opening", "QuestionAnswer", "Sighting", "StixCollection",
        "ThreatReader", "WarningReader", "WarningReceipt",
    }  # fmt: skip
    shown = {model.__name__ for model in ROWS_OF.values()}
    assert {model.__name__ for model in apps.get_app_config("sharing").get_models()} == shown | through_another
