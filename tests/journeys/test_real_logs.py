"""The same thread on recordings of real attacks, with the rules that analysts use. Needs the shared data."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from brandwacht.cli.soc import soc
from brandwacht.network.models import Node, NodeName
from brandwacht.network.tenancy import every_owner
from brandwacht.site.demo.stage import Stage
from tests.journeys import thread
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

DCSYNC = "Wachtwoorden opvragen als nagemaakte domeincontroller (DCSync) op"


def run(*arguments: str) -> str:
    said = CliRunner().invoke(soc, list(arguments))
    assert said.exit_code == 0, said.output
    return said.output


def test_real_attacks_reach_the_board(visitor: Visitor, stage: Stage, shared_data: Path) -> None:
    # The region's domain controller is the machine that was recorded.
    with every_owner():
        node = Node.objects.get(organisation=stage.organisation("VR17"), key__iexact="vrr-dc01")
        NodeName(organisation=node.organisation, node=node, value="dc1.insecurebank.local").save()
    rules = shared_data / "sigma" / "rules" / "windows"
    for folder in (rules / "builtin", rules / "process_access"):
        run("rules", "import", str(folder))
    logs = str(shared_data / "evtx" / "Credential_Access")
    first = run("ingest", logs, "--organisation", "VR17")
    assert "38 bestand(en) gelezen" in first
    again = run("ingest", logs, "--organisation", "VR17")
    assert "0 bestand(en) gelezen" in again
    assert "Al eerder gelezen: 38" in again

    visitor.log_in(thread.ANALYST)
    visitor.open("/waakzaam?waar=VRR-DC01")
    thread.analyst_opens_the_alert(visitor, DCSYNC)
    incident = thread.analyst_makes_an_incident(visitor)
    thread.lead_sees_duties_and_powers(visitor, incident)
    warning = thread.lead_warns_the_members(visitor, incident)
    thread.member_reads_the_warning(visitor, warning)
    thread.ciso_makes_a_measure(visitor, incident)
    thread.chair_reads_one_page(visitor)
