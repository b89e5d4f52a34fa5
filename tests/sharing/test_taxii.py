"""TAXII 2.1, tried with the client of OASIS and, for what that never does, by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import orjson
import pytest
import requests
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from stix2validator import ValidationOptions, validate_instance
from taxii2client.v21 import as_pages

from brandwacht.engines.intel import PAP, TLP
from brandwacht.engines.intel.stix import InvalidStix
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.sharing.models import StixObject, TaxiiStatus
from brandwacht.sharing.queries.objects import Root
from brandwacht.sharing.services import threats
from brandwacht.sharing.services.objects import receive
from brandwacht.sharing.taxii.incoming import read_envelope
from brandwacht.sharing.taxii.naming import collection_id
from tests.sharing.members import Members, members, token_of
from tests.sharing.taxii_clients import collections, in_process, server
from tests.world import NOW, acting

pytestmark = pytest.mark.django_db

MEDIA = "application/taxii+json;version=2.1"


def sighted(number: int, **changes: Any) -> dict[str, Any]:
    """An indicator as another program makes it."""
    facts = {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid5(NAMESPACE_URL, str(number))}",
        "created": "2026-11-20T10:00:00.000Z", "modified": "2026-11-20T10:00:00.000Z",
        "indicator_types": ["malicious-activity"], "pattern": f"[domain-name:value = 'k{number}.example']",
        "pattern_type": "stix", "pattern_version": "2.1", "valid_from": "2026-11-20T10:00:00Z",
    }  # fmt: skip
    return facts | changes


def envelope(numbers: Iterable[int]) -> bytes:
    """Such indicators as a program sends them."""
    return orjson.dumps({"objects": [sighted(number) for number in numbers]})


@pytest.fixture
def two() -> Iterator[Members]:
    with in_process():
        yield members("een", "twee")


def by_hand(who: str, **headers: str) -> Client:
    return Client(headers={"authorization": f"Bearer {who}", "accept": MEDIA} | headers)


def test_the_client_finds_its_way_reads_and_writes(two: Members) -> None:
    threat = two.shared("een")
    token = token_of(two["twee"])
    assert [root.title for root in server(token).api_roots] == ["Testregio VR-ISAC"]
    ours, own = collections(token)
    assert (ours.can_read, ours.can_write) == (True, True)
    assert own.title == "Alleen Veiligheidsregio Testregio VR12"
    kinds = Counter(each["type"] for each in ours.get_objects()["objects"])
    assert kinds["report"] == 1
    assert kinds["indicator"] == 2
    status = ours.add_objects({"objects": [sighted(1), sighted(2, id="indicator--x"), "geen object"]})
    assert (status.status, status.success_count, status.failure_count) == ("complete", 1, 2)
    status.refresh()
    assert status.success_count == 1
    assert ours.add_objects({"objects": [sighted(1)]}).success_count == 1  # again is no error
    found = ours.get_objects(id=sighted(1)["id"])["objects"]
    assert len(found) == 1
    assert found[0]["object_marking_refs"] == [TLP.AMBER_STRICT.marking_id, PAP.AMBER.marking_id]  # nobody marked it
    newer = sighted(1, modified="2026-11-21T10:00:00.000Z", name="Nieuw")
    ours.add_objects({"objects": [newer]})
    versions = ours.object_versions(newer["id"])["versions"] if hasattr(ours, "object_versions") else []
    assert [each["name"] for each in ours.get_objects(id=newer["id"])["objects"]] == ["Nieuw"]
    assert len(ours.get_objects(id=newer["id"], version="all")["objects"]) == 2
    assert "name" not in ours.get_objects(id=newer["id"], version="first")["objects"][0]
    assert len(ours.get_objects(id=newer["id"], version="2026-11-20T10:00:00.000Z")["objects"]) == 1
    assert versions == [] or len(versions) == 2
    assert len(ours.get_object(newer["id"])["objects"]) == 1
    assert ours.get_manifest(type="indicator")["objects"][0].keys() == {"id", "date_added", "version", "media_type"}
    assert "objects" not in ours.get_objects(type="malware")
    after = ours.get_manifest()["objects"][-1]["date_added"]
    assert "objects" not in ours.get_objects(added_after=after)
    with acting(two["een"].actor) as me:
        threats.withdraw(me, threat.public_id, "Loos alarm")
    report = next(each for each in ours.get_objects(type="report")["objects"])
    assert report["revoked"] is True


def test_what_we_give_is_strictly_valid(two: Members) -> None:
    two.shared("een")
    ours, _own = collections(token_of(two["twee"]))
    for each in ours.get_objects()["objects"]:
        result = validate_instance(each, ValidationOptions(strict=True, version="2.1", disabled=["202", "203", "401"]))
        assert result.is_valid, (each["type"], [str(error) for error in result.errors])


def test_ten_thousand_of_one_moment_each_exactly_once_while_others_come(two: Members) -> None:
    at = timezone.now().replace(microsecond=5)
    with acting(two["een"].actor.at(at)) as me:
        receive(me, Root(two.owner), None, envelope(range(10_000)))
    ours, _own = collections(token_of(two["twee"]))
    seen: Counter[str] = Counter()
    fresh = 10_000
    for page in as_pages(ours.get_objects, per_request=1000):
        seen.update(each["id"] for each in page["objects"])
        if fresh < 11_000:
            with acting(two["een"].actor.at(at)) as me:
                receive(me, Root(two.owner), None, envelope(range(fresh, fresh + 250)))
            fresh += 250
    with every_owner():
        assert StixObject.objects.values("date_added").distinct().count() == 1
    assert set(seen.values()) == {1}
    assert len(seen) == fresh == 11_000


def test_two_who_bring_the_same_id_do_not_meet(two: Members) -> None:
    """A stranger's object is not overwritten when it is seen, and nothing tells that it is there when it is not."""
    een, twee = (collections(token_of(two[name])) for name in ("een", "twee"))
    een[0].add_objects({"objects": [sighted(1)]})
    een[1].add_objects({"objects": [sighted(2)]})
    refused = twee[0].add_objects({"objects": [sighted(1, modified="2026-11-25T10:00:00.000Z", name="Vals")]})
    assert refused.failure_count == 1
    assert twee[0].add_objects({"objects": [sighted(2)]}).success_count == 1
    assert "name" not in een[0].get_objects(id=sighted(1)["id"])["objects"][0]
    ids = [each["id"] for each in een[1].get_objects()["objects"]]
    assert ids == [sighted(2)["id"]]
    for way in ("get_objects", "get_manifest"):
        with pytest.raises(requests.HTTPError) as error:
            twee[1].__class__(een[1].url, conn=twee[1]._conn).refresh()
        assert error.value.response.status_code == 404, way


def test_red_is_for_people_and_not_for_programs(two: Members) -> None:
    two.shared("een", tlp="RED", readers=[two["twee"].user.public_id])
    two.shared("een", pap="RED", title="Alleen lezen")
    milder = two.shared("een", title="Eerst milder")
    ours, _own = collections(token_of(two["twee"]))
    assert [each["name"] for each in ours.get_objects(type="report")["objects"]] == ["Eerst milder"]
    with acting(two["een"].actor) as me:
        threats.change(me, milder.public_id, two.report(tlp="RED", readers=[two["twee"].user.public_id]))
    assert "objects" not in ours.get_objects(type="report", version="all")
    status = ours.add_objects({"objects": [sighted(1, object_marking_refs=[TLP.RED.marking_id])]})
    assert status.failure_count == 1
    with every_owner():
        assert not StixObject.objects.filter(tlp="RED").exists()


def test_errors_are_taxii_errors(two: Members) -> None:
    token = token_of(two["twee"])
    client = by_hand(token)
    root = "/taxii2/vr-isac/"
    listed = client.get(f"{root}collections/").json()["collections"]
    where = f"{root}collections/{listed[0]['id']}/"
    nothing = '{"objects": []}'
    tries = [
        (Client().get("/taxii2/"), 401),
        (by_hand("bw_fout").get("/taxii2/"), 401),
        (by_hand(token, accept="application/vnd.oasis.taxii+json").get("/taxii2/"), 406),
        (by_hand(token, accept="application/taxii+json;version=2.0").get("/taxii2/"), 406),
        (client.get("/taxii2/vr-anders/"), 404),
        (client.get(f"{root}collections/{uuid4()}/"), 404),
        (client.get(f"{root}collections/x/objects/"), 404),
        (client.get(f"{root}status/{uuid4()}/"), 404),
        (client.get(f"{where}objects/indicator--{uuid4()}/"), 404),
        (client.get(f"{where}objects/indicator--{uuid4()}/versions/"), 404),
        (client.get(f"{where}objects/?added_after=gisteren"), 400),
        (client.get(f"{where}objects/?limit=0"), 400),
        (client.get(f"{where}objects/?next=x"), 400),
        (client.get(f"{where}objects/?match[version]=2026"), 400),
        (client.post(f"{where}objects/", nothing, content_type="application/json"), 415),
        (client.post(f"{where}objects/", "{", content_type=MEDIA), 422),
        (client.post(f"{where}objects/", nothing, content_type=MEDIA), 422),
        (client.delete(f"{where}objects/"), 405),
    ]
    for answer, status in tries:
        assert answer.status_code == status, answer.wsgi_request.path
        assert answer.headers["Content-Type"] == MEDIA
        assert answer.json()["http_status"] == str(status)
        assert answer.json()["title"]
    assert "WWW-Authenticate" in tries[0][0].headers
    basic = requests.auth._basic_auth_str("wie dan ook", token)
    assert Client(headers={"authorization": basic, "accept": MEDIA}).get("/taxii2/").status_code == 200
    assert client.get("/taxii2/", headers={"accept": "application/json, */*;q=0.1"}).status_code == 200


def test_a_session_opens_nothing(two: Members, client: Client) -> None:
    client.force_login(two["een"].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/taxii2/").status_code == 401


def test_the_status_is_for_who_sent_it(two: Members) -> None:
    with acting(two["een"].actor) as me:
        status = receive(me, Root(two.owner), None, envelope([1]))
    address = f"/taxii2/vr-isac/status/{status.public_id}/"
    assert by_hand(token_of(two["een"])).get(address).json()["success_count"] == 1
    assert by_hand(token_of(two["twee"])).get(address).status_code == 404
    with owner_scope(two.owner.pk):
        assert TaxiiStatus.objects.count() == 1


def test_moments_never_go_back(two: Members) -> None:
    with acting(two["een"].actor) as me:
        receive(me, Root(two.owner), None, envelope([1]))
    with acting(two["een"].actor.at(NOW - timedelta(hours=1))) as me:
        receive(me, Root(two.owner), None, envelope([2]))
    with every_owner():
        rows = list(StixObject.objects.order_by("pk").values_list("date_added", flat=True))
    assert rows == sorted(rows)


def test_the_seat_is_asked_once_a_request(two: Members) -> None:
    ours = f"/taxii2/vr-isac/collections/{collection_id(two.owner)}/objects/"
    program = by_hand(token_of(two["een"]))
    for send in (program.get, lambda url: program.post(url, envelope([1]), content_type=MEDIA)):
        with CaptureQueriesContext(connection) as asked:
            assert send(ours).status_code in (200, 202)
        seats = [each["sql"] for each in asked if 'SELECT 1 AS "a" FROM "sharing_guideline"' in each["sql"][:60]]
        assert len(seats) == 1, seats


FIELDS = ("type", "id", "spec_version", "created", "modified", "object_marking_refs", "granular_markings", "pattern")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_object_is_taken_or_left_with_a_sentence(odd: dict[str, object]) -> None:
    try:
        good, left = read_envelope(json.dumps({"objects": [sighted(1) | odd]}).encode())
    except InvalidStix as error:
        assert str(error)
        return
    assert len(good) + len(left) == 1
    for each in good:
        assert each.content["object_marking_refs"]
        assert each.marking.tlp is not TLP.RED
    assert all(each.why for each in left)
