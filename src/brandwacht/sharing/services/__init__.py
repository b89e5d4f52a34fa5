"""The use cases of the circle."""

from brandwacht.sharing.services.warnings import (
    answer,
    change_draft,
    circle_to_write_for,
    draft,
    export,
    send,
    withdraw,
)

__all__ = [
    "answer",
    "change_draft",
    "circle_to_write_for",
    "draft",
    "export",
    "send",
    "withdraw",
]
