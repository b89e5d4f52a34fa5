"""The policy table of the circle itself: guidelines, seats and meetings.

The coordinator (who writes for the circle) sets guidelines, ends seats and keeps the minutes. Members read who sits in
the circle and what was decided; of a meeting with TLP:RED only those who attended.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Condition, Owned, Rule, Through, owners
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import RED, SEATED, WRITE, coordinates
from brandwacht.sharing.models import Attendee, Meeting

SEE_GUIDELINE = "sharing.guideline.see"
SET_GUIDELINE = "sharing.guideline.set"
SIGN = "sharing.guideline.sign"
SEE_SEATS = "sharing.seat.see"
END_SEAT = "sharing.seat.end"
SEE_MEETING = "sharing.meeting.see"
WRITE_MEETING = "sharing.meeting.write"


def _attended(actor: Actor) -> Any:
    return Attendee._base_manager.filter(user_id=actor.user_id).values("meeting_id")


def _meeting_is_for(actor: Actor, thing: Owned) -> bool:
    if not isinstance(thing, Meeting) or thing.tlp != RED or actor.has(Role.SYSTEM):
        return True
    if coordinates(actor, thing.organisation_id):
        return True
    return any(each.user_id == actor.user_id for each in thing.attendees.all())


def _meetings_for(actor: Actor) -> Q:
    if actor.has(Role.SYSTEM):
        return Q()
    return ~Q(tlp=RED) | Q(pk__in=_attended(actor)) | Q(organisation_id__in=sorted(owners(actor, WRITE)))


ATTENDED = Condition(
    "erbij geweest",
    _meeting_is_for,
    _meetings_for,
    _("TLP:RED: u was niet bij dit overleg. Alleen wie er was leest dit."),
)

_SYSTEM = frozenset({Role.SYSTEM})
READERS = {GrantKind.CIRCLE: Through(frozenset({Role.ISAC_MEMBER, Role.CERT_LEAD}))}
MEMBERS = {GrantKind.CIRCLE: Through(frozenset({Role.ISAC_MEMBER}))}
COORDINATORS = {GrantKind.CIRCLE: Through(frozenset({Role.CERT_LEAD}), needs=ACT)}

SEAT_RULES: tuple[Rule, ...] = (
    Rule(SEE_GUIDELINE, _("de spelregels van de kring lezen"), Domain.CIRCLE, _SYSTEM, READERS),
    Rule(SET_GUIDELINE, _("spelregels van de kring vaststellen"), Domain.CIRCLE, _SYSTEM, COORDINATORS),
    Rule(SIGN, _("de spelregels van de kring tekenen"), Domain.CIRCLE, frozenset(), MEMBERS),
    Rule(SEE_SEATS, _("zien wie er in de kring zit"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED,)),
    Rule(END_SEAT, _("een zetel in de kring beëindigen"), Domain.CIRCLE, _SYSTEM, COORDINATORS),
    Rule(SEE_MEETING, _("een overleg van de kring lezen"), Domain.CIRCLE, _SYSTEM, READERS, (SEATED, ATTENDED)),
    Rule(WRITE_MEETING, _("een overleg van de kring vastleggen"), Domain.CIRCLE, _SYSTEM, COORDINATORS),
)
