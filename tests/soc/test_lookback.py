"""Looking back: a rule or a list held against stored events, stopped, killed, and filed in its own time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from brandwacht.engines.detection import Event
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import AuditEntry, Grant, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import Alert, IndicatorList, LookBack, LookBackResult, LookState, MatchedEvent, SigmaRule
from brandwacht.soc.services import lookback
from brandwacht.soc.services.rule_text import read_event
from tests.soc.conftest import BAD, line
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

pytestmark = pytest.mark.usefixtures("data")


@dataclass(frozen=True)
class Row:
    owner_code: str
    source_key: str
    time: datetime


class Stand:
    """A small store in memory."""

    def __init__(self) -> None:
        self.events: list[tuple[Row, Event]] = []
        self.asked: list[tuple[list[str], datetime, datetime]] = []
        self.on_scan: Callable[[], None] = lambda: None

    def put(self, code: str, at: datetime, image: str = "net.exe", host: str = "DC01", **fields: Any) -> None:
        event = read_event(line(image, host, at, **fields))
        self.events.append((Row(code, "wef", at), event))

    def scan(
        self,
        owner_codes: Iterable[str],
        since: datetime,
        until: datetime,
        *,
        kinds: Any = None,
        source_keys: Any = None,
    ) -> Iterator[tuple[Row, Event]]:
        codes = list(owner_codes)
        self.asked.append((codes, since, until))
        self.on_scan()
        for row, event in sorted(self.events, key=lambda pair: pair[0].time):
            if row.owner_code in codes and since <= row.time < until:
                yield row, event


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Stand:
    stand = Stand()
    monkeypatch.setattr(lookback, "event_scan", lambda: stand.scan)
    return stand


def run(row: LookBack, now: datetime = NOW) -> LookBack:
    services.run_look_back("VR-SOC", str(row.public_id), lambda: now)
    with every_owner():
        row.refresh_from_db()
    return row


@pytest.mark.django_db
class TestLookingBack:
    def test_what_a_rule_would_have_seen(self, region: Organisation, soc: Organisation, store: Stand) -> None:
        for days in (1, 1, 3, 29, 40):
            store.put("VR17", NOW - timedelta(days=days), "lsass.exe")
        store.put("VR-SOC", NOW - timedelta(days=2), "lsass.exe", "SOC1")
        store.put("VR15", NOW - timedelta(days=2), "lsass.exe", "ELDERS")
        with every_owner():
            rule = SigmaRule.objects.get(title="Geheugen gelezen")
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            row = services.try_rule(me, rule.public_id)
            with pytest.raises(Refused, match="al gezocht"):
                services.try_rule(me, rule.public_id)
            assert run(row).state == LookState.DONE
            results = queries.look_back_results(me, row)
        assert {r.organisation.code: (r.matches, r.hosts) for r in results} == {
            "VR17": (4, {"DC01": 4}),
            "VR-SOC": (1, {"SOC1": 1}),
        }
        assert (row.step, row.events) == (row.steps, 5)
        assert 'Image eindigt op "\\lsass.exe"' in results[0].examples[0]["because"]
        with every_owner():
            assert not Alert.objects.exists(), "trying a rule makes no alerts"
            assert AuditEntry.objects.filter(organisation=region, action="soc.look-back").exists()

    def test_a_fresh_list_finds_what_was_and_files_it_in_its_own_time(
        self, region: Organisation, soc: Organisation, store: Stand, listed: Callable[..., IndicatorList]
    ) -> None:
        then = NOW - timedelta(days=12)
        store.put("VR17", then, DestinationIp=BAD)
        store.put("VR17", then + timedelta(minutes=5), DestinationIp=BAD)
        store.put("VR17", NOW - timedelta(days=2), DestinationIp="203.0.113.1")
        watched = listed()
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            row = run(services.search_list(me, watched.public_id))
        with every_owner():
            alert = Alert.objects.get()
            result = LookBackResult.objects.get(look_back=row.public_id, organisation=region)
            events = list(MatchedEvent.objects.order_by("time"))
        assert (alert.first_seen, alert.event_count, alert.organisation) == (then, 2, region)
        assert (result.matches, result.filed) == (2, 2)
        assert [event.number for event in events] == [1, 2]
        assert run(row).state == LookState.DONE, "a second time does nothing"
        with every_owner():
            assert MatchedEvent.objects.count() == 2

    def test_a_mandate_to_see_gives_no_alerts(
        self, soc: Organisation, store: Stand, listed: Callable[..., IndicatorList]
    ) -> None:
        other = organisation("VR15")
        mandate(other, soc, GrantKind.SOC_MANDATE)
        store.put("VR15", NOW - timedelta(days=1), DestinationIp=BAD)
        watched = listed()
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            row = run(services.search_list(me, watched.public_id, codes=["VR15"]))
            (result,) = queries.look_back_results(me, row)
            assert (result.matches, result.filed) == (1, 0)
            with pytest.raises(Refused, match="minstens één"):
                services.search_list(me, watched.public_id, codes=["VR01"])

    def test_killed_halfway_it_goes_on_and_counts_nothing_twice(
        self, region: Organisation, soc: Organisation, store: Stand, listed: Callable[..., IndicatorList]
    ) -> None:
        for days in range(1, 6):
            store.put("VR17", NOW - timedelta(days=days), DestinationIp=BAD)
        watched = listed()
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            row = services.search_list(me, watched.public_id, days=7, codes=["VR17"])

        def die() -> None:
            if len(store.asked) == 4:
                raise KeyboardInterrupt

        store.on_scan = die
        with pytest.raises(KeyboardInterrupt):
            run(row)
        store.on_scan = lambda: None
        assert services.run_look_back("VR-SOC", str(row.public_id), lambda: NOW) == "niet nodig", "it may still live"
        later = NOW + timedelta(minutes=21)
        assert "opnieuw" in lookback.look_again(later)
        assert run(row, later).state == LookState.DONE
        with every_owner():
            result = LookBackResult.objects.get(organisation=region)
            assert (result.matches, result.filed, MatchedEvent.objects.count()) == (5, 5, 5)

    def test_stopped_it_keeps_what_it_found(
        self, region: Organisation, soc: Organisation, store: Stand, listed: Callable[..., IndicatorList]
    ) -> None:
        for days in range(1, 6):
            store.put("VR17", NOW - timedelta(days=days), DestinationIp=BAD)
        watched = listed()
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            row = services.search_list(me, watched.public_id, days=7, codes=["VR17"])
            asker = me

            def stop() -> None:
                if len(store.asked) == 3:
                    services.stop_look_back(asker, row.public_id)

            store.on_scan = stop
            assert run(row).state == LookState.STOPPED
            assert (row.step, row.events) == (2, 1)

    def test_a_mandate_that_ended_meanwhile(
        self, region: Organisation, soc: Organisation, store: Stand, listed: Callable[..., IndicatorList]
    ) -> None:
        store.put("VR17", NOW - timedelta(days=1), DestinationIp=BAD)
        watched = listed()
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            row = services.search_list(me, watched.public_id, codes=["VR17"], days=7)
        with every_owner():
            Grant.objects.update(ended_at=NOW)
        assert run(row).reason.endswith("VR17.")
        assert store.asked == []
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            assert queries.look_back_results(me, row) == []

    def test_without_a_store(self, soc: Organisation, monkeypatch: pytest.MonkeyPatch, listed: Any) -> None:
        watched = listed()
        monkeypatch.setattr(lookback, "event_scan", lambda: None)
        with acting_system(soc) as me, pytest.raises(Refused, match="nog geen gebeurtenissen"):
            services.search_list(me, watched.public_id)
