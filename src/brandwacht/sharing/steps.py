"""Numbers of organisations as others may see them: in steps, so that two looks never differ by one organisation."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

STEP: Final = 3


def down(count: int) -> int:
    """A number of organisations in steps: 1 stands for one or two, then 3, 6, 9..."""
    return min(count, 1) if count < STEP else count // STEP * STEP


def stepped(count: int) -> str:
    """A number of organisations without telling about any one of them: "1 of 2", "3 of meer", "6 of meer"."""
    if count == 0:
        return "0"
    if count < STEP:
        return _("1 of 2")
    return _("%(n)d of meer") % {"n": down(count)}
