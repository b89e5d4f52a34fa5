"""Couplings that bring objects to a TAXII server: what may go, to whom, once, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from brandwacht.engines.intel import TLP
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.models import Coupling, StixObject
from brandwacht.sharing.queries.objects import Root
from brandwacht.sharing.services.objects import receive
from tests.sharing.couplings import Watch, fresh, made, run, started, told
from tests.sharing.loopback import Asked, Given, Loopback, loopback
from tests.sharing.members import Members, members
from tests.sharing.test_couplings_taxii import elsewhere, running
from tests.sharing.test_taxii import sighted
from tests.world import acting

pytestmark = pytest.mark.django_db


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


def receiving(peer: Loopback, pending: bool = False) -> list[dict[str, Any]]:
    """Let the server take objects; what it took is in the list."""
    got: list[dict[str, Any]] = []

    def answer(asked: Asked) -> Given:
        done = {"id": "7", "status": "complete", "failure_count": 0, "pending_count": 0}
        if asked.method == "GET":
            failures = [{"id": got[0]["id"], "message": "vol"}]
            return Given(done | {"success_count": len(got) - 1, "failures": failures})
        new = asked.content["objects"]
        got.extend(new)
        if pending:
            return Given(done | {"status": "pending", "success_count": 0, "pending_count": len(new)}, status=202)
        return Given(done | {"success_count": len(new)}, status=202)

    peer.answer = answer
    return got


def labelled(peer: Loopback, circle: Members) -> None:
    """One object per label from a member's program, and a report that points at a strict one."""
    objects = [sighted(n, object_marking_refs=[label.marking_id]) for n, label in enumerate(TLP)]
    pointing = {
        "type": "report", "spec_version": "2.1", "id": "report--6b1f2c1e-1111-4a3b-8c2d-000000000002", "name": "Wijst",
        "created": "2026-11-20T10:00:00.000Z", "modified": "2026-11-20T10:00:00.000Z",
        "report_types": ["threat-report"], "published": "2026-11-20T10:00:00Z", "object_refs": [objects[1]["id"]],
        "object_marking_refs": [TLP.GREEN.marking_id],
    }  # fmt: skip
    with acting(circle["een"].actor) as me:
        receive(me, Root(circle.owner), None, orjson.dumps({"objects": [*objects, pointing]}))


def test_what_a_circle_brings(circle: Members, peer: Loopback) -> None:
    labelled(peer, circle)
    for party, highest, goes in (
        ("ander", "AMBER_STRICT", {"GREEN", "CLEAR"}),
        ("ander", "CLEAR", {"CLEAR"}),
        ("eigen", "AMBER_STRICT", {"AMBER_STRICT", "AMBER", "GREEN", "CLEAR"}),
        ("eigen", "AMBER", {"AMBER", "GREEN", "CLEAR"}),
    ):
        got = receiving(peer)
        row = running(circle, peer, direction="brengen", party=party, highest_tlp=highest)
        clock = Watch()
        assert run(row, clock) == "gelukt"
        ids = {each["id"] for each in got}
        assert ids & {sighted(n)["id"] for n in range(5)} == {
            sighted(n)["id"] for n, label in enumerate(TLP) if label.name in goes
        }, (party, highest)
        assert any(each["type"] == "report" for each in got) is ("AMBER_STRICT" in goes), (
            "an id tells that there is one"
        )
        assert fresh(row).taken == len(got)
        assert any("wijst naar iets" in str(each) for each in told(row).values()) is bool(
            "GREEN" in goes and "AMBER_STRICT" not in goes
        )
        run(row, clock)
        assert len(got) == len(ids), "nothing goes twice"


def test_a_member_chooses_who_gets_what_it_brought_itself(circle: Members, peer: Loopback) -> None:
    labelled(peer, circle)
    got = receiving(peer)
    for who in ("een", "twee"):
        row = made(
            circle[who], circle[who].at, f"{peer.address}/taxii2/", direction="brengen", highest_tlp="AMBER_STRICT"
        )
        with every_owner():
            Coupling.objects.filter(pk=row.pk).update(place=f"{peer.address}/root/collections/1/")
        started(circle[who], row)
        got.clear()
        assert run(row, Watch()) == "gelukt"
        amber = {sighted(n)["id"] for n, label in enumerate(TLP) if label.name.startswith("AMBER")}
        assert {each["id"] for each in got} & amber == (amber if who == "een" else set())


def test_what_is_pending_is_followed(circle: Members, peer: Loopback) -> None:
    with acting(circle["een"].actor) as me:
        receive(me, Root(circle.owner), None, orjson.dumps({"objects": [
            sighted(n, object_marking_refs=[TLP.CLEAR.marking_id]) for n in range(3)]}))  # fmt: skip
    receiving(peer, pending=True)
    row = running(circle, peer, direction="brengen")
    clock = Watch()
    run(row, clock)
    held = fresh(row)
    assert (held.taken, held.position["pending"]) == (0, ["7"])
    run(row, clock)
    held = fresh(row)
    assert (held.taken, held.refused, held.position["pending"]) == (2, 1, [])
    assert "vol" not in str(told(row)), "what others write is not ours to show"


def test_what_a_coupling_brought_does_not_go_back(circle: Members, peer: Loopback) -> None:
    elsewhere(peer, [sighted(1, object_marking_refs=[TLP.CLEAR.marking_id])])
    back = running(circle, peer)
    run(back, Watch())
    got = receiving(peer)
    forth = running(circle, peer, direction="brengen")
    with every_owner():
        StixObject.objects.filter(origin=back.public_id).update(origin=forth.public_id)
    run(forth, Watch())
    assert got == []
