"""The register as a table: columns, what may not be in it, and how it is applied; also how it is exported."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.models import Node, NodeKind, NodeName
from brandwacht.network.services import imports
from brandwacht.network.services.imports import BadValue, Column, Row, TableKind
from brandwacht.network.services.repair_cells import REPAIR_COLUMNS, REPAIR_FIELDS, repair_cells, repair_problems
from brandwacht.network.services.sheets import Problem

_DEGREES = re.compile(r"(\d{2}(?:[.,]\d+)?) *; *(\d(?:[.,]\d+)?)|(\d{2}(?:\.\d+)?) *, *(\d(?:\.\d+)?)")


def _place(cell: str) -> str:
    """As ``Node.place`` keeps it: degrees north and east within the Netherlands, or the code of an area.

    Which areas there are is for the maps to know; a code that none of them has is not drawn.
    """
    if not any(mark in cell for mark in ".,;"):
        return imports.text(60)(cell)
    if found := _DEGREES.fullmatch(cell):
        north, east = (float(part.replace(",", ".")) for part in found.groups() if part)
        if 50 <= north <= 54 and 3 <= east <= 7.5:
            return f"{north:.5f}, {east:.5f}"
    raise BadValue(_("Schrijf de code van een gebied (GM0599), of breedte en lengte: 51,9225; 4,4792."))


_KINDS = {str(value): str(value) for value in NodeKind.values}
NODE_COLUMNS = (
    Column("key", "sleutel", gettext_lazy("Kort en uniek. Leeg: uit de naam gemaakt."), "meldkamer", imports.text(80)),
    Column("name", "naam", gettext_lazy("Hoe mensen het noemen."), "Meldkamer", imports.text(120), required=True),
    Column("kind", "soort", gettext_lazy("proces, dienst of middel."), "proces", imports.choice(_KINDS), required=True),
    Column("sector", "sector", gettext_lazy("Waar het bij hoort."), "crisisbeheersing", imports.text(60)),
    Column("vital", "vitaal", gettext_lazy("ja of nee."), "ja", imports.yes_no),
    Column("owner_name", "eigenaar", gettext_lazy("Wie erover gaat."), "Hoofd meldkamer", imports.text(120)),
    Column("restart", "herstart in minuten", gettext_lazy("Hoe lang opstarten duurt."), "30", imports.minutes),
    *REPAIR_COLUMNS,
    Column("region", "regio", gettext_lazy("Code van de regio; leeg: de eigen regio."), "", imports.text(20)),
    Column("place", "plaats", gettext_lazy("Gebied, of breedte en lengte."), "51,9225; 4,4792", _place),
    Column("names", "namen in logs", gettext_lazy("Komma’s ertussen."), "mk-srv01, 10.0.0.7", imports.text(2000)),
)  # fmt: skip

DELETED_AT_ONCE = 500
_FACTS = ("name", "kind", "sector", "vital", "owner_name", "restart", "region", "place", *REPAIR_FIELDS)


def _key_of(row: Row) -> str:
    return str(slugify(row.get("key") or row["name"]))[:80]


def _words(row: Row) -> list[str]:
    return [w.lower() for w in row.get("names", "").replace(",", " ").split()]


def _check_nodes(actor: Actor, rows: Mapping[int, Row]) -> list[Problem]:
    keyed = {number: {**row, "key": _key_of(row)} for number, row in rows.items()}
    problems = imports.twice(keyed, "key", "sleutel")
    names = {(n, word): {"name": word} for n, row in rows.items() for word in set(_words(row))}
    numbers = dict(enumerate(names))
    doubles = imports.twice(dict(enumerate(names.values())), "name", "namen in logs")
    problems += [Problem(numbers[p.row][0], p.column, p.message) for p in doubles]
    # All of the owner's names: a table may hold more words than a database takes in one question.
    owner_of = dict(NodeName.objects.filter(organisation_id=actor.organisation_id).values_list("value", "node__key"))
    kept = {values["key"]: values for values in Node.objects.filter(organisation_id=actor.organisation_id).values(
        "key", *REPAIR_FIELDS)}  # fmt: skip
    for number, row in keyed.items():
        problems += repair_problems(number, kept.get(row["key"], {}) | row)
        if not row["key"]:
            problems.append(Problem(number, "sleutel", _("Gebruik letters of cijfers.")))
        for word in _words(row):
            if owner_of.get(word, row["key"]) != row["key"]:
                other = _("“%(word)s” is al een naam van %(key)s.") % {"word": word, "key": owner_of[word]}
                problems.append(Problem(number, "namen in logs", other))
            if len(word) > 255:
                problems.append(Problem(number, "namen in logs", _("Een naam heeft hoogstens 255 tekens.")))
    return problems


def _apply_nodes(actor: Actor, rows: Sequence[Row]) -> str:
    owner_id = actor.organisation_id
    keys = {_key_of(r) for r in rows}
    present = {n.key: n for n in Node.objects.filter(organisation_id=owner_id) if n.key in keys}
    new: list[Node] = []
    changed: list[Node] = []
    for row in rows:
        key = _key_of(row)
        node = present.get(key)
        if node is None:
            node = Node(organisation_id=owner_id, key=key, source=_("tabel"))
            new.append(node)
        else:
            changed.append(node)
        for name in _FACTS:
            if name in row:  # a column that the table does not have leaves what is there
                setattr(node, name, row[name])
        node.restart, node.failures_per_year = node.restart or 0, node.failures_per_year or 0.0
        node.confirmed = True
    Node.objects.bulk_create(new)
    Node.objects.bulk_update(changed, [*_FACTS, "confirmed"], batch_size=200)
    nodes = present | {n.key: n for n in new}
    with_names = [r for r in rows if "names" in r]
    renamed = [nodes[_key_of(r)].pk for r in with_names]
    for start in range(0, len(renamed), DELETED_AT_ONCE):
        some = renamed[start : start + DELETED_AT_ONCE]
        NodeName.objects.filter(organisation_id=owner_id, node_id__in=some).delete()
    NodeName.objects.bulk_create(
        [
            NodeName(organisation_id=owner_id, node=nodes[_key_of(r)], value=word)
            for r in with_names
            for word in sorted(set(_words(r)))
        ]
    )
    return _("%(new)d toegevoegd, %(changed)d bijgewerkt.") % {"new": len(new), "changed": len(changed)}


NODE_TABLE = TableKind(
    "middelen",
    gettext_lazy("Processen, diensten en middelen"),
    "register.edit",
    NODE_COLUMNS,
    _check_nodes,
    _apply_nodes,
    "/beheer/register",
)


def node_row(node: Node) -> list[Any]:
    """A node as a row of that table, so that an export can be changed and offered again."""
    names = " ".join(sorted(n.value for n in node.names.all()))
    first = [node.key, node.name, node.kind, node.sector, node.vital, node.owner_name, node.restart]
    return [*first, *repair_cells(node), node.region, node.place, names]


imports.register_table(NODE_TABLE)
