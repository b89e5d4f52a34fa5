"""What the room ``soc`` registers."""

from brandwacht.network.policy import declare
from brandwacht.soc.policy import RULES


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
