"""Rows of blind spots and correlations. Which rule it is, only its owner reads: an analyst sees numbers."""

from __future__ import annotations

from tests.matrix.rows import part, thing

SIGHT = (
    part("soc:blind", analyst=200),
    part("soc:blind", query="reden=velden", analyst=200),
    thing("soc:correlation", "together"),
)
