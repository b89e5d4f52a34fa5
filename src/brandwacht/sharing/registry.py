"""What the room ``sharing`` registers."""

from brandwacht.network.policy import declare
from brandwacht.sharing.policy import RULES


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
