"""What the room ``sharing`` tells the rooms above it."""

from dataclasses import dataclass
from uuid import UUID

from brandwacht.network.actor import Actor


@dataclass(frozen=True, slots=True)
class WarningSent:
    """A warning of a circle went out. Published inside the transaction that sends it.

    It holds nothing of what the warning says. ``number`` is how people refer to it ("VR-ISAC-48213"); ``named_only``:
    only readers chosen by name get it (TLP:RED). ``incident`` is the incident that it came from, if any; ``by`` sent
    it, at ``by.now``.
    """

    warning: UUID
    number: str
    named_only: bool
    incident: UUID | None
    by: Actor


@dataclass(frozen=True, slots=True)
class FeedChanged:
    """What the connected organisations of a circle (primary key) watch for changed. Published in that transaction."""

    circle_id: int
