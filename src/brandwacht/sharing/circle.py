"""Who is in a circle: the member organisations and the people who hold a seat there.

The one place that looks up seats, beyond the actor's own doors: the circle's own grants say who is a member, and
of its members only the names of those with a seat (lid VR-ISAC, leider CERT) are read, for those who write for the
circle and for the worker that tells them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import orjson
from django.db.models import Model, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Grant, Organisation, OrganisationKind, RoleAssignment
from brandwacht.network.policy import Owner, decide, owners
from brandwacht.network.queries import in_force
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.conditions import WRITE
from brandwacht.sharing.models import CircleWarning, Guideline

SEATS = (Role.ISAC_MEMBER, Role.CERT_LEAD)


@dataclass(frozen=True, slots=True)
class Seat:
    """A person who may read for a member organisation. ``public_id`` is the person's."""

    user_id: int
    public_id: UUID
    name: str
    email: str
    organisation: Organisation
    role: Role


@dataclass(frozen=True, slots=True)
class Circle:
    """The member organisations by primary key, in order of code, and the seats."""

    owner_id: int
    members: Mapping[int, Organisation]
    seats: tuple[Seat, ...]


def circle_for(actor: Actor, action: str) -> Organisation:
    """The one circle for which the actor may do this; raises ``Refused`` when there is none, or more than one."""
    found = list(Organisation.objects.filter(pk__in=owners(actor, action), kind=OrganisationKind.CIRCLE)[:2])
    if len(found) != 1:
        raise Refused(
            _("U werkt voor meer dan één kring; dat kan nog niet.")
            if found
            else _("Uw organisatie kan dit voor geen kring. Vraag de kring om toegang.")
        )
    return found[0]


def circle_of(actor: Actor, owner_id: int) -> Circle:
    """The circle, for those who write for it; raises ``Denied``."""
    decision = decide(actor, WRITE, Owner(owner_id))
    if not decision:
        raise Denied(decision)
    return read_circle(owner_id, actor.now)


def read_circle(owner_id: int, now: datetime) -> Circle:
    """The circle at ``now``; three queries. Where guidelines are in force, only who signed has a seat.

    A grantee that may act but has no lid VR-ISAC only coordinates: no member.
    """
    with owner_scope(owner_id):
        given = Grant.objects.filter(organisation_id=owner_id, kind=GrantKind.CIRCLE, thing__isnull=True)
        grants = list(in_force(given, now).select_related("grantee").order_by("grantee__code", "pk"))
        may_read = _signers(owner_id, timezone.localdate(now))
    by_code = {grant.grantee_id: grant.grantee for grant in grants}
    seats = tuple(
        seat
        for seat in _seats(grants, by_code, now)
        if may_read is None or seat.role is not Role.ISAC_MEMBER or (seat.organisation.pk, seat.user_id) in may_read
    )
    members = {grant.grantee_id for grant in grants if ACT not in grant.may}
    members |= {seat.organisation.pk for seat in seats if seat.role is Role.ISAC_MEMBER}
    return Circle(owner_id, {pk: each for pk, each in by_code.items() if pk in members}, seats)


def _signers(owner_id: int, today: date) -> set[tuple[int, int]] | None:
    """Who signed the guidelines in force: organisation and person; ``None`` when the circle asks no signature."""
    every = Guideline.objects.filter(organisation_id=owner_id)
    current = every.filter(from_on__lte=today).order_by("-version").values("version")[:1]
    # A version that nobody signed is a row too, without a person.
    signed = every.filter(version__gte=Subquery(current)).values_list(
        "signatures__seat__member_id", "signatures__seat__user_id", "signatures__seat__ended_at"
    )
    rows = list(signed)
    if not rows:
        return None
    return {(member, user) for member, user, ended_at in rows if user is not None and ended_at is None}


def _seats(grants: Collection[Grant], organisations: Mapping[int, Organisation], now: datetime) -> tuple[Seat, ...]:
    today = timezone.localdate(now)
    with owner_scope(*organisations):
        rows = list(
            RoleAssignment.objects.filter(role__in=SEATS, user__is_active=True, valid_from__lte=today)
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
            .select_related("user")
            .order_by("organisation__code", "user__name", "role")
        )
    persons = {(grant.grantee_id, grant.grantee_user_id) for grant in grants}
    return tuple(
        Seat(
            row.user_id, row.user.public_id, row.user.name, row.user.email, organisations[row.organisation_id],
            Role(row.role),
        )
        for row in rows
        if {(row.organisation_id, None), (row.organisation_id, row.user_id)} & persons
    )  # fmt: skip


def free_number(model: type[Model], circle_id: int) -> int:
    """A number of five digits that the circle has not used; at random, so that numbers tell nothing about others."""
    taken = set(model._base_manager.filter(organisation_id=circle_id).values_list("number", flat=True))
    while (number := 10_000 + secrets.randbelow(90_000)) in taken:
        pass
    return number


def choices(seats: Iterable[Seat]) -> dict[str, str]:
    """The people of these seats as a form offers them: the words by public id."""
    return {str(seat.public_id): f"{seat.name}, {seat.organisation.full_name}" for seat in seats}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who gets a warning: the persons that are told, at which organisations.

    ``silent`` are members without anybody who may read it; ``lost`` the names of chosen readers without a seat.
    ``fingerprint`` changes with everything that the sender saw on the page that asks for confirmation.
    """

    persons: tuple[Seat, ...]
    organisations: tuple[Organisation, ...]
    silent: tuple[Organisation, ...]
    lost: tuple[str, ...]
    fingerprint: str


def delivery(circle: Circle, warning: CircleWarning, sender_id: int | None) -> Delivery:
    """Who gets ``warning`` when ``sender_id`` sends it: with TLP:RED the named readers, else the members."""
    if warning.marking is TLP.RED:
        readers = {reader.user_id: reader.user.name for reader in warning.readers.select_related("user")}
        chosen = [seat for seat in circle.seats if seat.user_id in readers.keys() - {sender_id}]
        organisations = {seat.organisation.pk: seat.organisation for seat in chosen}
        silent: tuple[Organisation, ...] = ()
        lost = tuple(sorted(name for pk, name in readers.items() if pk not in {seat.user_id for seat in circle.seats}))
    else:
        chosen = [seat for seat in circle.seats if seat.role is Role.ISAC_MEMBER]
        organisations, lost = dict(circle.members), ()
        reached = {seat.organisation.pk for seat in chosen}
        silent = tuple(each for pk, each in circle.members.items() if pk not in reached)
    persons = tuple({seat.user_id: seat for seat in reversed(chosen)}.values())[::-1]
    seen = [
        warning.tlp, warning.title, warning.what, warning.advice, warning.indicators, warning.attack,
        sorted(seat.user_id for seat in persons), sorted(organisations),
    ]  # fmt: skip
    fingerprint = hashlib.sha256(orjson.dumps(seen)).hexdigest()[:32]
    return Delivery(persons, tuple(organisations.values()), silent, lost, fingerprint)
