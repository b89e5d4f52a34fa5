"""Reads of the circle, already restricted to what the actor may see."""

from brandwacht.sharing.queries.warnings import (
    SORTS,
    Tally,
    matching,
    receipts,
    red_waiting,
    tallies,
    unanswered,
    unanswered_count,
    warning,
    warnings,
    with_my_answer,
)

__all__ = [
    "SORTS",
    "Tally",
    "matching",
    "receipts",
    "red_waiting",
    "tallies",
    "unanswered",
    "unanswered_count",
    "warning",
    "warnings",
    "with_my_answer",
]
