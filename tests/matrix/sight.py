"""Rows of blind spots and correlations. Which rule it is, only its owner reads: an analyst sees numbers, by source."""

from __future__ import annotations

from tests.matrix.rows import part, thing

SIGHT = (
    part("soc:blind", sees="analyst"),
    part("soc:blind", query="reden=velden", sees="analyst"),
    thing("soc:correlation", "together"),
)
