"""The policy table of STIX objects: what programs read and write by TAXII, under the same TLP as the pages."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import RED, SEATED
from brandwacht.sharing.models import StixObject, TaxiiStatus, ThreatReader, WarningReader
from brandwacht.sharing.policy_seats import MEMBERS, READERS

SEE_OBJECT = "sharing.object.see"
WRITE_OBJECT = "sharing.object.write"
SEE_STATUS = "sharing.taxii-status.see"


def _named_sources(actor: Actor) -> Q:
    threats = ThreatReader._base_manager.filter(user_id=actor.user_id).values("threat__public_id")
    warnings = WarningReader._base_manager.filter(user_id=actor.user_id).values("warning__public_id")
    return Q(source__in=threats) | Q(source__in=warnings)


def _is_named(actor: Actor, thing: Owned) -> bool:
    if not isinstance(thing, StixObject) or thing.tlp != RED or actor.has(Role.SYSTEM):
        return True
    named = ThreatReader._base_manager.filter(user_id=actor.user_id, threat__public_id=thing.source)
    warned = WarningReader._base_manager.filter(user_id=actor.user_id, warning__public_id=thing.source)
    return thing.source is not None and (named.exists() or warned.exists())


def _is_theirs(actor: Actor, thing: Owned) -> bool:
    return getattr(thing, "member_id", None) in (None, actor.organisation_id) or actor.has(Role.SYSTEM)


def _theirs(actor: Actor) -> Q:
    return Q() if actor.has(Role.SYSTEM) else Q(member_id__isnull=True) | Q(member_id=actor.organisation_id)


NAMED = Condition(
    "lezer volgens TLP",
    _is_named,
    lambda actor: Q() if actor.has(Role.SYSTEM) else ~Q(tlp=RED) | _named_sources(actor),
    _("TLP:RED: u bent niet met naam genoemd als lezer."),
)
THEIRS = Condition("eigen verzameling", _is_theirs, _theirs, _("Dit is van een ander lid van de kring."))
OURS = Condition(
    "eigen opdracht",
    lambda actor, thing: isinstance(thing, TaxiiStatus) and thing.member_id == actor.organisation_id,
    lambda actor: Q(member_id=actor.organisation_id),
    _("Dit is van een ander lid van de kring."),
)

_SYSTEM = frozenset({Role.SYSTEM})
_NONE: frozenset[Role] = frozenset()

OBJECT_RULES: tuple[Rule, ...] = (
    Rule(SEE_OBJECT, _("objecten van de kring lezen"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED, THEIRS, NAMED)),
    Rule(WRITE_OBJECT, _("objecten aan de kring geven"), Domain.CIRCLE, _NONE, MEMBERS, (SEATED,)),
    Rule(SEE_STATUS, _("de uitkomst van een eigen levering lezen"), Domain.CIRCLE, _NONE, MEMBERS, (SEATED, OURS)),
)
