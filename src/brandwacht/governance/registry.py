"""What the room ``governance`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.governance.panels import asks_the_board, who_may_what
from brandwacht.governance.policy import RULES, SEE_BOARD
from brandwacht.governance.services import DAILY
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import register_job
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(Room("governance", _("Besturen"), "governance:board", 80, (SEE_BOARD,)))
    register_panel("cert.Incident", Panel("governance.who-may-what", 20, who_may_what))
    register_panel("week", Panel("governance.board", 30, asks_the_board))
    register_job(DAILY)
