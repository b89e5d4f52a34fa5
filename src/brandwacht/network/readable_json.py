"""JSON columns that are searched as text: letters with accents stand in them as people type them."""

from __future__ import annotations

import json
from typing import Any

import orjson


class ReadableJSON(json.JSONEncoder):
    """The encoder of such a column. Otherwise SQLite keeps "geïnfecteerd" escaped, and nobody finds it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))

    def encode(self, o: Any) -> str:
        """As JSON's own, by a faster hand where it can: not for numbers beyond 64 bits, or half of a character."""
        try:
            return orjson.dumps(o).decode()
        except TypeError:
            return super().encode(o)
