"""The pages and commands of detection content: what they show, ask and refuse, within their budget of queries."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from brandwacht.cli.soc import soc as command
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import ContentImport, ImportState, IndicatorList, RuleOff, SigmaRule
from brandwacht.soc.services import ListFacts, rule_taking
from tests.soc.conftest import line, rule_text
from tests.soc.test_views import BUDGET, log_in, page
from tests.world import NOW, acting, acting_system, actor, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """The pages' clock stands still; files stand in a folder of this test."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.DATA = tmp_path / "data"


@pytest.fixture
def analyst(soc: Organisation, region: Organisation) -> Client:
    return log_in(person(soc, Role.SOC_ANALYST, name="Sem Bakker"))


@pytest.fixture
def rule(region: Organisation) -> SigmaRule:
    with every_owner():
        return SigmaRule.objects.get(title="Geheugen gelezen")


def send(client: Client, name: str, *args: Any, status: int = 200, **data: Any) -> str:
    response = client.post(reverse(f"soc:{name}", args=args), data, follow=True)
    assert response.status_code == status
    return response.content.decode()


def test_query_budget(
    soc: Organisation,
    region: Organisation,
    analyst: Client,
    rule: SigmaRule,
    read: Callable[..., Any],
    tmp_path: Path,
    django_assert_max_num_queries: Any,
) -> None:
    read(region, line("lsass.exe"), line("whoami.exe"))
    lines = tmp_path / "l.txt"
    lines.write_text("kwaad.example", encoding="utf-8")
    with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
        facts = ListFacts("Lijst", "Test", "TLP:AMBER", 50, NOW + timedelta(days=9))
        _read, watched = services.import_indicators(me, lines, facts)
        services.set_rule_off(me, region.pk, rule.rule_id, reason="Ruis", until=(NOW + timedelta(days=9)).date())
        services.change_rule(me, rule.public_id, rule.source + "# x\n", "Proef", seen=1)
        offered = services.offer_list(me, "l.txt", [b"1.1.1.1"], facts, renews=watched.public_id if watched else None)
    assert watched is not None
    for name, args, query in (
        ("rules", [], {"sort": "-keer"}), ("rules", [], {"sort": "laatst", "stand": "stil"}),
        ("rule", [rule.public_id], {}), ("rule-history", [rule.public_id], {}), ("rule-edit", [rule.public_id], {}),
        ("rule-new", [], {}), ("rules-upload", [], {}), ("rule-offs", [], {}), ("rule-off-new", [], {"bij": "VR17"}),
        ("lists", [], {}), ("list-new", [], {}), ("list-of", [watched.public_id], {}),
        ("list-renew", [watched.public_id], {}), ("content", [offered.public_id], {}),
    ):  # fmt: skip
        page(analyst, name, *args, **query)
        with django_assert_max_num_queries(BUDGET):
            page(analyst, name, *args, **query)


def test_the_list_sorts_by_what_matched(region: Organisation, analyst: Client, read: Callable[..., Any]) -> None:
    read(region, *(line("whoami.exe", f"PC{n}") for n in range(3)), line("lsass.exe"))
    text = page(analyst, "rules", sort="-keer")
    assert text.index("Wie ben ik") < text.index("Geheugen gelezen") < text.index("Schaduwkopie weg")
    quiet = page(analyst, "rules", stand="stil")
    assert "Schaduwkopie weg" in quiet
    assert "Wie ben ik" not in quiet


def test_the_editor_checks_without_keeping(analyst: Client, rule: SigmaRule) -> None:
    text = send(
        analyst, "rule-edit", rule.public_id, text=rule.source.replace("high", "erg"), doen="controleer", seen=1
    )
    assert "De ernst (level) is onbekend" in text
    assert "Tekstregel 4:" in text
    sample = line("lsass.exe")
    text = send(analyst, "rule-edit", rule.public_id, text=rule.source, event=sample, doen="probeer", seen=1)
    assert "De regel slaat aan op dit voorbeeld" in text
    text = send(analyst, "rule-edit", rule.public_id, text=rule.source, event="{", doen="probeer", seen=1, status=422)
    assert "geen geldige JSON" in text
    assert "te gebruiken" in send(analyst, "rule-check", text=rule.source)
    text = send(analyst, "rule-edit", rule.public_id, text=rule.source + "#", why="", doen="bewaar", seen=1, status=422)
    assert "Schrijf op waarom u de regel wijzigt." in text
    with every_owner():
        assert SigmaRule.objects.get(pk=rule.pk).version == 1


def test_hostile_text_is_shown_as_text(analyst: Client) -> None:
    text = rule_text(60, "<script>alert(1)</script>", "low", "T1033", "<img src=x>.exe")
    shown = send(analyst, "rule-new", text=text, doen="bewaar")
    assert "<script>alert(1)" not in shown
    assert "<img src=x>" not in shown
    assert "&lt;img src=x&gt;.exe" in shown


def test_upload_and_take_over(analyst: Client, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.yml", rule_text(70, "Nieuw uit zip", "low", "T1033", "net.exe"))
    file = SimpleUploadedFile("../x.zip", path.read_bytes())
    text = send(analyst, "rules-upload", file=file, collection="sig/ma")
    assert "wordt gelezen" in text
    with every_owner():
        row = ContentImport.objects.get()
    assert (row.name, row.collection) == ("x.zip", "sig ma")
    assert page(analyst, "content-progress", row.public_id).count("every 2s") == 1
    services.read_offered_content("VR-SOC", str(row.public_id), lambda: NOW)
    over = analyst.get(reverse("soc:content-progress", args=[row.public_id]))
    assert over["HX-Refresh"] == "true"
    assert "Nieuw uit zip" in page(analyst, "content", row.public_id)
    assert "x.zip wordt verwerkt" in send(analyst, "content-apply", row.public_id)
    assert page(analyst, "content-progress", row.public_id).count("every 2s") == 1
    assert "wordt gestopt" in send(analyst, "content-drop", row.public_id)
    assert rule_taking.take_over("VR-SOC", str(row.public_id), lambda: NOW) == ImportState.READY
    assert "Gestopt; er is niets veranderd." in page(analyst, "content", row.public_id)
    send(analyst, "content-apply", row.public_id)
    assert rule_taking.take_over("VR-SOC", str(row.public_id), lambda: NOW) == ImportState.APPLIED
    assert "Deze regels tellen mee." in page(analyst, "content", row.public_id)
    assert "Nieuw uit zip" in page(analyst, "rules", tekst="zip")


def test_off_at_one_organisation(analyst: Client, region: Organisation, rule: SigmaRule) -> None:
    address = f"{reverse('soc:rule-off-new')}?regel={rule.public_id}"
    data = {"organisation": "VR17", "rule_id": rule.rule_id, "reason": "Ruis", "until": "2026-12-01"}
    assert analyst.post(address, data | {"until": "2020-01-01"}).status_code == 422
    assert "staat uit bij" in analyst.post(address, data, follow=True).content.decode()
    with every_owner():
        row = RuleOff.objects.get()
    assert "Ruis" in page(analyst, "rule", rule.public_id)
    member = log_in(person(region, Role.CISO))
    assert "Ruis" in page(member, "rule-offs")
    page(member, "rule", rule.public_id, status=404)
    assert "telt daar weer mee" in send(member, "rule-off-end", row.public_id)


def test_commands(soc: Organisation, rules_folder: Path, tmp_path: Path) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        said = CliRunner().invoke(command, list(arguments))
        assert said.exit_code == code, said.output
        return said.output

    assert "Er is niets veranderd" in run("rules", "import", str(rules_folder), "--preview")
    with every_owner():
        assert not SigmaRule.objects.exists()
    assert "4 regels nieuw" in run("rules", "import", str(rules_folder))
    with acting_system(soc) as me:
        own = SigmaRule.objects.get(title="Geheugen gelezen")
        services.change_rule(me, own.public_id, own.source + "# eigen\n", "Proef", seen=1)
    (rules_folder / "lsass.yml").write_text(rule_text(1, "Anders", "low", "T1033", "x.exe"), encoding="utf-8")
    assert "eigen tekst blijft" in run("rules", "import", str(rules_folder))
    lines = tmp_path / "l.txt"
    lines.write_text("kwaad[.]example\n10.0.0.1\n", encoding="utf-8")
    asked = ("indicators", "import", str(lines), "--name", "L", "--origin", "T", "--tlp")
    assert "Er is niets veranderd" in run(*asked, "amber", "--preview")
    said = run(*asked, "amber")
    assert "1 kenmerken: 1 nieuw" in said
    assert "regel 2:" in said
    run(*asked, "paars", code=2)
    assert "ruimer label" in run(*asked, "clear", code=1)
    with every_owner():
        assert IndicatorList.objects.get().tlp == "TLP:AMBER"
