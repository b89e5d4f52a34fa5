"""Who writes the log must not be able to end its reading: everything behind the crafted line would go unseen."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from brandwacht.network.models import AuditEntry, Node, NodeName, Organisation
from brandwacht.network.tenancy import every_owner
from brandwacht.soc import services
from brandwacht.soc.models import Alert, MatchedEvent
from tests.soc.conftest import line, minutes
from tests.world import acting_system

pytestmark = pytest.mark.django_db

ingest: Any = import_module("brandwacht.soc.services.ingest")  # the package has a function of that name
Reading = Callable[..., Any]


def _flat(host: str, **more: Any) -> str:
    sysmon = {"Provider_Name": "Microsoft-Windows-Sysmon", "Channel": "Microsoft-Windows-Sysmon/Operational"}
    return json.dumps(sysmon | {"EventID": 1, "Computer": host, "Image": "C:\\lsass.exe"} | more)


@pytest.mark.parametrize("host", ["A" * 300, "İ" * 255, "x" * 254 + " y", "naam\x00met nul", "\ud7ff" * 400])
def test_a_host_name_of_any_length_is_read_again_and_again(region: Organisation, read: Reading, host: str) -> None:
    for ago in (30, 20):
        result = read(region, line("lsass.exe", host, minutes(ago)), line("lsass.exe", "DC01", minutes(ago)))
        assert (result.outcome, result.matched) == ("gelezen", 2)
    with every_owner():
        assert {len(value) <= 255 for value in NodeName.objects.values_list("value", flat=True)} == {True}
        assert (Node.objects.count(), Alert.objects.count(), MatchedEvent.objects.count()) == (2, 2, 4)


@pytest.mark.parametrize(
    ("opens", "closes"), [("[", "]"), ('{"a":', "}"), ('[{"b":', "}]")], ids=["list", "dict", "mix"]
)
@pytest.mark.parametrize("depth", [400, 800, 1000])
def test_nesting_hides_nothing(region: Organisation, read: Reading, opens: str, closes: str, depth: int) -> None:
    levels = depth // len(closes)
    deep = _flat("DC01").removesuffix("}") + f', "x": {opens * levels}1{closes * levels}}}'
    result = read(region, deep, line("lsass.exe", "DC02"))
    assert (result.outcome, result.matched) == ("gelezen", 2)


def test_nesting_below_text_hides_nothing(region: Organisation, read: Reading) -> None:
    deep = (
        line("lsass.exe")
        .replace('"Image": "', '"Image": {"#text": ' + '{"a":' * 990 + '"')
        .replace('lsass.exe"', 'lsass.exe"' + "}" * 991)
    )
    result = read(region, deep, line("lsass.exe", "DC02"))
    assert (result.outcome, result.events) == ("gelezen", 2)
    assert result.matched >= 1


def test_large_matches_are_written_before_they_fill_the_memory(
    region: Organisation, read: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    account = ingest._account

    def noting(*given: Any) -> Any:
        written.append(sum("Filler" in event.fields for event in given[2].events))
        return account(*given)

    monkeypatch.setattr(ingest, "_account", noting)
    monkeypatch.setattr("brandwacht.soc.services.pipeline.BATCH_WEIGHT", 50_000)
    lines = [line("lsass.exe", "DC01", minutes(n), Filler="x" * 20_000) for n in range(10)]
    result = read(region, *lines, *(line("notepad.exe") for _n in range(10)))
    assert (result.events, result.matched, max(written)) == (20, 10, 3)
    with every_owner():
        assert MatchedEvent.objects.count() == 10


def test_a_list_that_would_fill_the_memory_is_refused(region: Organisation, tmp_path: Path) -> None:
    small = tmp_path / "klein.json.gz"
    small.write_bytes(gzip.compress(b"[" + b"{}," * 15_000_000 + b"{}]"))
    assert small.stat().st_size < 100_000
    with acting_system(region) as me:
        (result,) = services.ingest(me, small, services.rulebook_for(me))
    assert (result.outcome, result.reason.endswith("Lever het aan als JSON-regels.")) == ("onleesbaar", True)


def test_made_up_machines_do_not_flood_the_chain(region: Organisation, read: Reading) -> None:
    read(region, *(line("lsass.exe", f"pc{n}") for n in range(300)))
    with every_owner():
        entries = AuditEntry.objects.filter(organisation=region, action="register.note_asset")
        assert [entry.detail["aantal"] for entry in entries] == [300]
        assert Node.objects.count() == 300
