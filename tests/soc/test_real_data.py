"""On real logs of known attacks, with the public rules for Windows: the alerts are those an analyst would make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from brandwacht.network.domains import GrantKind
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, AlertRule, IngestFile, MatchedEvent, Severity, SigmaRule
from tests.conftest import IN_CI, absent
from tests.world import acting_system, mandate, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# What happened in these recordings is known; each was looked up by hand in the raw events.
KNOWN = [
    # host, day and hour, title, lowest severity that an analyst would accept, events
    ("ALICE", "2019-06-21 07", "Wachtwoorden uit het geheugen van LSASS lezen", Severity.CRITICAL, 12),
    ("MSEDGEWIN10", "2019-08-30 12", "Wachtwoorden uit het geheugen van LSASS lezen", Severity.HIGH, 2),
    ("DESKTOP-PIU87N6", "2020-09-28 12", "Wachtwoorden uit het geheugen van LSASS lezen", Severity.CRITICAL, 2),
    ("DC1", "2019-05-08 02", "Wachtwoorden opvragen als nagemaakte domeincontroller (DCSync)", Severity.MEDIUM, 3),
    ("DC1", "2019-11-26 23", "De wachtwoorddatabase van het domein (NTDS) kopiëren", Severity.MEDIUM, 4),
    ("PC01", "2019-03-18 11", "Inloggen met een gestolen wachtwoordhash", Severity.HIGH, 5),
    ("IEWIN7", "2019-01-19 13", "Overnemen op afstand via beheershares (SMB)", Severity.HIGH, 4),
    ("IEWIN7", "2019-04-30 20", "Overnemen op afstand via DCOM", Severity.HIGH, 13),
    ("MSEDGEWIN10", "2020-01-14 20", "Opdrachten uitvoeren via WMI", Severity.HIGH, 5),
    ("DC1", "2019-05-16 01", "Overnemen op afstand via WinRM", Severity.MEDIUM, 2),
    ("ALICE", "2019-05-14 14", "Software voor beheer op afstand misbruiken", Severity.HIGH, 1),
]


def test_known_attacks_become_the_alerts_that_an_analyst_would_make(shared_data: Path) -> None:
    rules, logs = shared_data / "sigma" / "rules" / "windows", shared_data / "evtx"
    if not rules.is_dir() or not logs.is_dir():
        absent(f"no folders {rules} and {logs}: the public rules and recorded attacks are not here", required=IN_CI)
    ours, soc = organisation("VR17"), organisation("VR-SOC", "landelijk")
    mandate(ours, soc, GrantKind.SOC_MANDATE)
    with acting_system(soc) as me:
        imported = services.import_rules(me, rules)
        usable = SigmaRule.objects.filter(usable=True).count()
    assert usable > 0.98 * imported.files
    with acting_system(ours) as me:
        book = services.rulebook_for(me)
        for folder in ("Credential_Access", "Lateral_Movement"):
            results = list(services.ingest(me, logs / folder, book))
            assert {r.outcome for r in results} == {services.Outcome.READ}
    with every_owner():
        alerts = list(Alert.objects.select_related("asset").order_by("first_seen"))
        events = MatchedEvent.objects.count()
        assert events == sum(a.event_count for a in alerts) == sum(f.matched for f in IngestFile.objects.all())
        assert {r.alert_id for r in AlertRule.objects.all()} == {a.pk for a in alerts}
    assert events > 150
    assert len(alerts) < events / 2
    found = [_facts(alert) for alert in alerts]
    for host, hour, title, severity, count in KNOWN:
        (mine,) = [f for f in found if (f["host"], f["hour"]) == (host, hour)]
        assert mine["title"].startswith(f"{title} op "), mine
        assert mine["severity"] >= severity, mine
        assert mine["events"] == count, mine


def _facts(alert: Alert) -> dict[str, Any]:
    return {
        "host": alert.asset.name.split(".")[0],
        "hour": f"{alert.first_seen:%Y-%m-%d %H}",
        "title": alert.title,
        "severity": alert.severity,
        "events": alert.event_count,
    }
