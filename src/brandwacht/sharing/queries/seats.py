"""Reads of the circle itself: guidelines, seats and meetings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import owners, visible
from brandwacht.sharing.conditions import in_force, signed
from brandwacht.sharing.models import Attendee, CircleSeat, Guideline, GuidelineSignature, Meeting
from brandwacht.sharing.policies.seats import SEE_GUIDELINE, SEE_MEETING, SEE_SEATS, SIGN

MEETING_ORDER = ("-on", "-public_id")


def guidelines(actor: Actor) -> QuerySet[Guideline]:
    """The versions of the guidelines that the actor may read, newest first."""
    rows: QuerySet[Guideline] = Guideline.objects.filter(visible(actor, SEE_GUIDELINE))
    return rows.select_related("organisation").order_by("-version")


def to_sign(actor: Actor) -> Guideline | None:
    """The version in force that the actor must sign before reading anything; ``None`` when there is nothing to sign."""
    circles = owners(actor, SIGN)
    if not circles:
        return None
    has = signed(actor).values("organisation_id")
    waiting = in_force(actor).filter(organisation_id__in=circles).exclude(organisation_id__in=has)
    found: Guideline | None = waiting.order_by("-version").first()
    return found


def my_signature(actor: Actor, guideline: Guideline) -> datetime | None:
    """When the actor signed this version, for the seat that is open."""
    rows = GuidelineSignature.objects.filter(
        guideline=guideline, seat__user_id=actor.user_id, seat__member_id=actor.organisation_id,
        seat__ended_at__isnull=True,
    )  # fmt: skip
    found: datetime | None = rows.values_list("signed_at", flat=True).first()
    return found


def seats(actor: Actor) -> QuerySet[CircleSeat]:
    """The seats that the actor may see, those in use first, with what was signed."""
    signatures = Prefetch("signatures", GuidelineSignature.objects.select_related("guideline").order_by("-signed_at"))
    rows: QuerySet[CircleSeat] = CircleSeat.objects.filter(visible(actor, SEE_SEATS))
    rows = rows.select_related("member", "user").prefetch_related(signatures)
    return rows.order_by("ended_at", "member__code", "user__name", "pk")


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """The meetings that the actor may read about, newest first."""
    rows: QuerySet[Meeting] = Meeting.objects.filter(visible(actor, SEE_MEETING))
    return rows.select_related("organisation").order_by(*MEETING_ORDER)


def meeting(actor: Actor, public_id: Any) -> Meeting:
    """One meeting with who attended; raises ``NotFound``."""
    there = Prefetch("attendees", Attendee.objects.select_related("user", "member").order_by("member__code", "pk"))
    found = meetings(actor).prefetch_related(there).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
