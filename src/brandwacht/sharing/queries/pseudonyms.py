"""Reads of pseudonyms: the custodians, and for them what can be opened. Who is behind one is nowhere to be read."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible
from brandwacht.sharing.models import Custodian, Opening, Pseudonym
from brandwacht.sharing.policies.threats import OPEN


def custodians(circle_id: int) -> QuerySet[Custodian]:
    """The custodians of a circle that the actor is in: every member knows who they are."""
    rows: QuerySet[Custodian] = Custodian.objects.filter(organisation_id=circle_id, until__isnull=True)
    return rows.select_related("user").order_by("user__name", "pk")


def pseudonyms(actor: Actor) -> QuerySet[Pseudonym]:
    """The pseudonyms that the actor may help to open, with what waits for the other custodian."""
    rows: QuerySet[Pseudonym] = Pseudonym.objects.filter(visible(actor, OPEN))
    return rows.prefetch_related(Prefetch("openings", openings(actor), to_attr="asked")).order_by("name")


def pseudonym(actor: Actor, public_id: Any) -> Pseudonym:
    """One pseudonym; raises ``NotFound``."""
    found = pseudonyms(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def openings(actor: Actor) -> QuerySet[Opening]:
    """The requests to open a pseudonym that the actor may see, newest first."""
    rows: QuerySet[Opening] = Opening.objects.filter(visible(actor, OPEN))
    return rows.select_related("pseudonym", "first__user").order_by("-asked_at", "-pk")
