"""What stands out on a map: the vital processes with what they need, and what the loss of one node does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import Outage, Requirement, Simulator
from brandwacht.riskmap.cascades.outcome import Outcome, outcome
from brandwacht.riskmap.mapping import Register
from brandwacht.riskmap.reckoning.weights import Weights
from brandwacht.riskmap.register.autonomy import Autonomy
from brandwacht.riskmap.words.headline import headline
from brandwacht.riskmap.words.sentences import moment

HORIZON = 4320
NAMED = 3


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement in words. ``providers`` holds (name, public id); ``terms`` says how many and what without them."""

    label: str
    providers: Sequence[tuple[str, UUID]]
    terms: str


@dataclass(frozen=True, slots=True)
class Vital:
    """A vital process: what it needs, and the nodes that hurt it by failing alone."""

    name: str
    public_id: UUID
    needs: Sequence[Need]
    singles: int
    single_names: Sequence[str]


def needs_of(register: Register, key: str) -> list[Need]:
    """What a node needs, in words."""
    network = register.network
    bases = {each.label: each for each in register.autonomies if each.node == key}
    return [
        Need(
            need.label,
            [(network.node(p).name, register.places[p].public_id) for p in need.providers],
            "; ".join([_terms(need), *_basis(bases.get(need.label))]),
        )
        for need in network.needs(key)
    ]


def _basis(autonomy: Autonomy | None) -> Iterator[str]:
    """Where a buffer comes from: a claim is named as such."""
    if autonomy is None:
        return
    if autonomy.basis == "claimed" or autonomy.tested_on is None:
        yield _("buffer alleen opgegeven, niet getest")
        return
    said = _("buffer getest op %(day)s") if autonomy.basis == "tested" else _("buffer te lang geleden getest: %(day)s")
    yield said % {"day": date_format(autonomy.tested_on, "j F Y")}


def _terms(need: Requirement) -> str:
    total = len(need.providers)
    terms = []
    if total > 1 and need.needed == total:
        terms.append(_("alle %(n)d nodig") % {"n": total})
    elif total > 1:
        terms.append(_("%(k)d van %(n)d nodig") % {"k": need.needed, "n": total})
    if need.degraded_at:
        terms.append(_("met minder dan %(g)d hapert het") % {"g": need.degraded_at})
    when = moment(need.autonomy)
    terms.append(
        (_("zonder: hapert %(when)s") if need.effect == "degraded" else _("zonder: valt %(when)s uit")) % {"when": when}
    )
    return "; ".join(terms)


def vitals(register: Register, weights: Weights) -> list[Vital]:
    """The vital processes by name."""
    found = []
    for key in sorted(register.vital, key=lambda key: register.network.node(key).name):
        singles = weights.hits[key]
        found.append(
            Vital(
                register.network.node(key).name,
                register.places[key].public_id,
                needs_of(register, key),
                len(singles),
                [register.network.node(each).name for each in singles[:NAMED]],
            )
        )
    return found


def loss(register: Register, key: str, simulator: Simulator, lasts: int | None = None) -> tuple[str, Outcome]:
    """The headline and outcome when this node fails for ``lasts`` minutes; without it stays away for 72 hours."""
    found = outcome(register, simulator.run([Outage(key, 0, HORIZON if lasts is None else lasts)], HORIZON))
    return headline([Outage(key, 0, lasts)], found), found
