"""The picture of a map: sectors as rows; assets left, services in the middle, processes right; lines for dependence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from brandwacht.engines.cascade import Map, Node
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.pictures.drawing import Band, Heading, wrapped

BOX, HEIGHT, LINE, GAP, BETWEEN, GROUP_GAP = 118, 50, 15, 9, 9, 30
HEAD, BAND_HEAD, MARGIN = 40, 26, 12
PER_GROUP = 3
"""Boxes side by side within one kind."""
CHARACTERS, LINES = 16, 3
MOST = 150
"""More nodes than this are not drawn at once."""
KINDS = ("asset", "service", "process")


@dataclass(frozen=True, slots=True)
class Box:
    """A node; ``state`` is "down", "degraded", "buffer" or "ok". ``lines``: height and text."""

    key: str
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]
    state: str
    vital: bool
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency, from provider to dependent; ``hurt`` when neither of them is in order."""

    source: str
    target: str
    path: str
    hurt: bool


@dataclass(frozen=True, slots=True)
class Structure:
    """Everything that is drawn of a map."""

    width: int
    height: int
    headings: tuple[Heading, ...]
    bands: tuple[Band, ...]
    links: tuple[Link, ...]
    boxes: tuple[Box, ...]


def selection(register: Register, sector: str = "") -> list[str]:
    """Keys of what to draw: all; of a big map the sector asked for, or the vital nodes, with what they lean on."""
    network = register.network
    if not sector and len(network.nodes) <= MOST:
        return [node.key for node in network.nodes]
    core = [n.key for n in network.nodes if (n.sector == sector if sector else register.places[n.key].vital)]
    around = {provider for key in core for need in network.needs(key) for provider in need.providers}
    if sector:
        around.update(dependent for key in core for dependent in network.serves(key))
    return list(dict.fromkeys([*core, *sorted(around)]))[:MOST]


def structure(
    register: Register, keys: Collection[str], urls: Mapping[str, str], states: Mapping[str, str]
) -> Structure:
    """The picture of these nodes; ``states`` holds those that are not in order."""
    network = part_of(register.network, set(keys))
    cells: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in network.nodes:
        cells[node.sector, node.kind].append(node)
    kinds = [kind for kind in KINDS if any(of == kind for _sector, of in cells)]
    wide = {kind: min(PER_GROUP, max(len(nodes) for (_s, of), nodes in cells.items() if of == kind)) for kind in kinds}
    left: dict[str, int] = {}
    x = MARGIN
    for kind in kinds:
        left[kind] = x
        x += wide[kind] * (BOX + GAP) - GAP + GROUP_GAP
    width = x - GROUP_GAP + MARGIN
    bands: list[Band] = []
    boxes: dict[str, Box] = {}
    top = HEAD
    for index, sector in enumerate(sorted({node.sector for node in network.nodes})):
        rows = max(-(-len(cells[sector, kind]) // wide[kind]) for kind in kinds)
        bands.append(Band(top, BAND_HEAD + rows * (HEIGHT + BETWEEN), sector or _("Zonder sector"), index % 2 == 0))
        for kind in kinds:
            ordered = sorted(cells[sector, kind], key=lambda node: (not register.places[node.key].vital, node.name))
            for number, node in enumerate(ordered):
                row, column = divmod(number, wide[kind])
                place = (left[kind] + column * (BOX + GAP), top + BAND_HEAD + row * (HEIGHT + BETWEEN))
                vital, url = register.places[node.key].vital, urls[node.key]
                boxes[node.key] = _box(node, place, states.get(node.key, "ok"), vital, url)
        top += bands[-1].height
    words = {"asset": _("Middelen"), "service": _("Diensten"), "process": _("Processen")}
    headings = tuple(Heading(left[k], wide[k] * (BOX + GAP) - GAP, words[k]) for k in kinds)
    links = sorted(_links(network, boxes), key=lambda link: link.hurt)
    return Structure(width, top + MARGIN, headings, tuple(bands), tuple(links), tuple(boxes.values()))


def part_of(network: Map, keys: Collection[str]) -> Map:
    """The map of these nodes only; requirements keep the providers that are among them."""
    nodes = tuple(node for node in network.nodes if node.key in keys)
    needs = []
    for need in network.requirements:
        providers = tuple(key for key in need.providers if key in keys)
        if need.node in keys and providers:
            needs.append(replace(need, providers=providers, needed=1, degraded_at=None))
    return Map(nodes, tuple(needs))


def _box(node: Node, place: tuple[int, int], state: str, vital: bool, url: str) -> Box:
    x, y = place
    texts = wrapped(node.name, CHARACTERS)
    if len(texts) > LINES:
        texts = [*texts[: LINES - 1], f"{texts[LINES - 1][: CHARACTERS - 1]}…"]
    first = y + (HEIGHT - LINE * len(texts)) // 2 + 12
    return Box(node.key, x, y, tuple((first + LINE * i, text) for i, text in enumerate(texts)), state, vital, url)


def _links(network: Map, boxes: Mapping[str, Box]) -> list[Link]:
    pairs = dict.fromkeys(
        (provider, need.node) for need in network.requirements for provider in need.providers if need.node in boxes
    )
    return [
        Link(source, target, _path(boxes[source], boxes[target]), _both(boxes[source], boxes[target]))
        for source, target in pairs
    ]


def _both(source: Box, target: Box) -> bool:
    return source.state != "ok" and target.state != "ok"


def _path(source: Box, target: Box) -> str:
    """From the right side of the provider to the left side of the dependent, or around when that lies behind."""
    y1, y2 = source.y + HEIGHT // 2, target.y + HEIGHT // 2
    x1, x2 = source.x + BOX, target.x
    if x2 > x1:
        bend = max(GAP, (x2 - x1) // 2)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return f"M{x1} {y1}C{x1 + GROUP_GAP} {y1} {x2 - GROUP_GAP} {y2} {x2} {y2}"
