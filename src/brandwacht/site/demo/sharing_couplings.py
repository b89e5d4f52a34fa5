"""The demo's coupling: one of the circle that stands still, with a server that does not exist."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.sharing.models import CouplingItem
from brandwacht.sharing.services import couplings
from brandwacht.sharing.services.couplings import Setting
from brandwacht.site.demo.sharing import LEAD
from brandwacht.site.demo.stage import CERT, CIRCLE, PASSWORD, Stage


def fill(stage: Stage) -> Iterator[str]:
    """Make it as the leader of the CERT, with what an earlier run would have told."""
    setting = Setting(
        name="CERT van een buurland (demo)", address="https://misp.buurland.example", secret=PASSWORD, trust=90,
        every=240,
    )  # fmt: skip
    with stage.as_person(LEAD, CERT) as lead:
        row = couplings.make(lead, stage.organisation(CIRCLE), "misp", "halen", setting)
    ran = stage.now - timedelta(hours=5)
    with stage.as_system(CIRCLE):
        row.taken, row.refused, row.last_run_at, row.last_good_at = 214, 1, ran, ran
        row.position = {"since": int(ran.timestamp())}
        row.save()
        for number, good, told in (
            (1, True, ["3 keer text: daar kan in STIX niet op worden gezocht."]),
            (2, False, ["TLP:RED: dit gaat niet door een koppeling."]),
        ):  # fmt: skip
            key = f"5d1f0c60-2b1e-4d0a-9f66-{number:012d}"
            CouplingItem(organisation=row.organisation, coupling=row, key=key, at=ran, good=good, told=told).save()
    yield "Delen: een koppeling die stilstaat (demo)."
