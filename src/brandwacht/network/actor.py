"""Who acts: a person (or Brandwacht itself) at one organisation, with roles and the grants that it may use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from brandwacht.network.domains import OPENED_BY, Domain, GrantKind
from brandwacht.network.models import Grant, Organisation, RoleAssignment, User
from brandwacht.network.models.access import last_of
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import Tenancy

SEE = "zien"
ACT = "handelen"
ITSELF = "Brandwacht"
"""The name under which the system acts by itself; no person has it."""


@dataclass(frozen=True, slots=True)
class GrantFact:
    """A grant in force, as the policy needs it. ``thing`` is the public id that it is narrowed to, if any."""

    kind: GrantKind
    owner_id: int
    may: frozenset[str]
    thing: UUID | None
    purpose: str
    ends_at: datetime

    @property
    def last(self) -> date | datetime:
        """The last day, or moment, on which it works."""
        return last_of(self.ends_at)


@dataclass(frozen=True, slots=True)
class Actor:
    """One person acting for one organisation at one moment.

    ``origin`` is where the act came from: "pagina", "api", "opdracht" (command line) or "werker".
    """

    user_id: int | None
    name: str
    organisation_id: int
    organisation_code: str
    roles: frozenset[Role]
    grants: tuple[GrantFact, ...]
    now: datetime
    origin: str

    def __post_init__(self) -> None:
        # An actor that moves on to a later moment holds no grant that ended on the way.
        if any(grant.ends_at <= self.now for grant in self.grants):
            object.__setattr__(self, "grants", tuple(grant for grant in self.grants if grant.ends_at > self.now))

    @property
    def today(self) -> date:
        """The calendar day where the actor is: between midnight here and midnight UTC, not the day of ``now``."""
        return timezone.localdate(self.now)

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of these roles at the organisation."""
        return bool(self.roles.intersection(roles))

    def tenancy(self) -> Tenancy:
        """The outer lock for this actor: own rows, and per domain those of owners with a fitting grant."""
        granted: dict[Domain, set[int]] = defaultdict(set)
        for domain, kinds in OPENED_BY.items():
            for grant in self.grants:
                if grant.kind in kinds:
                    granted[domain].add(grant.owner_id)
        return Tenancy(
            frozenset({self.organisation_id}), {domain: frozenset(owners) for domain, owners in granted.items()}
        )

    def at(self, now: datetime) -> Actor:
        """The same actor at another moment."""
        return replace(self, now=now)


_GRANT_FIELDS = ("kind", "organisation_id", "may", "thing", "purpose", "ends_at", "ended_at")


def _facts(grants: QuerySet[Grant]) -> tuple[GrantFact, ...]:
    # As values: an organisation that gets everybody's reports holds hundreds of grants, and each request reads them.
    may: dict[tuple[str, ...], frozenset[str]] = {}
    return tuple(
        GrantFact(
            GrantKind(kind), owner, may.setdefault(tuple(deeds), frozenset(deeds)), thing, purpose,
            min(ends_at, ended_at or ends_at),
        )
        for kind, owner, deeds, thing, purpose, ends_at, ended_at in grants.values_list(*_GRANT_FIELDS)
    )  # fmt: skip


def _grants_in_force(organisation_id: int, user_id: int | None, now: datetime) -> tuple[GrantFact, ...]:
    # The grantee reads rows that the giver owns: the one read across owners that needs no grant, since it is the grant.
    rows = (
        Grant._base_manager.filter(grantee_id=organisation_id, starts_at__lte=now, ends_at__gt=now)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=now))
        .filter(Q(grantee_user__isnull=True) | Q(grantee_user_id=user_id))
        .order_by("pk")
    )
    return _facts(rows)


def assignments_of(user: User, now: datetime) -> list[RoleAssignment]:
    """The user's roles in force at ``now``, at every organisation, with the organisation loaded."""
    today = timezone.localdate(now)
    return list(
        RoleAssignment._base_manager.filter(user=user, valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .select_related("organisation")
        .order_by("organisation__kind", "organisation__code", "pk")
    )


def actor_for(
    user: User, organisation: Organisation, assignments: Iterable[RoleAssignment], now: datetime, origin: str
) -> Actor:
    """The actor that ``user`` is at ``organisation``. Without a role there the actor can do nothing."""
    roles = frozenset(Role(a.role) for a in assignments if a.organisation_id == organisation.pk)
    return Actor(
        user_id=user.pk,
        name=user.name,
        organisation_id=organisation.pk,
        organisation_code=organisation.code,
        roles=roles,
        grants=_grants_in_force(organisation.pk, user.pk, now) if roles else (),
        now=now,
        origin=origin,
    )


def system_actor(organisation: Organisation, now: datetime, origin: str = "opdracht") -> Actor:
    """Brandwacht itself, acting for one organisation (commands run by the operator, periodic work)."""
    return Actor(
        user_id=None,
        name=ITSELF,
        organisation_id=organisation.pk,
        organisation_code=organisation.code,
        roles=frozenset({Role.SYSTEM}),
        grants=_grants_in_force(organisation.pk, None, now),
        now=now,
        origin=origin,
    )
