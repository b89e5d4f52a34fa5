"""One way in for tables: a kind of table says what its columns are; the rest is the same for every room.

Offered (preview, with every bad row named), then applied, whole or not at all. A room registers its kinds at start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import TableImport
from brandwacht.network.policy import Owner
from brandwacht.network.services.sheets import Problem, read_sheet
from brandwacht.network.usecase import use_case

Text = str | Promise
Row = dict[str, Any]
MAX_PROBLEMS = 500
OFFERED, APPLIED = "voorbeeld", "verwerkt"


class BadValue(Exception):
    """A cell that cannot be read; the message (Dutch) says what should be there."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` in the read row, title in the table, and ``read``, which raises ``BadValue``.

    A row has no ``key`` when the table does not have the column.
    """

    key: str
    title: str
    help: Text
    example: str
    read: Callable[[str], Any]
    required: bool = False


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of table. ``action`` is the policy rule that applying it needs.

    ``check(actor, rows)`` finds what is wrong between rows or with what is there already (row numbers are keys of
    ``rows``); ``apply(actor, rows)`` writes and returns one sentence about what it did. It runs inside a use case.
    """

    key: str
    label: Text
    action: str
    columns: tuple[Column, ...]
    check: Callable[[Actor, Mapping[int, Row]], list[Problem]]
    apply: Callable[[Actor, Sequence[Row]], str]
    path: str
    """The page that shows the result."""


_kinds: dict[str, TableKind] = {}


def register_table(kind: TableKind) -> None:
    """Add a kind of table."""
    _kinds[kind.key] = kind


def table_kind(key: str) -> TableKind:
    """The kind with this key; raises ``NotFound``."""
    if key not in _kinds:
        raise NotFound
    return _kinds[key]


# --- Cells ------------------------------------------------------------------------------------------------------------


def text(longest: int) -> Callable[[str], str]:
    """Any text of at most ``longest`` characters."""

    def read(cell: str) -> str:
        if len(cell) > longest:
            raise BadValue(_("Maak de tekst korter: hoogstens %(n)d tekens.") % {"n": longest})
        return cell

    return read


def choice(options: Mapping[str, str]) -> Callable[[str], str]:
    """One of ``options`` (word in the table, lower case, to value)."""

    def read(cell: str) -> str:
        if cell.casefold() not in options:
            words = ", ".join(options)
            raise BadValue(_("“%(cell)s” kennen we niet. Kies uit: %(words)s.") % {"cell": cell[:40], "words": words})
        return options[cell.casefold()]

    return read


def yes_no(cell: str) -> bool:
    """The words "ja" and "nee"; empty is no."""
    words = {"ja": True, "j": True, "x": True, "1": True, "nee": False, "n": False, "0": False, "": False}
    if cell.casefold() not in words:
        raise BadValue(_("Schrijf “ja” of “nee”."))
    return words[cell.casefold()]


def minutes(cell: str) -> int | None:
    """A whole number of minutes, at most a year; empty is unknown."""
    if not cell:
        return None
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 6 and int(cell) <= 527_040):
        raise BadValue(_("Schrijf een heel aantal minuten, bijvoorbeeld 90 voor anderhalf uur."))
    return int(cell)


def whole(low: int, high: int) -> Callable[[str], int | None]:
    """A whole number from ``low`` to ``high``; empty is ``None``."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        if not (cell.isascii() and cell.isdigit() and len(cell) <= 9 and low <= int(cell) <= high):
            raise BadValue(_("Schrijf een heel getal van %(low)d tot en met %(high)d.") % {"low": low, "high": high})
        return int(cell)

    return read


def decimal(high: float) -> Callable[[str], float | None]:
    """A number from 0 to ``high`` with a comma or point and at most six places; empty is ``None``."""

    def read(cell: str) -> float | None:
        if not cell:
            return None
        plain = cell.replace(",", ".")
        whole_part, _point, places = plain.partition(".")
        fits = plain.count(".") <= 1 and len(whole_part) <= 9 and len(places) <= 6
        digits = whole_part + places
        if not (fits and digits.isascii() and digits.isdigit() and float(plain) <= high):
            top = decimal_text(high)
            raise BadValue(_("Schrijf een getal van 0 tot en met %(high)s, bijvoorbeeld 0,5.") % {"high": top})
        return float(plain)

    return read


def decimal_text(value: float | None) -> str:
    """A number as ``decimal`` reads it: with a comma, so that a Dutch spreadsheet takes no date for it."""
    if value is None:
        return ""
    return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", ",")


# --- Reading a table as a kind ----------------------------------------------------------------------------------------


def _match_columns(kind: TableKind, header: list[str]) -> tuple[dict[int, Column], list[Problem]]:
    by_title = {_folded(c.title): c for c in kind.columns}
    places: dict[int, Column] = {}
    problems: list[Problem] = []
    for place, title in enumerate(header):
        column = by_title.get(_folded(title))
        if column is None:
            if title:
                told = _("Deze kolom kennen we niet. Haal hem weg, of noem hem zoals in het sjabloon: %(known)s.")
                problems.append(Problem(1, title[:60], told % {"known": ", ".join(c.title for c in kind.columns)}))
        elif column in places.values():
            problems.append(Problem(1, title[:60], _("Deze kolom staat er twee keer. Haal er een weg.")))
        else:
            places[place] = column
    problems += [
        Problem(1, c.title, _("Deze kolom ontbreekt. Voeg die toe."))
        for c in kind.columns
        if c.required and c not in places.values()
    ]
    return places, problems


def _folded(title: str) -> str:
    return " ".join(title.casefold().replace("_", " ").replace("-", " ").split())


def _read_rows(
    kind: TableKind, numbered: Sequence[tuple[int, list[str]]]
) -> tuple[dict[int, Row], dict[int, dict[str, str]], list[Problem]]:
    """The rows as read, as text, and the problems. The first row is the header.

    Bad columns do not keep the other problems from being found. No row counts as read when it lacks a required column.
    """
    places, problems = _match_columns(kind, numbered[0][1])
    rows: dict[int, Row] = {}
    texts: dict[int, dict[str, str]] = {}
    if not places:
        return rows, texts, problems
    complete = all(column in places.values() for column in kind.columns if column.required)
    for number, cells in numbered[1:]:
        if len(cells) > len(numbered[0][1]) and any(cells[len(numbered[0][1]) :]):
            problems.append(Problem(number, "", _("Deze rij heeft meer cellen dan er kolommen zijn.")))
        texts[number] = {column.key: cells[place] if place < len(cells) else "" for place, column in places.items()}
        row, faults = read_cells(kind, number, texts[number])
        problems += faults
        if complete and not faults:
            rows[number] = row
    return rows, texts, problems


def read_cells(kind: TableKind, number: int, texts: Mapping[str, str]) -> tuple[Row, list[Problem]]:
    """One row from the texts of its cells (by column key), and what is wrong in it; ``number`` goes to the problems."""
    row: Row = {}
    problems: list[Problem] = []
    for column in kind.columns:
        if column.key not in texts:
            continue
        try:
            if column.required and not texts[column.key]:
                raise BadValue(_("Vul deze cel in."))
            row[column.key] = column.read(texts[column.key])
        except BadValue as error:
            problems.append(Problem(number, column.title, str(error)))
    return row, problems


def twice(rows: Mapping[int, Row], key: str, title: str) -> list[Problem]:
    """A problem for every row whose value under ``key`` stands in an earlier row too; empty values may repeat."""
    first: set[Any] = set()
    problems = []
    for number, row in rows.items():
        value = row.get(key)
        if not value:
            continue
        if value in first:
            problems.append(Problem(number, title, _("“%(value)s” staat twee keer in de tabel.") % {"value": value}))
        first.add(value)
    return problems


# --- The use cases ----------------------------------------------------------------------------------------------------


def offer(actor: Actor, kind: TableKind, filename: str, content: bytes) -> TableImport:
    """Read a table and keep it as a preview with its problems. Raises ``Refused`` when it cannot be read at all."""
    with use_case(actor, kind.action) as case:
        case.require(Owner(actor.organisation_id))
        sheet = read_sheet(content)
        rows, texts, problems = _read_rows(kind, sheet.rows)
        problems = sheet.problems + problems
        if not sheet.problems and len(sheet.rows) == 1:
            problems.append(Problem(2, "", _("Onder de titels staat geen enkele rij.")))
        problems += kind.check(actor, rows)
        problems.sort(key=lambda p: p.row)
        offered = TableImport(
            organisation_id=actor.organisation_id,
            kind=kind.key,
            filename=filename[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            rows=[{"row": number, "cells": cells} for number, cells in texts.items()],
            problems=[asdict(p) for p in problems[:MAX_PROBLEMS]],
            created_at=actor.now,
            created_by=actor.name,
        )
        offered.save()
        case.audit(
            offered, {"soort": kind.key, "bestand": offered.filename, "rijen": len(texts), "fouten": len(problems)}
        )
    return offered


def apply(actor: Actor, public_id: Any) -> tuple[TableImport, str]:
    """Apply an offered table, whole or not at all; what changed since the preview is checked again."""
    known = TableImport.objects.filter(public_id=public_id).first()
    if known is None:
        raise NotFound
    kind = table_kind(known.kind)
    with use_case(actor, kind.action) as case:
        offered = case.get(TableImport, public_id)
        if offered.state == APPLIED:
            raise Refused(_("Deze tabel is al verwerkt."))
        titles = {c.key: c.title for c in kind.columns}
        present = [c for c in titles if any(c in r["cells"] for r in offered.rows)]
        numbered = [(1, [titles[c] for c in present])]
        numbered += [(r["row"], [r["cells"].get(c, "") for c in present]) for r in offered.rows]
        rows, _texts, problems = _read_rows(kind, numbered)
        problems = [Problem(**p) for p in offered.problems] or problems + kind.check(actor, rows)
        if problems:
            first = problems[0]
            raise Refused(
                _("Rij %(row)d, %(column)s: %(message)s Pas de tabel aan en bied hem opnieuw aan.")
                % {"row": first.row, "column": first.column or _("hele rij"), "message": first.message}
            )
        done = kind.apply(actor, list(rows.values()))
        offered.state, offered.applied_at = APPLIED, actor.now
        offered.save()
        case.audit(offered, {"soort": kind.key, "bestand": offered.filename, "rijen": len(rows), "verwerkt": True})
    return offered, done
