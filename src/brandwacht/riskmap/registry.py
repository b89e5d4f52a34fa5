"""What the room ``riskmap`` registers: its policy rules and its place in the navigation."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.network.services.imports import register_table
from brandwacht.riskmap.policies.borders import BORDER_RULES
from brandwacht.riskmap.policies.planning import PLANNING_RULES
from brandwacht.riskmap.policies.register import REGISTER_RULES
from brandwacht.riskmap.policy import RULES
from brandwacht.riskmap.register.continuity import TESTS_DUE
from brandwacht.riskmap.register.levers import ANSWERS_DUE
from brandwacht.riskmap.register.sheets import SHEETS
from brandwacht.riskmap.services.analysis import analyse_again


def register() -> None:
    """Register everything; called once at start."""
    declare(*RULES, *REGISTER_RULES, *BORDER_RULES, *PLANNING_RULES)
    for sheet in SHEETS.values():
        register_table(sheet.kind)  # whoever imports one comes back to it in this room
    register_job(TESTS_DUE)
    register_job(ANSWERS_DUE)
    register_job(Job("riskmap.analyse", "minuut", analyse_again))
    register_room(Room("riskmap", _("Risicokaart"), "riskmap:map", 50, ("riskmap.see",)))
