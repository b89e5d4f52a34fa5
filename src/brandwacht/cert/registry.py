"""What the room ``cert`` registers."""

from brandwacht.cert.policy import RULES
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
