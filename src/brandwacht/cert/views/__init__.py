"""The pages of the CERT."""

from brandwacht.cert.views.incident import (
    activate,
    assess,
    clock_done,
    clock_undo,
    detail,
    hit,
    move,
    not_hit,
    note,
)
from brandwacht.cert.views.listing import listing
from brandwacht.cert.views.opening import join, new, open_from_alert

__all__ = [
    "activate",
    "assess",
    "clock_done",
    "clock_undo",
    "detail",
    "hit",
    "join",
    "listing",
    "move",
    "new",
    "not_hit",
    "note",
    "open_from_alert",
]
