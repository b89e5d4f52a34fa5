"""From a log line to the right table: the eight steps on our own events, in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from brandwacht.cli.soc import soc
from brandwacht.network import audit
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc.models import Alert, MatchedEvent
from tests.journeys import thread
from tests.journeys.steps import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def counts() -> tuple[int, int]:
    with every_owner():
        return Alert.objects.count(), MatchedEvent.objects.count()


def pages_of(pdf: bytes) -> int:
    """The number of pages that a PDF says it has."""
    return max(int(n) for n in re.findall(rb"/Count (\d+)", pdf))


def test_from_a_log_line_to_the_board(visitor: Visitor, tmp_path: Path) -> None:
    # 1 and 2: the demo read its own events; a broken file is named, the same file again counts nothing twice.
    before = counts()
    (tmp_path / "stuk.evtx").write_bytes(b"dit is geen logboek")
    said = CliRunner().invoke(soc, ["ingest", str(tmp_path), "--organisation", "VR17"])
    assert said.exit_code == 2
    assert "stuk.evtx" in said.output
    assert counts() == before

    alert = thread.analyst_opens_the_alert(
        visitor, "Wachtwoorden opvragen als nagemaakte domeincontroller (DCSync) op VRR-DC01"
    )
    incident = thread.analyst_makes_an_incident(visitor)
    visitor.open(alert)
    visitor.sees("Hiervan is incident")
    thread.lead_sees_duties_and_powers(visitor, incident)
    warning = thread.lead_warns_the_members(visitor, incident)
    thread.member_reads_the_warning(visitor, warning)
    thread.ciso_makes_a_measure(visitor, incident)
    pdf = thread.chair_reads_one_page(visitor)
    assert pages_of(pdf) == 1

    # The owner can read who used the mandates, and the chains hold.
    visitor.log_in("beheer@demo.example")
    visitor.open("/beheer/logboek")
    visitor.sees("Landelijk SOC", "Landelijk CERT")
    assert list(audit.verify()) == []
    assert Organisation.objects.filter(code="VR17").exists()
