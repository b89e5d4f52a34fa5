"""Panels: what an upper room knows about a thing, shown on a lower room's page.

The upper room registers a panel for a kind of thing (a model label); the page asks for the panels of what it shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from brandwacht.network.actor import Actor


@dataclass(frozen=True, slots=True)
class PanelContent:
    """What to show: a template and its context."""

    template: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """A registered panel; ``place`` is "verhaal" (left, the story), "feiten" (right, facts) or "knoppen" (buttons).

    ``build`` gets the actor and the thing and returns the content, or ``None`` when there is nothing to say.
    """

    key: str
    order: int
    build: Callable[[Actor, Any], PanelContent | None]
    place: str = "verhaal"


_panels: dict[str, list[Panel]] = defaultdict(list)


def register_panel(kind: str, panel: Panel) -> None:
    """Register a panel for a kind of thing (a model label such as "soc.Alert", or a page key)."""
    if all(p.key != panel.key for p in _panels[kind]):
        _panels[kind].append(panel)
        _panels[kind].sort(key=lambda p: p.order)


def panels_for(kind: str, actor: Actor, thing: Any) -> dict[str, list[PanelContent]]:
    """The panels' contents by place, in order; empty places are left out."""
    found: dict[str, list[PanelContent]] = {}
    for panel in _panels[kind]:
        content = panel.build(actor, thing)
        if content is not None:
            found.setdefault(panel.place, []).append(content)
    return found
