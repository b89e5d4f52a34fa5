"""How searches are called and toned in templates: ``{% load hunt_words %}``."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.wording import absolute, number
from brandwacht.soc.hunts import PERIODS, Query
from brandwacht.soc.models import HuntRun, HuntState

register = template.Library()

TONES = {
    HuntState.RUNNING: "info",
    HuntState.DONE: "good",
    HuntState.STOPPED: "done",
    HuntState.FAILED: "bad",
}


@register.filter
def hunt_tone(run: HuntRun) -> str:
    """The tone of a search's state."""
    return TONES[HuntState(run.state)]


@register.filter
def hunt_took(run: HuntRun) -> str:
    """How long a search took: `1,4 seconden`; that it still runs, while it does."""
    if run.took is None:
        return _("loopt nog")
    seconds = round(run.took.total_seconds(), 1)
    return ngettext("%(n)s seconde", "%(n)s seconden", 1 if seconds == 1 else 2) % {"n": number(seconds)}


@register.filter
def hunt_period(query: Query) -> str:
    """The period of a search in words."""
    if query.period in PERIODS:
        return str(PERIODS[query.period][0])
    if query.since is None or query.until is None:
        return ""
    return _("%(since)s tot %(until)s") % {"since": absolute(query.since), "until": absolute(query.until)}
