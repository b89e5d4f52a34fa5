"""Tables of the circle."""

from brandwacht.sharing.models.warnings import (
    CircleWarning,
    ReceiptAnswer,
    WarningReader,
    WarningReceipt,
    WarningState,
)

__all__ = [
    "CircleWarning",
    "ReceiptAnswer",
    "WarningReader",
    "WarningReceipt",
    "WarningState",
]
