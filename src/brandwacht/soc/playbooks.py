"""Playbooks for the first response, per family of alerts: data with a version, from ``data/draaiboeken.yaml``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from django.utils.translation import gettext_lazy as _

from brandwacht.soc.wording import by_weight

WHO = {
    "kijken": _("Met een mandaat om te zien"),
    "handelen": _("Met een mandaat om te handelen"),
    "regio": _("Alleen de organisatie zelf"),
    "cert": _("De leider van het CERT of de CISO neemt over"),
}
"""Who may take a step under the mandate."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, why, who may do it (a key of ``WHO``), and the evidence to keep. "{middel}" is the asset."""

    key: str
    what: str
    why: str
    who: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Playbook:
    """The steps for one family, in order. ``techniques`` and ``rules`` choose it; ``general`` is for all the rest."""

    key: str
    name: str
    techniques: tuple[str, ...]
    rules: tuple[str, ...]
    general: bool
    steps: tuple[Step, ...]

    def step(self, key: str) -> Step | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)


@dataclass(frozen=True, slots=True)
class Book:
    """All playbooks of one version."""

    version: str
    source: str
    licence: str
    playbooks: tuple[Playbook, ...]

    def get(self, key: str) -> Playbook | None:
        """The playbook with this key."""
        return next((playbook for playbook in self.playbooks if playbook.key == key), None)


@cache
def book() -> Book:
    """The playbooks that hold."""
    data = yaml.safe_load((files(__package__) / "data" / "draaiboeken.yaml").read_text(encoding="utf-8"))
    return Book(
        str(data["versie"]), data["bron"], data["licentie"], tuple(_playbook(row) for row in data["draaiboeken"])
    )


def _playbook(row: dict[str, object]) -> Playbook:
    return Playbook(
        key=str(row["sleutel"]),
        name=str(row["naam"]),
        techniques=tuple(row["technieken"]),  # type: ignore[arg-type]
        rules=tuple(row.get("regels", ())),  # type: ignore[arg-type]
        general=bool(row.get("algemeen")),
        steps=tuple(
            Step(step["sleutel"], step["wat"], step["waarom"], step["wie"], step["bewijs"])
            for step in row["stappen"]  # type: ignore[attr-defined]
        ),
    )


def playbooks_for(techniques: Iterable[str], rule_ids: Sequence[str] = ()) -> list[Playbook]:
    """The playbooks that fit an alert, the most telling technique first; the general one when none fits."""
    every = book().playbooks
    found = [p for p in every if any(part in rule_id for part in p.rules for rule_id in rule_ids)]
    for number in by_weight(techniques):
        exact = [p for p in every if number in p.techniques]
        for playbook in exact or [p for p in every if number.split(".")[0] in p.techniques]:
            if playbook not in found:
                found.append(playbook)
    return found or [p for p in every if p.general]
