"""What in a contribution tells who wrote it: the contributor's own names, domains, addresses and machines.

The engine knows how people write such things; this module knows what is the contributor's own.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from brandwacht.engines.intel.leaks import Own, search_own
from brandwacht.network.actor import Actor
from brandwacht.network.models import Node, NodeKind, Organisation, User
from brandwacht.network.policy import visible
from brandwacht.sharing.content import PLACES, is_machine, squeeze
from brandwacht.sharing.models import ProfileAsset
from brandwacht.sharing.policies.advisories import SEE_ASSET

SHORTEST_PART = 4  # letters of a part of a name that says something by itself


@dataclass(frozen=True, slots=True)
class Trace:
    """A word in one of the texts (a field, and its Dutch name), and what it tells."""

    field: str
    place: str
    word: str
    why: str


def own_traces(actor: Actor, texts: Mapping[str, str]) -> list[Trace]:
    """Where these texts hold something of the actor's own; each word once per text."""
    names = dict(chain(_names(actor), _machines(actor, texts)))
    domains = _domains(actor)
    networks = {name: why for name, why in names.items() if _is_address(name)}
    own = Own(tuple(names.keys() - networks.keys()), tuple(domains), tuple(networks))
    told = names | domains
    found: dict[tuple[str, str], Trace] = {}
    for field, text in texts.items():
        for each in search_own(text, (), own):
            word = text[each.start : each.end]
            found.setdefault(
                (field, word.casefold()), Trace(field, str(PLACES.get(field, field)), word, told[each.what])
            )
    return list(found.values())


def _names(actor: Actor) -> Iterator[tuple[str, str]]:
    """What the contributor and their organisation are called, and what that tells."""
    organisation = Organisation.objects.get(pk=actor.organisation_id)
    if actor.user_id is not None:
        user = User.objects.get(pk=actor.user_id)
        yield from ((part, _("een deel van uw naam")) for part in _parts(user.name))
        yield user.name, _("uw naam")
        yield user.email.partition("@")[0], _("uw e-mailadres")
    yield from ((part, _("een deel van de naam van uw organisatie")) for part in _parts(organisation.name))
    yield organisation.name, _("de naam van uw organisatie")
    yield organisation.code, _("de code van uw organisatie")


def _parts(name: str) -> list[str]:
    return [part for part in name.replace("-", " ").split() if len(part) >= SHORTEST_PART]


def _domains(actor: Actor) -> dict[str, str]:
    if actor.user_id is None:
        return {}
    email = User.objects.values_list("email", flat=True).get(pk=actor.user_id)
    return {email.rpartition("@")[2]: _("het domein van uw e-mailadres")}


def _machines(actor: Actor, texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names and addresses of the own register, and of where products run, that may be in these texts.

    The cheap look comes first: a register has thousands of machines.
    """
    squeezed = " ".join(squeeze(text) for text in texts.values())
    assets = Node.objects.filter(visible(actor, "register.see"), organisation_id=actor.organisation_id)
    rows = assets.filter(kind=NodeKind.ASSET).order_by().values_list("name", "names__value")
    for name in sorted({name for row in rows for name in row if name and is_machine(name)}):
        if squeeze(name) in squeezed:
            yield name, _("een machine of adres uit uw register")
    running = ProfileAsset.objects.filter(visible(actor, SEE_ASSET), organisation_id=actor.organisation_id)
    places = running.exclude(place="").order_by().values_list("place", flat=True).distinct()
    for name in sorted({name for place in places for name in re.split(r"[\s,;/]+", place) if is_machine(name)}):
        if squeeze(name) in squeezed:
            yield name, _("een machine of adres uit “Wat u draait”")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_network(name.strip(), strict=False)
    except ValueError:
        return False
    return True
