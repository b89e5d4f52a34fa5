"""What the resources of the rooms hold: the shape that programs of others rely on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brandwacht.network.models import AuditEntry
from brandwacht.network.services import tokens
from brandwacht.network.tenancy import every_owner
from brandwacht.sharing.stix import MEDIA_TYPE
from tests import secrets
from tests.secrets import Secrets
from tests.world import acting, actor, organisation

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


class Caller:
    """Somebody's program: the API with a token."""

    def __init__(self, world: Secrets, who: str, code: str) -> None:
        user, home = world.people[who], organisation(code)
        with acting(actor(user, home, timezone.now())) as me:
            _row, text = tokens.make(me, user, "test", me.now + timedelta(days=1))
        self._client, self._headers = Client(), {"authorization": f"Bearer {text}"}

    def get(self, path: str, status: int = 200) -> Any:
        answer = self._client.get(f"{ROOT}/{path}", headers=self._headers)
        assert answer.status_code == status, answer.content
        return orjson.loads(answer.content)

    def post(self, path: str, body: dict[str, Any] | None = None, status: int = 201) -> Any:
        text = orjson.dumps(body or {})
        answer = self._client.post(f"{ROOT}/{path}", text, "application/json", headers=self._headers)
        assert answer.status_code == status, answer.content
        return orjson.loads(answer.content)


@pytest.fixture
def world() -> Secrets:
    return secrets.build()


@pytest.fixture
def ciso(world: Secrets) -> Caller:
    return Caller(world, "ciso", "VR17")


def test_an_alert_has_what_matched_but_not_the_raw_event(world: Secrets, ciso: Caller) -> None:
    found = ciso.get(f"alerts/{world.things['alert'].public_id}")
    assert [rule["ruleId"] for rule in found["rules"]] == ["regel-1"]
    (event,) = found["events"]
    assert event.keys() == {"time", "file", "number", "channel", "eventId", "matches"}
    assert event["matches"][0]["values"] == [{"field": "Image", "value": secrets.WORD}]
    assert found["asset"]["name"] == f"{secrets.WORD} ws"
    assert found["firstSeen"].endswith("Z")


def test_an_alert_is_handled_once(world: Secrets, ciso: Caller) -> None:
    path = f"alerts/{world.things['alert'].public_id}"
    assert ciso.post(f"{path}/acknowledgement", status=200)["state"] == "bevestigd"
    assert "wacht niet meer" in ciso.post(f"{path}/acknowledgement", status=400)["detail"]
    refused = ciso.post(f"{path}/closure", {"reason": " "}, status=400)
    assert refused["field"] == "reason"
    assert ciso.post(f"{path}/closure", {"reason": "Een test."}, status=200)["note"] == "Een test."


def test_reading_through_a_mandate_is_in_the_owners_chain(world: Secrets) -> None:
    analyst = Caller(world, "analyst", "VR-SOC")
    first = analyst.get("alerts")["items"][0]
    analyst.get(f"alerts/{first['id']}")
    analyst.get("ingest-files")
    analyst.get("cascade-runs")
    with every_owner():
        used = AuditEntry.objects.filter(organisation=organisation("VR17"), result="ingezien", origin="api")
        assert {(e.action, e.object_type) for e in used} >= {
            ("soc.alert.see", "lijst"),
            ("soc.alert.see", "soc.Alert"),
            ("soc.sources.see", "lijst"),
            ("riskmap.see", "lijst"),
        }


def test_lists_go_on_where_they_stopped(world: Secrets, ciso: Caller) -> None:
    first = ciso.get("alerts?limit=1")
    rest = ciso.get(f"alerts?limit=50&cursor={first['next']}")
    assert rest["next"] is None
    found = [row["id"] for row in first["items"] + rest["items"]]
    assert len(found) == len(set(found))
    known = [str(world.things[key].public_id) for key in ("closed", "alert2", "alert")]
    assert [each for each in found if each in known] == known
    ciso.get("alerts?cursor=onzin", status=400)


def test_a_cascade_is_run_on_the_own_map_and_tells_when(world: Secrets, ciso: Caller) -> None:
    outage = {"node": "dc", "startMinutes": 10, "durationMinutes": 120}
    made = ciso.post("cascade-runs", {"title": "Proef", "outages": [outage], "horizonMinutes": 600})
    assert made["outages"] == [outage | {"state": "down"}]
    assert [(c["minute"], c["node"], c["after"]) for c in made["timeline"]][:2] == [
        (10, "dc", "down"),
        (40, "proces", "down"),  # the continuity plan was meant for an hour and held for half of it
    ]
    told = made["timeline"][1]
    assert (told["providers"], told["cause"], told["sinceMinute"]) == (["dc"], "requirement", 10)
    again = ciso.get(f"cascade-runs/{made['id']}")
    assert again == made
    assert made["id"] in [row["id"] for row in ciso.get("cascade-runs")["items"]]


def test_the_tables_of_the_map_name_nodes_by_their_keys(world: Secrets, ciso: Caller) -> None:
    """Few queries however many rows, and every row of a list with its own page there says the same."""
    with CaptureQueriesContext(connection) as queries:
        (need,) = [row for row in ciso.get("requirements")["items"] if row["node"] == "proces"]
    assert len(queries) <= 15
    assert (need["providers"], need["needed"], need["degradedAt"], need["effect"]) == (["dc"], 1, None, "down")
    (cause,) = ciso.get("common-causes")["items"]
    assert (cause["key"], cause["members"], cause["repairMinutes"]) == ("oorzaak", ["dc", "proces"], 60)
    (impact,) = ciso.get("impacts")["items"]
    assert (impact["node"], impact["interest"], impact["down"]) == ("proces", "fysiek", 17.0)
    listed = ciso.get("vital-lists")["items"]
    assert [row["state"] for row in listed] == ["aangeboden", "concept"]
    whole = ciso.get(f"vital-lists/{listed[0]['id']}")
    assert whole | listed[0] == whole
    assert [(item["node"], item["agreements"]) for item in whole["items"]] == [("proces", secrets.WORD)]
    (plan,) = ciso.get("continuity-plans")["items"]
    assert (plan["node"], plan["autonomyMinutes"], plan["testedMinutes"], plan["countingMinutes"]) == (
        "proces",
        60,
        30,
        30,
    )
    whole = ciso.get(f"continuity-plans/{plan['id']}")
    assert whole | plan == whole
    assert [test["heldOn"] for test in whole["tests"]] == [plan["testedOn"]]
    (measure,) = ciso.get("risk-measures")["items"]
    nothing = {"label": None, "provider": None, "cause": None}
    assert measure["step"] == nothing | {"node": "dc", "value": 5.0}
    assert ciso.get(f"risk-measures/{measure['id']}") == measure


@pytest.mark.parametrize(
    "body",
    [
        {"title": "Proef", "outages": []},
        {"title": "", "outages": [{"node": "dc"}]},
        {"title": "Proef", "outages": [{"node": "bestaat-niet"}]},
        {"title": "Proef", "outages": [{"node": "dc", "state": "stuk"}]},
        {"title": "Proef", "outages": [{"node": "dc", "durationMinutes": -1}]},
        {"title": "Proef", "outages": [{"node": "dc"}], "horizonMinutes": 10**9},
    ],
)
def test_an_impossible_outage_is_refused(ciso: Caller, body: dict[str, Any]) -> None:
    before = len(ciso.get("cascade-runs")["items"])
    ciso.post("cascade-runs", body, status=400)
    assert len(ciso.get("cascade-runs")["items"]) == before


def test_a_control_is_answered_with_what_was_seen(ciso: Caller) -> None:
    controls = ciso.get("controls")
    assert controls["next"] is None
    assert len(controls["items"]) > 90
    answer = ciso.get("controls/5.01")["answer"]
    assert answer["reason"] == secrets.WORD
    body = {"state": "voldoet_niet", "reason": "Nog niets.", "seen": answer["answeredAt"]}
    made = ciso.post("controls/5.01/answers", body)
    assert made["state"] == ciso.get("controls/5.01")["answer"]["state"] == "voldoet_niet"
    assert "terwijl u bezig was" in ciso.post("controls/5.01/answers", body, status=400)["detail"]
    ciso.get("controls/99.99", status=404)
    ciso.post("controls/5.01/answers", {"state": "misschien"}, status=400)
    ciso.post("controls/5.01/answers", {"state": "voldoet", "seen": "2026-11-22T10:00:00"}, status=400)


def test_a_measure_is_made_with_an_owner_and_a_day(world: Secrets, ciso: Caller) -> None:
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    made = ciso.post("measures", {"title": "Sloten", "ownerName": "K. Bakker", "due": due, "control": "7.02"})
    assert made["due"] == due
    assert made["steps"][0]["note"] == "Maatregel gemaakt."
    assert ciso.get(f"measures/{made['id']}") == made
    assert {row["id"] for row in ciso.get("measures")["items"]} == {
        made["id"], str(world.things["measure"].public_id),
    }  # fmt: skip
    late = ciso.post("measures", {"title": "x", "ownerName": "y", "due": "2020-01-01"}, status=400)
    assert late["field"] == "due"


def test_a_warning_is_read_taken_and_answered(world: Secrets, ciso: Caller) -> None:
    (item,) = ciso.get("warnings")["items"]
    assert item["tlp"] == "TLP:AMBER"
    path = f"warnings/{item['id']}"
    assert ciso.get(path)["answer"] is None
    assert ciso.post(f"{path}/answers", {"answer": "onderzocht"})["answer"] == "onderzocht"
    assert ciso.get(path)["answer"] == "onderzocht"
    bundle = ciso.get(f"{path}/bundle")
    assert bundle["type"] == "bundle"
    draft = world.things["draft"].public_id
    ciso.get(f"warnings/{draft}", status=404)
    assert "nog geen bestand" in Caller(world, "cert", "VR-CERT").get(f"warnings/{draft}/bundle", status=403)["detail"]


def test_the_bundle_says_what_it_is(world: Secrets, client: Client) -> None:
    client.force_login(world.people["ciso"], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(f"{ROOT}/warnings/{world.things['warning'].public_id}/bundle")
    assert answer["Content-Type"] == MEDIA_TYPE == "application/stix+json;version=2.1"


def test_powers_can_be_asked_by_role_and_phase(ciso: Caller) -> None:
    rows = ciso.get("powers?role=burgemeester&phase=warm")["items"]
    assert rows
    assert {(row["role"], row["phase"]) for row in rows} == {("burgemeester", "warm")}
    assert all(row["basis"] or row["lever"] for row in rows)
    assert {row["phase"] for row in ciso.get("powers")["items"]} == {"koud", "lauw", "warm"}
    assert "burgemeester" in ciso.get("powers?role=koning", status=400)["detail"]
    assert ciso.get("powers?scenario=meteoriet", status=400)["field"] == "scenario"
    ciso.get("powers?phase=heet", status=400)


def test_figures_are_those_of_the_board_page(world: Secrets) -> None:
    figures = {row["key"]: row for row in Caller(world, "chair", "VR17").get("figures")["items"]}
    assert figures["incidenten"]["value"] == 1
    assert figures["basis"]["label"]
    councillor = Caller(world, "colleague", "VR17").get("figures", status=403)
    assert "griffier" in councillor["detail"]
