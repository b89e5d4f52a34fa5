"""What the room ``baseline`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.own_panels import ask_from_action, ask_from_control, asked_about_control, begin_here
from brandwacht.baseline.panels import CONTROL
from brandwacht.baseline.policy import RULES
from brandwacht.baseline.policy_reports import REPORT_RULES
from brandwacht.baseline.services.asking import LATE
from brandwacht.baseline.services.reminders import DAILY
from brandwacht.baseline.services.workbooks import again_if_stopped
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES, *REPORT_RULES)
    register_room(Room("baseline", _("Basis op orde"), "baseline:list", 60, ("baseline.see",)))
    register_job(DAILY)
    register_job(Job("baseline.workbook", "minuut", again_if_stopped))
    register_job(LATE)
    register_panel("week", Panel("baseline.begin", 5, begin_here))
    register_panel("network.Action", Panel("baseline.ask", 10, ask_from_action, "knoppen"))
    register_panel(CONTROL, Panel("baseline.ask", 5, ask_from_control, "knoppen"))
    register_panel(CONTROL, Panel("baseline.asked", 5, asked_about_control))
