"""JSON columns that are searched: letters with accents stand in them as people type them, and keys are no hits."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import BooleanField, F, Func, Q


class ReadableJSON(json.JSONEncoder):
    """The encoder of such a column. Otherwise SQLite keeps "geïnfecteerd" escaped, and nobody finds it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))


class _Holds(Func):
    """Whether a text or number in a JSON column holds a word, in capitals or not; with ``key`` only what stands there.

    ``key`` is one of objects in a list. Capitals of letters with accents differ on SQLite, as in every search there.
    """

    output_field = BooleanField()

    def __init__(self, column: str, word: str, key: str = "") -> None:
        super().__init__(F(column))
        self.word, self.key = word, key

    def as_sqlite(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        sql = (
            rf"EXISTS (SELECT 1 FROM json_tree({column}) AS held WHERE held.atom LIKE %s ESCAPE '\'"  # noqa: S608 - a column
            " AND held.type NOT IN ('true', 'false')"
        )
        given = (*params, self._pattern(connection))
        if self.key:
            sql, given = sql + " AND held.key = %s", (*given, self.key)
        return sql + ")", given

    def as_postgresql(self, compiler: Any, connection: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self.source_expressions[0])
        where = f"$[*].{json.dumps(self.key)}" if self.key else "strict $.**"
        path = where + ' ? (@.type() == "string" || @.type() == "number")'
        sql = (
            f"EXISTS (SELECT 1 FROM jsonb_path_query({column}, %s::jsonpath) AS held(atom)"  # noqa: S608 - a column
            " WHERE UPPER(held.atom #>> '{}') LIKE UPPER(%s))"
        )
        return sql, (*params, path, self._pattern(connection))

    def _pattern(self, connection: Any) -> str:
        return f"%{connection.ops.prep_for_like_query(self.word)}%"


def holding_value(column: str, word: str, key: str = "") -> Q:
    """Rows of which a value in this JSON column holds ``word``; a key never does. See ``_Holds`` for ``key``."""
    found = Q(_Holds(column, word, key))
    if word.isascii() and word.isprintable() and not {'"', "\\"} & set(word):
        return Q(**{f"{column}__icontains": word}) & found  # it stands there as it is: few rows are taken apart
    return found
