"""Couplings by TAXII 2.1: with our own server, and with servers that do as they please."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import orjson
import pytest

from brandwacht.engines.intel import TLP
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Action, ActionState
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.couplings import taxii
from brandwacht.sharing.models import CircleSeat, Coupling
from brandwacht.sharing.queries.objects import Root
from brandwacht.sharing.services import node_feed
from brandwacht.sharing.services import objects as object_services
from brandwacht.sharing.services.objects import receive
from brandwacht.sharing.services.seats import end_seat
from brandwacht.sharing.services.sighted import back_id
from brandwacht.sharing.taxii.incoming import read_envelope
from brandwacht.sharing.taxii.naming import stamp
from tests.sharing.conftest import Persona
from tests.sharing.couplings import Watch, brought, changed, fresh, made, run, started, told, tried
from tests.sharing.loopback import Asked, Given, Loopback, loopback, our_own_server
from tests.sharing.members import Members, members, token_of
from tests.sharing.test_taxii import envelope, sighted
from tests.world import NOW, acting, mandate, organisation, person

pytestmark = pytest.mark.django_db
ADDED = {"X-TAXII-Date-Added-First": stamp(NOW), "X-TAXII-Date-Added-Last": stamp(NOW)}


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with loopback() as made_server:
        yield made_server


@pytest.fixture
def peer(server: Loopback) -> Loopback:
    server.asked.clear()
    return server


@pytest.fixture
def circle(db: None) -> Members:
    return members("een", "twee")


def running(circle: Members, peer: Loopback, **facts: Any) -> Coupling:
    """A coupling of the circle with a collection of the server that was chosen."""
    row = made(circle.writer, circle.owner, f"{peer.address}/taxii2/", **facts)
    with every_owner():
        Coupling.objects.filter(pk=row.pk).update(place=f"{peer.address}/root/collections/1/", place_name="Eén")
    return started(circle.writer, row)


def test_from_our_own_server_to_another_circle_in_pages(circle: Members, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another circle pulls what this one gives: in pages, each object once, and only what is new the next time."""
    monkeypatch.setattr(taxii, "PAGE", 40)
    with acting(circle["een"].actor) as me:
        receive(me, Root(circle.owner), None, envelope(range(100)))
    other, cert = organisation("KRING-TWEE", "kring"), organisation("CERT-TWEE", "landelijk")
    mandate(other, cert, GrantKind.CIRCLE, act=True)
    writer = Persona(person(cert, Role.CERT_LEAD), cert)
    clock = Watch()
    with our_own_server() as address:
        row = made(writer, other, address, secret=token_of(circle["twee"]))
        found = tried(row, clock)
        assert [each["title"] for each in found["collections"]] == [
            "Testregio VR-ISAC", "Alleen Veiligheidsregio Testregio VR12",
        ]  # fmt: skip
        row = changed(writer, fresh(row), collection=found["collections"][0]["url"])
        started(writer, row)
        for objects in (100, 103, 103):
            assert run(row, clock) == "gelukt", fresh(row).last_error
            assert fresh(row).taken == objects
            with acting(circle["een"].actor.at(clock())) as me:
                receive(me, Root(circle.owner), None, envelope(range(200, 203)))
    rows = brought(row)
    assert len({each.stix_id for each in rows}) == len(rows) == 103
    assert {(each.organisation_id, each.tlp) for each in rows} == {(other.pk, "AMBER_STRICT")}


def elsewhere(peer: Loopback, objects: list[dict[str, Any]], size: int = 2, **headers: str) -> None:
    """Let the server give these objects in pages of ``size``, by ``next``."""

    def answer(asked: Asked) -> Given:
        query = parse_qs(asked.query)
        start = int(query.get("next", ["0"])[0])
        page = objects[start : start + size]
        more = start + size < len(objects)
        content: dict[str, Any] = {"more": more, "objects": page} | ({"next": str(start + size)} if more else {})
        return Given(content if page else {}, headers=ADDED | headers)

    peer.answer = answer


def test_objects_come_in_with_their_marking_and_red_does_not(circle: Members, peer: Loopback) -> None:
    marked = [
        sighted(1), sighted(2, object_marking_refs=[TLP.GREEN.marking_id]),
        sighted(3, object_marking_refs=[TLP.RED.marking_id]), sighted(4, pattern="geen patroon", created="gisteren"),
    ]  # fmt: skip
    elsewhere(peer, marked)
    row = running(circle, peer)
    clock = Watch()
    assert run(row, clock) == "gelukt"
    assert {each.stix_id: each.tlp for each in brought(row)} == {
        sighted(1)["id"]: "AMBER_STRICT", sighted(2)["id"]: "GREEN"
    }  # fmt: skip
    held = fresh(row)
    assert (held.taken, held.refused, held.failures) == (2, 2, 0)
    assert set(told(row)) == {sighted(3)["id"], sighted(4)["id"]}
    assert "TLP:RED" in told(row)[sighted(3)["id"]][0]
    assert held.next_at == held.last_good_at + timedelta(minutes=60)
    peer.asked.clear()
    elsewhere(peer, marked)
    run(row, clock)
    held = fresh(row)
    assert (held.taken, held.refused) == (2, 2), "nothing counts twice"
    assert parse_qs(peer.asked[0].query)["added_after"] == [stamp(NOW)]
    assert peer.asked[0].headers["Authorization"] == "Bearer zo-geheim-als-wat"


def test_what_becomes_red_at_its_source_is_gone_here(circle: Members, peer: Loopback) -> None:
    later = {"modified": "2026-11-21T10:00:00.000Z"}
    elsewhere(peer, [sighted(1), sighted(2, object_marking_refs=[TLP.GREEN.marking_id])])
    row = running(circle, peer)
    clock = Watch()
    run(row, clock)
    red, amber = ({"object_marking_refs": [each.marking_id]} for each in (TLP.RED, TLP.AMBER))
    elsewhere(peer, [sighted(1, **later, **red), sighted(2, **later, **amber)])
    run(row, clock)
    assert [(each.stix_id, each.tlp) for each in brought(row)] == [(sighted(2)["id"], "AMBER")] * 2


def test_a_worker_that_dies_loses_nothing_and_counts_nothing_twice(
    circle: Members, peer: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle of the third page: another goes on there, after the lease of the first is over."""
    elsewhere(peer, [sighted(number) for number in range(10)])
    row = running(circle, peer)
    clock = Watch()
    calls = Counter[str]()
    real = object_services._add

    def dies(*args: Any, **kwargs: Any) -> int:
        calls["n"] += 1
        done = real(*args, **kwargs)
        if calls["n"] == 3:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(object_services, "_add", dies)
    with pytest.raises(KeyboardInterrupt):
        run(row, clock)
    held = fresh(row)
    assert (held.taken, len(brought(row)), held.position["next"]) == (4, 4, "4")
    assert held.busy_at is not None
    assert run(row, clock) == "niet nodig", "the lease still holds"
    clock.now += timedelta(hours=1)
    assert run(row, clock) == "gelukt"
    assert Counter(each.stix_id for each in brought(row)) == {sighted(number)["id"]: 1 for number in range(10)}
    assert fresh(row).taken == 10


def test_more_without_next(circle: Members, peer: Loopback) -> None:
    """A server that never gives a "next": by the moment of the last object, which is asked for again."""
    objects = [(NOW + timedelta(seconds=number // 3), sighted(number)) for number in range(12)]

    def answer(asked: Asked) -> Given:
        query = parse_qs(asked.query)
        after = query.get("added_after", [""])[0]
        left = [(at, each) for at, each in objects if stamp(at) > after]
        page = left[:5]
        headers = {"X-TAXII-Date-Added-First": stamp(page[0][0]), "X-TAXII-Date-Added-Last": stamp(page[-1][0])}
        return Given({"more": len(left) > 5, "objects": [each for _at, each in page]}, headers=headers)

    peer.answer = answer
    row = running(circle, peer)
    assert run(row, Watch()) == "gelukt"
    assert len({each.stix_id for each in brought(row)}) == len(brought(row)) == 12
    assert fresh(row).taken == 12


NO_USE = [
    (Given({"more": True, "objects": [sighted(1)]}), "maar niet vanaf waar"),
    (Given({"more": True, "next": "x", "objects": [sighted(1)]}), "steeds dezelfde bladzijde"),
    (Given(b"<html>Log in</html>"), "iets dat wij niet kennen"),
    (Given({"objects": 5}), "iets dat wij niet kennen"),
    (Given(status=401, content=b"zo-geheim-als-wat klopt niet"), "laat ons niet binnen"),
    (Given(status=404), "kent dit adres niet"),
    (Given(status=500), "geeft een fout (500)"),
    (Given(status=302, headers={"Location": "http://169.254.169.254/"}), "ander adres"),
    (Given(status=406), "spreekt deze versie niet"),
]


def test_a_server_that_is_of_no_use_is_told_and_waited_for(circle: Members, peer: Loopback) -> None:
    row = running(circle, peer)
    clock = Watch()
    waits = []
    for given, says in NO_USE:
        peer.answer = lambda _asked, given=given: given
        assert run(row, clock) == "mislukt"
        held = fresh(row)
        assert says in held.last_error, says
        assert "geheim" not in held.last_error
        assert held.busy_at is None
        waits.append((held.next_at - held.last_run_at) / timedelta(hours=1))
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24, 24]


def test_whoever_coordinates_is_asked_to_look_and_no_longer_when_it_works(circle: Members, peer: Loopback) -> None:
    peer.answer = lambda _asked: Given(status=500)
    row = running(circle, peer)
    clock = Watch()
    states = []
    for _time in range(3):
        run(row, clock)
        with every_owner():
            states.append(Action.objects.filter(organisation=circle.writer.at, room="sharing").count())
    assert states == [0, 0, 1]
    elsewhere(peer, [])
    assert run(row, clock) == "gelukt"
    with every_owner():
        assert Action.objects.get(organisation=circle.writer.at).state == ActionState.DONE


def test_a_server_that_asks_to_wait_is_no_failure(circle: Members, peer: Loopback) -> None:
    row = running(circle, peer)
    for status, header, wait in ((429, "120", 120), (503, "0", 60), (429, "9999999", 86400), (503, "x", 900)):
        given = Given(status=status, headers={"Retry-After": header})
        peer.answer = lambda _asked, given=given: given
        clock = Watch()
        assert run(row, clock) == "wacht"
        held = fresh(row)
        assert held.failures == 0
        assert timedelta(0) <= held.next_at - NOW - timedelta(seconds=wait) < timedelta(seconds=30), header
        assert "later terug" in held.last_error


def test_a_next_that_the_server_forgot(circle: Members, peer: Loopback) -> None:
    elsewhere(peer, [sighted(number) for number in range(5)])
    row = running(circle, peer)
    with every_owner():
        Coupling.objects.filter(pk=row.pk).update(position={"added_after": "", "next": "weg"})
    good = peer.answer
    peer.answer = lambda asked: Given(status=400) if "next=weg" in asked.query else good(asked)
    assert run(row, Watch()) == "gelukt"
    assert fresh(row).taken == 5


def test_only_the_media_type_may_differ(circle: Members, peer: Loopback) -> None:
    elsewhere(peer, [sighted(1)], **{"Content-Type": "application/vnd.oasis.stix+json; version=2.1"})
    good = peer.answer
    peer.answer = lambda asked: Given(status=406) if asked.headers["Accept"] == taxii.MEDIA else good(asked)
    row = running(circle, peer)
    assert run(row, Watch()) == "gelukt"
    assert fresh(row).taken == 1


def test_a_server_can_not_send_our_password_elsewhere(circle: Members, peer: Loopback) -> None:
    row = made(circle.writer, circle.owner, f"{peer.address}/taxii2/")
    peer.answer = lambda _asked: Given({"title": "x", "api_roots": ["http://localhost:1/steel/"]})
    assert "andere server" in tried(row, Watch())["says"]
    peer.answer = lambda _asked: Given({"collections": [{"id": "../../x", "title": "x", "can_read": True}]})
    assert "geen verzameling" in tried(row, Watch())["says"]
    peer.answer = lambda _asked: Given(status=503)
    assert "later terug" in tried(row, Watch())["says"]


def test_a_member_keeps_for_itself_what_may_not_go_round(circle: Members, peer: Loopback) -> None:
    """However wide the coupling was set; and a seat that ended stops it."""
    labels = [TLP.CLEAR, TLP.GREEN, TLP.AMBER]
    elsewhere(peer, [sighted(n, object_marking_refs=[label.marking_id]) for n, label in enumerate(labels)])
    circle.sign("een", "twee")
    row = made(circle["een"], circle["een"].at, f"{peer.address}/taxii2/", for_circle=True)
    with every_owner():
        Coupling.objects.filter(pk=row.pk).update(place=f"{peer.address}/root/collections/1/")
    started(circle["een"], row)
    clock = Watch()
    assert run(row, clock) == "gelukt"
    assert {each.tlp: each.member_id for each in brought(row)} == {
        "CLEAR": None, "GREEN": None, "AMBER": circle["een"].at.pk
    }  # fmt: skip
    elsewhere(peer, [sighted(1, object_marking_refs=[TLP.AMBER.marking_id], modified="2026-11-21T10:00:00.000Z")])
    run(row, clock)
    assert {each.stix_id for each in brought(row) if each.member_id is None} == {sighted(0)["id"]}
    with every_owner():
        seat = CircleSeat.objects.get(user=circle["een"].user)
    with acting(circle.writer.actor) as me:
        end_seat(me, seat.public_id, "Vertrokken")
    assert run(row, clock) == "mislukt"
    assert "geen zetel meer" in fresh(row).last_error


def test_the_national_node_has_a_way_of_its_own(circle: Members, peer: Loopback) -> None:
    """What NCSC gives goes to the node's operator, and back go the sightings and nothing else of the circle."""
    ncsc = f"{peer.address}/taxii2/"
    with pytest.raises(Refused, match="nog geen landelijk knooppunt"):
        made(circle.writer, circle.owner, ncsc, for_node=True)
    operator = organisation("NIPV", "instituut")
    with acting(circle.writer.actor) as me:
        node_feed.set_node(me, operator)
    with acting(circle["een"].actor) as me:
        receive(me, Root(circle.owner), None, envelope(range(2)))
    with pytest.raises(Refused, match="Alleen de kring"):
        made(circle["een"], circle["een"].at, ncsc, for_node=True)
    with pytest.raises(Refused, match="minstens TLP:AMBER"):
        made(circle.writer, circle.owner, ncsc, direction="brengen", for_node=True)

    elsewhere(peer, [sighted(7)])
    clock = Watch()
    pulled = running(circle, peer, for_node=True)
    assert run(pulled, clock) == "gelukt"
    assert {each.member_id for each in brought(pulled)} == {operator.pk}

    identity = {
        "type": "identity", "spec_version": "2.1", "id": "identity--5ddba2e6-1d6e-4b1c-9b1f-3a6e8e0f4a11",
        "created": stamp(NOW), "modified": stamp(NOW), "name": "een veiligheidsregio", "identity_class": "class",
        "object_marking_refs": [TLP.CLEAR.marking_id],
    }  # fmt: skip
    seen = {
        "type": "sighting", "spec_version": "2.1", "id": "sighting--5ddba2e6-1d6e-4b1c-9b1f-3a6e8e0f4a12",
        "created": stamp(NOW), "modified": stamp(NOW), "sighting_of_ref": sighted(7)["id"],
        "where_sighted_refs": [identity["id"]], "object_marking_refs": [TLP.AMBER.marking_id],
    }  # fmt: skip
    good, left = read_envelope(orjson.dumps({"objects": [identity, seen]}))
    assert not left
    owner = circle.owner
    with every_owner():
        object_services.keep_objects(owner, operator, good, NOW, origin=owner.public_id, where=back_id(owner))
    peer.answer = lambda _asked: Given({"id": "1", "status": "complete", "success_count": 2}, status=202)
    pushed = running(circle, peer, direction="brengen", for_node=True, highest_tlp="AMBER")
    peer.asked.clear()
    assert run(pushed, clock) == "gelukt"
    (sent,) = [orjson.loads(each.body) for each in peer.asked if each.method == "POST"]
    assert {each["type"] for each in sent["objects"]} == {"identity", "sighting"}
    assert told(pushed) == {}
