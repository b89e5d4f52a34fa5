"""What the room ``baseline`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.policy import RULES
from brandwacht.baseline.services.progress_reminders import DAILY_MOMENT
from brandwacht.baseline.services.reminders import DAILY
from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import register_job
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(Room("baseline", _("Basis op orde"), "baseline:list", 60, ("baseline.see",)))
    register_room(
        Room("progress", _("Voortgang regio's"), "baseline:overview", 61, ("baseline.theme.make",), space="baseline")
    )
    register_job(DAILY)
    register_job(DAILY_MOMENT)
