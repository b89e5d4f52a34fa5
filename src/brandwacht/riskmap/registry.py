"""What the room ``riskmap`` registers: its policy rules and its place in the navigation."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.riskmap.policy import RULES
from brandwacht.riskmap.services_analysis import analyse_again


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES)
    register_room(Room("riskmap", _("Risicokaart"), "riskmap:map", 50, ("riskmap.see",)))
    register_job(Job("riskmap.analyse", "minuut", analyse_again))
