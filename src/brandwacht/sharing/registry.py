"""What the room ``sharing`` registers."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.events import RoleEnded, RoleGiven, subscribe
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.sharing.panels import red_on_week
from brandwacht.sharing.policy import RULES, SEE
from brandwacht.sharing.queries import unanswered
from brandwacht.sharing.services.digest import on_monday
from brandwacht.sharing.services.seats import at_most_two, leave


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(
        Room(
            "sharing",
            _("Delen"),
            "sharing:reading",
            40,
            (SEE,),
            unanswered,
            _("waarschuwingen die op antwoord van uw organisatie wachten"),
        )
    )
    register_job(Job("weekbericht", "dag", on_monday))
    subscribe(RoleGiven, at_most_two)
    subscribe(RoleEnded, leave)
    register_panel("week", Panel("sharing.week", 20, red_on_week))
