"""What the watch of the demo knows of itself: a correlation that waits, rules that can never fire, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from brandwacht.engines.detection import stored_event
from brandwacht.site.demo.stage import REGION, SOC, Stage
from brandwacht.soc import services
from brandwacht.soc.models import LogSource, SourceKind
from brandwacht.soc.services.blindspots import judge_all
from brandwacht.soc.services.seen import note_seen

TOGETHER: Final = """title: Veel rondkijken door dezelfde gebruiker (demo)
id: 5b0f2a54-4b0e-4c55-9d0b-3d1f0c6a7e01
status: experimental
description: Tien opdrachten om rond te kijken binnen acht uur, door dezelfde gebruiker.
author: Demo
tags:
  - attack.t1087
correlation:
  type: event_count
  rules:
    - fdfb436b-a38e-5857-a1bc-d203fabe1df2
  group-by:
    - User
  timespan: 8h
  condition:
    gte: 10
  generate: true
level: high
"""
BLIND: Final = """title: Opzoeking van een naam die bij een tunnel past (demo)
id: 5b0f2a54-4b0e-4c55-9d0b-3d1f0c6a7e02
status: experimental
author: Demo
tags:
  - attack.t1071.004
logsource:
  product: windows
  category: dns_query
detection:
  selectie:
    QueryName|re: '[0-9a-f]{40,}\\.'
  condition: selectie
level: medium
"""
PROCESS: Final = {
    "Event": {
        "System": {
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "EventID": 1,
            "Computer": "WP-0142.demo.example",
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-20T09:14:00Z"}},
        },
        "EventData": {"Image": "C:\\Windows\\System32\\notepad.exe", "User": "DEMO\\jansen"},
    }
}
"""What workstations send: a process, without the command with which it was started."""


def before(stage: Stage) -> None:
    """An analyst writes a correlation on a rule that was imported, and a rule for a log that nobody sends."""
    with stage.as_person("analist@demo.example", SOC) as analyst:
        for text in (TOGETHER, BLIND):
            services.write_rule(analyst, text, "Voor de demo", enabled=True)


def after(stage: Stage) -> Iterator[str]:
    """Judge which rules can fire on what was read, and on a source that sends process events without a field."""
    with stage.as_system(REGION) as actor:
        source = LogSource.objects.filter(organisation_id=actor.organisation_id, kind=SourceKind.BULK).order_by("pk")[0]
        note_seen(actor, source, [stored_event(1, PROCESS)])
    yield f"Waakzaam: {judge_all(stage.now)}."
