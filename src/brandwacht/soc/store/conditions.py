"""Searching by fields: lines of field, operator and value, as a condition in SQL with its values beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from brandwacht.network.errors import Refused
from brandwacht.soc.store.columns import ADDRESS, BY_ECS, EXACT, KEYS, MANY, NUMBER, TEXT, TIME, Column
from brandwacht.soc.store.rows import network_range, spelled

AND, OR = "en", "of"
IS, IS_NOT, CONTAINS, NOT_CONTAINS, STARTS, ENDS = "is", "is_niet", "bevat", "bevat_niet", "begint", "eindigt"
PATTERN, GREATER, SMALLER, NETWORK, EXISTS, ABSENT = "patroon", "groter", "kleiner", "netwerk", "bestaat", "ontbreekt"
WITHOUT_VALUE: Final = frozenset({EXISTS, ABSENT})
MOST: Final = 12
LONGEST: Final = 500

_WORDS: Final = (IS, IS_NOT, CONTAINS, NOT_CONTAINS, STARTS, ENDS, PATTERN)
OPERATORS: Final = {
    TEXT: (*_WORDS, EXISTS, ABSENT),
    EXACT: (*_WORDS, EXISTS, ABSENT),
    MANY: (IS, IS_NOT, CONTAINS, NOT_CONTAINS, EXISTS, ABSENT),
    ADDRESS: (*_WORDS, NETWORK, EXISTS, ABSENT),
    NUMBER: (IS, IS_NOT, GREATER, SMALLER, EXISTS, ABSENT),
    TIME: (GREATER, SMALLER),
}
"""Which operators fit which sort of field."""

Fragment = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a search; ``joiner`` ("en" or "of") ties it to the line before. ``field`` is an ECS name."""

    joiner: str
    field: str
    operator: str
    value: str = ""


def condition(lines: Sequence[Line]) -> Fragment:
    """The lines as one condition in SQL and its values. "en" binds before "of". No lines: everything.

    Raises ``Refused`` (field "f0", "f1"... the number of the line) when a line cannot be used.
    """
    if len(lines) > MOST:
        raise Refused(_("Gebruik hoogstens %(n)d regels.") % {"n": MOST})
    groups: list[list[str]] = []
    values: list[Any] = []
    for number, line in enumerate(lines):
        sql, given = _line(line, number)
        if groups and line.joiner != OR:
            groups[-1].append(sql)
        else:
            groups.append([sql])
        values += given
    return " OR ".join("(" + " AND ".join(group) + ")" for group in groups) or "true", values


def _line(line: Line, number: int) -> Fragment:
    place = f"f{number}"
    column = BY_ECS.get(line.field)
    if column is None:
        raise Refused(_("Regel %(n)d: kies een veld uit de lijst.") % {"n": number + 1}, place)
    if line.operator not in OPERATORS[column.holds]:
        raise Refused(
            _("Regel %(n)d: deze vergelijking past niet bij het veld %(field)s.")
            % {"n": number + 1, "field": column.ecs},
            place,
        )
    value = line.value.strip()
    if line.operator not in WITHOUT_VALUE and not value:
        raise Refused(_("Regel %(n)d: vul in waarnaar u zoekt.") % {"n": number + 1}, place)
    if len(value) > LONGEST:
        raise Refused(_("Regel %(n)d: hoogstens %(most)d tekens.") % {"n": number + 1, "most": LONGEST}, place)
    try:
        return _FRAGMENTS[line.operator](column, value)
    except ValueError as error:
        why = str(error) or _("deze waarde past niet bij het veld.")
        raise Refused(_("Regel %(n)d: %(why)s") % {"n": number + 1, "why": why}, place) from error


def _text_of(column: Column) -> str:
    return f'"{column.name}"' if column.holds in (EXACT, ADDRESS, MANY) else f'lower("{column.name}")'


def _is(column: Column, value: str) -> Fragment:
    if column.holds == NUMBER:
        return f'"{column.name}" = ?', [_whole(value)]
    if column.holds == MANY:
        return f"contains(' ' || \"{column.name}\" || ' ', ?)", [f" {value.lower()} "]
    if column.name == "organisation":
        return '"organisation" = ?', [value.upper()]
    wanted = spelled(value.lower()) if column.holds == ADDRESS else value.lower()
    return f"{_text_of(column)} = ?", [wanted]


def _negated(fragment: Callable[[Column, str], Fragment]) -> Callable[[Column, str], Fragment]:
    """Not so, also where the field is empty."""

    def turned(column: Column, value: str) -> Fragment:
        sql, values = fragment(column, value)
        return f"NOT coalesce({sql}, false)", values

    return turned


def _by_function(name: str) -> Callable[[Column, str], Fragment]:
    def made(column: Column, value: str) -> Fragment:
        wanted = value.upper() if column.name == "organisation" else value.lower()
        return f"{name}({_text_of(column)}, ?)", [wanted]

    return made


def _pattern(column: Column, value: str) -> Fragment:
    if re.search(r"\\[1-9]|\(\?[=!<]", value):
        raise ValueError(_("vooruit- en terugkijken en \\1 kunnen niet in een patroon."))
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(_("dit patroon klopt niet (%(why)s).") % {"why": error}) from error
    return f"regexp_matches(\"{column.name}\", ?, 'i')", [value]


def _ordered(sign: str) -> Callable[[Column, str], Fragment]:
    def made(column: Column, value: str) -> Fragment:
        if column.holds == TIME:
            return f'"{column.name}" {sign} CAST(? AS TIMESTAMP)', [_moment(value)]
        return f'"{column.name}" {sign} ?', [_whole(value)]

    return made


def _network(column: Column, value: str) -> Fragment:
    try:
        first, last = network_range(value)
    except ValueError:
        raise ValueError(_("schrijf een netwerk als 10.0.0.0/8 of 2001:db8::/32.")) from None
    return f'"{KEYS[column.name]}" BETWEEN ? AND ?', [first, last]


def _exists(column: Column, _value: str) -> Fragment:
    empty = f'"{column.name}" IS NOT NULL'
    return (empty, []) if column.holds == NUMBER else (f"({empty} AND \"{column.name}\" <> '')", [])


def _absent(column: Column, value: str) -> Fragment:
    sql, values = _exists(column, value)
    return f"NOT {sql}", values


def _whole(value: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise ValueError(_("schrijf een heel getal, zoals 4624."))
    return int(value)


def _moment(value: str) -> str:
    try:
        moment = parse_datetime(value)
        if moment is None and (day := parse_date(value)):
            moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError(_("schrijf een moment als 2026-11-22 14:05."))
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return aware.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")


_FRAGMENTS: Final[dict[str, Callable[[Column, str], Fragment]]] = {
    IS: _is,
    IS_NOT: _negated(_is),
    CONTAINS: _by_function("contains"),
    NOT_CONTAINS: _negated(_by_function("contains")),
    STARTS: _by_function("starts_with"),
    ENDS: _by_function("ends_with"),
    PATTERN: _pattern,
    GREATER: _ordered(">"),
    SMALLER: _ordered("<"),
    NETWORK: _network,
    EXISTS: _exists,
    ABSENT: _absent,
}
