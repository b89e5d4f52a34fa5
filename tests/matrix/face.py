"""Pages of everybody."""

from __future__ import annotations

from tests.matrix.rows import ALL, OPEN, Row

FACE = (
    Row("style-guide", **ALL),
    Row("accessibility", **OPEN),
    Row("health", **OPEN),
    Row("security-txt", **OPEN),
)
