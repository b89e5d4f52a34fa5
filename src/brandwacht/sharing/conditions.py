"""Conditions that every policy table of this room asks: a signed seat, and being named when it is TLP:RED.

A circle without guidelines in force asks no signature; one that has them lets nobody in who did not sign the version in
force. The CERT and those who write for the circle are not members, and sign nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.policy import Condition, Owned, owners
from brandwacht.network.roles import Role
from brandwacht.sharing.models import Guideline, GuidelineSignature

WRITE = "sharing.warning.write"
"""Who may do this to a circle's rows writes for the circle and coordinates it."""

RED = TLP.RED.name


def coordinates(actor: Actor, circle_id: int) -> bool:
    """Whether the actor writes for this circle."""
    return circle_id in owners(actor, WRITE)


def in_force(actor: Actor) -> Any:
    """The guidelines that are in force today, and those that they took the place of."""
    return Guideline._base_manager.filter(from_on__lte=actor.today)


def signed(actor: Actor) -> Any:
    """What the actor signed of the versions in force, for a seat that is open."""
    newer = in_force(actor).filter(
        organisation_id=OuterRef("organisation_id"), version__gt=OuterRef("guideline__version")
    )
    return GuidelineSignature._base_manager.filter(
        seat__user_id=actor.user_id, seat__member_id=actor.organisation_id, seat__ended_at__isnull=True
    ).exclude(Exists(newer))


def _signs_nothing(actor: Actor) -> bool:
    """Brandwacht itself, and the CERT: rules let in nobody but members and those."""
    return actor.has(Role.SYSTEM) or not actor.has(Role.ISAC_MEMBER)


def _is_seated(actor: Actor, thing: Owned) -> bool:
    circle_id = thing.organisation_id
    if _signs_nothing(actor) or coordinates(actor, circle_id):
        return True
    # What a row was found to be is kept with the row: a page asks for each of its buttons.
    known: dict[tuple[int | None, int], bool] = getattr(thing, "__dict__", {}).setdefault("_seated", {})
    key = (actor.user_id, actor.organisation_id)
    if key not in known:
        asked = in_force(actor).filter(organisation_id=circle_id).exists()
        known[key] = not asked or signed(actor).filter(organisation_id=circle_id).exists()
    return known[key]


def found_seated(actor: Actor, row: Any) -> None:
    """Keep with a row that it was found through a rule that asks for a seat, so that no button asks again."""
    row.__dict__.setdefault("_seated", {})[actor.user_id, actor.organisation_id] = True


def _seated(actor: Actor) -> Q:
    if _signs_nothing(actor):
        return Q()
    seated = ~Q(organisation_id__in=in_force(actor).values("organisation_id")) | Q(
        organisation_id__in=signed(actor).values("organisation_id")
    )
    free = owners(actor, WRITE)
    return seated | Q(organisation_id__in=sorted(free)) if free else seated


SEATED = Condition(
    "getekende zetel",
    _is_seated,
    _seated,
    _("U heeft de spelregels van de kring nog niet getekend. Dat kan onder Delen, De kring."),
)
