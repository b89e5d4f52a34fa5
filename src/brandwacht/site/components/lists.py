"""Lists: filters, sorting, paging, the empty state."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from brandwacht.site.components.actions import button

register = template.Library()


@register.simple_tag(takes_context=True)
def sort_header(context: Context, label: str, key: str, numeric: bool = False) -> SafeString:
    """A table header that sorts: first press ascending, second descending; other parts of the address stay."""
    query = context["request"].GET.copy()
    current = query.get("sort", "")
    query.pop("after", None)
    query["sort"] = f"-{key}" if current == key else key
    order = "ascending" if current == key else "descending" if current == f"-{key}" else ""
    return format_html(
        '<th scope="col"{}{}><a class="bw-sort{}" href="?{}">{}'
        '<span class="bw-sort__mark" aria-hidden="true"></span></a></th>',
        mark_safe(' class="bw-num"') if numeric else "",
        format_html(' aria-sort="{}"', order) if order else "",
        f" bw-sort--{order}" if order else "",
        query.urlencode(),
        label,
    )


@register.simple_tag
def more(url: str | None, label: str = "") -> SafeString:
    """Keyset paging: a link to the next part; nothing when there is none."""
    if not url:
        return mark_safe("")
    return format_html('<p class="bw-more">{}</p>', button(url, label or _("Meer tonen")))


@register.simple_tag
def empty(title: str, text: str = "", url: str = "", label: str = "") -> SafeString:
    """An empty list: says what would be here and how to get it."""
    action = format_html("<p>{}</p>", button(url, label)) if url else ""
    return format_html(
        '<div class="bw-empty"><p class="bw-empty__title">{}</p>{}{}</div>',
        title,
        format_html("<p>{}</p>", text) if text else "",
        action,
    )


@register.simple_tag
def newer(url: str, seconds: int = 30) -> SafeString:
    """A reserved line that asks `url` for news; the answer (short HTML or nothing) is announced, nothing else moves."""
    return format_html(
        '<div class="bw-newer" role="status" hx-get="{}" hx-trigger="every {}s" hx-swap="innerHTML"></div>',
        url,
        seconds,
    )


@register.simple_block_tag(takes_context=True)
def filters(context: Context, content: str, reset_url: str = "?", label: str = "") -> str:
    """A filter form in the address; the sort order is kept, the page position is not."""
    return render_to_string(
        "components/filters.html",
        {"content": content, "reset_url": reset_url, "label": label, "sort": context["request"].GET.get("sort", "")},
    )
