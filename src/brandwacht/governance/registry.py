"""What the room ``governance`` registers."""

from brandwacht.governance.panels import who_may_what
from brandwacht.governance.policy import RULES
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_panel("cert.Incident", Panel("governance.who-may-what", 20, who_may_what))
