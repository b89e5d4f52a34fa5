"""The tile map: one tile for each of the 25 safety regions, about where it lies; needs no boundaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.models import Organisation
from brandwacht.network.tile_places import PLACES
from brandwacht.riskmap.cascades.live import LiveIncident
from brandwacht.riskmap.cascades.outcome import Outcome
from brandwacht.riskmap.pictures.cascade import states
from brandwacht.riskmap.pictures.drawing import wrapped

SIDE, GAP, LINE = 168, 10, 20
HEIGHT = 108
CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Tile:
    """A region. ``state`` is "down", "degraded", "buffer", "ok" or "" where the reader may not see its map.

    ``lines``: height and text of the name and of what is known; ``said`` is all of it as one sentence.
    """

    code: str
    name: str
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]
    told: str
    state: str
    url: str
    said: str
    incidents: Sequence[LiveIncident]


@dataclass(frozen=True, slots=True)
class TileMap:
    """All tiles, in order of their codes, and the size of the picture."""

    width: int
    height: int
    tiles: tuple[Tile, ...]

    @property
    def struck(self) -> int:
        """In how many regions something is hit, as far as the reader may see."""
        return sum(tile.state not in ("", "ok") for tile in self.tiles)


def tile_map(
    regions: Sequence[Organisation],
    seen: Collection[int],
    running: Mapping[int, Sequence[LiveIncident]],
    hit: Mapping[int, str],
) -> TileMap:
    """The tiles of these regions. ``seen`` holds the owners whose map the reader may see; ``hit`` their worst state."""
    tiles = []
    for region in regions:
        if region.code not in PLACES:
            continue
        column, row = PLACES[region.code]
        x, y = column * (SIDE + GAP), row * (HEIGHT + GAP)
        mine = running.get(region.pk, ())
        state = hit.get(region.pk, "ok") if region.pk in seen else ""
        told = _told(region.pk in seen, state, len(mine))
        names = wrapped(_parted(region.name), CHARACTERS)[:2]
        lines = tuple((y + 26 + LINE * i, text) for i, text in enumerate(names))
        url = f"{reverse('riskmap:map')}?organisatie={region.code}" if region.pk in seen else ""
        tiles.append(
            Tile(region.code, region.name, x, y, lines, told, state, url, f"{region.name}: {told}", tuple(mine))
        )
    columns, rows = (max(place[i] for place in PLACES.values()) + 1 for i in (0, 1))
    return TileMap(columns * (SIDE + GAP) - GAP, rows * (HEIGHT + GAP) - GAP, tuple(tiles))


def _parted(name: str) -> str:
    """A name whose words that are too long for a line may break where they have a hyphen of their own."""
    return " ".join(word.replace("-", "- ") if len(word) > CHARACTERS else word for word in name.split())


def _told(seen: bool, state: str, count: int) -> str:
    if not seen:
        return _("geen inzage")
    if not count:
        return _("geen incident")
    word = {"down": _("proces ligt stil"), "degraded": _("hapert"), "buffer": _("op buffer")}.get(state, "")
    told = ngettext("%(n)d incident", "%(n)d incidenten", count) % {"n": count}
    return f"{told}, {word}" if word else told


def worst_of(outcome: Outcome, minute: int) -> str:
    """The worst state that a process of this outcome is in at a minute."""
    found: dict[str, str] = {}
    processes = {key for key, part in outcome.parts.items() if part.kind == "process"}
    for change in states(outcome, processes):
        if change["minute"] <= minute:
            found[change["node"]] = change["state"]
    return next((state for state in ("down", "degraded", "buffer") if state in found.values()), "ok")
