"""The tables of the register as people edit them: which columns, in which order, and how a row reads as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import (
    CauseKind,
    CauseMember,
    CommonCause,
    Dependency,
    Interest,
    Node,
    NodeImpact,
    NodeKind,
    Requirement,
    SpreadKind,
)
from brandwacht.network.policy import visible
from brandwacht.network.services import cause_table, impact_table, need_table, node_table
from brandwacht.network.services.imports import Column, TableKind
from brandwacht.network.tables import harmless

Cells = dict[str, str]
"""The texts of the cells of one row, by column key."""
_SPREAD_OPTIONS = ("", *SpreadKind.values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of the register. ``identity``: the columns by which a row is known; they stay once it is there.

    ``rows(actor)`` gives what the actor may see, with what ``cells`` needs loaded; ``order`` pages it and ``search``
    narrows it. ``options`` are the choices of a column, ``refers`` the columns that name nodes. ``removable``: its rows
    may be taken out here; a node has a page of its own for that.
    """

    kind: TableKind
    lead: str | Promise
    identity: tuple[str, ...]
    model: type[Any]
    rows: Callable[[Actor], QuerySet[Any]]
    cells: Callable[[Any], list[Any]]
    order: tuple[str, ...]
    search: Callable[[str], Q]
    hidden: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refers: tuple[str, ...] = ()
    removable: bool = True

    @property
    def key(self) -> str:
        """The word in the address."""
        return self.kind.key

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are edited on the page; an import may have more."""
        return tuple(column for column in self.kind.columns if column.key not in self.hidden)

    def texts(self, row: Any) -> Cells:
        """The cells of a row as text, as a person would type them."""
        values = zip(self.kind.columns, self.cells(row), strict=True)
        return {column.key: _text(value) for column, value in values if column.key not in self.hidden}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else harmless(value)


def _visible(model: type[Any]) -> Callable[[Actor], QuerySet[Any]]:
    def rows(actor: Actor) -> QuerySet[Any]:
        found: QuerySet[Any] = model.objects.filter(visible(actor, "register.see"))
        return found.filter(organisation_id=actor.organisation_id)

    return rows


def _nodes(actor: Actor) -> QuerySet[Any]:
    return _visible(Node)(actor).prefetch_related("names")


def _needs(actor: Actor) -> QuerySet[Any]:
    links = Prefetch("dependencies", Dependency.objects.select_related("provider"))
    return _visible(Requirement)(actor).select_related("node").prefetch_related(links)


def _impacts(actor: Actor) -> QuerySet[Any]:
    return _visible(NodeImpact)(actor).select_related("node")


def _causes(actor: Actor) -> QuerySet[Any]:
    links = Prefetch("members", CauseMember.objects.select_related("node"))
    return _visible(CommonCause)(actor).prefetch_related(links)


def _here(kind: TableKind) -> TableKind:
    """The same table; whoever imports it comes back to it here."""
    return replace(kind, path=f"/risicokaart/register/tabel/{kind.key}")


_YES_NO = ("nee", "ja")
_SHEETS = (
    Sheet(
        _here(node_table.NODE_TABLE),
        _("Processen, diensten en middelen met hun tijden en kansen."),
        ("key",),
        Node,
        _nodes,
        node_table.node_row,
        ("name", "pk"),
        lambda text: Q(name__icontains=text) | Q(key__icontains=text),
        hidden=("names",),
        options={"kind": tuple(NodeKind.values), "vital": _YES_NO, "repair_spread": _SPREAD_OPTIONS},
        removable=False,
    ),
    Sheet(
        _here(need_table.NEED_TABLE),
        _("Wat elk onderdeel nodig heeft, van wie, en hoe lang het zonder kan."),
        ("node", "label"),
        Requirement,
        _needs,
        need_table.need_row,
        ("node__name", "label", "pk"),
        lambda text: Q(node__name__icontains=text) | Q(node__key__icontains=text) | Q(label__icontains=text),
        options={"effect": tuple(need_table.EFFECT_WORDS.values())},
        refers=("node",),
    ),
    Sheet(
        _here(impact_table.IMPACT_TABLE),
        _("Wat een uur haperen of uitval kost, per belang."),
        ("node", "interest"),
        NodeImpact,
        _impacts,
        impact_table.impact_row,
        ("node__name", "interest", "pk"),
        lambda text: Q(node__name__icontains=text) | Q(node__key__icontains=text),
        options={"interest": tuple(Interest.values)},
        refers=("node",),
    ),
    Sheet(
        _here(cause_table.CAUSE_TABLE),
        _("Wat meer onderdelen tegelijk laat uitvallen: dezelfde leverancier, kabel, ruimte of software."),
        ("key",),
        CommonCause,
        _causes,
        cause_table.cause_row,
        ("name", "pk"),
        lambda text: Q(name__icontains=text) | Q(key__icontains=text),
        options={"kind": tuple(CauseKind.values), "repair_spread": _SPREAD_OPTIONS},
    ),
)
SHEETS: Mapping[str, Sheet] = MappingProxyType({sheet.key: sheet for sheet in _SHEETS})


def sheet(key: str) -> Sheet:
    """The table with this key; raises ``NotFound``."""
    if key not in SHEETS:
        raise NotFound
    return SHEETS[key]
