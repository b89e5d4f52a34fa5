"""Reads of the network, already restricted to what the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import Http404

from brandwacht.network.actor import Actor
from brandwacht.network.models import (
    Action,
    ActionState,
    ApiToken,
    AuditEntry,
    CommonCause,
    Dependency,
    Grant,
    Node,
    NodeImpact,
    Organisation,
    OrganisationKind,
    Requirement,
    RoleAssignment,
    User,
)
from brandwacht.network.policy import visible
from brandwacht.network.roles import Role

CAP = 999
"""Counts stop here: "999+" says enough and costs little."""


def capped_count(rows: QuerySet[Any]) -> int:
    """Number of rows, at most ``CAP`` + 1."""
    return rows.order_by()[: CAP + 1].count()


def capped_counts(*lists: QuerySet[Any]) -> list[int]:
    """Number of rows of each of these, at most ``CAP`` + 1; one query for all of them."""
    found = [0] * len(lists)
    counts: dict[int, str] = {}
    params: list[Any] = []
    for place, rows in enumerate(lists):
        with suppress(EmptyResultSet):  # it is known without asking that there are none
            sql, given = rows.order_by().values("pk")[: CAP + 1].query.sql_with_params()
            counts[place] = f"(SELECT COUNT(*) FROM ({sql}) AS counted)"  # noqa: S608 - the SQL is the ORM's
            params += given
    if counts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts.values())}", params)
            for place, count in zip(counts, cursor.fetchone(), strict=True):
                found[place] = count
    return found


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


def common_causes(actor: Actor) -> QuerySet[CommonCause]:
    """The common causes that the actor may see."""
    return CommonCause.objects.filter(visible(actor, "register.see"))


def impacts(actor: Actor) -> QuerySet[NodeImpact]:
    """What outages of nodes cost that the actor may see."""
    return NodeImpact.objects.filter(visible(actor, "register.see"))


def open_actions(actor: Actor) -> QuerySet[Action]:
    """The actions that the actor sees waiting: open, or put off until today. What comes first is for ``ranking``."""
    waiting = Q(state=ActionState.OPEN) | Q(state=ActionState.LATER, later_until__lte=actor.today)
    rows: QuerySet[Action] = Action.objects.filter(visible(actor, "action.see"), waiting).select_related("owner")
    return rows.order_by("pk")


def my_actions(actor: Actor) -> QuerySet[Action]:
    """Those that ask the actor to do something: all but what a colleague has in hand and is not late with."""
    others = Q(owner__isnull=False, owner__is_active=True) & ~Q(owner_id=actor.user_id)
    return open_actions(actor).exclude(others & (Q(due__isnull=True) | Q(due__gt=actor.now)))


def with_others(actor: Actor) -> QuerySet[Action]:
    """The open actions that colleagues have in hand, first due first."""
    rows = open_actions(actor).filter(owner__isnull=False, owner__is_active=True).exclude(owner_id=actor.user_id)
    return rows.filter(Q(due__isnull=True) | Q(due__gt=actor.now)).order_by(F("due").asc(nulls_last=True), "pk")


def colleagues(actor: Actor, action: str, roles: Collection[Role] = ()) -> list[User]:
    """The people who hold a role (one of ``roles``) at the actor's organisation now, by name.

    For who may see them for ``action``.
    """
    today = actor.today
    held = RoleAssignment.objects.filter(visible(actor, action), organisation_id=actor.organisation_id)
    rows = (
        (held.filter(role__in=roles) if roles else held)
        .filter(valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .select_related("user")
        .order_by("user__name", "pk")
    )
    return list({row.user_id: row.user for row in rows if row.user.is_active}.values())


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
