"""The policy table of couplings: who sets them up, who starts them, and who reads the events that they brought.

Of a circle: whoever coordinates it. Of a member: the administrator and who has a seat; it starts under somebody's seat,
with the rights of that person, so that it brings and gets nothing that this person may not.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Condition, Rule, Through
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import SEATED
from brandwacht.sharing.models import CouplingState
from brandwacht.sharing.policies.objects import NOT_RED
from brandwacht.sharing.policies.seats import COORDINATORS, READERS

SEE_COUPLING = "sharing.coupling.see"
SET_COUPLING = "sharing.coupling.set"
START_COUPLING = "sharing.coupling.start"
RUN_COUPLING = "sharing.coupling.run"
SEE_ITEM = "sharing.coupling-item.see"

NOT_ENDED = Condition(
    "niet beëindigd",
    lambda _actor, thing: getattr(thing, "state", "") != CouplingState.ENDED,
    lambda _actor: ~Q(state=CouplingState.ENDED),
    _("Deze koppeling is beëindigd. Maak een nieuwe."),
)

_LOOK = {GrantKind.CIRCLE: Through(frozenset({Role.CERT_LEAD}))}
_KEEPERS = frozenset({Role.ADMIN, Role.ISAC_MEMBER, Role.SYSTEM})
_SEATED = frozenset({Role.ISAC_MEMBER, Role.SYSTEM})

COUPLING_RULES: tuple[Rule, ...] = (
    Rule(SEE_COUPLING, _("koppelingen bekijken"), Domain.CIRCLE, _KEEPERS, _LOOK),
    Rule(SET_COUPLING, _("koppelingen instellen"), Domain.CIRCLE, _KEEPERS, COORDINATORS, (NOT_ENDED,)),
    Rule(START_COUPLING, _("een koppeling laten lopen"), Domain.CIRCLE, _SEATED, COORDINATORS, (NOT_ENDED,)),
    Rule(RUN_COUPLING, _("halen en brengen door een koppeling"), Domain.CIRCLE, _SEATED),
    Rule(
        SEE_ITEM,
        _("gebeurtenissen lezen die een koppeling bracht"),
        Domain.CIRCLE,
        _SEATED,
        READERS,
        (SEATED, NOT_RED),
    ),
)
