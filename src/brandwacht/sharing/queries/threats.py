"""Reads of threat reports, already restricted to what the actor may see: lists, search and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.sharing.conditions import RED, found_seated
from brandwacht.sharing.models import ReadMark, Threat, ThreatReader, ThreatState
from brandwacht.sharing.policies.threats import SEE_THREAT
from brandwacht.sharing.queries.searching import holding
from brandwacht.sharing.steps import down, stepped

SORTS = MappingProxyType({"": ("-at", "-public_id"), "at": ("at", "public_id")})
"""By moment and public id, not primary key: the order itself would tell of reports that the reader may not see."""


def threats(actor: Actor) -> QuerySet[Threat]:
    """All reports that the actor may see, newest first; ``at`` is when it was shared, or written while a draft."""
    rows: QuerySet[Threat] = Threat.objects.filter(visible(actor, SEE_THREAT))
    rows = rows.select_related("organisation", "pseudonym", "author_organisation")
    return rows.annotate(at=Coalesce("shared_at", "written_at")).order_by(*SORTS[""])


def threat(actor: Actor, public_id: Any) -> Threat:
    """One report, with its readers when it is TLP:RED, and ``is_read`` by the actor; raises ``NotFound``."""
    mark = ReadMark._base_manager.filter(user_id=actor.user_id, item=OuterRef("public_id"))
    found = threats(actor).filter(public_id=public_id).annotate(is_read=Exists(mark)).first()
    if found is None:
        raise NotFound
    found_seated(actor, found)
    if found.tlp == RED:
        readers = ThreatReader.objects.select_related("user").order_by("user__name")
        prefetch_related_objects([found], Prefetch("readers", readers))
    return found


def matching(rows: QuerySet[Threat], text: str) -> QuerySet[Threat]:
    """Those that hold every word of the text: in title, story, products, techniques, indicators or number.

    Of what was withdrawn only the title and the number are searched: the rest is no longer shown.
    """
    return holding(
        rows, text, named=("title",), within=("what", "products", "attack"), indicators="indicators", number="number",
        gone=Q(state=ThreatState.WITHDRAWN),
    )  # fmt: skip


def words_of(row: Threat) -> list[str]:
    """What a report can be found by: its title, and unless it was withdrawn products, techniques and indicators."""
    if row.state == ThreatState.WITHDRAWN:
        return [row.title]
    return [row.title, *row.products, *row.attack, *(each["value"] for each in row.indicators)]


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
