"""What came over the border in a run, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.riskmap.words.sentences import moment


@dataclass(frozen=True, slots=True)
class Followed:
    """A node that followed another organisation in a run: its own name, from whom, and what it did."""

    name: str
    giver: str
    told: str


def told(result: Mapping[str, Any]) -> list[Followed]:
    """The nodes that followed another in this run; none for a run on one map."""
    return [Followed(row["name"], row["giver"], _steps(row["steps"])) for row in result.get("border", [])]


def _steps(steps: Sequence[Sequence[Any]]) -> str:
    if not steps:
        return _("blijft werken")
    words = {"up": _("werkt weer"), "degraded": _("hapert"), "down": _("valt uit")}
    last: dict[int, str] = {minute: state for minute, state in steps}  # noqa: C416 - rows are lists
    return "; ".join(f"{words[state]} {moment(minute)}" for minute, state in last.items())
