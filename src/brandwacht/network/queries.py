"""Reads of the network, already restricted to what the actor may see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, When
from django.http import Http404

from brandwacht.network.actor import Actor
from brandwacht.network.models import (
    Action,
    ActionState,
    ApiToken,
    AuditEntry,
    Dependency,
    Grant,
    Node,
    Organisation,
    OrganisationKind,
    Requirement,
    RoleAssignment,
)
from brandwacht.network.policy import visible

CAP = 999
"""Counts stop here: "999+" says enough and costs little."""

SOON: Final = timedelta(days=7)
"""A due moment this near goes before any risk: what comes too late can no longer be mended."""


def capped_count(rows: QuerySet[Any]) -> int:
    """Number of rows, at most ``CAP`` + 1."""
    return rows.order_by()[: CAP + 1].count()


def organisations(*kinds: OrganisationKind) -> QuerySet[Organisation]:
    """The organisations of these kinds; names and codes are public in the network."""
    return Organisation.objects.filter(kind__in=kinds) if kinds else Organisation.objects.all()


def organisation(code: str) -> Organisation:
    """One organisation by its code; raises ``Http404``."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def nodes(actor: Actor) -> QuerySet[Node]:
    """The nodes of the register that the actor may see."""
    return Node.objects.filter(visible(actor, "register.see")).select_related("organisation")


def requirements(actor: Actor) -> QuerySet[Requirement]:
    """The requirements that the actor may see."""
    return Requirement.objects.filter(visible(actor, "register.see"))


def dependencies(actor: Actor) -> QuerySet[Dependency]:
    """The dependencies that the actor may see."""
    return Dependency.objects.filter(visible(actor, "register.see"))


def open_actions(actor: Actor) -> QuerySet[Action]:
    """The actions that wait for the actor (open, or put off until today), in the order in which to do them.

    What is late or due within ``SOON`` comes first, by its due moment; then the rest by risk, deadline and effort.
    """
    today = actor.today
    waiting = Q(state=ActionState.OPEN) | Q(state=ActionState.LATER, later_until__lte=today)
    rows: QuerySet[Action] = (
        Action.objects.filter(visible(actor, "action.see"), waiting)
        .select_related("owner")
        .annotate(pressing=Case(When(due__lte=actor.now + SOON, then=F("due"))))
        .order_by(F("pressing").asc(nulls_last=True), "-risk", F("due").asc(nulls_last=True), "effort", "pk")
    )
    return rows


def grants_given(actor: Actor) -> QuerySet[Grant]:
    """The grants that the actor's organisation gave, newest first."""
    return Grant.objects.filter(visible(actor, "grant.see")).select_related("grantee").order_by("-starts_at", "-pk")


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """The API tokens that work now and that the actor may end, those that end first at the top."""
    working = ApiToken.objects.filter(visible(actor, "token.end"), revoked_at__isnull=True, expires_at__gt=actor.now)
    return working.select_related("user").order_by("expires_at", "pk")


def in_force(grants: QuerySet[Grant], now: datetime) -> QuerySet[Grant]:
    """Those grants that work at ``now``."""
    return grants.filter(starts_at__lte=now, ends_at__gt=now).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now))


def assignments(actor: Actor) -> QuerySet[RoleAssignment]:
    """The roles at the actor's organisation."""
    return (
        RoleAssignment.objects.filter(visible(actor, "people.see")).select_related("user").order_by("user__name", "pk")
    )


def audit_entries(actor: Actor) -> QuerySet[AuditEntry]:
    """The owner's chain, newest first, with who acted."""
    return AuditEntry.objects.filter(visible(actor, "audit.see")).select_related("person").order_by("-seq")
