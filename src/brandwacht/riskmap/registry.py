"""What the room ``riskmap`` registers."""

from brandwacht.network.policy import declare
from brandwacht.riskmap.policy import RULES


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
