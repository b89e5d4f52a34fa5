"""Reads of STIX objects, restricted to what the actor may see; in order of arrival, each exactly once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.policy import decide, owners, visible
from brandwacht.sharing.models import StixCollection, StixObject, TaxiiStatus
from brandwacht.sharing.policies.objects import SEE_OBJECT, SEE_STATUS, WRITE_OBJECT
from brandwacht.sharing.taxii.naming import collection_id


@dataclass(frozen=True)  # without slots: what was found of the actor's seat is kept with it (``conditions``)
class Root:
    """A circle as an API root, for one request. To the policy it stands for whatever will be new in that circle."""

    circle: Organisation

    @property
    def organisation_id(self) -> int:
        """The owner of what is in it."""
        return self.circle.pk

    @property
    def public_id(self) -> UUID | None:
        """None: it stands for what is not there yet."""
        return None


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as the actor finds it, with or without anything in it."""

    id: UUID
    root: Root
    member: Organisation | None
    may_write: bool

    @property
    def circle(self) -> Organisation:
        """Whose collection it is."""
        return self.root.circle


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for, after TAXII 2.1, 3.4. ``versions`` holds "first", "last", "all" or moments."""

    ids: Sequence[str] = ()
    kinds: Sequence[str] = ()
    spec_versions: Sequence[str] = ()
    versions: Sequence[str | datetime] = ("last",)
    added_after: datetime | None = None


def roots(actor: Actor) -> list[Root]:
    """The circles whose objects the actor may read. Without a signed seat there is none."""
    found = Organisation.objects.filter(pk__in=owners(actor, SEE_OBJECT), kind=OrganisationKind.CIRCLE).order_by("code")
    return [each for each in map(Root, found) if decide(actor, SEE_OBJECT, each)]


def root(actor: Actor, code: str) -> Root:
    """One circle by its code in lower case; raises ``NotFound``."""
    found = next((each for each in roots(actor) if each.circle.code.lower() == code), None)
    if found is None:
        raise NotFound
    return found


def collections(actor: Actor, root: Root) -> list[Collection]:
    """The collection of the circle, and that of the actor's own organisation when it is a member."""
    writes = bool(decide(actor, WRITE_OBJECT, root))
    found = [Collection(collection_id(root.circle), root, None, writes)]
    if writes:
        home = Organisation.objects.get(pk=actor.organisation_id)
        found.append(Collection(collection_id(root.circle, home), root, home, True))
    return found


def collection(actor: Actor, root: Root, wanted: UUID) -> Collection:
    """One collection; raises ``NotFound``, for that of another member too."""
    found = next((each for each in collections(actor, root) if each.id == wanted), None)
    if found is None:
        raise NotFound
    return found


def objects(actor: Actor, where: Collection, asked: Filter) -> QuerySet[StixObject]:
    """The objects of a collection that the actor may see and asks for, in order of arrival."""
    row = (
        StixCollection.objects.filter(public_id=where.id, organisation=where.circle)
        .values_list("pk", flat=True)
        .first()
    )
    rows: QuerySet[StixObject] = StixObject.objects.filter(visible(actor, SEE_OBJECT), collection_id=row)
    plain: Mapping[str, Sequence[Any]] = {
        "stix_id__in": asked.ids, "kind__in": asked.kinds, "spec_version__in": asked.spec_versions
    }  # fmt: skip
    rows = rows.filter(**{key: list(values) for key, values in plain.items() if values})
    if asked.added_after is not None:
        rows = rows.filter(date_added__gt=asked.added_after)
    if "all" not in asked.versions:
        moments = [each for each in asked.versions if isinstance(each, datetime)]
        wanted = Q(version__in=moments) if moments else Q()
        for name in ("first", "last"):
            if name in asked.versions:
                wanted |= Q(**{f"is_{name}": True})
        rows = rows.filter(wanted)
    return rows.order_by("date_added", "pk")


def status(actor: Actor, root: Root, public_id: UUID) -> TaxiiStatus:
    """What came of something that the actor's organisation sent; raises ``NotFound``."""
    rows = TaxiiStatus.objects.filter(visible(actor, SEE_STATUS), organisation=root.circle)
    found: TaxiiStatus | None = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
