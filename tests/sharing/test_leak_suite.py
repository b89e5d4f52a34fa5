"""Nothing leaks: every way to read in this room, for every label, for everybody who should and should not.

Each thing holds a word of its own in every text. A way shows a thing to a person when that word is in the answer, and
then it must be theirs. Data are made once; a request runs in a savepoint that is rolled back. The ways and the things
stand in modules `leaks_<subject>.py`; `leaking` says what such a module may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from brandwacht.engines.intel import PAP, Action, Audience, Marking, Purpose, Reader
from brandwacht.engines.intel import decide as engine_decides
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import RoleAssignment
from brandwacht.network.policy import decide, rules, visible
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing import queries as warning_queries
from brandwacht.sharing.models import CircleSeat, Custodian, Pseudonym, Threat
from brandwacht.sharing.policies.threats import EXPORT_THREAT, SEE_THREAT
from brandwacht.sharing.queries import threats as threat_queries
from brandwacht.sharing.queries.concerning import concerning
from brandwacht.sharing.queries.reading import suggestions
from brandwacht.sharing.reading_kinds import THREAT
from brandwacht.sharing.services import seats
from brandwacht.sharing.services.digest import on_monday, send_digests
from brandwacht.sharing.tasks import tell_members
from brandwacht.sharing.tasks.threats import tell_readers
from brandwacht.sharing.taxii.naming import collection_id
from brandwacht.site.api import api
from tests.sharing.conftest import Persona
from tests.sharing.leaking import INSIDE, LABELS, OUTER, PEOPLE, Rows, Way, World, text_of, undone, word
from tests.sharing.members import Members, members, token_of
from tests.world import NOW, acting, mandate, organisation, person

pytestmark = pytest.mark.django_db

ROWS = Rows()
who_may = ROWS.who_may


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


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        circle, people = _people()
        made = World(circle, people)
        circle.sign("named", "same", "other", "author", "former")
        ROWS.fill(made)
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


@pytest.mark.parametrize("way", ROWS.ways, ids=lambda way: f"{way.name} {way.kind}")
def test_hidden_is_absent(way: Way, world: World) -> None:
    labels = ROWS.kinds[way.kind].labels
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


@pytest.mark.parametrize("who", PEOPLE)
def test_manifests_and_versions_name_nothing_hidden(who: str, world: World) -> None:
    program = world.program(who)
    ours = collection_id(world.circle.owner)
    with undone():
        listed = program.get(f"/taxii2/vr-isac/collections/{ours}/manifest/")
        for label in LABELS:
            may = who in INSIDE and label != "RED"
            versions = program.get(
                f"/taxii2/vr-isac/collections/{ours}/objects/{world.things['object'][label]}/versions/"
            )
            assert (world.things["object"][label] in text_of(listed)) is may
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
    hidden = {
        "threat": world.things["dreiging"]["EMPTY"],
        "detail": world.things["waarschuwing"]["RED"],
        "meeting": world.things["overleg"]["RED"],
    }
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
                suggestions(me, secret, [THREAT]),
                threat_queries.matching(threat_queries.threats(me), secret),
            ):
                titles = [each if isinstance(each, str) else each.title for each in found]
                assert (secret in titles) is (label in seen), (label, titles)
        concerns = {each.heading for each in concerning(me, [THREAT])}
        assert concerns == ({word("dreiging", "RED")} if who == "named" else set())
        warned = [label for label in LABELS if who in who_may("waarschuwing", label)]
        assert warning_queries.warnings(me).count() == len(warned)


def test_mail_goes_to_readers_and_says_nothing(world: World) -> None:
    """To each reader, and nobody else; no word of what it says, whatever the label."""
    circle = world.circle.owner
    emails = {name: each.user.email for name, each in world.people.items()}
    for label in LABELS:
        for kind, thing in (
            ("dreiging", world.things["dreiging"][label]),
            ("waarschuwing", world.things["waarschuwing"][label]),
        ):
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
        assert tell_readers(circle.pk, world.things["dreiging"]["EMPTY"].public_id, NOW) == 0


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
        for kind, things in (("dreiging", world.things["dreiging"]), ("waarschuwing", world.things["waarschuwing"])):
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
            model = ROWS.models[subject]
            rows = loaded.setdefault(model, list(model.objects.all()))
            for who in PEOPLE:
                me = world.people[who].actor
                found = list(model.objects.filter(visible(me, rule.action)).values_list("pk", flat=True))
                assert len(found) == len(set(found)), (rule.action, who, "a row twice")
                assert set(found) == {row.pk for row in rows if decide(me, rule.action, row)}, (rule.action, who)
                some += bool(found)
    assert some > 60


# --- is the suite whole? ---------------------------------------------------------------------------------------------


def _addresses(resolver: Any = None, space: str = "") -> Iterator[str]:
    """The names of the addresses that the room answers, by whatever space they go."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith("brandwacht.sharing."):
            yield f"{space}{entry.name or entry.pattern}"


def _operations() -> Iterator[str]:
    """The operations of the API that the room answers and that read."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for each in view.operations:
                if each.view_func.__module__.startswith("brandwacht.sharing.") and "GET" in each.methods:
                    yield "api:" + re.sub(r"{[^}]+}", "{id}", f"{prefix}{path}")


def test_every_way_to_read_has_a_row() -> None:
    ways = {way.name for way in ROWS.ways}
    there = {*_addresses(), *_operations()}
    assert there - ways - ROWS.elsewhere == set(), "a way to read without a row"
    assert (ways | ROWS.elsewhere) - there == set(), "a row of what is not there"
    assert not ways & ROWS.elsewhere


def test_every_model_of_the_room_is_seen_to() -> None:
    """A new table needs a thought: which rule shows its rows, or that none does."""
    shown = {model.__name__ for model in ROWS.models.values()}
    assert {model.__name__ for model in apps.get_app_config("sharing").get_models()} == shown | ROWS.through_another
