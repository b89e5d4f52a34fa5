"""What the room ``baseline`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.policy import RULES
from brandwacht.baseline.policy_reports import REPORT_RULES
from brandwacht.baseline.services.reminders import DAILY
from brandwacht.baseline.services.workbooks import again_if_stopped
from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES, *REPORT_RULES)
    register_room(Room("baseline", _("Basis op orde"), "baseline:list", 60, ("baseline.see",)))
    register_job(DAILY)
    register_job(Job("baseline.workbook", "minuut", again_if_stopped))
