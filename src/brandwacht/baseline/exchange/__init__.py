"""The exchange as OSCAL: what can come in, and how each kind of content is read, compared and taken over."""

from __future__ import annotations

from typing import Any, Final

from brandwacht.baseline.exchange.answers import RESULTS_IN, STATEMENT_IN
from brandwacht.baseline.exchange.incoming import NEW, OTHER, REFUSED, SAME, Incoming
from brandwacht.baseline.exchange.measures import PLAN_IN
from brandwacht.engines.norms.oscal import PLAN, PROFILE, RESULTS

__all__ = ["INCOMING", "NEW", "OTHER", "REFUSED", "SAME"]

INCOMING: Final[dict[str, Incoming[Any]]] = {RESULTS: RESULTS_IN, PROFILE: STATEMENT_IN, PLAN: PLAN_IN}
"""Every kind of content that can come in, by the kind of its document (``AnswerImport.kind``)."""
