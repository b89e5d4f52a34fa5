"""Couplings with MISP: events of a server and of a feed come in, reports go out, and nothing loses its limits."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from pymisp import MISPEvent

from brandwacht.engines.intel import TLP
from brandwacht.engines.intel.misp import EXTENSION, read_manifest, read_misp_event
from brandwacht.network.errors import Refused
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.couplings import misp
from brandwacht.sharing.models import Coupling, CouplingItem
from brandwacht.sharing.queries import couplings as queries
from brandwacht.sharing.queries.objects import Root
from brandwacht.sharing.services import threats
from brandwacht.sharing.services.objects import receive
from tests.engines.intel.test_misp import as_json
from tests.sharing.conftest import Persona
from tests.sharing.couplings import Watch, brought, changed, fresh, made, run, started, told, tried
from tests.sharing.loopback import Given, Loopback, loopback
from tests.sharing.members import Members, members, token_of
from tests.sharing.misp_server import GROUP, KEY, THEN, Feed, Misp, event
from tests.sharing.test_taxii import sighted
from tests.world import acting

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with loopback() as made_server:
        yield made_server


@pytest.fixture
def theirs(server: Loopback) -> Misp:
    server.answer = found = Misp()
    server.asked.clear()
    return found


@pytest.fixture
def circle(db: None) -> Members:
    return members("een", "twee")


def coupling(circle: Members, server: Loopback, kind: str = "misp", **facts: Any) -> Coupling:
    """One of the circle, running."""
    address = f"{server.address}/feed/" if kind == "misp-feed" else server.address
    row = made(circle.writer, circle.owner, address, kind, secret=KEY, **facts)
    return started(circle.writer, row)


def values(row: Coupling) -> dict[str, str]:
    """The label by value of the indicators that it brought, in their last version."""
    return {
        each.content["pattern"].split("'")[1]: each.tlp
        for each in brought(row) if each.kind == "indicator" and each.is_last
    }  # fmt: skip


def test_events_come_in_with_marking_distribution_and_comment(circle: Members, server: Loopback, theirs: Misp) -> None:
    theirs.hold(
        event(1, "tlp:green", "PAP:GREEN", een=(), strikt=("tlp:amber+strict",), rood=("tlp:red",)),
        event(2, "tlp:clear", distribution=4),
        event(3, "tlp:red"),
        event(4, distribution=0),
    )
    row = coupling(circle, server)
    clock = Watch()
    assert run(row, clock) == "gelukt", fresh(row).last_error
    assert values(row) == {
        "een.example": "GREEN", "strikt.example": "AMBER_STRICT", "d2.example": "AMBER_STRICT",
        "d4.example": "AMBER_STRICT",
    }  # fmt: skip
    first = next(each.content for each in brought(row) if "een.example" in str(each.content.get("pattern")))
    assert first["description"] == "Bij een"
    grouped = next(each.content for each in brought(row) if "d2.example" in str(each.content.get("pattern")))
    assert grouped["extensions"][EXTENSION]["sharing_groups"][0]["name"] == "Waterschappen"
    report = next(each for each in brought(row) if each.content.get("name") == "Gebeurtenis 1")
    assert len(report.content["object_refs"]) == 2, "no id of what may not be known"
    said = told(row)
    assert "TLP:RED" in said[event(3)["uuid"]][0]
    assert "1 waarden met TLP:RED" in said[event(1)["uuid"]][0]
    with every_owner():
        originals = {each.key: each.tlp for each in CouplingItem.objects.filter(original__isnull=False)}
    assert originals == {event(2)["uuid"]: "AMBER_STRICT", event(4)["uuid"]: "AMBER_STRICT"}
    held = fresh(row)
    assert (held.refused, held.failures) == (1, 0)
    run(row, clock)
    assert (fresh(row).taken, fresh(row).refused) == (held.taken, held.refused), "nothing counts twice"


def test_an_event_of_pymisp_is_told_of_and_kept_whole(circle: Members, server: Loopback, theirs: Misp) -> None:
    mine = orjson.loads(as_json())
    mine["Attribute"][0]["Tag"] = []  # without what is RED, so that it may be kept
    theirs.hold(mine)
    row = coupling(circle, server)
    assert run(row, Watch()) == "gelukt", fresh(row).last_error
    assert "1 keer text: daar kan in STIX niet op worden gezocht." in told(row)[mine["uuid"]]
    with every_owner():
        assert CouplingItem.objects.get(key=mine["uuid"]).original == mine


def test_a_value_that_is_for_more_readers_does_not_say_what_its_event_says(
    circle: Members, server: Loopback, theirs: Misp
) -> None:
    mine = event(1, "tlp:amber", open=("tlp:clear",))
    mine["info"] = "Vertrouwelijke titel"
    mine["Attribute"][0]["comment"] = ""
    theirs.hold(mine)
    row = coupling(circle, server)
    run(row, Watch())
    open_ones = [each.content for each in brought(row) if each.tlp in ("CLEAR", "GREEN")]
    assert any(each["type"] == "indicator" for each in open_ones)
    assert "Vertrouwelijke" not in str(open_ones)


def test_pages_versions_and_what_went_from_an_event(
    circle: Members, server: Loopback, theirs: Misp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(misp, "PAGE", 2)
    monkeypatch.setattr(misp.events, "__kwdefaults__", {"limit": 2})
    theirs.hold(*(event(number, "tlp:green", at=THEN + number) for number in range(5)))
    row = coupling(circle, server)
    clock = Watch()
    assert run(row, clock) == "gelukt", fresh(row).last_error
    assert len(values(row)) == 5
    assert fresh(row).position == {"since": THEN + 4}
    theirs.hold(event(3, "tlp:amber", at=THEN + 99, nieuw=()), event(4, "tlp:red", at=THEN + 100))
    run(row, clock)
    assert values(row) == {
        "d0.example": "GREEN", "d1.example": "GREEN", "d2.example": "GREEN", "nieuw.example": "AMBER",
        "d3.example": "GREEN",
    }  # fmt: skip
    gone = {each.content["name"] for each in brought(row) if each.content.get("revoked")}
    assert gone == {"domeinnaam d3[.]example"}
    assert not any("d4.example" in str(each.content) for each in brought(row)), "it became RED"


def test_a_server_that_gives_one_page_for_ever(
    circle: Members, server: Loopback, theirs: Misp, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs.hold(*(event(number, "tlp:green") for number in range(misp.PAGE)))
    everything = Given({"response": [{"Event": each} for each in theirs.events.values()]})
    monkeypatch.setattr(Misp, "_search", lambda _self, _given: everything)
    row = coupling(circle, server)
    assert run(row, Watch()) == "mislukt"
    assert "steeds dezelfde bladzijde" in fresh(row).last_error
    assert len(values(row)) == misp.PAGE


def test_a_feed_comes_in_and_a_broken_event_does_not_stop_it(circle: Members, server: Loopback) -> None:
    feed = Feed()
    server.answer = feed
    feed.hold(event(1, "tlp:green"), event(2, "tlp:green", at=THEN + 1), event(3, "tlp:green", at=THEN + 2))
    second, third = f"{event(2)['uuid']}.json", f"{event(3)['uuid']}.json"
    feed.files[second], feed.files[third] = b"{kapot", feed.files[f"{event(1)['uuid']}.json"]
    row = coupling(circle, server, "misp-feed")
    clock = Watch()
    assert tried(row, clock)["says"] == "De feed is te lezen. Aantal gebeurtenissen: 3."
    assert run(row, clock) == "gelukt", fresh(row).last_error
    assert list(values(row)) == ["d1.example"]
    assert "geen MISP" in told(row)[event(2)["uuid"]][0]
    assert "andere gebeurtenis" in told(row)[event(3)["uuid"]][0]
    assert (fresh(row).refused, fresh(row).position) == (2, {"since": THEN + 2})
    server.asked.clear()
    run(row, clock)
    assert [each.path for each in server.asked] == ["/feed/manifest.json"], "only what changed is asked for"
    feed.hold(event(2, "tlp:green", at=THEN + 9))
    del feed.files[f"{event(2)['uuid']}.json"]
    run(row, clock)
    assert "maar is er niet" in told(row)[event(2)["uuid"]][0]
    server.answer = Misp()
    assert run(row, clock) == "mislukt"


# --- bringing --------------------------------------------------------------------------------------------------------


def push(circle: Members, server: Loopback, theirs: Misp, **facts: Any) -> tuple[Coupling, Watch]:
    theirs.groups = [{"id": "17", **GROUP}]
    row = made(circle.writer, circle.owner, server.address, "misp", "brengen", secret=KEY, **facts)
    clock = Watch()
    assert tried(row, clock)["good"]
    return started(circle.writer, row), clock


def test_a_report_goes_out_as_an_event_and_again_when_it_changes(
    circle: Members, server: Loopback, theirs: Misp
) -> None:
    threat = circle.shared("een", tlp="GREEN", title="Valse mail", what="Let op de bijlage.")
    circle.shared("een", tlp="AMBER", title="Niet naar buiten")
    row, clock = push(circle, server, theirs, highest_tlp="AMBER_STRICT", distribution=3)
    assert run(row, clock) == "gelukt", fresh(row).last_error
    (sent,) = theirs.events.values()
    there = MISPEvent()
    there.load(orjson.dumps({"Event": sent}).decode())
    assert (there.info, str(there.distribution)) == ("Valse mail", "2"), "GREEN goes to connected servers at the most"
    assert [tag.name for tag in there.tags] == ["tlp:green", "PAP:AMBER"]
    assert {(each.type, each.value) for each in there.attributes} == {
        ("ip-dst", "192.0.2.44"), ("url", "https://kwaad.example/pad"), ("text", "Let op de bijlage."),
    }  # fmt: skip
    assert "Lid Een" not in str(sent)
    assert "VR11" not in str(sent)
    assert any("attack-pattern" in line for lines in told(row).values() for line in lines)
    assert fresh(row).taken == 1
    with acting(circle["een"].actor.at(clock())) as me:
        threats.withdraw(me, threat.public_id, "Loos alarm")
    assert run(row, clock) == "gelukt", fresh(row).last_error
    (sent,) = theirs.events.values()
    assert {each["deleted"] for each in sent["Attribute"]} == {True}


def test_a_sharing_group_is_named_by_its_number_there(circle: Members, server: Loopback, theirs: Misp) -> None:
    circle.shared("een", tlp="AMBER", title="Alleen voor de groep")
    row, clock = push(circle, server, theirs, party="eigen", highest_tlp="AMBER_STRICT")
    row = changed(circle.writer, fresh(row), group=GROUP["uuid"])
    assert (row.group_number, row.group_name) == ("17", "Waterschappen")
    run(row, clock)
    (sent,) = theirs.events.values()
    assert (sent["distribution"], sent["sharing_group_id"]) == ("4", "17")


def test_what_came_within_a_group_goes_to_no_other(circle: Members, server: Loopback, theirs: Misp) -> None:
    theirs.hold(event(1, "tlp:green", distribution=4))
    back = coupling(circle, server)
    run(back, Watch())
    theirs.events.clear()
    row, clock = push(circle, server, theirs, party="eigen", highest_tlp="AMBER_STRICT", distribution=1)
    run(row, clock)
    (sent,) = theirs.events.values()
    assert "d1.example" not in str(sent)
    assert any("binnen een deelgroep" in line for lines in told(row).values() for line in lines)


def test_a_server_that_takes_nothing(circle: Members, server: Loopback, theirs: Misp) -> None:
    circle.shared("een", tlp="GREEN")
    row, clock = push(circle, server, theirs)
    theirs.refuses = True
    assert run(row, clock) == "mislukt"
    assert "neemt de gebeurtenis niet aan" in fresh(row).last_error
    assert fresh(row).position == {}
    theirs.refuses = False
    assert run(row, clock) == "gelukt"
    assert len(theirs.events) == 1


def test_a_wrong_key_is_told(circle: Members, server: Loopback, theirs: Misp) -> None:
    row = made(circle.writer, circle.owner, server.address, "misp", secret="een andere")
    said = tried(row, Watch())
    assert not said["good"]
    assert "laat ons niet binnen" in said["says"]
    for wrong in ("een-andere\nregel", "zwaard\u2694"):
        with pytest.raises(Refused, match="teken dat niet meegaat"):
            changed(circle.writer, fresh(row), secret=wrong)


# --- the feed of the circle ------------------------------------------------------------------------------------------

Browse = Callable[[Persona | None], Client]


def test_the_feed_of_the_circle_as_a_file_and_by_token(
    circle: Members, server: Loopback, theirs: Misp, browse: Browse
) -> None:
    circle.shared("een", tlp="GREEN", title="Valse mail")
    theirs.hold(event(1, "tlp:amber", "PAP:GREEN"), event(2, "tlp:red"))
    run(coupling(circle, server), Watch())
    with acting(circle["een"].actor) as me:
        green = sighted(2, object_marking_refs=[TLP.GREEN.marking_id])
        receive(me, Root(circle.owner), None, orjson.dumps({"objects": [sighted(1), green]}))
    answer = browse(circle["twee"]).get(reverse("sharing:misp-feed"))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as kept:
        files = {name: kept.read(name) for name in kept.namelist()}
    entries = {each.info: each for each in read_manifest(files["manifest.json"]) if each.stated.tlp is not TLP.GREEN}
    entries |= {"Valse mail": next(each for each in read_manifest(files["manifest.json"]) if each.info == "Valse mail")}
    assert len(files) == 6, "a month of GREEN and one of AMBER+STRICT, besides the report and the event"
    assert set(entries) == {"Valse mail", "Gebeurtenis 1", "Losse kenmerken, 2026-11"}
    loose = read_misp_event(files[entries["Losse kenmerken, 2026-11"].file])
    assert ([each.value for each in loose.attributes], loose.stated.tlp) == (["k1.example"], TLP.AMBER_STRICT)
    assert orjson.loads(files[entries["Gebeurtenis 1"].file]) == {"Event": theirs.events[event(1)["uuid"]]}
    ours = read_misp_event(files[entries["Valse mail"].file])
    assert (ours.stated.tlp, ours.organisation) == (TLP.GREEN, "Testregio VR-ISAC")
    token = Client(headers={"authorization": f"Bearer {token_of(circle['twee'])}"})
    for name, content in files.items():
        given = token.get(f"/api/v1/misp-files/{name}")
        assert (given.status_code, given.content) == (200, content)
    assert token.get(f"/api/v1/misp-files/{event(2)['uuid']}.json").status_code == 404
    with acting(circle["twee"].actor) as me:
        assert set(queries.misp_feed(me, circle.owner)) == set(files)
