"""Doing: links and buttons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from brandwacht.site.components.shapes import choose

register = template.Library()

BUTTON_CLASSES = {
    "primary": "--primary-action",
    "secondary": "--secondary-action",
    "subtle": "--subtle",
    "danger": "--secondary-action bw-danger",
}


def button_class(tone: str, kind: str = "button") -> str:
    """The NL Design System classes of a button (`kind` "button") or a link that looks like one ("button-link")."""
    return f"utrecht-{kind} utrecht-{kind}{choose(BUTTON_CLASSES, tone, 'button')}"


@register.filter
def element_button_class(tags: Iterable[str] | None, kind: str) -> str:
    """The classes for a button of an allauth page that has no template of ours, from the tags allauth gives it."""
    given = set(tags or ())
    if given & {"danger", "delete"}:
        return button_class("danger", kind)
    return button_class("secondary" if given & {"outline", "secondary", "link"} else "primary", kind)


@register.simple_tag
def button(url: str, label: str, tone: str = "secondary", download: bool = False) -> SafeString:
    """A link that looks like a button: for going somewhere. To change something, use `post_button` or `submit`."""
    return format_html(
        '<a class="{} utrecht-button-link--html-a" href="{}"{}>{}</a>',
        button_class(tone, "button-link"),
        url,
        mark_safe(" download") if download else "",
        label,
    )


@register.simple_tag
def submit(label: str, tone: str = "primary", name: str = "", value: str = "") -> SafeString:
    """The button that sends a form; `name` and `value` tell several buttons apart."""
    extra = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html('<button class="{}" type="submit"{}>{}</button>', button_class(tone), extra, label)


@register.simple_tag(takes_context=True)
def post_button(
    context: Context, url: str, label: str, tone: str = "secondary", confirm: str = "", yes: str = "", **fields: Any
) -> str:
    """A button that changes something: a form with one button. `confirm` names the consequence and is asked first."""
    return render_to_string(
        "components/post_button.html",
        {
            "url": url,
            "label": label,
            "confirm": confirm,
            "yes": yes or _("Ja, %(do)s") % {"do": label[:1].lower() + label[1:]},
            "button_class": button_class(tone),
            "fields": fields.items(),
            "csrf_token": context.get("csrf_token", ""),
        },
    )


@register.simple_tag
def print_button() -> SafeString:
    """Afdrukken: only useful with JavaScript, so hidden without it."""
    return format_html(
        '<button class="{}" type="button" data-bw-print hidden>{}</button>', button_class("secondary"), _("Afdrukken")
    )
