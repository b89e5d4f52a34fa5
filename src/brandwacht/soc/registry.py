"""What the room ``soc`` registers: its policy rules, its place in the navigation, and its periodic work."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.soc.policy import RULES


def register() -> None:
    """Register everything; called once at start."""
    from brandwacht.soc import queries
    from brandwacht.soc.services.escalations import remind
    from brandwacht.soc.services.inbox import offer_again

    declare(*RULES)
    register_room(
        Room(
            "soc",
            _("Waakzaam"),
            "soc:list",
            20,
            ("soc.alert.see",),
            count=queries.menu_count,
            count_label=_("meldingen wachten"),
        )
    )
    register_job(Job("soc.inbox", "minuut", offer_again))
    register_job(Job("soc.overdracht", "minuut", remind))
