"""From events to alerts: what joins, what opens a new one, what it is called, what is told to the rooms above."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from brandwacht.network import events as bus
from brandwacht.network.models import Node, Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.events import AlertOpened
from brandwacht.soc.models import Alert, AlertState, MatchedEvent, Severity
from brandwacht.soc.services.kept_events import MAX_TEXT, storable
from tests.soc.conftest import line, minutes
from tests.world import NOW, acting_system, asset

pytestmark = pytest.mark.django_db

Reading = Callable[..., Any]


@pytest.fixture
def opened() -> Iterator[list[AlertOpened]]:
    heard: list[AlertOpened] = []
    bus.subscribe(AlertOpened, heard.append)
    yield heard
    bus._handlers[AlertOpened].remove(heard.append)


def alerts() -> list[Alert]:
    with every_owner():
        return list(Alert.objects.select_related("asset").order_by("first_seen", "pk"))


def test_one_attack_on_two_hosts_is_two_alerts(region: Organisation, read: Reading) -> None:
    known = asset(region, "DC01")
    read(
        region,
        line("powershell.exe", at=minutes(60)),
        line("lsass.exe", at=minutes(50)),
        line("lsass.exe", at=minutes(49)),
        line("whoami.exe", "dc01.voorbeeld.nl", at=minutes(48)),
        line("vssadmin.exe", "FS01", at=minutes(30)),
        line("notepad.exe", at=minutes(20)),
    )
    first, second = alerts()
    assert first.asset == known
    assert first.title == "Wachtwoorden uit het geheugen van LSASS lezen op DC01"
    assert (first.severity, first.event_count, first.rule_count) == (Severity.HIGH, 4, 3)
    assert first.attack == ["T1003.001", "T1059.001", "T1033"]
    assert (first.first_seen, first.last_seen) == (minutes(60), minutes(48))
    assert (second.asset.name, second.asset.confirmed, second.severity) == ("FS01", False, Severity.CRITICAL)
    with every_owner():
        counts = dict(first.rules.values_list("title", "count"))
    assert counts == {"PowerShell gestart": 1, "Geheugen gelezen": 2, "Wie ben ik": 1}


def test_events_join_within_six_hours_also_when_they_come_later_or_earlier(region: Organisation, read: Reading) -> None:
    read(region, line("lsass.exe", at=NOW))
    read(region, line("lsass.exe", at=NOW - timedelta(hours=6)))
    read(region, line("lsass.exe", at=NOW + timedelta(hours=6)))
    assert len(alerts()) == 1
    read(region, line("lsass.exe", at=NOW + timedelta(hours=12, seconds=1)))
    assert [a.event_count for a in alerts()] == [3, 1]


def test_what_was_closed_is_not_reopened(region: Organisation, read: Reading) -> None:
    read(region, line("lsass.exe", at=minutes(10)))
    with acting_system(region) as me:
        services.mark_known(me, alerts()[0].public_id, "onderhoud")
    read(region, line("lsass.exe", at=minutes(9)))
    first, second = alerts()
    assert (first.state, first.event_count) == (AlertState.KNOWN, 1)
    assert (second.state, second.waiting) == (AlertState.NEW, True)


def test_a_confirmed_alert_waits_again_only_when_it_gets_worse(region: Organisation, read: Reading) -> None:
    read(region, line("powershell.exe", at=minutes(10)))
    with acting_system(region) as me:
        services.acknowledge(me, alerts()[0].public_id)
    read(region, line("whoami.exe", at=minutes(9)))
    assert alerts()[0].waiting is False
    read(region, line("vssadmin.exe", at=minutes(8)))
    alert = alerts()[0]
    assert (alert.state, alert.waiting, alert.severity) == (AlertState.ACKNOWLEDGED, True, Severity.CRITICAL)
    assert alert.title == "Herstel onmogelijk maken op DC01"


def test_low_rules_make_a_low_alert_and_are_not_told(
    region: Organisation, read: Reading, opened: list[AlertOpened]
) -> None:
    read(region, line("whoami.exe", at=minutes(10)))
    assert alerts()[0].severity == Severity.LOW
    assert opened == []
    read(region, line("lsass.exe", at=minutes(9)), line("lsass.exe", at=minutes(8)))
    assert [(e.severity, e.alert) for e in opened] == [(Severity.HIGH, alerts()[0].public_id)]
    read(region, line("vssadmin.exe", at=minutes(7)))
    assert len(opened) == 1, "it was open and above the line already"


def test_an_event_without_host_or_credible_time_is_kept(region: Organisation, read: Reading) -> None:
    read(region, line("lsass.exe", "", at=NOW.replace(year=1601)))
    (alert,) = alerts()
    assert alert.first_seen == NOW
    assert Node._base_manager.get(pk=alert.asset_id).name == "ONBEKEND"


def test_odd_content_is_kept_as_both_databases_can(region: Organisation, read: Reading) -> None:
    deep: Any = "bodem"
    for _level in range(60):
        deep = {"n": deep}
    read(region, line("lsass.exe", CommandLine="a\x00b", Lang="x" * (MAX_TEXT + 5), Diep=deep))
    with every_owner():
        raw = MatchedEvent.objects.get().raw["Event"]["EventData"]
    assert raw["CommandLine"] == "a\u2400b"
    assert raw["Lang"].startswith("x" * MAX_TEXT)
    assert "ingekort" in raw["Lang"]
    assert storable({"a\x00": [1, None, True, 1.5]}) == {"a\u2400": [1, None, True, 1.5]}


def test_why_it_matched_is_kept_with_the_event(region: Organisation, read: Reading) -> None:
    read(region, line("lsass.exe"))
    with every_owner():
        event = MatchedEvent.objects.get()
    (match,) = event.matches
    assert match["matched"] == {"Image": "C:\\Windows\\lsass.exe"}
    assert match["because"] == ['Image eindigt op "\\lsass.exe"']
    assert (event.event_id, event.number) == (1, 1)
