"""What the room ``soc`` registers: its policy rules, its place in the navigation, and its periodic work."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.menu import Room, register_room
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.soc.policy import RULES


def register() -> None:
    """Register everything; called once at start."""
    from brandwacht.soc import queries
    from brandwacht.soc.services.exception_cases import ask_before_they_end
    from brandwacht.soc.services.inbox import offer_again
    from brandwacht.soc.services.reweighing import follow_the_map

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
    register_job(Job("soc.uitzonderingen", "dag", ask_before_they_end))
    register_job(Job("soc.ernst", "uur", follow_the_map))
