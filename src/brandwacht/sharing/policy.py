"""The policy table of the room ``sharing``: where TLP is enforced.

The only door to a warning is the circle's grant to its member, so whoever comes here works for an organisation that
received it, and has signed for a seat where the circle asks that (``conditions.SEATED``). AMBER+STRICT, AMBER, GREEN
and CLEAR ask nothing more. RED asks to be named. A draft is for those who write for the circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule, owners
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import RED, SEATED, WRITE
from brandwacht.sharing.models import WarningReader, WarningReceipt, WarningState
from brandwacht.sharing.policies.advisories import ADVISORY_RULES
from brandwacht.sharing.policies.couplings import COUPLING_RULES
from brandwacht.sharing.policies.ndn import NODE_RULES
from brandwacht.sharing.policies.objects import OBJECT_RULES
from brandwacht.sharing.policies.products import PRODUCT_RULES
from brandwacht.sharing.policies.seats import COORDINATORS, MEMBERS, READERS, SEAT_RULES
from brandwacht.sharing.policies.threats import THREAT_RULES

SEE = "sharing.warning.see"
SEND = "sharing.warning.send"
WITHDRAW = "sharing.warning.withdraw"
ANSWER = "sharing.warning.answer"
EXPORT = "sharing.warning.export"
SEE_RECEIPTS = "sharing.receipt.see"


def _is_named(actor: Actor, readers: Iterable[WarningReader]) -> bool:
    return actor.has(Role.SYSTEM) or any(reader.user_id == actor.user_id for reader in readers)


def _named_for(actor: Actor) -> Any:
    return WarningReader._base_manager.filter(user_id=actor.user_id).values("warning_id")


def _warning_is_for(actor: Actor, thing: Owned) -> bool:
    return getattr(thing, "tlp", "") != RED or _is_named(actor, thing.readers.all())  # type: ignore[attr-defined]


def _warnings_for(actor: Actor) -> Q:
    return Q() if actor.has(Role.SYSTEM) else ~Q(tlp=RED) | Q(pk__in=_named_for(actor))


def _receipt_is_for(actor: Actor, thing: Owned) -> bool:
    if not isinstance(thing, WarningReceipt):
        return False
    ours = thing.member_id == actor.organisation_id or thing.organisation_id in owners(actor, WRITE)
    return ours and (thing.warning.tlp != RED or _is_named(actor, thing.warning.readers.all()))


def _receipts_for(actor: Actor) -> Q:
    ours = Q(member_id=actor.organisation_id) | Q(organisation_id__in=sorted(owners(actor, WRITE)))
    if actor.has(Role.SYSTEM):
        return ours
    return ours & (~Q(warning__tlp=RED) | Q(warning_id__in=_named_for(actor)))


def _is_no_draft_or_mine(actor: Actor, thing: Owned) -> bool:
    return not _has_state(thing, WarningState.DRAFT) or thing.organisation_id in owners(actor, WRITE)


def _no_draft_or_mine(actor: Actor) -> Q:
    return ~Q(state=WarningState.DRAFT) | Q(organisation_id__in=sorted(owners(actor, WRITE)))


def _has_state(thing: Owned, state: WarningState) -> bool:
    return getattr(thing, "state", "") == state


NAMED = Condition(
    "lezer volgens TLP", _warning_is_for, _warnings_for, _("TLP:RED: u bent niet met naam genoemd als lezer.")
)
NO_DRAFT = Condition(
    "geen concept", _is_no_draft_or_mine, _no_draft_or_mine, _("Dit is nog een concept van wie voor de kring schrijft.")
)
SENT = Condition(
    "verzonden",
    lambda _actor, thing: _has_state(thing, WarningState.SENT),
    lambda _actor: Q(state=WarningState.SENT),
    _("Antwoorden kan alleen op een waarschuwing die verzonden is en niet ingetrokken."),
)
LEFT_THE_HOUSE = Condition(
    "de deur uit",
    lambda _actor, thing: not _has_state(thing, WarningState.DRAFT),
    lambda _actor: ~Q(state=WarningState.DRAFT),
    _("Van een concept is er nog geen bestand; verzend de waarschuwing eerst."),
)
OURS = Condition(
    "eigen antwoord", _receipt_is_for, _receipts_for, _("Dit is het antwoord van een ander lid van de kring.")
)

_SYSTEM = frozenset({Role.SYSTEM})

RULES: tuple[Rule, ...] = (
    Rule(SEE, _("een waarschuwing lezen"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED, NAMED, NO_DRAFT)),
    Rule(
        EXPORT,
        _("een waarschuwing als bestand halen"),
        Domain.CIRCLE,
        _SYSTEM,
        READERS,
        (SEATED, NAMED, LEFT_THE_HOUSE),
    ),
    Rule(WRITE, _("een waarschuwing schrijven"), Domain.CIRCLE, _SYSTEM, COORDINATORS, (NAMED,)),
    Rule(SEND, _("een waarschuwing verzenden"), Domain.CIRCLE, _SYSTEM, COORDINATORS, (NAMED,)),
    Rule(WITHDRAW, _("een waarschuwing intrekken"), Domain.CIRCLE, _SYSTEM, COORDINATORS, (NAMED,)),
    Rule(ANSWER, _("een waarschuwing beantwoorden"), Domain.CIRCLE, frozenset(), MEMBERS, (SEATED, NAMED, SENT)),
    Rule(SEE_RECEIPTS, _("antwoorden op een waarschuwing lezen"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED, OURS)),
    *SEAT_RULES,
    *THREAT_RULES,
    *OBJECT_RULES,
    *ADVISORY_RULES,
    *COUPLING_RULES,
    *NODE_RULES,
    *PRODUCT_RULES,
)
