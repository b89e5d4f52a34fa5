"""Reads of products, of pictures of others, of the owner's decisions and of own advisories: what the actor may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.sharing.conditions import found_seated
from brandwacht.sharing.models import CircleProduct, ImportedPicture, OwnAdvisory, OwnerDecision, ProductState
from brandwacht.sharing.policies.products import SEE_DECISION, SEE_OWN_ADVISORY, SEE_PICTURE, SEE_PRODUCT
from brandwacht.sharing.queries.searching import holding

ORDER = ("-at", "-public_id")


def products(actor: Actor) -> QuerySet[CircleProduct]:
    """All versions that the actor may see, newest first; ``at`` is when it was sent, or written while it is not."""
    rows: QuerySet[CircleProduct] = CircleProduct.objects.filter(visible(actor, SEE_PRODUCT)).defer("document")
    return rows.select_related("organisation").annotate(at=Coalesce("sent_at", "written_at")).order_by(*ORDER)


def current(rows: QuerySet[CircleProduct]) -> QuerySet[CircleProduct]:
    """Of ``rows`` those that no sent version has come after."""
    later = CircleProduct._base_manager.filter(
        organisation_id=OuterRef("organisation_id"), series=OuterRef("series"), version__gt=OuterRef("version"),
        state=ProductState.SENT,
    )  # fmt: skip
    return rows.filter(~Exists(later))


def product(actor: Actor, public_id: Any) -> CircleProduct:
    """One version; raises ``NotFound``."""
    found = products(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    found_seated(actor, found)
    return found


def versions(actor: Actor, row: CircleProduct) -> list[CircleProduct]:
    """The versions of the same product that the actor may see, newest first."""
    same = products(actor).filter(organisation_id=row.organisation_id, series=row.series)
    return list(same.order_by("-version", "-public_id"))


def matching(rows: QuerySet[CircleProduct], text: str) -> QuerySet[CircleProduct]:
    """Those that hold every word of the text: in title, parts, techniques, controls or number."""
    return holding(rows, text, named=("title", "parts", "attack", "controls"), number="number")


def pictures(actor: Actor) -> QuerySet[ImportedPicture]:
    """The pictures of others that the actor may see, newest first, without their documents."""
    rows: QuerySet[ImportedPicture] = ImportedPicture.objects.filter(visible(actor, SEE_PICTURE)).defer("content")
    return rows.select_related("organisation").order_by("-on", "-public_id")


def picture(actor: Actor, public_id: Any) -> ImportedPicture:
    """One picture; raises ``NotFound``."""
    found = pictures(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def decisions(actor: Actor) -> QuerySet[OwnerDecision]:
    """The decisions of the circle's owner, newest first; ``replaced_by`` is loaded."""
    rows: QuerySet[OwnerDecision] = OwnerDecision.objects.filter(visible(actor, SEE_DECISION))
    return rows.select_related("replaces", "replaced_by").order_by("-on", "-added_at", "-public_id")


def own_advisories(actor: Actor) -> QuerySet[OwnAdvisory]:
    """The circle's own advisories that the actor may see, newest first; ``at`` is when it was published or written."""
    rows: QuerySet[OwnAdvisory] = OwnAdvisory.objects.filter(visible(actor, SEE_OWN_ADVISORY))
    return rows.select_related("organisation").annotate(at=Coalesce("changed_at", "written_at")).order_by(*ORDER)


def own_advisory(actor: Actor, public_id: Any) -> OwnAdvisory:
    """One advisory; raises ``NotFound``."""
    found = own_advisories(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
