"""The demo's figures of past weeks, as the board would have seen them: they follow the demo's own answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.governance.services import record_figures
from brandwacht.site.demo.stage import REGION, Stage

WEEKS = 8


def fill(stage: Stage) -> Iterator[str]:
    """Record the figures of one region as they were, a week apart, and those of today."""
    for weeks in reversed(range(WEEKS + 1)):
        with stage.as_system(REGION, stage.now - timedelta(weeks=weeks)) as actor:
            record_figures(actor)
    yield f"Besturen {REGION}: cijfers van {WEEKS} weken (demo)."
