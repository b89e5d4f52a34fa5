"""The watch in the demo: our own detection rules, and the log of an attack that never happened.

The events stand in ``data/soc/gebeurtenissen.jsonl`` around one fixed moment and are moved to the present; everything
then goes the way of the commands ``soc rules import`` and ``soc ingest``.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from brandwacht.site.demo import soc_alerts, soc_content, soc_receive, soc_shift, soc_sight, soc_store
from brandwacht.site.demo.stage import REGION, SOC, Stage
from brandwacht.soc import queries, services

RECORDED: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""The moment that the recorded times lie around: "now" on the day of the attack."""
HARMLESS = "VRR-FS01"


def fill(stage: Stage) -> Iterator[str]:
    """Import the rules, read the log, and let an analyst explain yesterday's harmless alert."""
    with as_file(files("brandwacht.site.demo") / "data" / "soc") as folder, stage.as_system(SOC) as actor:
        rules = services.import_rules(actor, folder / "regels")
    yield f"Waakzaam: {rules.added} eigen detectieregels voor het SOC."
    soc_sight.before(stage)
    with tempfile.TemporaryDirectory() as scratch, stage.as_system(REGION) as actor:
        path = Path(scratch) / "gebeurtenissen-demo.jsonl"
        path.write_text(moved(stage.now), encoding="utf-8")
        (result,) = services.ingest(actor, path, services.rulebook_for(actor))
    yield f"Waakzaam: {result.events} verzonnen gebeurtenissen gelezen, {result.matched} raakten een regel."
    yield from soc_content.fill(stage)
    yield from soc_receive.fill(stage)
    yield from soc_store.fill(stage)
    yield from soc_alerts.fill(stage)
    with stage.as_person("analist@demo.example", SOC) as analyst:
        for alert in queries.waiting(analyst).filter(asset__name__startswith=HARMLESS):
            why = "Update van een leverancier in het onderhoudsvenster, nagevraagd bij ICT (demo)."
            services.mark_known(analyst, alert.public_id, why)
        count = queries.waiting_for(analyst).count
    yield f"Waakzaam: {count} meldingen wachten op een analist."
    yield from soc_shift.fill(stage)
    yield from soc_sight.after(stage)


def moved(now: datetime) -> str:
    """The recorded event lines with every time moved, so that the attack ended a quarter of an hour before ``now``."""
    text = (files("brandwacht.site.demo") / "data" / "soc" / "gebeurtenissen.jsonl").read_text(encoding="utf-8")
    shift = now.astimezone(UTC) - RECORDED
    return "".join(f"{json.dumps(_move(json.loads(line), shift), ensure_ascii=False)}\n" for line in text.splitlines())


def _move(record: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    event = record["Event"]
    created = event["System"]["TimeCreated"]["#attributes"]
    moment = datetime.fromisoformat(created["SystemTime"]) + shift
    created["SystemTime"] = moment.isoformat().replace("+00:00", "Z")
    if "UtcTime" in event.get("EventData", {}):
        event["EventData"]["UtcTime"] = moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return record
