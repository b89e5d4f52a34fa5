"""Looking back: a rule or a list held against stored events, stopped, killed, and filed in its own time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from brandwacht.engines.detection import Event, load_rules
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import AuditEntry, Grant, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import Alert, IndicatorList, LookBack, LookBackResult, LookState, MatchedEvent, SigmaRule
from brandwacht.soc.services import lookback
from brandwacht.soc.services.lookback_finding import Together
from brandwacht.soc.services.rule_text import read_event
from tests.soc.conftest import BAD, RULES, line, rule_text
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


def together(kind: str, rules: int, condition: str, timespan: str = "10m") -> str:
    """A correlation on the first ``rules`` of the small rules, per host."""
    named = ", ".join(f"00000000-0000-4000-8000-{number:012d}" for number in range(1, rules + 1))
    return (
        f"title: Samen\nid: 00000000-0000-4000-8000-000000000099\nlevel: high\ncorrelation:\n  type: {kind}\n"
        f"  rules: [{named}]\n  group-by: [Computer]\n  timespan: {timespan}\n  condition: {condition}\n"
    )


LSASS, SHELL = "lsass.exe", "powershell.exe"


@pytest.mark.parametrize(
    ("kind", "rules", "condition", "images", "expected"),
    [
        ("event_count", 1, "{gte: 2}", [LSASS, LSASS, LSASS], [1]),
        ("event_count", 1, "{eq: 2}", [LSASS, LSASS], [1]),
        ("event_count", 1, "{eq: 2}", [LSASS, LSASS, LSASS], []),
        ("value_count", 1, "{gte: 3, field: Nummer}", [LSASS, LSASS, LSASS], [2]),
        ("temporal", 2, "{gte: 2}", [SHELL, LSASS], [1]),
        ("temporal_ordered", 2, "{gte: 2}", [SHELL, LSASS], []),
        ("temporal_ordered", 2, "{gte: 2}", [SHELL, LSASS, SHELL], [2]),
    ],
)
def test_when_each_kind_of_correlation_became_true(
    kind: str, rules: int, condition: str, images: list[str], expected: list[int]
) -> None:
    texts = [(name, rule_text(number, *facts)) for number, (name, facts) in enumerate(RULES.items(), 1)]
    loaded = load_rules([*texts, ("samen.yml", together(kind, rules, condition))])
    finder = Together(loaded.correlations[0], loaded.rules)
    times = [NOW + timedelta(minutes=number) for number in range(len(images))]
    found = []
    for number, (image, time) in enumerate(zip(images, times, strict=True)):
        found += finder.find([(Row("VR17", "wef", time), read_event(line(image, at=time, Nummer=str(number))))])
    found += finder.close(NOW + timedelta(days=1))
    assert [times.index(hit.time) for hit in found] == expected
    assert {hit.host for hit in found} <= {"DC01"}
    assert not finder.let_go


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

    def test_a_correlation_looks_back_over_midnight_and_after_a_kill(
        self, region: Organisation, soc: Organisation, store: Stand
    ) -> None:
        """Three times within two days, on one host: its rule is off, and the worker dies before the third."""
        midnight = NOW.replace(hour=0, minute=0)
        for hours in (-20, -1, 1):
            store.put("VR17", midnight + timedelta(hours=hours), "lsass.exe")
        for days in (8, 4, 0):
            store.put("VR17", midnight - timedelta(days=days), "lsass.exe", "TE-WEINIG")
        store.put("VR-SOC", midnight - timedelta(hours=1), "lsass.exe")
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            made = services.write_rule(me, together("event_count", 1, "{gte: 3}", "2d"), "Proef", enabled=False)
            SigmaRule.objects.filter(title="Geheugen gelezen").update(enabled=False)
            row = services.try_rule(me, made.public_id, days=9)

            def die() -> None:
                if store.asked[-1][:2] == (["VR17"], midnight):
                    raise KeyboardInterrupt

            store.on_scan = die
            with pytest.raises(KeyboardInterrupt):
                run(row)
            store.on_scan = lambda: None
            later = NOW + timedelta(minutes=21)
            lookback.look_again(later)
            assert (run(row, later).state, row.step, row.reason) == (LookState.DONE, row.steps, "")
            results = {each.organisation.code: each for each in queries.look_back_results(me, row)}
        found = results["VR17"]
        assert (found.matches, found.events, found.hosts) == (1, 6, {"DC01": 1})
        assert found.days == {midnight.date().isoformat(): 1}
        assert "Het gaat om: Computer = DC01" in found.examples[0]["because"]
        assert results["VR-SOC"].matches == 0
        with every_owner():
            assert not Alert.objects.exists(), "trying makes no alerts"

    def test_a_correlation_that_rests_on_what_can_not_be_used(
        self, region: Organisation, soc: Organisation, store: Stand
    ) -> None:
        with acting(actor(person(soc, Role.SOC_ANALYST), soc)) as me:
            made = services.write_rule(me, together("event_count", 1, "{gte: 3}"), "Proef", enabled=False)
            SigmaRule.objects.filter(title="Geheugen gelezen").update(usable=False)
            with pytest.raises(Refused, match="niet te"):
                services.try_rule(me, made.public_id)

    def test_without_a_store(self, soc: Organisation, monkeypatch: pytest.MonkeyPatch, listed: Any) -> None:
        watched = listed()
        monkeypatch.setattr(lookback, "event_scan", lambda: None)
        with acting_system(soc) as me, pytest.raises(Refused, match="nog geen gebeurtenissen"):
            services.search_list(me, watched.public_id)
