"""Looking up the questions of the norm that is answered: data, and public."""

from __future__ import annotations

from brandwacht.baseline.models import FRAMEWORK
from brandwacht.engines.norms import Control, UnknownControl, load_framework
from brandwacht.network.errors import NotFound


def known_control(number: str) -> Control | None:
    """The control with this number; none when there is no such number, or it is empty."""
    try:
        return load_framework(FRAMEWORK).control(number)
    except UnknownControl:
        return None


def find_control(number: str) -> Control:
    """The control with this number; raises ``NotFound``."""
    found = known_control(number)
    if found is None:
        raise NotFound
    return found
