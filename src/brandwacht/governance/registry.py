"""What the room ``governance`` registers."""

from brandwacht.governance.policy import RULES
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
