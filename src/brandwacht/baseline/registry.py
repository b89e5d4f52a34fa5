"""What the room ``baseline`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.panels import CONTROL, MEASURE
from brandwacht.baseline.panels.own import ask_from_action, ask_from_control, asked_about_control, begin_here
from brandwacht.baseline.policies.ensia import ENSIA_RULES
from brandwacht.baseline.policies.reports import REPORT_RULES
from brandwacht.baseline.policies.reviews import REVIEW_RULES
from brandwacht.baseline.policies.shared import SHARED_RULES
from brandwacht.baseline.policy import RULES
from brandwacht.baseline.services.asking import LATE
from brandwacht.baseline.services.ensia import CALENDAR
from brandwacht.baseline.services.progress_reminders import DAILY_MOMENT
from brandwacht.baseline.services.reminders import DAILY
from brandwacht.baseline.services.review_actions import REVIEWS_OVER
from brandwacht.baseline.services.shared import NEWER_VERSIONS
from brandwacht.baseline.services.workbooks import again_if_stopped
from brandwacht.baseline.views.shared import origin
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES, *REPORT_RULES, *REVIEW_RULES, *SHARED_RULES, *ENSIA_RULES)
    register_room(Room("baseline", _("Basis op orde"), "baseline:list", 60, ("baseline.see", "baseline.review.see")))
    register_room(
        Room("progress", _("Voortgang regio's"), "baseline:overview", 61, ("baseline.theme.make",), space="baseline")
    )
    for job in (
        DAILY,
        Job("baseline.workbook", "minuut", again_if_stopped),
        DAILY_MOMENT,
        LATE,
        REVIEWS_OVER,
        NEWER_VERSIONS,
        CALENDAR,
    ):
        register_job(job)
    register_panel("week", Panel("baseline.begin", 5, begin_here))
    register_panel("network.Action", Panel("baseline.ask", 10, ask_from_action, "knoppen"))
    register_panel(CONTROL, Panel("baseline.ask", 5, ask_from_control, "knoppen"))
    register_panel(CONTROL, Panel("baseline.asked", 5, asked_about_control))
    register_panel(MEASURE, Panel("baseline.origin", 10, origin, "feiten"))
