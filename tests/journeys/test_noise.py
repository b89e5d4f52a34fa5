"""A rule is tuned after a week of noise: looked at, approved by a colleague, and the second victim still alerts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from brandwacht.cli.soc import soc
from brandwacht.network.tenancy import every_owner
from brandwacht.site.demo.soc_alerts import BACKUP, process_line
from brandwacht.site.demo.stage import Stage
from brandwacht.soc.models import Alert, AlertException, ExceptionState
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

ANALYST, CISO = "analist@demo.example", "ciso@demo.example"
RULE = "PowerShell met een gecodeerde opdracht"


def waiting_on(host: str) -> int:
    with every_owner():
        return Alert.objects.filter(asset__name__istartswith=host, waiting=True).count()


def test_a_rule_is_tuned_after_a_week_of_noise(visitor: Visitor, stage: Stage, tmp_path: Path) -> None:
    who = visitor
    # The analyst sees which rule makes the noise, what makes it, and what an exception would take away.
    who.log_in(ANALYST)
    who.open("/waakzaam")
    who.sees("Verhaal: nog 1 melding")
    who.page.locator("summary", has_text="Verhaal: nog 1 melding").click()
    who.check(who.page)
    who.look("waakzaam-verhaal")
    who.picture("waakzaam-verhaal")
    who.press("Detectie", role="link")
    who.press("Ruis", role="link")
    who.sees("1 regel vraagt om bijstellen", RULE)
    who.look("ruis")
    who.picture("ruis")
    who.press(RULE, role="link")
    who.sees("VRR-BK01", "svc-backup", "als het veld CommandLine is")
    who.look("ruis-regel")
    who.press("Stel een uitzondering voor", role="link")
    who.sees("vallen hieronder", "Van de 8 meldingen waren er 7 niet geweest", "1 treffer geeft nog wel een melding")
    who.page.get_by_label("Waarom is dit onschuldig?").fill("De back-up start PowerShell zo; nagevraagd bij ICT.")
    who.page.get_by_label("Wie is hiervoor aanspreekbaar?").fill("Team werkplek")
    who.look("uitzondering-nieuw")
    who.press("Stel deze uitzondering voor")
    who.sees("Voorgesteld", "Een ander moet dit beoordelen")
    who.look("uitzondering-voorstel")
    address = str(who.page.url).removeprefix(who.root)

    # Until somebody else approved it, nothing changes.
    with every_owner():
        assert AlertException.objects.get(title=RULE).state == ExceptionState.PROPOSED
    who.log_in(CISO)
    who.open("/")
    who.sees("Beoordeel een uitzondering")
    who.open(address)
    who.sees("161 van de 162 bewaarde treffers", "1 treffer geeft nog wel een melding")
    who.press("Goedkeuren")
    who.sees("Goedgekeurd", "Werkt nu")

    # The next night: the backup is silent, the same thing on another machine is not.
    log = tmp_path / "nacht.jsonl"
    now = stage.now
    log.write_text(
        "".join(
            process_line(now - timedelta(minutes=minute), host, BACKUP, "powershell.exe", user) + "\n"
            for minute, host, user in (
                (50, "VRR-BK01", "svc-backup"),
                (40, "VRR-BK01", "svc-backup"),
                (30, "VRR-WS201", "demo.medewerker"),
            )
        ),
        encoding="utf-8",
    )
    said = CliRunner().invoke(soc, ["ingest", str(log), "--organisation", "VR17"])
    assert said.exit_code == 0, said.output
    assert (waiting_on("VRR-BK01"), waiting_on("VRR-WS201")) == (0, 1)

    who.open(address)
    who.sees("2 treffers gaven geen melding", "VRR-BK01")
    who.look("uitzondering")
    who.picture("uitzondering")
    who.log_in(ANALYST)
    who.open("/waakzaam")
    who.sees("VRR-WS201")
    who.page.get_by_role("link", name="PowerShell misbruiken op VRR-WS201").first.click()
    who.page.wait_for_load_state()
    who.check(who.page)
    who.sees("30 punten, dat is midden", "Stel een uitzondering voor", "demo.medewerker")
    who.look("melding-ernst")

    # The other pages of this part, as the analyst sees them.
    who.open("/waakzaam/uitzonderingen")
    who.sees(RULE, "Werkt nu")
    who.look("uitzonderingen")
    who.open("/waakzaam/patronen")
    who.sees("1 kenmerk is de laatste zeven dagen bij meer dan één organisatie gezien")
    who.look("patronen")
    who.open("/waakzaam/dekking")
    who.sees("ATT&CK", "gezien")
    who.look("dekking")
    who.picture("dekking")
    for path, name in (("/waakzaam/zoeken", "zoeken"), ("/waakzaam/logbronnen", "bronnen")):
        who.open(path)
        who.look(name)
        who.picture(name)
    who.open("/waakzaam")
    who.page.locator("summary", has_text="Verhaal: nog 1 melding").click()
    who.press("Bekijk het hele verhaal", role="link")
    who.sees("Verhaal van 2 meldingen", "demo.beheer2")
    who.look("verhaal")
