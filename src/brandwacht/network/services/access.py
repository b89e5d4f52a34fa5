"""Grants: giving a mandate, ending it, and membership of a circle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.network import audit
from brandwacht.network.actor import ACT, SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Grant, Organisation, User
from brandwacht.network.policy import Owner
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case


def give(
    actor: Actor,
    kind: GrantKind,
    grantee: Organisation,
    purpose: str,
    ends_at: datetime,
    *,
    act: bool = False,
    thing: UUID | None = None,
    person: User | None = None,
) -> Grant:
    """The actor's organisation opens a door to ``grantee`` until ``ends_at``; ``act`` lets it act, not only see.

    ``thing`` narrows it to one row, ``person`` to one person at the grantee. One of a kind at a time: of two, ending
    one would close nothing.
    """
    with use_case(actor, "grant.give") as case:
        case.require(Owner(actor.organisation_id))
        if not purpose.strip():
            raise Refused(_("Schrijf op waarvoor deze toegang is."), "purpose")
        if ends_at <= actor.now:
            raise Refused(_("Kies een einddatum na vandaag."), "ends_at")
        if grantee.pk == actor.organisation_id:
            raise Refused(_("U kunt uw eigen organisatie geen mandaat geven."), "grantee")
        same = Grant.objects.filter(
            organisation_id=actor.organisation_id, kind=kind, grantee=grantee, grantee_user=person, thing=thing
        )
        running = in_force(same, actor.now).first()
        if running is not None:
            raise Refused(
                _("%(name)s heeft dit al: %(kind)s, tot en met %(last)s. Beëindig dat eerst of kies een ander.")
                % {"name": grantee.name, "kind": kind.label, "last": date_format(running.last, "j F Y")},
                "grantee",
            )
        grant = Grant(
            organisation_id=actor.organisation_id,
            kind=kind,
            grantee=grantee,
            grantee_user=person,
            thing=thing,
            may=[SEE, ACT] if act else [SEE],
            purpose=purpose.strip(),
            starts_at=actor.now,
            ends_at=ends_at,
            given_by=actor.name,
        )
        grant.save()
        case.audit(
            grant,
            {"soort": kind, "aan": grantee.code, "mag": grant.may, "tot": timezone.localtime(ends_at).isoformat()},
        )
    return grant


def give_one_thing(
    actor: Actor,
    kind: GrantKind,
    grantees: Sequence[Organisation],
    thing: UUID,
    purpose: str,
    ends_at: datetime,
    *,
    action: str = "grant.give",
) -> list[Grant]:
    """Let several organisations see one row of the actor's organisation; it stands in the chain as one entry.

    Whoever has this already is passed over. ``action`` is what the actor must be allowed to do, where publishing that
    one row is a right of its own. Returns the new grants.
    """
    with use_case(actor, action) as case:
        case.require(Owner(actor.organisation_id))
        same = Grant.objects.filter(organisation_id=actor.organisation_id, kind=kind, thing=thing)
        there = set(in_force(same, actor.now).values_list("grantee_id", flat=True)) | {actor.organisation_id}
        made: list[Grant] = Grant.objects.bulk_create(
            Grant(
                organisation_id=actor.organisation_id,
                kind=kind,
                grantee=each,
                thing=thing,
                may=[SEE],
                purpose=purpose,
                starts_at=actor.now,
                ends_at=ends_at,
                given_by=actor.name,
            )
            for each in grantees
            if each.pk not in there
        )
        if made:
            codes = sorted(grant.grantee.code for grant in made)
            until = timezone.localtime(ends_at).isoformat()
            case.audit(made[0], {"soort": kind, "op": str(thing), "aan": codes, "tot": until})
    return made


def end_one_thing(actor: Actor, kind: GrantKind, thing: UUID) -> int:
    """End every grant of this kind on one row of the actor's organisation now; returns how many."""
    with use_case(actor, "grant.end") as case:
        case.require(Owner(actor.organisation_id))
        same = Grant.objects.filter(organisation_id=actor.organisation_id, kind=kind, thing=thing)
        running = list(in_force(same, actor.now).select_related("grantee").select_for_update(of=("self",)))
        for grant in running:
            grant.ended_at = actor.now
        Grant.objects.bulk_update(running, ["ended_at"])
        if running:
            codes = sorted(grant.grantee.code for grant in running)
            case.audit(running[0], {"soort": kind, "op": str(thing), "aan": codes})
    return len(running)


def end(actor: Actor, public_id: Any) -> Grant:
    """End a grant now; it stops working on the grantee's next request."""
    with use_case(actor, "grant.end") as case:
        grant = case.get(Grant, public_id, see="grant.see")
        if grant.ended_at is not None or grant.ends_at <= actor.now:
            raise Refused(_("Deze toegang is al beëindigd."))
        grant.ended_at = actor.now
        grant.save()
        case.audit(grant, {"soort": grant.kind})
    return grant


def prolong(actor: Actor, public_id: Any, ends_at: datetime) -> Grant:
    """Let a grant of the actor's organisation that still works go on until a later moment. Raises ``Refused``."""
    with use_case(actor, "grant.give") as case:
        grant = case.get(Grant, public_id, see="grant.see")
        if grant.ended_at is not None or grant.ends_at <= actor.now:
            raise Refused(_("Deze toegang is al beëindigd."))
        if ends_at <= grant.ends_at:
            raise Refused(_("Kies een dag na de einddatum van nu."), "ends_at")
        grant.ends_at = ends_at
        grant.save()
        case.audit(grant, {"soort": grant.kind, "tot": timezone.localtime(ends_at).isoformat()})
    return grant


def shut(actor: Actor, owner_id: int, kind: GrantKind, thing: UUID) -> int:
    """End every grant of this kind on one row, inside the use case that ends what it was for; returns how many.

    The use case has decided. It may be the grantee that ends it, by declining: shutting a door asks no right of the
    owner, opening one does.
    """
    with owner_scope(owner_id):
        running = list(in_force(Grant.objects.filter(organisation_id=owner_id, kind=kind, thing=thing), actor.now))
        for grant in running:
            grant.ended_at = actor.now
            grant.save()
    facts = [
        audit.Fact(owner_id, "grant.end", Grant._meta.label, str(grant.public_id), detail={"soort": kind})
        for grant in running
    ]
    audit.write(actor, facts)
    return len(running)
