"""An envelope of STIX objects, read by the engine and marked for good; what may not go by a coupling is refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.engines.intel import PAP, TLP, Marking
from brandwacht.engines.intel.stix import Problem, StixObject, read_stix

FIXED: Final = frozenset({"marking-definition", "identity"})
"""What others point at: it says nothing of a threat by itself, and many bring the same."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An object that is taken. ``version`` is when this version was made; an observable has none."""

    stix_id: str
    kind: str
    spec_version: str
    version: datetime | None
    marking: Marking
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """An object that is left out: its id as far as it has one, and why, in Dutch. ``shut``: its marking forbids it."""

    stix_id: str
    why: str
    shut: bool = False


def read_envelope(data: bytes) -> tuple[list[Incoming], list[Left]]:
    """What an envelope or bundle holds; raises the engine's ``InvalidStix`` when it is neither."""
    reading = read_stix(data)
    good, left = [], _by_object(reading.problems)
    for each, stated in zip(reading.objects, reading.stated(), strict=True):
        incoming = _incoming(each, stated.marking())
        why = _not_by_coupling(incoming)
        if why:
            left.append(Left(each.id, why, shut=True))
        else:
            good.append(incoming)
    return good, left


def _incoming(each: StixObject, stated: Marking) -> Incoming:
    """The object with its effective marking on the whole, so that no conversion loses it: unmarked is AMBER+STRICT."""
    content = each.whole()
    fixed = each.type == "marking-definition"
    marking = Marking(TLP.CLEAR, PAP.CLEAR) if fixed else stated
    if not fixed:
        there = content.get("object_marking_refs", [])
        content["object_marking_refs"] = list(dict.fromkeys([*there, *marking.refs]))
    return Incoming(each.id, each.type, str(content.get("spec_version", "2.1")), each.version, marking, content)


def _not_by_coupling(each: Incoming) -> str:
    """Why an object may not go from program to program, as ``engines.intel.decide`` has it; empty when it may."""
    if each.marking.tlp is TLP.RED:
        return _("TLP:RED is voor personen. Meld dit op de pagina Delen en kies daar wie het leest.")
    if each.marking.pap is PAP.RED:
        return _("PAP:RED: dit mag niemand overnemen in een ander systeem. Meld het op de pagina Delen.")
    return ""


def _by_object(problems: list[Problem]) -> list[Left]:
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for each in problems:
        found[each.number, each.id].append(each.sentence)
    return [Left(_kept(own_id), _kept(" ".join(why))) for (_number, own_id), why in found.items()]


def _kept(text: str) -> str:
    """What is told and kept of an object that was left out: PostgreSQL takes no NUL."""
    return text.replace("\x00", "\ufffd")
