"""Dutch names for the ATT&CK techniques and tactics that matter most; our own wording, numbers by MITRE ATT&CK."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

TACTICS: Final = (
    "reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation",
    "stealth", "defense-evasion", "defense-impairment", "credential-access", "discovery", "lateral-movement",
    "collection", "command-and-control", "exfiltration", "impact",
)  # fmt: skip
"""The tactics in the order of an attack; older rules say defense-evasion for what is now two of them."""


@cache
def _data() -> dict[str, Any]:
    text = (files(__package__) / "data" / "attack.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def technique_name(technique: str) -> str | None:
    """The Dutch name of a technique such as T1003.001, or of its parent when only that is known; else None."""
    names: dict[str, str] = _data()["techniques"]
    number = technique.upper()
    return names.get(number) or names.get(number.split(".")[0])


def tactic_name(tactic: str) -> str | None:
    """The Dutch name of a tactic as Sigma tags write it (`credential-access`, with or without `attack.`); else None."""
    names: dict[str, str] = _data()["tactics"]
    return names.get(tactic.lower().removeprefix("attack.").replace("_", "-"))


def tactics_of(technique: str) -> tuple[str, ...]:
    """The tactics in which a technique (or the parent of a sub-technique) is used, in order; empty when not known."""
    known: dict[str, list[str]] = _data()["tactics_of"]
    return tuple(known.get(technique.upper().split(".")[0], ()))
