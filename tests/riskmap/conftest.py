"""A small register for the tests of the risk map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from brandwacht.network.models import NodeKind, Organisation
from brandwacht.network.services.register import NodeDraft, RequirementDraft, add_map
from tests.world import acting_system, organisation

NODES = (
    NodeDraft("dc01", "VRR-DC01", NodeKind.ASSET, "Eigen organisatie", repair=600, restart=60),
    NodeDraft("aanmelden", "Aanmelddienst", NodeKind.SERVICE, "Eigen organisatie"),
    NodeDraft("koppeling", "Meldkamerkoppeling", NodeKind.SERVICE, "Eigen organisatie"),
    NodeDraft("p2000", "Oproepnetwerk", NodeKind.SERVICE, "Telecom", repair=120),
    NodeDraft("c2000", "C2000-netwerk", NodeKind.SERVICE, "Telecom", repair=120),
    NodeDraft("alarm", "Alarmering brandweer", NodeKind.PROCESS, "Hulpdiensten", vital=True),
    NodeDraft("rooster", "Roostering", NodeKind.PROCESS, "Eigen organisatie"),
    NodeDraft("ws114", "VRR-WS114", NodeKind.ASSET, "Eigen organisatie"),
)
NEEDS = (
    RequirementDraft("aanmelden", "Domeincontroller", ("dc01",)),
    RequirementDraft("koppeling", "Aanmelden", ("aanmelden",), autonomy=30),
    RequirementDraft("alarm", "Koppeling (papier)", ("koppeling",), autonomy=240),
    RequirementDraft("alarm", "Oproep", ("p2000", "c2000"), degraded_at=2),
    RequirementDraft("rooster", "Aanmelden", ("aanmelden",), autonomy=720, effect="degraded"),
)


def fill(code: str) -> Organisation:
    """Put the small register at an organisation."""
    owner = organisation(code)
    with acting_system(owner) as me:
        add_map(me, NODES, NEEDS, source="test")
    return owner


@pytest.fixture
def region(db: Any) -> Organisation:
    """VR17 with the small register."""
    return fill("VR17")


@pytest.fixture
def filled(db: Any) -> Callable[[str], Organisation]:
    """Fill the register of any organisation."""
    return fill
