"""What the room ``baseline`` registers."""

from brandwacht.baseline.policy import RULES
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
