"""Answers out and in: the same assessment on the other side, nothing that the norm refuses, nothing older on top."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from brandwacht.baseline.exchange import INCOMING, OTHER, REFUSED
from brandwacht.baseline.models import AnswerChange, AnswerImport, ControlAnswer, Evidence, NormText
from brandwacht.baseline.queries import exchange as queries
from brandwacht.baseline.services import exchange, norm_texts, upgrades
from brandwacht.cli.norms import norms
from brandwacht.engines.norms import Finding, State, load_framework
from brandwacht.engines.norms.oscal import Assessed, Assessment, Party, export_results
from brandwacht.engines.norms.oscal import Evidence as Piece
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Action, ActionState, AuditEntry
from brandwacht.network.roles import Role
from brandwacht.network.services import actions, tokens
from brandwacht.network.tenancy import every_owner
from tests.baseline.frameworks.scenes import answered, results_of
from tests.world import NOW, acting, acting_system, actor, organisation, person

pytestmark = pytest.mark.django_db
BIO2 = load_framework("bio2-1.3")
DAY = timedelta(days=1)


@pytest.fixture
def region():
    return organisation("VR17")


def compare(me, offered):
    return INCOMING[offered.kind].compare(me, offered)


def file_of(*said: Assessed, framework: str = "bio2-1.3") -> bytes:
    return export_results(load_framework(framework), Assessment(framework, Party("VR09", "Elders"), said), NOW)


def test_our_own_export_gives_the_same_assessment_and_the_same_bytes_elsewhere(region):
    answered(region, "5.01", "8.13")
    with acting_system(region) as me:
        said = Assessed(
            "5.05", State.PARTLY, NOW - DAY, "Noor", "Omdat\nhet zo is", design=Finding.YES, existence=Finding.PARTLY,
            maturity=2, evidence=(
                Piece("Contactlijst", date(2026, 1, 1), date(2027, 1, 1), date(2026, 2, 1), "a" * 64, "Zaak 7"),
            ),
        )  # fmt: skip
        offered = exchange.offer(me, "x.json", file_of(said))
        exchange.apply(me, offered.public_id, {"5.05"})
        content = exchange.export(me, "assessment-results")
        assert exchange.export(me, "assessment-results") == content
    other = organisation("VR18")
    with acting_system(other) as me:
        offered = exchange.offer(me, "over.json", content)
        exchange.apply(me, offered.public_id, {"5.01", "5.05", "8.13"})
        there = queries.assessment(me, "bio2-1.3")
        again = export_results(BIO2, replace(there, organisation=Party("VR17", region.name)), NOW)
    assert again == content
    with every_owner():
        piece = Evidence.objects.get(organisation=other)
        assert (piece.received_on, piece.valid_to, piece.added_at) == (date(2026, 2, 1), date(2027, 1, 1), NOW)
        assert not piece.attached  # the line came over, the document did not


def test_what_the_norm_refuses_can_not_be_chosen(region):
    accepted = Assessed("5.01", State.ACCEPTED, NOW - DAY, "X", "reden", "RA")
    silent = Assessed("5.03", State.NOT_APPLICABLE, NOW - DAY, "X")
    tomorrow = Assessed("5.05", State.MET, NOW + DAY, "X")
    good = Assessed("5.06", State.MET, NOW - DAY, "X")
    with acting_system(region) as me:
        offered = exchange.offer(me, "x.json", file_of(accepted, silent, tomorrow, good))
        compared = compare(me, offered)
        assert [line.control.number for line in compared.of(REFUSED)] == ["5.01", "5.03", "5.05"]
        with pytest.raises(Refused, match=r"5\.01"):
            exchange.apply(me, offered.public_id, {"5.01", "5.06"})
        with pytest.raises(Refused, match="minstens één"):
            exchange.apply(me, offered.public_id, set())
        assert not ControlAnswer.objects.exists()


def test_what_an_answer_from_elsewhere_settles_is_asked_no_more(region):
    with acting_system(region) as me:
        todo = {"title": "Zoek uit", "room": "baseline", "path": "/", "effort": 5}
        for key in ("begin:navraag:5.01", "begin:stap:5.01", "begin:stap:5.03"):
            actions.put(me.organisation_id, actions.Todo(key=key, **todo), NOW)
        said = (Assessed("5.01", State.MET, NOW - DAY, "X"), Assessed("5.03", State.PARTLY, NOW - DAY, "X"))
        exchange.apply(me, exchange.offer(me, "x.json", file_of(*said)).public_id, {"5.01", "5.03"})
        open_now = Action.objects.filter(key__startswith="begin:").exclude(state=ActionState.DONE)
        assert list(open_now.values_list("key", flat=True)) == ["begin:stap:5.03"]


def test_an_older_answer_that_is_chosen_counts_from_now(region):
    answered(region, "5.01", days=10)
    older = Assessed("5.01", State.PARTLY, NOW - timedelta(days=300), "Lang geleden")
    with acting_system(region) as me:
        offered = exchange.offer(me, "x.json", file_of(older))
        (line,) = compare(me, offered).lines
        assert (line.kind, line.older) == (OTHER, True)
        exchange.apply(me, offered.public_id, {"5.01"})
        row = ControlAnswer.objects.get()
        assert (row.state, row.answered_at, row.answered_by) == ("deels", NOW, me.name)
        assert AnswerChange.objects.count() == 2


def test_what_changed_since_the_list_was_made_is_asked_again(region):
    with acting_system(region) as me:
        offered = exchange.offer(me, "x.json", results_of(region, "5.01", "5.03"))
        seen = compare(me, offered).fingerprint
    answered(region, "5.03")
    with acting_system(region) as me:
        with pytest.raises(Refused, match="intussen gewijzigd"):
            exchange.apply(me, offered.public_id, {"5.01"}, seen)
        assert ControlAnswer.objects.count() == 1


def test_a_statement_of_applicability_sets_only_what_does_not_apply(region):
    answered(region, "5.01", "7.05")
    statement = {
        "profile": {
            "uuid": "0",
            "metadata": {"title": "x"},
            "imports": [{"href": "#c", "include-all": {}, "exclude-controls": [{"with-ids": ["7.05", "7.06"]}]}],
            "modify": {"alters": [{"control-id": "7.05", "adds": [{"parts": [{"prose": "Wij hebben geen gebouw."}]}]}]},
        }
    }
    with acting_system(region) as me:
        offered = exchange.offer(me, "vvt.json", json.dumps(statement).encode())
        kinds = {line.control.number: line.kind for line in compare(me, offered).lines}
        assert kinds == {"7.05": OTHER, "7.06": REFUSED}
        exchange.apply(me, offered.public_id, {"7.05"})
        row = ControlAnswer.objects.get(control="7.05")
        assert (row.state, row.reason) == ("niet_van_toepassing", "Wij hebben geen gebouw.")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "geen leesbare JSON"),
        (file_of(Assessed("a", State.MET, NOW, "X"), framework="nis2-21"), "volgen uit die op de BIO2"),
        (exchange.export_catalog(BIO2, NOW), "Dit is een catalogus"),
        (file_of(), "geen antwoord dat wij kennen"),
    ],
)
def test_other_files_are_refused(content, message, region):
    with acting_system(region) as me, pytest.raises(Refused, match=message):
        exchange.offer(me, "x.json", content)


def test_out_and_in_are_decided_by_the_policy_and_stand_in_the_chain(region):
    board = actor(person(region, Role.BOARD), region)
    with acting(board):
        for deed in (
            lambda: exchange.export(board, "assessment-results"),
            lambda: exchange.offer(board, "x.json", b""),
            lambda: upgrades.take_over(board, "bio-1.04"),
            lambda: norm_texts.load_norm_text(board, "x.csv", b""),
            lambda: norm_texts.load_grouping(board, "x.csv", b""),
        ):
            with pytest.raises(Denied):
                deed()
    answered(region, framework="bio2-1.2")
    with acting_system(region) as me:
        exchange.export(me, "plan-of-action-and-milestones")
        exchange.offer(me, "x.json", results_of(region, "5.01"))
        upgrades.take_over(me, "bio2-1.2")
        norm_texts.load_norm_text(me, "x.csv", b"nummer;tekst\n5.1.1;Een")
    with every_owner():
        done = set(AuditEntry.objects.filter(result="gedaan").values_list("action", flat=True))
    assert {"baseline.export", "baseline.import", "baseline.upgrade", "baseline.norm.load"} <= done


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("nummer;tekst\n5.01;Een\n5.01;Twee", "5.01 staat twee keer in het bestand, ook in rij 3"),
        ("nummer;tekst\n;Een", "Rij 2 heeft geen nummer"),
        ("nummer;titel\n5.01;Een", "geen kolom voor tekst"),
        ("titel;tekst\n5.01;Een", "geen kolom voor nummer"),
        (
            "nummer;tekst\n5.01;Een\n9.99;Twee\n5.1.1;Drie",
            r"BIO2 1.3 heeft deze nummers niet: rij 3: 9.99; rij 4:",
        ),
        ("nummer;tekst\nx;Een", "Wij kennen geen van deze nummers"),
        ("nummer;tekst\n5.01;", "geen tekst bij de nummers"),
        ("nummer;tekst", "geen enkele rij"),
        ("", "leeg"),
    ],
)
def test_a_wrong_table_of_texts_changes_nothing(table, message, region):
    with acting_system(region) as me:
        with pytest.raises(Refused, match=message):
            norm_texts.load_norm_text(me, "x.csv", table.encode())
        assert not NormText.objects.exists()


def test_texts_come_from_the_ministries_own_table_and_from_a_catalog(region, shared_data):
    with acting_system(region) as me:
        name = "bio2_overheidsmaatregelen_v1_3.csv"
        done = norm_texts.load_norm_text(me, name, (shared_data / "bio" / name).read_bytes())
        assert (done.framework.key, done.texts) == ("bio2-1.3", NormText.objects.count())
        assert done.texts >= 118
        name = "bio104_overheidsmaatregelen.csv"
        assert norm_texts.load_norm_text(me, name, (shared_data / "bio" / name).read_bytes()).texts == 137
        control = {"id": "x", "title": "T", "props": [{"name": "label", "value": "5.02"}]}
        control["parts"] = [{"name": "statement", "prose": "Uit de catalogus."}]
        about = {"title": "C", "version": "1", "last-modified": "2026-01-01T00:00:00Z"}
        content = {"catalog": {"uuid": "0", "metadata": about, "controls": [control]}}
        norm_texts.load_norm_text(me, "c.json", json.dumps(content).encode())
        assert NormText.objects.get(framework="bio2-1.3", number="5.02").text == "Uit de catalogus."


def run(*arguments: str):
    return CliRunner().invoke(norms, list(arguments))


def test_the_command_shows_the_differences_and_applies_only_when_asked(region, tmp_path):
    answered(region, "5.01")
    path = tmp_path / "x.json"
    path.write_bytes(results_of(region, "5.01", "5.03", state="deels"))
    answer = run("import", str(path), "--organisation", "VR17")
    assert answer.exit_code == 0, answer.output
    assert "5.01: Voldoet -> Voldoet deels, " in answer.output
    assert "1 nieuw, 0 gelijk, 1 anders dan nu, 0 kan niet worden overgenomen" in answer.output
    assert "Er is niets veranderd" in answer.output
    assert run("import", str(path), "--organisation", "VR17", "--apply").exit_code == 0
    with every_owner():
        assert dict(ControlAnswer.objects.values_list("control", "state")) == {"5.01": "voldoet", "5.03": "deels"}
    replaced = run("import", str(path), "--organisation", "VR17", "--apply", "--replace")
    assert "Overgenomen antwoorden: 1." in replaced.output
    nothing = run("import", str(path), "--organisation", "VR17", "--apply")
    assert (nothing.exit_code, "niets om over te nemen" in nothing.output) == (1, True)


def test_the_command_exports_loads_texts_and_names_what_is_wrong(region, tmp_path):
    answered(region, "5.01")
    out = tmp_path / "uit.json"
    made = run("export", "assessment-results", "--organisation", "VR17", "--output", str(out))
    assert made.exit_code == 0
    assert json.loads(out.read_bytes())["assessment-results"]["results"][0]["findings"]
    assert run("export", "profile", "--organisation", "VR17", "--framework", "cbw").exit_code == 2
    assert '"catalog"' in run("export", "catalog", "--organisation", "VR17", "--framework", "cbw").output
    table = tmp_path / "tekst.csv"
    table.write_text("nummer;tekst\n5.01;Een\n5.02;\n", encoding="utf-8")
    loaded = run("import", str(table), "--organisation", "VR17")
    assert "Ingelezen teksten: 1. Rijen zonder tekst: 1." in loaded.output
    bad = tmp_path / "x.json"
    bad.write_text('{"profile": {"metadata": {}}}', encoding="utf-8")
    refused = run("import", str(bad), "--organisation", "VR17")
    assert (refused.exit_code, "/profile: het veld “imports” ontbreekt." in refused.output) == (1, True)


def test_the_api_does_the_same(region):
    answered(region, "5.01")
    user = person(region, Role.CISO)
    with acting_system(region, timezone.now()) as me:
        _row, token = tokens.make(me, user, "test", me.now + DAY)
    headers = {"authorization": f"Bearer {token}"}
    client = Client(headers=headers)
    listed = client.get("/api/v1/frameworks").json()["items"]
    assert {"key": "nis2-21", "total": 10} in [{"key": each["key"], "total": each["total"]} for each in listed]
    seen = client.get("/api/v1/frameworks/bio-1.04").json()["items"]
    assert [each["state"] for each in seen if each["number"] == "5.1.1"] == ["voldoet"]
    made = client.post("/api/v1/oscal-imports", results_of(region, "5.01", "5.03", state="deels"), "application/json")
    assert made.status_code == 201
    assert [line["kind"] for line in made.json()["lines"]] == ["anders", "nieuw"]
    where = f"/api/v1/oscal-imports/{made.json()['id']}"
    body = {"numbers": ["5.03"], "seen": made.json()["seen"]}
    done = client.post(f"{where}/application", body, "application/json")
    assert done.json()["taken"] == ["5.03"]
    assert client.get(where).json()["state"] == "verwerkt"
    document = client.get("/api/v1/oscal-documents/assessment-results").json()
    assert len(document["assessment-results"]["results"][0]["findings"]) == 2
    bad = client.post("/api/v1/oscal-imports", b"[]", "application/json")
    assert bad.status_code == 400
    assert "hier horen velden met een naam te staan" in bad.content.decode()


def test_an_import_of_a_whole_assessment_asks_few_queries(region, client, django_assert_max_num_queries):
    numbers = [control.number for control in BIO2.controls]
    with acting_system(region) as me:
        offered = exchange.offer(me, "x.json", results_of(region, *numbers))
    client.force_login(person(region, Role.CISO), backend="allauth.account.auth_backends.AuthenticationBackend")
    with django_assert_max_num_queries(15):
        client.get(reverse("baseline:import", args=[offered.public_id]))
    with acting_system(region) as me:
        exchange.apply(me, offered.public_id, set(numbers))
    with django_assert_max_num_queries(15):
        client.get(reverse("baseline:passage", args=["bio2-1.2"]))
    with every_owner():
        assert ControlAnswer.objects.count() == len(AnswerImport.objects.get().taken) == 93
