"""What the room ``soc`` registers: its policy rules, its place in the navigation, and its periodic work."""

from django.utils.translation import gettext_lazy as _

from brandwacht.network.events import subscribe
from brandwacht.network.menu import Room, register_room
from brandwacht.network.panels import Panel, register_panel
from brandwacht.network.periodic import Job, register_job
from brandwacht.network.policy import declare
from brandwacht.sharing.events import FeedChanged
from brandwacht.soc.policy import RULES


def register() -> None:
    """Register everything; called once at start."""
    from brandwacht.sharing.queries.concerning import register_seen
    from brandwacht.soc import queries
    from brandwacht.soc.panels import fell_silent, not_watched
    from brandwacht.soc.queries.seen import seen_here
    from brandwacht.soc.services.blindspots import judge_all
    from brandwacht.soc.services.content_imports import look_after_imports
    from brandwacht.soc.services.escalations import remind
    from brandwacht.soc.services.exception_cases import ask_before_they_end
    from brandwacht.soc.services.feed import on_change, tell_back
    from brandwacht.soc.services.health import look_after
    from brandwacht.soc.services.hunting import settle_all
    from brandwacht.soc.services.inbox import offer_again
    from brandwacht.soc.services.keeping import merge_all, remove_all
    from brandwacht.soc.services.lookback import look_again
    from brandwacht.soc.services.pipeline import use_store
    from brandwacht.soc.services.reweighing import follow_the_map
    from brandwacht.soc.services.stored import Stored
    from brandwacht.soc.services.window_ends import tell_time

    declare(*RULES)
    register_seen(seen_here)
    use_store(Stored())
    register_room(
        Room(
            "soc",
            _("Waakzaam"),
            "soc:list",
            20,
            ("soc.alert.see",),
            waiting=queries.menu_waiting,
            waiting_label=_("meldingen wachten"),
        )
    )
    register_job(Job("soc.inbox", "minuut", offer_again))
    register_job(Job("soc.imports", "minuut", look_after_imports))
    register_job(Job("soc.look-back", "minuut", look_again))
    register_job(Job("soc.sources", "minuut", look_after))
    register_job(Job("soc.zoeken", "minuut", settle_all))
    register_job(Job("soc.bewaring-samenvoegen", "uur", merge_all))
    register_job(Job("soc.bewaring-opruimen", "dag", remove_all))
    register_job(Job("soc.uitzonderingen", "dag", ask_before_they_end))
    register_job(Job("soc.ernst", "uur", follow_the_map))
    register_job(Job("soc.overdracht", "minuut", remind))
    register_job(Job("soc.verbanden", "minuut", tell_time))
    register_job(Job("soc.blinde-vlekken", "minuut", judge_all))
    register_job(Job("soc.knooppunt", "uur", tell_back))
    subscribe(FeedChanged, on_change)
    queries.register_blindness(queries.blind_rules)
    register_panel("soc.Figures", Panel("soc.gaps", 10, not_watched))
    register_panel("soc.WatchShift", Panel("soc.silent", 20, fell_silent))
