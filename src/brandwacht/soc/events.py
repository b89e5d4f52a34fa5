"""What the room ``soc`` tells the rooms above it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlertOpened:
    """An alert of severity "midden" or higher asks for an analyst: it is new, or it grew to that severity.

    Published inside the transaction that writes the alert. ``severity`` is a value of ``soc.models.Severity``.
    """

    owner_id: int
    alert: UUID
    asset: UUID
    severity: int
    title: str
    at: datetime
