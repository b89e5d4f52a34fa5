"""JSON columns that are searched as text: letters with accents stand in them as people type them."""

from __future__ import annotations

import json
from typing import Any


class ReadableJSON(json.JSONEncoder):
    """The encoder of such a column. Otherwise SQLite keeps "geïnfecteerd" escaped, and nobody finds it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"ensure_ascii": False}))
