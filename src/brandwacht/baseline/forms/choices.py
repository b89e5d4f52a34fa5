"""What forms of this room share: lists to choose from, and what a hidden field says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models import FRAMEWORK
from brandwacht.baseline.services.answers import NEVER
from brandwacht.engines.norms import load_framework

Choices = list[tuple[str, Any]]


def theme_choices() -> Choices:
    """The themes of the norm."""
    return [("", _("Alle thema's")), *((t, capfirst(t)) for t in load_framework(FRAMEWORK).themes)]


def control_choices() -> Choices:
    """The controls of the norm."""
    controls = load_framework(FRAMEWORK).controls
    return [("", _("Hoort niet bij één vraag")), *((c.number, f"{c.number} {c.title}") for c in controls)]


def moment_seen(text: str) -> datetime:
    """The moment in a hidden field ``seen``; ``NEVER`` when it holds none."""
    try:
        return parse_datetime(text) or NEVER
    except ValueError:
        return NEVER
