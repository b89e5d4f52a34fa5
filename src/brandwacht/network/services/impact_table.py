"""Impact as a table: the points per hour that a node costs an interest while it is degraded or down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.models import Interest, NodeImpact
from brandwacht.network.services import imports
from brandwacht.network.services.imports import BadValue, Column, Row, TableKind, decimal_text
from brandwacht.network.services.node_names import NodeNames
from brandwacht.network.services.sheets import Problem

MOST_POINTS = 1_000_000
_INTERESTS = {str(value): str(value) for value in Interest.values}
IMPACT_COLUMNS = (
    Column("node", "onderdeel", gettext_lazy("Sleutel of naam uit het register."), "meldkamer", imports.text(120),
           required=True),
    Column("interest", "belang", gettext_lazy("territoriaal, fysiek, economisch, ecologisch, stabiliteit of erfgoed."),
           "fysiek", imports.choice(_INTERESTS), required=True),
    Column("degraded", "hapert per uur", gettext_lazy("Punten per uur dat het hapert; leeg: 0."), "2",
           imports.decimal(MOST_POINTS)),
    Column("down", "uitval per uur", gettext_lazy("Punten per uur dat het uitligt; leeg: 0."), "10",
           imports.decimal(MOST_POINTS)),
)  # fmt: skip


def _check_impacts(actor: Actor, rows: Mapping[int, Row]) -> list[Problem]:
    names = NodeNames.of(actor.organisation_id)
    problems: list[Problem] = []
    first: dict[tuple[int, str], int] = {}
    for number, row in rows.items():
        if len(problems) >= imports.MAX_PROBLEMS:
            break
        try:
            key = (names.find(row["node"]).pk, row["interest"])
        except BadValue as error:
            problems.append(Problem(number, "onderdeel", str(error)))
            continue
        if key in first:
            double = _("Rij %(row)d noemt dit belang bij dit onderdeel al.") % {"row": first[key]}
            problems.append(Problem(number, "belang", double))
        first.setdefault(key, number)
    return problems


def _apply_impacts(actor: Actor, rows: Sequence[Row]) -> str:
    owner_id = actor.organisation_id
    names = NodeNames.of(owner_id)
    present = {(i.node_id, i.interest): i for i in NodeImpact.objects.filter(organisation_id=owner_id)}
    new: list[NodeImpact] = []
    changed: list[NodeImpact] = []
    for row in rows:
        node = names.find(row["node"])
        impact = present.get((node.pk, row["interest"]))
        if impact is None:
            impact = NodeImpact(organisation_id=owner_id, node=node, interest=row["interest"])
            new.append(impact)
        else:
            changed.append(impact)
        for name in ("degraded", "down"):
            if name in row:
                setattr(impact, name, row[name] or 0.0)
    NodeImpact.objects.bulk_create(new)
    NodeImpact.objects.bulk_update(changed, ["degraded", "down"], batch_size=200)
    return _("%(new)d toegevoegd, %(changed)d bijgewerkt.") % {"new": len(new), "changed": len(changed)}


IMPACT_TABLE = TableKind(
    "gevolgen",
    gettext_lazy("Gevolgen per belang"),
    "register.edit",
    IMPACT_COLUMNS,
    _check_impacts,
    _apply_impacts,
    "/beheer/register",
)


def impact_row(impact: NodeImpact) -> list[Any]:
    """An impact as a row of that table."""
    return [impact.node.key, impact.interest, decimal_text(impact.degraded), decimal_text(impact.down)]
