"""The policy table of the network itself: register, people, grants, audit, actions."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.policy import Condition, Owned, Rule, Through
from brandwacht.network.roles import ADVISERS, BOARDROOM, SECURITY, Role

EVERYONE = frozenset(Role)
_ANALYST = Through(frozenset({Role.SOC_ANALYST}))
_ANALYST_ACTS = Through(frozenset({Role.SOC_ANALYST}), needs=ACT)
_LEAD = Through(frozenset({Role.CERT_LEAD}))


def _is_mine(actor: Actor, thing: Owned) -> bool:
    owner_id, role = getattr(thing, "owner_id", None), getattr(thing, "role", "")
    return actor.has(Role.CISO, Role.SYSTEM) or owner_id == actor.user_id or (owner_id is None and role in actor.roles)


def _mine(actor: Actor) -> Q:
    if actor.has(Role.CISO, Role.SYSTEM):
        return Q()
    return Q(owner_id=actor.user_id) | Q(owner_id__isnull=True, role__in=sorted(actor.roles))


FOR_ME = Condition("voor mij", _is_mine, _mine, _("Deze actie is van iemand anders."))


def _is_my_token(actor: Actor, thing: Owned) -> bool:
    return actor.has(Role.ADMIN, Role.SYSTEM) or getattr(thing, "user_id", None) == actor.user_id


def _my_token(actor: Actor) -> Q:
    return Q() if actor.has(Role.ADMIN, Role.SYSTEM) else Q(user_id=actor.user_id)


MY_TOKEN = Condition("mijn token", _is_my_token, _my_token, _("Dit token is van iemand anders."))

RULES = (
    Rule(
        "register.see",
        _("het register bekijken"),
        Domain.REGISTER,
        own=EVERYONE - {Role.COUNCILLOR},
        through={GrantKind.SOC_MANDATE: _ANALYST, GrantKind.CERT_MANDATE: _LEAD},
    ),
    Rule(
        "register.edit",
        _("het register wijzigen"),
        Domain.REGISTER,
        own=SECURITY | ADVISERS | {Role.ADMIN, Role.PROCESS_OWNER},
    ),
    Rule(
        "register.note_asset",
        _("een gezien middel opnemen"),
        Domain.REGISTER,
        own=SECURITY | {Role.SOC_ANALYST},
        through={GrantKind.SOC_MANDATE: _ANALYST_ACTS},
    ),
    Rule("people.see", _("mensen en rollen bekijken"), Domain.PEOPLE, own=SECURITY | {Role.ADMIN}),
    Rule("people.assign", _("rollen geven en beëindigen"), Domain.PEOPLE, own=frozenset({Role.ADMIN, Role.SYSTEM})),
    Rule("grant.see", _("mandaten bekijken"), Domain.GRANTS, own=SECURITY | BOARDROOM | {Role.ADMIN}),
    Rule("grant.give", _("een mandaat geven"), Domain.GRANTS, own=SECURITY | {Role.ADMIN, Role.CHAIR}),
    Rule("grant.end", _("een mandaat beëindigen"), Domain.GRANTS, own=SECURITY | {Role.ADMIN, Role.CHAIR}),
    Rule("account.login", _("inloggen"), Domain.PEOPLE, own=EVERYONE),
    Rule("organisation.set", _("instellingen van de organisatie wijzigen"), Domain.PEOPLE, own=SECURITY | {Role.ADMIN}),
    Rule("token.make", _("een token voor de API maken"), Domain.PEOPLE, own=EVERYONE),
    Rule("token.end", _("een token voor de API intrekken"), Domain.PEOPLE, own=EVERYONE, conditions=(MY_TOKEN,)),
    Rule("audit.see", _("het logboek bekijken"), Domain.AUDIT, own=SECURITY | {Role.ADMIN}),
    Rule("action.see", _("acties bekijken"), Domain.ACTIONS, own=EVERYONE, conditions=(FOR_ME,)),
    Rule("action.do", _("een actie afhandelen"), Domain.ACTIONS, own=EVERYONE, conditions=(FOR_ME,)),
    Rule("action.give", _("een actie aan een collega geven"), Domain.ACTIONS, own=SECURITY),
    Rule(
        "action.put",
        _("een actie klaarzetten"),
        Domain.ACTIONS,
        own=EVERYONE,
    ),
)
