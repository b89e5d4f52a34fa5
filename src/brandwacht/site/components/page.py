"""The page itself: its title, a block a second time, the script of a graph."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from brandwacht.network.menu import MenuItem
from brandwacht.network.panels import PanelContent

register = template.Library()


@register.simple_tag(takes_context=True)
def block_again(context: Context, name: str) -> SafeString:
    """What block `name` of this page holds, a second time; empty outside an extending template or in an include."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    node = blocks.get_block(name) if blocks else None
    return mark_safe(node.render(context).strip() if node else "")  # noqa: S308 - a template's own output


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """The text of block `title`, so that the heading is written once."""
    return " ".join(unescape(strip_tags(block_again(context, "title"))).split())


@register.filter
def counted(items: Iterable[MenuItem]) -> list[MenuItem]:
    """The lines of the navigation in which something waits for this person."""
    return [item for item in items if item.count]


@register.simple_tag
def graph_script() -> SafeString:
    """For block extra_head of a page with a graph: the script and a mark that keeps cytoscape from adding a style."""
    return format_html(
        '<meta id="__________cytoscape_stylesheet"><script src="{}" defer></script>', static("dist/graph.js")
    )


@register.simple_tag
def map_script() -> SafeString:
    """For block extra_head of a page with a map: Leaflet with its styles."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script src="{}" defer></script>',
        static("dist/map.css"),
        static("dist/map.js"),
    )


@register.simple_tag(takes_context=True)
def show_panels(context: Context, contents: Iterable[PanelContent]) -> SafeString:
    """What upper rooms know about this page's thing (`network.panels`), each with its own names beside the page's."""
    parts = []
    for content in contents or ():
        with context.push(**content.context):
            parts.append(get_template(content.template).template.render(context))  # type: ignore[attr-defined]
    return mark_safe("".join(parts))  # noqa: S308 - templates' own output
