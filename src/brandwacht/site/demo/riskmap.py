"""The demo's risk maps: made up, and marked so on every node. One file per region in ``data/riskmap``."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import yaml

from brandwacht.network.models import NodeKind
from brandwacht.network.services import register
from brandwacht.network.services.register import NodeDraft, RequirementDraft
from brandwacht.riskmap import services
from brandwacht.site.demo import riskmap_picture, riskmap_register
from brandwacht.site.demo.stage import Stage

REGIONS = ("VR15", "VR16", "VR17", "VR18")


def fill(stage: Stage) -> Iterator[str]:
    """Per region its register and scenarios, each scenario played once."""
    folder = resources.files("brandwacht.site.demo").joinpath("data/riskmap")
    for code in REGIONS:
        data = yaml.safe_load(folder.joinpath(f"{code}.yaml").read_text(encoding="utf-8"))
        drafts = [_node(row) for row in data["nodes"]]
        with stage.as_system(code) as actor:
            needs = [_need(row["key"], need) for row in data["nodes"] for need in row.get("needs", [])]
            register.add_map(actor, drafts, needs, source=data["source"])
            for row in data["scenarios"]:
                scenario = services.save_scenario(actor, source=data["source"], **row)
                services.run_scenario(actor, scenario.public_id)
        count = len(data["scenarios"])
        scenarios = "1 scenario" if count == 1 else f"{count} scenario's"
        yield f"Risicokaart {code}: {len(drafts)} onderdelen, {scenarios} (demo)."
    yield from riskmap_register.fill(stage)
    yield from riskmap_picture.fill(stage)


def _node(row: dict[str, Any]) -> NodeDraft:
    return NodeDraft(
        key=row["key"],
        name=row["name"],
        kind=NodeKind(row["kind"]),
        sector=row["sector"],
        vital=row.get("vital", False),
        owner_name=f"{row['owner']} (demo)",
        restart=row.get("restart", 0),
        repair=row.get("repair"),
        names=tuple(row.get("names", ())),
    )


def _need(key: str, row: dict[str, Any]) -> RequirementDraft:
    return RequirementDraft(
        node=key,
        label=row["label"],
        providers=tuple(row["of"]),
        needed=row.get("needed", 1),
        degraded_at=row.get("degraded_at"),
        autonomy=row.get("autonomy", 0),
        effect=row.get("effect", "down"),
    )
