"""What the room ``baseline`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.panels import MEASURE
from brandwacht.baseline.policy import RULES
from brandwacht.baseline.policy_ensia import ENSIA_RULES
from brandwacht.baseline.policy_reviews import REVIEW_RULES
from brandwacht.baseline.policy_shared import SHARED_RULES
from brandwacht.baseline.services.ensia import CALENDAR
from brandwacht.baseline.services.reminders import DAILY
from brandwacht.baseline.services.review_actions import REVIEWS_OVER
from brandwacht.baseline.services.shared import NEWER_VERSIONS
from brandwacht.baseline.views.shared import origin
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import register_job
from brandwacht.network.policy import declare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES, *REVIEW_RULES, *SHARED_RULES, *ENSIA_RULES)
    register_room(Room("baseline", _("Basis op orde"), "baseline:list", 60, ("baseline.see", "baseline.review.see")))
    register_job(DAILY)
    register_job(REVIEWS_OVER)
    register_job(NEWER_VERSIONS)
    register_job(CALENDAR)
    register_panel(MEASURE, Panel("baseline.origin", 10, origin, "feiten"))
