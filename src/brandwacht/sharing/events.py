"""What the room ``sharing`` tells the rooms above it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WarningSent:
    """A warning of a circle went out. Published inside the transaction that sends it.

    It holds nothing of what the warning says; ``tlp`` is the name in ``engines.intel.TLP`` ("AMBER_STRICT").
    ``incident`` is the incident that it came from, if any.
    """

    circle_id: int
    warning: UUID
    tlp: str
    incident: UUID | None
    by_user_id: int | None
    at: datetime
