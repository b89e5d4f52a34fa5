"""Saving a table of the register whole or not at all, and undoing the last save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.services.imports import Row, read_cells
from brandwacht.network.services.sheets import Problem
from brandwacht.network.tables import mark
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import SheetSave
from brandwacht.riskmap.register.sheets import Cells, Sheet, sheet

MOST_ROWS = 100
"""Rows in one form; a page shows fewer."""
Spot = tuple[int, str]
"""The number of a row, and the key of a column or "" for the whole row."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as it came back: which row it was (empty: a new one), the mark of what the page showed, and its cells."""

    public_id: str
    mark: str
    cells: Cells
    remove: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: nothing is saved when there are ``faults``, by their spot."""

    changed: int = 0
    faults: Mapping[Spot, str] = field(default_factory=dict)


class _Faulty(Exception):
    """What was found only while writing; everything is rolled back."""

    def __init__(self, faults: dict[Spot, str]) -> None:
        super().__init__(faults)
        self.faults = faults


def save(actor: Actor, of: Sheet, typed: Sequence[Typed]) -> Outcome:
    """Save the rows that somebody changed. Raises ``Denied``; what is wrong in a cell comes back as a fault."""
    try:
        with use_case(actor, of.kind.action) as case:
            case.require(Owner(actor.organisation_id))
            if len(typed) > MOST_ROWS:
                raise Refused(_("Dit zijn te veel rijen in een keer. Gebruik een tabel uit een bestand."))
            kept = _written(actor, of, typed)
            if kept:
                saved = SheetSave(
                    organisation_id=actor.organisation_id, sheet=of.key, rows=kept, saved_at=actor.now,
                    saved_by=actor.name,
                )  # fmt: skip
                saved.save()
                gone = sum(row["after"] is None for row in kept)
                case.audit(saved, {"tabel": of.key, "rijen": len(kept), "weggehaald": gone})
    except _Faulty as found:
        return Outcome(faults=found.faults)
    return Outcome(len(kept))


def _written(actor: Actor, of: Sheet, typed: Sequence[Typed]) -> list[dict[str, Any]]:
    """Write what changed; returns what to keep for undoing it. Raises ``_Faulty``."""
    ids = [row.public_id for row in typed if row.public_id]
    present = {str(row.public_id): row for row in of.rows(actor).filter(public_id__in=ids)}
    before = {public_id: of.texts(row) for public_id, row in present.items()}
    todo, removed, faults = _changes(of, typed, before)
    rows: dict[int, Row] = {}
    for number, cells in todo.items():
        rows[number], problems = read_cells(of.kind, number, cells)
        _note(of, faults, problems)
    wrong = {number for number, _key in faults}
    _note(of, faults, of.kind.check(actor, {number: row for number, row in rows.items() if number not in wrong}))
    if faults:
        raise _Faulty(faults)
    for public_id in removed:
        present[public_id].delete()
    old = [number for number in rows if typed[number].public_id]
    if old:
        of.kind.apply(actor, [rows[number] for number in old])
    changed = of.rows(actor).filter(public_id__in=[typed[number].public_id for number in old])
    kept: list[dict[str, Any]] = [
        {"id": str(row.public_id), "before": before[str(row.public_id)], "after": of.texts(row)} for row in changed
    ]
    kept += [{"id": public_id, "before": before[public_id], "after": None} for public_id in removed]
    return kept + [_added(actor, of, number, row) for number, row in rows.items() if number not in old]


def _added(actor: Actor, of: Sheet, number: int, row: Row) -> dict[str, Any]:
    """Write a new row. One that is known by what another row is known by would silently change that row."""
    known = set(of.rows(actor).order_by().values_list("pk", flat=True))
    of.kind.apply(actor, [row])
    made = [new for new in of.rows(actor) if new.pk not in known]
    if not made:
        raise _Faulty({(number, of.identity[-1]): _("Dit staat al in de tabel. Pas die rij aan, of kies een ander.")})
    return {"id": str(made[0].public_id), "before": None, "after": of.texts(made[0])}


def _changes(
    of: Sheet, typed: Sequence[Typed], before: Mapping[str, Cells]
) -> tuple[dict[int, Cells], list[str], dict[Spot, str]]:
    """Which rows to write (by number), which to remove (by public id), and what is in the way."""
    todo: dict[int, Cells] = {}
    removed: list[str] = []
    faults: dict[Spot, str] = {}
    for number, row in enumerate(typed):
        if not row.public_id:
            if any(text and text not in _defaults(of, key) for key, text in row.cells.items()):
                todo[number] = row.cells
            continue
        there = before.get(row.public_id)
        untouched = not row.remove and mark(row.cells) == row.mark
        if there is None:
            if not untouched:
                faults[number, ""] = _("Deze rij is er niet meer: iemand haalde hem weg.")
        elif untouched or (not row.remove and row.cells == there):
            continue
        elif mark(there) != row.mark:
            faults[number, ""] = _("Iemand anders veranderde deze rij intussen. Laad de pagina opnieuw.")
        elif row.remove and of.removable:
            removed.append(row.public_id)
        else:
            # What a row is known by stays: another name would make a new row.
            todo[number] = row.cells | {key: there[key] for key in of.identity}
    return todo, removed, faults


def _defaults(of: Sheet, key: str) -> tuple[str, ...]:
    """What an empty new row holds in a column with choices: its first one."""
    return of.options.get(key, ())[:1]


def _note(of: Sheet, faults: dict[Spot, str], problems: Sequence[Problem]) -> None:
    keys = {column.title: column.key for column in of.columns}
    for problem in problems:
        faults.setdefault((problem.row, keys.get(problem.column, "")), problem.message)


def last_save(actor: Actor, of: Sheet) -> SheetSave | None:
    """The newest save of this table by the actor's organisation that was not undone."""
    rows = SheetSave.objects.filter(organisation_id=actor.organisation_id, sheet=of.key)
    newest: SheetSave | None = rows.order_by("-saved_at", "-pk").first()
    return newest if newest is not None and newest.undone_at is None else None


def undo(actor: Actor, public_id: Any) -> SheetSave:
    """Put back what the last save of a table changed; refused when something of it was changed since."""
    with use_case(actor, "register.edit") as case:
        saved = case.get(SheetSave, public_id)
        of = sheet(saved.sheet)
        newest = last_save(actor, of)
        if newest is None or newest.pk != saved.pk:
            raise Refused(_("Alleen wat het laatst is opgeslagen, kan ongedaan gemaakt worden."))
        ids = [row["id"] for row in saved.rows if row["after"] is not None]
        present = {str(row.public_id): row for row in of.rows(actor).filter(public_id__in=ids)}
        for row in saved.rows:
            there = present.get(row["id"])
            if row["after"] is not None and (there is None or of.texts(there) != row["after"]):
                raise Refused(_("Iemand veranderde deze rijen daarna nog. Pas ze met de hand aan."))
        _put_back(actor, of, saved.rows, present)
        saved.undone_at = actor.now
        saved.save()
        case.audit(saved, {"tabel": of.key, "rijen": len(saved.rows), "ongedaan": True})
    return saved


def _put_back(actor: Actor, of: Sheet, rows: Sequence[Mapping[str, Any]], present: Mapping[str, Any]) -> None:
    old: dict[int, Any] = {}
    for number, row in enumerate(rows):
        if row["before"] is not None:
            old[number], problems = read_cells(of.kind, number, row["before"])
            if problems:
                raise Refused(problems[0].message)
    problems = of.kind.check(actor, old)
    if problems:
        raise Refused(problems[0].message)
    if old:
        of.kind.apply(actor, list(old.values()))
    try:
        with transaction.atomic():
            for row in rows:
                if row["before"] is None:
                    present[row["id"]].delete()
    except ProtectedError as error:
        raise Refused(_("Een nieuwe rij is al in gebruik en kan niet meer weg.")) from error


def told(outcome: Outcome) -> str:
    """One sentence about what was saved."""
    if not outcome.changed:
        return _("Er was niets veranderd.")
    text = ngettext("%(n)d rij opgeslagen.", "%(n)d rijen opgeslagen.", outcome.changed)
    return text % {"n": outcome.changed}
