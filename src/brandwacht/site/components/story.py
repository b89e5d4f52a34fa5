"""Detail pages: facts, timeline, ways around, figures and notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from brandwacht.site.components.moments import when
from brandwacht.site.components.shapes import TONES, choose, shape

register = template.Library()

NOTICE_TONES = {
    "debug": "info",
    "info": "info",
    "success": "ok",
    "ok": "ok",
    "warning": "warning",
    "warn": "warning",
    "error": "error",
}
NOTICE_SHAPES = {"info": "half", "ok": "check", "warning": "triangle", "error": "cross"}
TWIN = "<!--bw:twin-->"


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A list of facts: contains `fact` blocks."""
    return format_html('<dl class="utrecht-data-list bw-facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One fact in `facts`: a name and its value."""
    return format_html(
        '<div class="utrecht-data-list__item"><dt class="utrecht-data-list__item-key">{}</dt>'
        '<dd class="utrecht-data-list__item-value utrecht-data-list__item-value--html-dd">{}</dd></div>',
        label,
        content,
    )


@register.simple_block_tag
def timeline(content: str) -> SafeString:
    """What happened, in order: contains `event` blocks."""
    return format_html('<ol class="bw-timeline">{}</ol>', content)


@register.simple_block_tag
def event(
    content: str, moment: datetime, title: str, who: str = "", tone: str = "neutral", now: datetime | None = None
) -> SafeString:
    """One thing that happened, in `timeline`; the body is optional."""
    body = format_html('<div class="bw-timeline__body bw-stack">{}</div>', content) if content.strip() else ""
    by = format_html(' · <span class="bw-timeline__who">{}</span>', who) if who else ""
    return format_html(
        '<li class="bw-timeline__item bw-timeline__item--{}"><span class="bw-timeline__mark">{}</span>'
        '<div><p class="bw-timeline__title">{}</p><p class="bw-timeline__when">{}{}</p>{}</div></li>',
        tone,
        shape(choose(TONES, tone, "event")),
        title,
        when(moment, now),
        by,
        body,
    )


@register.simple_tag
def breadcrumb(crumbs: Iterable[tuple[str, str | None]]) -> str:
    """The way back: (label, url) from the room to here."""
    return render_to_string("components/breadcrumb.html", {"crumbs": list(crumbs)})


@register.simple_tag
def tabs(items: Iterable[Any], label: str = "") -> str:
    """Tabs as links: label, url, active, optional count; `within` of the active one is a second row."""
    return render_to_string("components/tabs.html", {"items": list(items), "label": label or _("Onderdelen")})


@register.simple_block_tag
def panel(content: str, title: str) -> str:
    """A titled part of the page, as other rooms supply them through the panel registry."""
    return render_to_string("components/panel.html", {"title": title, "body": content})


@register.simple_tag
def twin() -> SafeString:
    """Within `figure`: what follows is the table that says the same as the picture."""
    return mark_safe(TWIN)  # noqa: S308 - a constant


@register.simple_block_tag
def figure(content: str, title: str, source: str = "", unfolded: bool = False) -> str:
    """A picture whose title states the finding, with its table twin behind a click (on paper: below it)."""
    picture, _mark, table = content.partition(TWIN)
    return render_to_string(
        "components/figure.html",
        {
            "title": title,
            "picture": mark_safe(picture),  # noqa: S308 - both are the rendered body of the tag
            "table": mark_safe(table),  # noqa: S308
            "source": source,
            "unfolded": unfolded,
        },
    )


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message on the page: info, success, warning or error, with shape and words."""
    kind = choose(NOTICE_TONES, tone.split()[-1] if tone else "info", "notice")
    return format_html(
        '<div class="utrecht-alert utrecht-alert--{}"><span class="utrecht-alert__icon">{}</span>'
        '<div class="utrecht-alert__content">{}{}</div></div>',
        kind,
        shape(NOTICE_SHAPES[kind]),
        format_html('<p class="bw-notice__title">{}</p>', title) if title else "",
        content,
    )
