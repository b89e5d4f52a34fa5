"""The policy table of STIX objects: what programs read and write by TAXII.

TLP:RED is for people, and PAP:RED for reading only: neither is ever kept as an object (``engines.intel.decide``), and
the rule says so once more.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import RED, SEATED
from brandwacht.sharing.models import TaxiiStatus
from brandwacht.sharing.policies.seats import MEMBERS, READERS

SEE_OBJECT = "sharing.object.see"
WRITE_OBJECT = "sharing.object.write"
SEE_STATUS = "sharing.taxii-status.see"


def _is_theirs(actor: Actor, thing: Owned) -> bool:
    return getattr(thing, "member_id", None) in (None, actor.organisation_id) or actor.has(Role.SYSTEM)


def _theirs(actor: Actor) -> Q:
    return Q() if actor.has(Role.SYSTEM) else Q(member_id__isnull=True) | Q(member_id=actor.organisation_id)


NOT_RED = Condition(
    "geen TLP:RED",
    lambda _actor, thing: getattr(thing, "tlp", "") != RED,
    lambda _actor: ~Q(tlp=RED),
    _("TLP:RED is voor personen en gaat niet door een koppeling."),
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
    Rule(SEE_OBJECT, _("objecten van de kring lezen"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED, THEIRS, NOT_RED)),
    Rule(WRITE_OBJECT, _("objecten aan de kring geven"), Domain.CIRCLE, _NONE, MEMBERS, (SEATED,)),
    Rule(SEE_STATUS, _("de uitkomst van een eigen levering lezen"), Domain.CIRCLE, _NONE, MEMBERS, (SEATED, OURS)),
)
