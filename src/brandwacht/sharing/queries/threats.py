"""Reads of threat reports, already restricted to what the actor may see: lists, search, suggestions and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from brandwacht.engines.intel import InvalidIndicator, parse_indicator
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Node
from brandwacht.network.policy import visible
from brandwacht.network.wording import listed
from brandwacht.sharing.content import mention, squeeze
from brandwacht.sharing.models import Sighting, Threat, ThreatReader, ThreatState
from brandwacht.sharing.policy_threats import SEE_THREAT
from brandwacht.sharing.steps import down, stepped

SORTS = MappingProxyType({"": ("-at", "-public_id"), "at": ("at", "public_id")})
"""By moment and public id, not primary key: the order itself would tell of reports that the reader may not see."""

RECENT: Final = timedelta(days=90)
MOST_RECENT: Final = 200
"""Reports that are looked at to find which concern the reader's organisation."""
MOST_SUGGESTIONS: Final = 8
SHORTEST_SEARCH: Final = 2


def threats(actor: Actor) -> QuerySet[Threat]:
    """All reports that the actor may see, newest first; ``at`` is when it was shared, or written while a draft."""
    rows: QuerySet[Threat] = Threat.objects.filter(visible(actor, SEE_THREAT))
    rows = rows.select_related("organisation", "pseudonym", "author_organisation")
    return rows.annotate(at=Coalesce("shared_at", "written_at")).order_by(*SORTS[""])


def threat(actor: Actor, public_id: Any) -> Threat:
    """One report with its readers; raises ``NotFound``."""
    readers = Prefetch("readers", ThreatReader.objects.select_related("user").order_by("user__name"))
    found = threats(actor).prefetch_related(readers).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def matching(rows: QuerySet[Threat], text: str) -> QuerySet[Threat]:
    """Those that hold every word of the text: in title, story, products, techniques, indicators or number.

    Of what was withdrawn only the title and the number are searched: the rest is no longer shown.
    """
    for word in text.split()[:10]:
        number = word.upper().rpartition("-D")[2]
        named = Q(title__icontains=word)
        if number.isdecimal() and len(number) <= 9:
            named |= Q(number=int(number))
        within = Q(what__icontains=word) | Q(products__icontains=word) | Q(attack__icontains=word)
        try:
            within |= Q(indicators__icontains=parse_indicator(word).value)
        except InvalidIndicator:
            within |= Q(indicators__icontains=word)
        rows = rows.filter(named | (within & ~Q(state=ThreatState.WITHDRAWN)))
    return rows


def suggestions(actor: Actor, text: str) -> list[str]:
    """What to search for, from the reports that the actor may see: titles, products, techniques and indicators."""
    text = text.strip()
    if len(text) < SHORTEST_SEARCH:
        return []
    found: dict[str, None] = {}
    for row in matching(threats(actor), text)[:50]:
        words = [row.title]
        if row.state != ThreatState.WITHDRAWN:
            words += [*row.products, *row.attack, *(each["value"] for each in row.indicators)]
        found |= {word: None for word in words if text.casefold() in word.casefold()}
    return list(found)[:MOST_SUGGESTIONS]


@dataclass(frozen=True, slots=True)
class Concern:
    """A report that concerns the reader's own organisation, and why."""

    threat: Threat
    why: str


def concerning(actor: Actor) -> list[Concern]:
    """What concerns the actor's organisation, newest first; a report counts for ninety days.

    A report concerns it when a product stands in the own register, when the organisation saw it, or when the reader
    is named in it.
    """
    rows = threats(actor).filter(state=ThreatState.SHARED, shared_at__gte=actor.now - RECENT)[:MOST_RECENT]
    recent = list(rows)
    if not recent:
        return []
    seen = set(_sightings(recent).filter(member_id=actor.organisation_id).values_list("threat_id", flat=True))
    named_rows = ThreatReader.objects.filter(threat__in=[row.pk for row in recent], user_id=actor.user_id)
    named = set(named_rows.values_list("threat_id", flat=True))
    in_register = _in_register(actor, {product for row in recent for product in row.products})
    found = []
    for row in recent:
        why = []
        running = list(dict.fromkeys(in_register[each] for each in row.products if each in in_register))
        if running:
            why.append(_("in uw register: %(what)s") % {"what": listed(running)})
        if row.pk in seen:
            why.append(_("uw organisatie zag dit"))
        if row.pk in named:
            why.append(_("u bent met naam genoemd"))
        if why:
            found.append(Concern(row, listed(why)))
    return found


def _in_register(actor: Actor, products: Iterable[str]) -> dict[str, str]:
    """By product the first name in the actor's own register that holds it."""
    wanted = sorted(products)
    if not wanted:
        return {}
    own = Node.objects.filter(visible(actor, "register.see"), organisation_id=actor.organisation_id)
    found: dict[str, str] = {}
    bare = {product: squeeze(product) for product in wanted}
    for name in own.order_by("name").values_list("name", flat=True):
        squeezed = squeeze(name)
        for product in wanted:
            if product not in found and bare[product] in squeezed and mention(product, name):
                found[product] = name
    return found


def _sightings(rows: Iterable[Threat]) -> QuerySet[Sighting]:
    found: QuerySet[Sighting] = Sighting.objects.filter(threat__in=[row.pk for row in rows])
    return found


@dataclass(frozen=True, slots=True)
class Month:
    """Sightings in one month: how many organisations, in words and as what is drawn."""

    first: date
    count: str
    steps: int


def by_month(seen: Iterable[tuple[date, int]]) -> list[Month]:
    """Per month how many organisations (primary key) saw something on these days, in steps; oldest first."""
    pairs = {(on.replace(day=1), member_id) for on, member_id in seen}
    counts = Counter(first for first, _member in pairs)
    return [Month(first, stepped(counts[first]), down(counts[first])) for first in sorted(counts)]
