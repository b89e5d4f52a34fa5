"""What the room ``sharing`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.events import RoleEnded, RoleGiven, subscribe
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.network.services.imports import register_table
from brandwacht.sharing.panels import red_on_week
from brandwacht.sharing.policies.advisories import SEE_NOTICE
from brandwacht.sharing.policy import RULES, SEE
from brandwacht.sharing.queries import unanswered
from brandwacht.sharing.services.advisory_feeds import offer_visits
from brandwacht.sharing.services.coupling_care import offer_due
from brandwacht.sharing.services.digest import on_monday
from brandwacht.sharing.services.escalation import escalate_late
from brandwacht.sharing.services.matching import hold_all
from brandwacht.sharing.services.node import remind
from brandwacht.sharing.services.node_feed import weigh_all
from brandwacht.sharing.services.profile import PROFILE_TABLE
from brandwacht.sharing.services.seats import at_most_two, leave
from brandwacht.sharing.tasks import seat_filled
from brandwacht.sharing.warning_lists import prepare


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(
        Room(
            "sharing",
            _("Delen"),
            "sharing:reading",
            40,
            (SEE, SEE_NOTICE),
            unanswered,
            _("waarschuwingen die op antwoord van uw organisatie wachten"),
        )
    )
    register_job(Job("weekbericht", "dag", on_monday))
    register_job(Job("meldingen-te-laat", "uur", escalate_late))
    register_job(Job("profielen-nakijken", "dag", hold_all))
    register_job(Job("adviezen-ophalen", "uur", offer_visits))
    register_table(PROFILE_TABLE)
    register_job(Job("koppelingen", "minuut", offer_due))
    register_job(Job("sharing.knooppunt", "dag", remind))
    register_job(Job("sharing.kenmerken", "dag", weigh_all))
    register_job(Job("sharing.waarschuwingslijsten", "minuut", prepare))
    subscribe(RoleGiven, at_most_two)
    subscribe(RoleGiven, seat_filled)
    subscribe(RoleEnded, leave)
    register_panel("week", Panel("sharing.week", 20, red_on_week))
