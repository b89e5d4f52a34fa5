"""Common causes as a table: what takes several nodes down at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.models import CauseKind, CauseMember, CommonCause
from brandwacht.network.services import imports
from brandwacht.network.services.imports import BadValue, Column, Row, TableKind
from brandwacht.network.services.node_names import NodeNames, split_names
from brandwacht.network.services.repair_cells import REPAIR_COLUMNS, REPAIR_FIELDS, repair_cells, repair_problems
from brandwacht.network.services.sheets import Problem

FEWEST = 2
_KINDS = {str(value): str(value) for value in CauseKind.values}
_FACTS = ("name", "kind", *REPAIR_FIELDS)
CAUSE_COLUMNS = (
    Column("key", "sleutel", gettext_lazy("Kort en uniek. Leeg: uit de naam gemaakt."), "kabel",
           imports.text(80)),
    Column("name", "naam", gettext_lazy("Wat ze delen."), "Kabel langs de A20", imports.text(120), required=True),
    Column("kind", "soort", gettext_lazy("leverancier, kabel, gebouw, software of anders."), "kabel",
           imports.choice(_KINDS), required=True),
    Column("members", "raakt", gettext_lazy("Sleutels of namen uit het register, met puntkomma’s ertussen; "
           "minstens twee."), "internet; telefonie", imports.text(4000), required=True),
    *REPAIR_COLUMNS,
)  # fmt: skip


def _key_of(row: Row) -> str:
    return str(slugify(row.get("key") or row["name"]))[:80]


def _check_causes(actor: Actor, rows: Mapping[int, Row]) -> list[Problem]:
    names = NodeNames.of(actor.organisation_id)
    keyed = {number: {**row, "key": _key_of(row)} for number, row in rows.items()}
    problems = imports.twice(keyed, "key", "sleutel")
    kept = {
        values["key"]: values
        for values in CommonCause.objects.filter(organisation_id=actor.organisation_id).values("key", *REPAIR_FIELDS)
    }
    for number, row in keyed.items():
        if len(problems) >= imports.MAX_PROBLEMS:
            break
        problems += repair_problems(number, kept.get(row["key"], {}) | row)
        if not row["key"]:
            problems.append(Problem(number, "sleutel", _("Gebruik letters of cijfers.")))
        try:
            members = {names.find(word).pk for word in split_names(row["members"])}
        except BadValue as error:
            problems.append(Problem(number, "raakt", str(error)))
            continue
        if len(members) < FEWEST:
            problems.append(Problem(number, "raakt", _("Noem minstens twee onderdelen; ze delen deze oorzaak.")))
    return problems


def _apply_causes(actor: Actor, rows: Sequence[Row]) -> str:
    owner_id = actor.organisation_id
    names = NodeNames.of(owner_id)
    present = {cause.key: cause for cause in CommonCause.objects.filter(organisation_id=owner_id)}
    new: list[CommonCause] = []
    changed: list[CommonCause] = []
    wanted: list[tuple[CommonCause, list[int]]] = []
    for row in rows:
        key = _key_of(row)
        cause = present.get(key)
        if cause is None:
            cause = CommonCause(organisation_id=owner_id, key=key)
            new.append(cause)
        else:
            changed.append(cause)
        for name in _FACTS:
            if name in row:
                setattr(cause, name, row[name])
        cause.failures_per_year = cause.failures_per_year or 0.0
        wanted.append((cause, list({names.find(word).pk: None for word in split_names(row["members"])})))
    CommonCause.objects.bulk_create(new)
    CommonCause.objects.bulk_update(changed, _FACTS, batch_size=200)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for cause_id, node_id in CauseMember.objects.filter(organisation_id=owner_id).values_list("cause_id", "node_id"):
        members[cause_id].add(node_id)
    for cause, pks in wanted:
        if members[cause.pk] != set(pks):
            CauseMember.objects.filter(cause=cause).delete()
            CauseMember.objects.bulk_create(
                [CauseMember(organisation_id=owner_id, cause=cause, node_id=pk) for pk in pks]
            )
    return _("%(new)d toegevoegd, %(changed)d bijgewerkt.") % {"new": len(new), "changed": len(changed)}


CAUSE_TABLE = TableKind(
    "oorzaken",
    gettext_lazy("Gedeelde oorzaken"),
    "register.edit",
    CAUSE_COLUMNS,
    _check_causes,
    _apply_causes,
    "/beheer/register",
)


def cause_row(cause: CommonCause) -> list[Any]:
    """A common cause, with its members and their nodes loaded, as a row of that table."""
    members = "; ".join(sorted(member.node.key for member in cause.members.all()))
    return [cause.key, cause.name, cause.kind, members, *repair_cells(cause)]
