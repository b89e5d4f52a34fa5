"""Real failures that ship with the engine, played on their own small maps and held against what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import EXAMPLES, Example, Fact, load_example
from brandwacht.network.errors import NotFound
from brandwacht.riskmap.cascades.outcome import Outcome, outcome
from brandwacht.riskmap.mapping import Place, Register
from brandwacht.riskmap.pictures.cascade import Picture, pictured
from brandwacht.riskmap.words.headline import headline

_NOWHERE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is known of a real failure: of what, from when to when, in words. The replay shows it too."""

    name: str
    begin: datetime
    end: datetime
    text: str


def incidents() -> list[Example]:
    """Every failure that ships, the latest first."""
    return sorted(map(load_example, EXAMPLES), key=lambda each: each.start, reverse=True)


def incident(key: str) -> Example:
    """One of them; raises ``NotFound``."""
    try:
        return load_example(key)
    except KeyError as error:
        raise NotFound from error


def told(example: Example) -> str:
    """The sentence that says what fell when."""
    return headline(example.outages, _replayed(example.key))


def shown(example: Example) -> Picture:
    """The failure as a picture with its timeline, in the form of every other run."""
    source = _("Nagespeeld op een eigen kaart van %(n)d onderdelen, versie %(version)s (%(status)s).") % {
        "n": len(example.network.nodes), "version": example.version, "status": example.status,
    }  # fmt: skip
    found = _replayed(example.key)
    return pictured(found, told(example), _local(example.start), None, marker=example.key, source=source)


def known(example: Example) -> list[Known]:
    """What is known of the failure, in order of time."""
    return [_known(example, fact) for fact in sorted(example.facts, key=lambda fact: (fact.start, fact.end))]


def alike(example: Example) -> Sequence[tuple[str, str]]:
    """What looked double and fell together: (name, in words)."""
    return [(example.network.node(each.node).name, each.text) for each in example.shared]


def day(example: Example) -> str:
    """The day on which it began, in words."""
    return date_format(example.start, "j F Y")


def _known(example: Example, fact: Fact) -> Known:
    name = example.network.node(fact.node).name
    return Known(name, _local(example.moment(fact.start)), _local(example.moment(fact.end)), fact.text)


def _local(moment: datetime) -> datetime:
    return timezone.make_aware(moment)


@cache
def _replayed(key: str) -> Outcome:
    """The run of a failure; the same every time, since its map ships with us."""
    example = load_example(key)
    places = {node.key: Place(0, _NOWHERE, node.key in example.vital) for node in example.network.nodes}
    return outcome(Register(example.network, places, (), fingerprint=""), example.replay())
