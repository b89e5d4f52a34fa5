"""Stored events of the demo: four days of plainly fictitious work and one evening of something else.

Made, not recorded: a small office per region, the same every time but for the moment.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from brandwacht.engines.detection import Event, event_from_record
from brandwacht.site.demo.stage import REGION, SOC, Stage
from brandwacht.soc.hunts import Query
from brandwacht.soc.services import hunting
from brandwacht.soc.store import append
from brandwacht.soc.store.conditions import Line

DAYS: Final = 4
EACH: Final = 300
"""Events per region and day."""
SYSMON: Final = "Microsoft-Windows-Sysmon/Operational"
PROGRAMS: Final = ("outlook.exe", "winword.exe", "msedge.exe", "teams.exe", "svchost.exe", "excel.exe", "meldkamer.exe")
SITES: Final = ("intranet.demo.example", "post.demo.example", "rooster.demo.example", "kaart.demo.example")
STRANGE: Final = "198.51.100.77"
"""From the addresses that are for documentation only (RFC 5737)."""
REGIONS: Final = ((REGION, "VRR"), ("VR15", "VRH"), ("VR18", "VRZ"))


def fill(stage: Stage) -> Iterator[str]:
    """Store the events, and keep one search over them."""
    count = 0
    for code, prefix in REGIONS:
        dice = random.Random(code)  # noqa: S311 - a demo that is the same every time
        for day in range(DAYS, 0, -1):
            events = [_event(n, prefix, stage.now - timedelta(days=day - dice.random()), dice) for n in range(EACH)]
            if day == 1 and code != "VR15":
                events += _strange(prefix, stage.now - timedelta(hours=9))
            count += append(code, "werkplekken", f"demo-{code}-{day}", events, stage.now)
    with stage.as_person("analist@demo.example", SOC) as analyst:
        line = Line("en", "destination.ip", "is", STRANGE)
        hunting.save_hunt(analyst, Query(lines=(line,), period="week"), "Verkeer naar 198.51.100.77 (demo)")
    yield f"Waakzaam: {count} verzonnen gebeurtenissen bewaard om in te zoeken."


def _event(number: int, prefix: str, moment: datetime, dice: random.Random) -> Event:
    host, user = f"{prefix}-WS{dice.randrange(1, 25):02d}", f"{prefix}\\medewerker{dice.randrange(1, 40):02d}"
    address = f"10.{dice.randrange(10, 14)}.{dice.randrange(4)}.{dice.randrange(2, 250)}"
    program = dice.choice(PROGRAMS)
    image = f"C:\\Program Files\\Demo\\{program}"
    match dice.randrange(4):
        case 0:
            facts = {"Image": image, "User": user, "QueryName": dice.choice(SITES)}
            return _sysmon(number, 22, host, moment, facts)
        case 1:
            facts = {
                "Image": image, "User": user, "SourceIp": address, "DestinationIp": f"192.0.2.{dice.randrange(1, 9)}",
                "DestinationPort": "443",
            }  # fmt: skip
            return _sysmon(number, 3, host, moment, facts)
        case 2:
            facts = {"TargetUserName": user.split("\\")[1], "IpAddress": address, "LogonType": "3"}
            return _windows(number, "Security", 4624, host, moment, facts)
    parent = "C:\\Windows\\explorer.exe"
    facts = {"Image": image, "CommandLine": f'"{image}" /start', "ParentImage": parent, "User": user}
    return _sysmon(number, 1, host, moment, facts)


def _strange(prefix: str, begin: datetime) -> list[Event]:
    """One machine that talks to an address where nobody works."""
    host, user, image = f"{prefix}-WS07", f"{prefix}\\medewerker07", "C:\\Users\\Public\\bijlage.exe"
    found = []
    for step in range(12):
        moment = begin + timedelta(minutes=7 * step)
        facts = {
            "Image": image, "User": user, "SourceIp": "10.12.1.77", "DestinationIp": STRANGE, "DestinationPort": "8443",
        }  # fmt: skip
        found.append(_sysmon(1000 + step, 3, host, moment, facts))
    start = {"Image": image, "CommandLine": f"{image} -stil", "ParentImage": "C:\\Demo\\winword.exe", "User": user}
    return [_sysmon(999, 1, host, begin, start), *found]


def _sysmon(number: int, event_id: int, host: str, moment: datetime, facts: dict[str, str]) -> Event:
    return _windows(number, SYSMON, event_id, host, moment, facts, "Microsoft-Windows-Sysmon")


def _windows(
    number: int, channel: str, event_id: int, host: str, moment: datetime, facts: dict[str, str],
    provider: str = "Microsoft-Windows-Security-Auditing",
) -> Event:  # fmt: skip
    system: dict[str, Any] = {
        "Provider": {"#attributes": {"Name": provider}},
        "EventID": event_id,
        "EventRecordID": number,
        "TimeCreated": {"#attributes": {"SystemTime": moment.astimezone(UTC).isoformat()}},
        "Channel": channel,
        "Computer": f"{host}.demo.example",
    }
    return event_from_record(number, {"Event": {"System": system, "EventData": facts}})
