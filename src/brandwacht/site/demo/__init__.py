"""The demo: the network, and plainly marked fictitious people, maps, rules, events and answers.

Each room's part is one module with ``fill(stage)``; they run in order and each is skipped when it ran before.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import datetime

from brandwacht.network.models import RoleAssignment
from brandwacht.site.demo.stage import PASSWORD, PEOPLE, Stage, set_stage

ROOMS = (
    "riskmap",
    "baseline",
    "baseline_asking",
    "baseline_frameworks",
    "baseline_review",
    "progress",
    "sharing",
    "sharing_couplings",
    "sharing_notices",
    "sharing_products",
    "soc",
    "sharing_node",
    "cert",
    "governance",
    "riskmap_plan",
    "baseline_papers",
)


def fill(now: datetime) -> Iterator[str]:
    """Fill an empty database; yields a line per step. A database that has people already is left as it is."""
    if RoleAssignment._base_manager.exists():
        yield "De demo is al gevuld."
        return
    stage = set_stage(now)
    yield f"Netwerk: {stage.organisation_count} organisaties, {len(PEOPLE)} demogebruikers."
    for room in ROOMS:
        module = importlib.import_module(f"brandwacht.site.demo.{room}")
        yield from _play(module, stage)


def _play(module: object, stage: Stage) -> Iterator[str]:
    yield from module.fill(stage)  # type: ignore[attr-defined]


def log_ins() -> Iterator[str]:
    """The demo log-ins, one a line."""
    yield f"Demogebruikers (wachtwoord voor allen: {PASSWORD})"
    for person in PEOPLE:
        roles = ", ".join(f"{role.label} bij {code}" for code, role in person.roles)
        yield f"  {person.email:<34} {roles}"
