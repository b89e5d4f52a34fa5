"""The demo's national node: a few indicators, one connected region that saw one of them, and what went back."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import yaml

from brandwacht.engines.intel import TLP
from brandwacht.engines.intel.ids import stamp
from brandwacht.sharing.services import node, node_feed
from brandwacht.site.demo.stage import CIRCLE, REGION, SOC, Stage
from brandwacht.soc import queries, services
from brandwacht.soc.models import Disposition
from brandwacht.soc.services import feed as watch

CISO, ANALYST = "ciso@demo.example", "analist@demo.example"
HOST = "VRR-WS07"


def fill(stage: Stage) -> Iterator[str]:
    """NIPV runs the node; the region connects by a transitional decision, sees something, and tells the sector only."""
    text = resources.files("brandwacht.site.demo").joinpath("data/sharing/node.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    before = stage.now - timedelta(days=1)
    given = [_indicator(stage, row) for row in told["indicators"]]
    with stage.as_system(CIRCLE, before) as circle:
        node_feed.set_node(circle, stage.organisation("NIPV"))
        node_feed.import_bundle(circle, orjson.dumps({"objects": given}))
    bridge = told["bridge"]
    with stage.as_person(CISO, REGION, before) as ciso:
        until = ciso.today + timedelta(days=bridge["days"])
        node.connect(ciso, "sector", node.Transition(until, bridge["by"], bridge["why"]))
    _work(stage, before)
    _see(stage, told["seen"], before)
    with stage.as_person(ANALYST, SOC, before + timedelta(hours=1)) as analyst:
        for alert in queries.waiting(analyst).filter(asset__name=HOST):
            services.close(
                analyst, alert.public_id, "Pagina geblokkeerd, wachtwoord gewijzigd (demo).", Disposition.TRUE
            )
    watch.tell_back(stage.now)
    _work(stage, stage.now)
    yield f"Knooppunt: {len(given)} kenmerken van het NCSC, één aangesloten regio en één waarneming terug (demo)."


def _work(stage: Stage, now: datetime) -> None:
    """What the workers would do."""
    circle = stage.organisation(CIRCLE)
    node_feed.refresh(circle.pk, now)
    watch.renew(circle.pk, now)


def _indicator(stage: Stage, row: dict[str, Any]) -> dict[str, Any]:
    given = stage.now - timedelta(days=row["days_ago"])
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid5(NAMESPACE_URL, row['pattern'])}",
        "created": stamp(given), "modified": stamp(given), "name": "Verzonnen kenmerk (demo)",
        "pattern": row["pattern"], "pattern_type": "stix", "valid_from": stamp(given),
        "valid_until": stamp(given + timedelta(days=row["valid_days"])),
        "object_marking_refs": [TLP[row["tlp"]].marking_id],
    }  # fmt: skip


def _see(stage: Stage, domain: str, at: datetime) -> None:
    """A workstation of the region asks for the name."""
    system = {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}}, "EventID": 22,
        "TimeCreated": {"#attributes": {"SystemTime": at.isoformat().replace("+00:00", "Z")}},
        "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": HOST, "EventRecordID": 1,
    }  # fmt: skip
    data = {"QueryName": domain, "Image": "C:\\Program Files\\Browser\\browser.exe", "User": "VRR\\medewerker7"}
    with tempfile.TemporaryDirectory() as scratch, stage.as_system(REGION, at) as actor:
        path = Path(scratch) / "naamvraag-demo.jsonl"
        path.write_text(json.dumps({"Event": {"System": system, "EventData": data}}) + "\n", encoding="utf-8")
        for _result in services.ingest(actor, path, services.rulebook_for(actor)):
            pass
