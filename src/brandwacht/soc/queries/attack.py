"""What the rules cover of ATT&CK, what was seen of it, and where the watch is blind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db.models import Sum

from brandwacht.engines.detection import tactics_of, technique_name
from brandwacht.engines.detection.attack import TACTICS
from brandwacht.network.actor import Actor
from brandwacht.network.policy import owners, visible
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import RuleDay, SigmaRule
from brandwacht.soc.services.rulebook import watchers

DAYS: Final = 90
OTHER: Final = ""
"""The column of techniques of which no tactic is known."""
Blindness = Callable[[Actor, Sequence[int]], frozenset[str] | None]
"""Gives the rules (by ``rule_id``) that can fire at none of these owners; ``None``: not known."""
_blindness: list[Blindness] = []


@dataclass(slots=True)
class Cell:
    """One technique, its parts included: rules in use, those of them that can never fire, and matches in 90 days."""

    technique: str
    name: str
    tactics: tuple[str, ...] = ()
    rules: int = 0
    blind: int = 0
    seen: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    """Rules by sub-technique."""

    @property
    def able(self) -> int:
        """Rules that can fire: what covers the technique."""
        return self.rules - self.blind

    @property
    def state(self) -> str:
        """One of "gezien", "gedekt", "blind" (rules, but none can fire), "leeg" (seen, but no rule now)."""
        if self.seen:
            return "gezien"
        if not self.rules:
            return "leeg"
        return "gedekt" if self.able else "blind"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix: per tactic its cells. ``blind`` of the rules can never fire; ``blind_known`` is false while nobody
    can tell.
    """

    columns: tuple[tuple[str, tuple[Cell, ...]], ...]
    cells: tuple[Cell, ...]
    rules: int
    without_technique: int
    blind_known: bool
    blind: int = 0

    @property
    def able(self) -> int:
        """Rules that can fire."""
        return self.rules - self.blind

    def count(self, state: str) -> int:
        """Techniques in this state."""
        return sum(cell.state == state for cell in self.cells)


def register_blindness(source: Blindness) -> None:
    """Whoever knows which rules can fire says so here; without it the matrix says that it is not known."""
    _blindness[:] = [source]


def coverage(actor: Actor, owner_id: int | None = None) -> Coverage:
    """The matrix of what watches over the actor's organisation; what was seen at one owner, or all that it watches.

    The rules of a SOC that holds the mandate count too; only numbers by technique are shown of them, as
    ``rule_sources`` does.
    """
    ids = watchers(actor)
    with owner_scope(*ids):
        rows = SigmaRule.objects.filter(enabled=True, usable=True, organisation_id__in=ids)
        rules = {rule_id: (attack, tags) for rule_id, attack, tags in rows.values_list("rule_id", "attack", "tags")}
    shown = sorted(owners(actor, "soc.alert.see")) if owner_id is None else [owner_id]
    unable = next((source(actor, shown) for source in _blindness), None)
    cells: dict[str, Cell] = {}
    tagged: dict[str, set[str]] = defaultdict(set)
    for rule_id, (attack, tags) in rules.items():
        tactics = {tag.removeprefix("attack.") for tag in tags if tag.removeprefix("attack.") in TACTICS}
        for parent in {number.split(".")[0] for number in attack}:
            cell = cells.setdefault(parent, Cell(parent, technique_name(parent) or ""))
            cell.rules += 1
            cell.blind += rule_id in (unable or ())
            tagged[parent] |= tactics
        for number in attack:
            if "." in number:
                parts = cells[number.split(".")[0]].parts
                parts[number] = parts.get(number, 0) + 1
    for parent, matches in _seen(actor, owner_id).items():
        cells.setdefault(parent, Cell(parent, technique_name(parent) or "")).seen = matches
    for cell in cells.values():
        cell.tactics = tactics_of(cell.technique) or tuple(t for t in TACTICS if t in tagged[cell.technique])
    ordered = tuple(sorted(cells.values(), key=lambda cell: cell.technique))
    columns = tuple((t, tuple(c for c in ordered if t in c.tactics)) for t in TACTICS)
    loose = tuple(c for c in ordered if not c.tactics)
    return Coverage(
        columns=tuple((t, each) for t, each in (*columns, (OTHER, loose)) if each),
        cells=ordered,
        rules=len(rules),
        without_technique=sum(not attack for attack, _tags in rules.values()),
        blind_known=unable is not None,
        blind=len(rules.keys() & unable) if unable else 0,
    )


def _seen(actor: Actor, owner_id: int | None) -> Mapping[str, int]:
    """Matches by technique in the last 90 days."""
    since = actor.today - timedelta(days=DAYS)
    days = RuleDay.objects.filter(visible(actor, "soc.alert.see"), day__gt=since, matches__gt=0)
    if owner_id is not None:
        days = days.filter(organisation_id=owner_id)
    found: dict[str, int] = defaultdict(int)
    for row in days.values("rule_id", "attack").annotate(n=Sum("matches")):
        for parent in {number.split(".")[0] for number in row["attack"]}:
            found[parent] += row["n"]
    return found


def layer(matrix: Coverage, name: str) -> dict[str, Any]:
    """The matrix as a layer for the ATT&CK Navigator (format 4.5); the score is the number of rules that can fire."""
    colours = {"gezien": "#e17000", "gedekt": "#39870c", "blind": "#7d6608", "leeg": "#999999"}
    techniques = [
        {
            "techniqueID": cell.technique,
            "tactic": tactic,
            "score": cell.able,
            "color": colours[cell.state],
            "comment": cell.name,
            "enabled": True,
            "metadata": [
                {"name": "regels die kunnen afgaan", "value": str(cell.able)},
                {"name": "regels die nooit kunnen afgaan", "value": str(cell.blind)},
                {"name": "keer gezien (90 dagen)", "value": str(cell.seen)},
            ],
            "showSubtechniques": bool(cell.parts),
        }
        for tactic, cells in matrix.columns
        if tactic != OTHER
        for cell in cells
    ]
    return {
        "name": name,
        "versions": {"attack": "17", "navigator": "5.1.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "",
        "sorting": 0,
        "hideDisabled": False,
        "techniques": techniques,
        "gradient": {"colors": ["#ffffff", "#39870c"], "minValue": 0, "maxValue": 20},
        "legendItems": [{"label": state, "color": colour} for state, colour in colours.items()],
    }
