"""What the tests of the watch share: small rules, event lines, and a watched region."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation
from brandwacht.soc import services
from brandwacht.soc.models import IndicatorList
from brandwacht.soc.services import ListFacts, indicator_sets
from tests.world import NOW, acting_system, mandate, organisation

RULES = {
    "lsass.yml": ("Geheugen gelezen", "high", "T1003.001", "lsass.exe"),
    "powershell.yml": ("PowerShell gestart", "medium", "T1059.001", "powershell.exe"),
    "whoami.yml": ("Wie ben ik", "low", "T1033", "whoami.exe"),
    "wissen.yml": ("Schaduwkopie weg", "critical", "T1490", "vssadmin.exe"),
}

BAD = "203.0.113.9"
"""What stands on the lists of the tests."""
FACTS = ListFacts("Verse lijst", "Test", "TLP:GREEN", 85, NOW + timedelta(days=30))


def facts(**changes: Any) -> ListFacts:
    """What is told of a list, with these changes."""
    return ListFacts(**{name: changes.get(name, getattr(FACTS, name)) for name in FACTS.__slots__})


def rule_text(number: int, title: str, level: str, technique: str, image: str) -> str:
    """A small Sigma rule of our own: the image ends with a name."""
    return (
        f"title: {title}\nid: 00000000-0000-4000-8000-{number:012d}\nstatus: test\nlevel: {level}\n"
        f"tags:\n  - attack.{technique.lower()}\nlogsource:\n  product: windows\n  category: process_creation\n"
        f"detection:\n  sel:\n    Image|endswith: '\\{image}'\n  condition: sel\n"
    )


def line(image: str, host: str = "DC01", at: datetime = NOW, **fields: Any) -> str:
    """One Sysmon process event in recorded form."""
    return json.dumps(
        {
            "Event": {
                "System": {
                    "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
                    "EventID": 1,
                    "TimeCreated": {"#attributes": {"SystemTime": at.isoformat()}},
                    "Channel": "Microsoft-Windows-Sysmon/Operational",
                    "Computer": host,
                },
                "EventData": {"Image": f"C:\\Windows\\{image}", **fields},
            }
        }
    )


def minutes(number: float) -> datetime:
    """A moment so many minutes before ``NOW``."""
    return NOW - timedelta(minutes=number)


@pytest.fixture
def rules_folder(tmp_path: Path) -> Path:
    """A folder with four rules."""
    folder = tmp_path / "regels"
    folder.mkdir()
    for number, (name, facts) in enumerate(RULES.items(), 1):
        (folder / name).write_text(rule_text(number, *facts), encoding="utf-8")
    return folder


@pytest.fixture
def soc() -> Organisation:
    """The SOC."""
    return organisation("VR-SOC", "landelijk")


@pytest.fixture
def region(soc: Organisation, rules_folder: Path) -> Organisation:
    """A region that gave the SOC a mandate to act; the SOC has the four rules."""
    ours = organisation("VR17")
    mandate(ours, soc, GrantKind.SOC_MANDATE, act=True)
    with acting_system(soc) as me:
        services.import_rules(me, rules_folder)
    return ours


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Any]:
    """Read event lines for an organisation, through a file of their own; returns the result of that file."""
    numbers = iter(range(1000))

    def reading(owner: Organisation, *lines: str, now: datetime = NOW) -> Any:
        path = tmp_path / f"log{next(numbers)}.jsonl"
        path.write_text("".join(f"{text}\n" for text in lines), encoding="utf-8")
        with acting_system(owner, now) as me:
            (result,) = services.ingest(me, path, services.rulebook_for(me))
        return result

    return reading


@pytest.fixture
def data(settings: Any, tmp_path: Path) -> Path:
    """A data folder of its own."""
    settings.DATA = tmp_path
    indicator_sets.load.cache_clear()
    return tmp_path


@pytest.fixture
def listed(soc: Organisation, data: Path) -> Callable[..., IndicatorList]:
    """A list of the SOC with this text."""

    def listing(text: str = BAD, now: datetime = NOW, **changes: Any) -> IndicatorList:
        path = data / "lijst.txt"
        path.write_text(text, encoding="utf-8")
        mode = changes.pop("mode", "vervangen")
        with acting_system(soc, now) as me:
            _read, row = services.import_indicators(me, path, facts(**changes), mode=mode)
        assert row is not None
        return row

    return listing
