"""Small shapes that stand beside a word, so that meaning never hangs on colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template import TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Shapes are drawn on a 16 x 16 grid. Each differs in outline, so that it survives copying and any colour vision.
SHAPES: Mapping[str, str] = {
    "octagon": '<path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/>',
    "triangle": '<path d="M8 1.5 15.2 14.5H.8z"/>',
    "diamond": '<path d="M8 .8 15.2 8 8 15.2.8 8z"/>',
    "disc": '<circle cx="8" cy="8" r="6.2"/>',
    "ring": '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="2.4"/>',
    "half": '<circle cx="8" cy="8" r="5.9" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 2a6 6 0 0 1 0 12z"/>',
    "check": '<path d="m1.5 8.6 4.3 4.2 8.7-9.3" fill="none" stroke="currentColor" stroke-width="2.8"/>',
    "cross": '<path d="m2.5 2.5 11 11m0-11-11 11" fill="none" stroke="currentColor" stroke-width="3"/>',
    "dash": '<path d="M1.5 8h13" stroke="currentColor" stroke-width="3.2"/>',
    "clock": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="2"/>'
    '<path d="M8 4v4.3l3 1.8" fill="none" stroke="currentColor" stroke-width="2"/>',
}

TONES = {"neutral": "ring", "info": "half", "good": "check", "warn": "triangle", "bad": "cross", "done": "dash"}


def shape(name: str) -> SafeString:
    """A decorative inline SVG; the word beside it carries the meaning."""
    return format_html(
        '<svg class="bw-shape" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(SHAPES[name]),  # noqa: S308 - a constant of this file
    )


def choose(options: Mapping[str, Any], key: str, what: str) -> Any:
    """Look up, or say plainly which values exist: a wrong key in a template is a bug to show at once."""
    try:
        return options[key]
    except KeyError:
        raise TemplateSyntaxError(f"{what}: {key!r} is not one of {', '.join(options)}") from None
