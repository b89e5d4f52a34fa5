"""Reads of published measures, and of those that the own organisation adopted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from brandwacht.baseline.models import FRAMEWORK, Adoption, SharedMeasure, SharedVersion
from brandwacht.baseline.queries.answers import SEE
from brandwacht.engines.norms import load_framework
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

SHARED_SEE = "baseline.shared.see"
NEWEST = ("-changed_at", "-pk")


def published(actor: Actor) -> QuerySet[SharedMeasure]:
    """What the actor may see, of others and of the own organisation, newest first, with how many adopted it."""
    rows = SharedMeasure.objects.filter(visible(actor, SHARED_SEE)).select_related("organisation")
    counted: QuerySet[SharedMeasure] = rows.annotate(adopter_count=Count("adopters")).order_by(*NEWEST)
    return counted


def narrowed(rows: QuerySet[SharedMeasure], *, theme: str = "", control: str = "", text: str = "") -> Any:
    """Those of ``rows`` at this control, in this theme of the norm, or with this text in the title."""
    if theme:
        numbers = [each.number for each in load_framework(FRAMEWORK).controls if each.theme == theme]
        rows = rows.filter(control__in=numbers)
    if control:
        rows = rows.filter(control=control)
    return rows.filter(title__icontains=text) if text else rows


def shared(actor: Actor, public_id: Any) -> SharedMeasure:
    """One published measure; raises ``NotFound``."""
    found = published(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def versions(found: SharedMeasure) -> list[SharedVersion]:
    """The versions of a measure that the actor was already allowed to see, newest first."""
    return list(SharedVersion.objects.filter(shared=found).order_by("-number"))


def newest(found: SharedMeasure) -> SharedVersion:
    """The version that counts now."""
    version: SharedVersion = SharedVersion.objects.get(shared=found, number=found.version)
    return version


def adopter_names(found: SharedMeasure) -> list[str]:
    """Who adopted it, of those who agreed that their name is shown."""
    return list(found.adopters.exclude(name="").order_by("name").values_list("name", flat=True))


def adoptions(actor: Actor) -> QuerySet[Adoption]:
    """What the own organisation adopted, newest first."""
    rows = Adoption.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id)
    return rows.select_related("measure", "publisher").order_by("-adopted_at", "-pk")


def adoption(actor: Actor, public_id: Any) -> Adoption:
    """One adoption; raises ``NotFound``."""
    found = adoptions(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Adopted:
    """An adoption with what is published now; ``now`` is ``None`` when it was withdrawn or is no longer shared."""

    adoption: Adoption
    now: SharedMeasure | None

    @property
    def newer(self) -> bool:
        """Whether there is a version that was neither taken over nor left."""
        return self.now is not None and self.now.version > self.adoption.known


def adopted(actor: Actor, rows: Sequence[Adoption]) -> list[Adopted]:
    """These adoptions with what is published now. One query."""
    present: dict[UUID, SharedMeasure] = {
        each.public_id: each
        for each in SharedMeasure.objects.filter(
            visible(actor, SHARED_SEE), public_id__in=[row.shared_ref for row in rows]
        )
    }
    return [Adopted(row, present.get(row.shared_ref)) for row in rows]
