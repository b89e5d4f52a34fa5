"""Who can handle alerts beside the actor."""

from __future__ import annotations

from django.db.models import Q

from brandwacht.network.actor import Actor
from brandwacht.network.models import RoleAssignment, User
from brandwacht.network.policy import visible
from brandwacht.network.roles import Role

WATCHERS = (Role.SOC_ANALYST, Role.CISO)


def colleagues(actor: Actor) -> list[User]:
    """The people at the actor's organisation who handle alerts today, by name; the actor among them."""
    today = actor.today
    roles = RoleAssignment.objects.filter(
        visible(actor, "soc.colleagues.see"), organisation_id=actor.organisation_id, role__in=WATCHERS
    )
    roles = roles.filter(valid_from__lte=today).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    return list(User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("name", "pk"))
