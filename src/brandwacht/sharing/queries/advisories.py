"""Reads of advisories, asset profiles and notices, already restricted to what the actor may see."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from django.db.models import QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.sharing.models import AdvisoryFeed, AdvisoryNotice, FlawFacts, ProfileAsset, Rank, SecurityAdvisory
from brandwacht.sharing.policies.advisories import (
    SEE_ADVISORY,
    SEE_ASSET,
    SEE_NOTICE,
    TAKE_ADVISORY,
)
from brandwacht.sharing.queries.searching import holding

NOTICE_SORTS: Final = MappingProxyType(
    {"": ("rank", "-changed_at", "-public_id"), "at": ("changed_at", "public_id"), "late": ("late_at", "public_id")}
)
ADVISORY_SORTS: Final = MappingProxyType(
    {"": ("-changed_at", "-public_id"), "at": ("changed_at", "public_id"), "urgency": ("-urgency", "public_id")}
)
ASSET_SORTS: Final = MappingProxyType(
    {"": ("name", "place", "public_id"), "name": ("name", "place", "public_id"), "at": ("-changed_at", "public_id")}
)


def notices(actor: Actor) -> QuerySet[AdvisoryNotice]:
    """All notices that the actor may see: the own organisation's, and through a mandate those of others."""
    rows: QuerySet[AdvisoryNotice] = AdvisoryNotice.objects.filter(visible(actor, SEE_NOTICE))
    return rows.select_related("organisation").order_by(*NOTICE_SORTS[""])


def unacknowledged(actor: Actor) -> QuerySet[AdvisoryNotice]:
    """The notices of the own organisation that nobody there has acknowledged yet."""
    return notices(actor).filter(organisation_id=actor.organisation_id, rank__lt=Rank.BUSY)


def notice(actor: Actor, public_id: Any) -> AdvisoryNotice:
    """One notice; raises ``NotFound``."""
    found = notices(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def matching_notices(rows: QuerySet[AdvisoryNotice], text: str) -> QuerySet[AdvisoryNotice]:
    """Those with every word of the text in number, title, products or vulnerabilities."""
    return holding(rows, text, named=("key", "title", "evidence", "flaws"))


def advisories(actor: Actor) -> QuerySet[SecurityAdvisory]:
    """All advisories that the actor may see."""
    rows: QuerySet[SecurityAdvisory] = SecurityAdvisory.objects.filter(visible(actor, SEE_ADVISORY))
    return rows.select_related("organisation").order_by(*ADVISORY_SORTS[""])


def advisory(actor: Actor, public_id: Any) -> SecurityAdvisory:
    """One advisory; raises ``NotFound``."""
    found = advisories(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def matching_advisories(rows: QuerySet[SecurityAdvisory], text: str) -> QuerySet[SecurityAdvisory]:
    """Those with every word of the text in number, title, publisher, summary or vulnerabilities."""
    return holding(rows, text, named=("key", "title", "publisher", "summary", "flaws"))


def concerned(actor: Actor, row: SecurityAdvisory) -> QuerySet[AdvisoryNotice]:
    """The notices about an advisory that the actor may see, those that are late first."""
    return notices(actor).filter(advisory=row.public_id).order_by("rank", "organisation__code")


def without_profile(actor: Actor) -> list[Organisation]:
    """The organisations whose profile the actor may see through a mandate, and that have none."""
    others = owners(actor, SEE_ASSET) - {actor.organisation_id}
    if not others:
        return []
    known = ProfileAsset.objects.filter(visible(actor, SEE_ASSET), ended_at__isnull=True).values("organisation_id")
    return list(Organisation.objects.filter(pk__in=others).exclude(pk__in=known).order_by("code"))


def assets(actor: Actor) -> QuerySet[ProfileAsset]:
    """The rows of profiles that the actor may see."""
    rows: QuerySet[ProfileAsset] = ProfileAsset.objects.filter(visible(actor, SEE_ASSET))
    return rows.select_related("organisation").order_by(*ASSET_SORTS[""])


def asset(actor: Actor, public_id: Any) -> ProfileAsset:
    """One row of a profile; raises ``NotFound``."""
    found = assets(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def matching_assets(rows: QuerySet[ProfileAsset], text: str) -> QuerySet[ProfileAsset]:
    """Those with every word of the text in product, maker, version, place or formal names."""
    return holding(rows, text, named=("name", "place", "version", "cpe", "purl"))


def advisory_feeds(actor: Actor) -> QuerySet[AdvisoryFeed]:
    """The addresses from which advisories come in, for who may take them in."""
    rows: QuerySet[AdvisoryFeed] = AdvisoryFeed.objects.filter(visible(actor, TAKE_ADVISORY))
    return rows.order_by("kind", "url")


def flaw_table(flaws: list[dict[str, Any]]) -> list[tuple[dict[str, Any], FlawFacts | None]]:
    """Each vulnerability of an advisory with what is known of it; what is used in attacks first, then the worst."""
    known = FlawFacts.objects.in_bulk(sorted({each["cve"] for each in flaws if each["cve"]})[:900])
    rows = [(each, known.get(each["cve"])) for each in flaws]
    return sorted(rows, key=_how_bad)


def _how_bad(row: tuple[dict[str, Any], FlawFacts | None]) -> tuple[bool, float, str]:
    flaw, facts = row
    used = bool(flaw["exploited"]) or (facts is not None and facts.used_since is not None)
    score = flaw["score"] if flaw["score"] is not None else (facts.score if facts and facts.score is not None else -1)
    return not used, -score, flaw["cve"]
