"""The use cases of the circle."""

from brandwacht.sharing.services.warnings import (
    answer,
    change_draft,
    draft,
    export,
    send,
    withdraw,
)

__all__ = [
    "answer",
    "change_draft",
    "draft",
    "export",
    "send",
    "withdraw",
]
