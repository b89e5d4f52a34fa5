"""The demo's reports on paper: two of the board, a quarter apart, and a statement to publish."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.baseline.models import ReportKind
from brandwacht.baseline.services.reports import make_report, set_style
from brandwacht.site.demo.stage import REGION, Stage

SIGNATORIES = [
    {"name": "Iris van Dam (demo)", "role": "Voorzitter veiligheidsregio"},
    {"name": "Noor de Wit (demo)", "role": "CISO"},
]
_MADE = ((ReportKind.BOARD, 30), (ReportKind.PUBLIC, 2), (ReportKind.PLAN, 1), (ReportKind.BOARD, 0))
"""Which report, and how many days ago it was made."""


def fill(stage: Stage) -> Iterator[str]:
    """Say who sign for the region, and make its reports."""
    with stage.as_person("ciso@demo.example", REGION) as actor:
        set_style(actor, signatories=SIGNATORIES)
        for kind, days in _MADE:
            make_report(actor.at(actor.now - timedelta(days=days)), kind)
    yield f"Rapporten {REGION}: {len(_MADE)} versies."
