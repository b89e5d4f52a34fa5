"""What the network registers: its policy rules, "Deze week", "Beheer" and the daily export of audit heads."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.access_rules import RULES
from brandwacht.network.heads import EXPORT_HEADS
from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import register_job
from brandwacht.network.policy import declare
from brandwacht.network.upkeep import SESSIONS, STATISTICS


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(Room("week", _("Deze week"), "week:home", 10, ("action.see",)))
    shown_for = ("grant.see", "audit.see", "people.see", "register.edit")
    register_room(Room("beheer", _("Beheer"), "beheer:home", 100, shown_for))
    register_job(EXPORT_HEADS)
    register_job(STATISTICS)
    register_job(SESSIONS)
