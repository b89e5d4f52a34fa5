"""The attack of the demo becomes two lines that wait, one of them a story; our advice is whole."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest

from brandwacht.engines.detection import technique_name
from brandwacht.network.tenancy import every_owner
from brandwacht.site.demo import soc as demo
from brandwacht.site.demo.stage import set_stage
from brandwacht.soc import wording
from brandwacht.soc.models import Alert, Severity, SigmaRule
from tests.world import NOW


@pytest.mark.django_db
def test_the_attack_of_the_demo() -> None:
    lines = list(demo.fill(set_stage(NOW)))
    assert lines[0] == "Waakzaam: 10 eigen detectieregels voor het SOC."
    assert "Waakzaam: 4 meldingen wachten op een analist." in lines
    with every_owner():
        assert not SigmaRule.objects.filter(usable=False).exists()
        present = Alert.objects.exclude(title__endswith="(demo)").select_related("asset")
        found = {a.asset.name.split(".")[0]: a for a in present}
    noise = {found.pop(name).state for name in ("VRR-BK01", "VR15-WS1", "VR16-WS1")}
    assert noise == {"bekend", "nieuw"}
    assert found["VRR-DC01"].story_id is not None
    assert found["VRR-DC01"].story_id == found["VRR-MK02"].story_id, "one account on both"
    assert {name: (a.severity, a.state) for name, a in found.items()} == {
        "VRR-WS114": (Severity.HIGH, "nieuw"),
        "VRR-DC01": (Severity.CRITICAL, "nieuw"),
        "VRR-MK02": (Severity.CRITICAL, "nieuw"),
        "VRR-FS01": (Severity.MEDIUM, "bekend"),
    }
    assert found["VRR-WS114"].title.startswith("Wachtwoorden uit het geheugen van LSASS lezen op VRR-WS114")
    assert timedelta(minutes=30) < NOW - found["VRR-WS114"].first_seen < timedelta(minutes=60)
    assert timedelta(minutes=10) < NOW - found["VRR-MK02"].last_seen < timedelta(minutes=20)


def test_the_lines_keep_their_form_when_they_are_moved() -> None:
    records = [json.loads(line) for line in demo.moved(NOW).splitlines()]
    assert len(records) > 300
    times = [datetime.fromisoformat(r["Event"]["System"]["TimeCreated"]["#attributes"]["SystemTime"]) for r in records]
    assert times == sorted(times)
    assert max(times) < NOW
    addresses = set(re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", demo.moved(NOW)))
    assert {a.rsplit(".", 1)[0] for a in addresses} == {"203.0.113", "10.17.4"}


def test_every_technique_that_we_advise_on_has_a_weight_and_plain_steps() -> None:
    book, general = wording._book()
    assert len([a for a in book.values() if a.steps]) >= 25
    assert len(general) >= 3
    for number, advice in book.items():
        assert re.fullmatch(r"T\d{4}(\.\d{3})?", number)
        assert 1 <= advice.weight <= 5, number
        assert advice.weight == 1 or advice.steps, number
        assert technique_name(number) or number == "T1207", number
        for step in advice.steps:
            assert step.endswith("."), step
            assert "!" not in step
            assert set(re.findall(r"{\w+}", step)) <= {"{middel}"}


def test_first_steps_name_the_asset_and_say_nothing_twice() -> None:
    parts = wording.first_steps(["T1059.001", "T1003.001", "T1021.002", "T1570", "T1018"], "VRR-DC01")
    assert [str(p.technique.number) if p.technique else "" for p in parts] == ["T1003.001", "T1021.002", "T1570", ""]
    steps = [step for part in parts for step in part.steps]
    assert len(steps) == len(set(steps))
    assert any("VRR-DC01" in step for step in steps)
