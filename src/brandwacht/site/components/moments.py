"""Time and numbers in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network import wording
from brandwacht.site.components.shapes import shape

register = template.Library()

URGENCIES = {
    "ample": (gettext_lazy("ruim op tijd"), "check", "good"),
    "soon": (gettext_lazy("binnenkort"), "clock", "info"),
    "today": (gettext_lazy("vandaag"), "triangle", "warn"),
    "late": (gettext_lazy("te laat"), "cross", "bad"),
}


@register.simple_tag
def when(moment: datetime | date | None, now: datetime | None = None, short: bool = False) -> SafeString:
    """A moment, absolute and relative; `short` shows the relative part first, small absolute after it."""
    if moment is None:
        return format_html('<span class="bw-soft">{}</span>', _("onbekend"))
    exact = isinstance(moment, datetime)
    return format_html(
        '<time class="bw-when{}" datetime="{}"{}><span class="bw-when__absolute">{}</span>'
        '<span class="bw-when__comma">, </span><span class="bw-when__relative">{}</span></time>',
        " bw-when--short" if short else "",
        wording.aware(moment).isoformat() if exact else moment.isoformat(),
        mark_safe(" data-bw-relative") if exact else "",
        wording.absolute(moment),
        wording.relative(moment, now or timezone.now()),
    )


@register.simple_tag
def deadline(moment: datetime, now: datetime | None = None) -> SafeString:
    """A deadline: when it is, how long that still is, and in word and shape whether there is time."""
    present = now or timezone.now()
    level = wording.urgency(moment, present)
    local = wording.aware(moment)
    left = (local - wording.aware(present)).total_seconds() / wording.MINUTE
    rest = (_("%(time)s geleden") if left < 0 else _("nog %(time)s")) % {"time": wording.duration(_coarse(abs(left)))}
    whole_day = (local.hour, local.minute) == (23, 59)  # "somewhere on that day"; the time would only distract
    return format_html(
        '<span class="bw-deadline bw-deadline--{}" data-bw-deadline>{}{} <time datetime="{}">{}</time>'
        '<span class="bw-deadline__rest">{}</span></span>',
        level,
        _urgency(level),
        "" if level == "late" else _urgency("late", hidden=True),  # the browser shows it when the moment passes
        wording.aware(moment).isoformat(),
        wording.absolute(local.date() if whole_day else moment),
        rest,
    )


def _coarse(minutes: float) -> float:
    """From three days on whole days only, rounded down: it never says more than there is."""
    day = wording.DAY / wording.MINUTE
    return minutes // day * day if minutes >= 3 * day else minutes


def _urgency(level: wording.Urgency, hidden: bool = False) -> SafeString:
    word, name, tone = URGENCIES[level]
    return format_html(
        '<span class="bw-state bw-state--{}"{}>{}{}</span>', tone, " hidden" if hidden else "", shape(name), word
    )


@register.simple_tag
def print_moment() -> str:
    """The present moment for the head of a printed page."""
    return wording.absolute(timezone.now())


@register.filter
def minutes(value: wording.Number | None) -> str:
    """`{{ 150|minutes }}` is `2 uur 30 minuten`; unknown stays unknown."""
    return _("onbekend") if value is None else wording.duration(value)


@register.filter
def number_nl(value: wording.Number | None, decimals: int | None = None) -> str:
    """`{{ 1234.5|number_nl }}` is `1.234,5`; `{{ value|number_nl:1 }}` fixes the decimals."""
    return "–" if value is None else wording.number(value, decimals)


@register.filter
def euro(value: wording.Number | None) -> str:
    """`{{ 12000|euro }}` is `€ 12.000`."""
    return "–" if value is None else wording.euros(value)


@register.filter
def bytes_nl(value: int | None) -> str:
    """`{{ 1500000|bytes_nl }}` is `1,5 MB`."""
    return "–" if value is None else wording.size(value)


@register.filter
def initials(person: Any) -> str:
    """Two letters for a user, shown where the name does not fit."""
    name = person.get_full_name() if hasattr(person, "get_full_name") else ""
    return wording.initials(name or str(person))
