"""Reads of what the store keeps: sizes, terms and holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.soc.models import EventHold, EventTerm
from brandwacht.soc.store.merging import Kept, kept


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is kept of one organisation and how long; ``chosen`` says that it chose the term itself."""

    organisation: Organisation
    kept: Kept
    days: int
    chosen: bool


def keepings(actor: Actor) -> list[Keeping]:
    """What is kept of every organisation that the actor may ask about: the own one first."""
    found = Organisation.objects.filter(pk__in=sorted(owners(actor, "soc.store.see"))).order_by("name")
    terms = dict(EventTerm.objects.filter(visible(actor, "soc.store.see")).values_list("organisation_id", "days"))
    rows = [Keeping(o, kept(o.code), terms.get(o.pk, settings.EVENTS_DAYS), o.pk in terms) for o in found]
    return sorted(rows, key=lambda row: row.organisation.pk != actor.organisation_id)


def holds(actor: Actor) -> QuerySet[EventHold]:
    """What is kept longer, also what ended; order by ``("-made_at", "-id")``."""
    rows: QuerySet[EventHold] = EventHold.objects.filter(visible(actor, "soc.store.see"))
    return rows.select_related("organisation")


def holdable(actor: Actor) -> list[Organisation]:
    """The organisations whose events the actor may have kept longer: the own one first."""
    found = Organisation.objects.filter(pk__in=sorted(owners(actor, "soc.store.hold"))).order_by("name")
    return sorted(found, key=lambda organisation: organisation.pk != actor.organisation_id)
