"""The demo's figures of past weeks, as the board would have seen them: they follow the demo's own answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.governance.services import record_figures
from brandwacht.site.demo.stage import REGION, Stage

WEEKS_AGO = (12, 10, 8, 0)
"""When the board looked: with weeks in between, so that there is a change to tell."""


def fill(stage: Stage) -> Iterator[str]:
    """Record the figures of one region as they were on those days, and those of today."""
    for weeks in WEEKS_AGO:
        with stage.as_system(REGION, stage.now - timedelta(weeks=weeks)) as actor:
            record_figures(actor)
    yield f"Besturen {REGION}: cijfers van {len(WEEKS_AGO)} dagen (demo)."
