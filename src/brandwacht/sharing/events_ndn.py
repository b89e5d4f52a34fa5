"""What the room tells of the national node."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedChanged:
    """What the connected organisations of a circle (primary key) watch for changed. Published in that transaction."""

    circle_id: int
