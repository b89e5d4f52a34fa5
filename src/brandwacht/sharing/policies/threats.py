"""The policy table of threat reports, pseudonyms and questions.

Who wrote a report keeps the right to change and withdraw it, by name or under a pseudonym: ``pseudonyms.handles``
recognises the contributor without a row that names them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import PAP
from brandwacht.network.actor import Actor
from brandwacht.network.domains import Domain
from brandwacht.network.policy import Condition, Owned, Rule
from brandwacht.network.roles import Role
from brandwacht.sharing.conditions import RED, SEATED
from brandwacht.sharing.models import CircleQuestion, Custodian, Threat, ThreatReader, ThreatState
from brandwacht.sharing.policies.seats import COORDINATORS, MEMBERS, READERS
from brandwacht.sharing.pseudonyms import all_handles, handles

SEE_THREAT = "sharing.threat.see"
READ_RED = "sharing.threat.read-red"
"""What the chain calls the reading of a report with TLP:RED: the receipt."""
WRITE_THREAT = "sharing.threat.write"
EDIT_THREAT = "sharing.threat.edit"
SIGHT = "sharing.threat.sight"
EXPORT_THREAT = "sharing.threat.export"
SET_CUSTODIAN = "sharing.custodian.set"
MAKE_KEY = "sharing.custodian.key"
OPEN = "sharing.pseudonym.open"
SEE_QUESTION = "sharing.question.see"
ASK = "sharing.question.ask"
ANSWER_QUESTION = "sharing.question.answer"
CLOSE_QUESTION = "sharing.question.close"


def is_mine(actor: Actor, thing: Any) -> bool:
    """Whether the actor wrote this report or asked this question, by name or under a pseudonym."""
    if thing.pseudonym_id is not None:
        return thing.pseudonym.handle in handles(actor, thing.organisation_id)
    if actor.user_id is None:
        return False
    if isinstance(thing, CircleQuestion):
        return (thing.asker_id, thing.asker_organisation_id) == (actor.user_id, actor.organisation_id)
    return (thing.author_id, thing.author_organisation_id) == (actor.user_id, actor.organisation_id)


def of_mine(actor: Actor, person: str) -> Q:
    """``is_mine`` as a filter; ``person`` is the field that names who wrote it ("author", "asker")."""
    mine = Q(pseudonym__handle__in=sorted(all_handles(actor)))
    if actor.user_id is None:
        return mine
    return mine | Q(**{f"{person}_id": actor.user_id, f"{person}_organisation_id": actor.organisation_id})


def _wrote(actor: Actor, thing: Owned) -> bool:
    return not isinstance(thing, Threat) or is_mine(actor, thing)


def _written(actor: Actor) -> Q:
    return of_mine(actor, "author")


def _named_for(actor: Actor) -> Any:
    return ThreatReader._base_manager.filter(user_id=actor.user_id).values("threat_id")


def _is_for(actor: Actor, thing: Owned) -> bool:
    if not isinstance(thing, Threat) or thing.tlp != RED or actor.has(Role.SYSTEM):
        return True
    return is_mine(actor, thing) or any(each.user_id == actor.user_id for each in thing.readers.all())


def _for(actor: Actor) -> Q:
    return Q() if actor.has(Role.SYSTEM) else ~Q(tlp=RED) | Q(pk__in=_named_for(actor)) | _written(actor)


def _no_draft_or_mine(actor: Actor, thing: Owned) -> bool:
    return not isinstance(thing, Threat) or thing.state != ThreatState.DRAFT or is_mine(actor, thing)


def _no_drafts_or_mine(actor: Actor) -> Q:
    return ~Q(state=ThreatState.DRAFT) | _written(actor)


def _is_custodian(actor: Actor, thing: Owned) -> bool:
    mine = Custodian._base_manager.filter(user_id=actor.user_id, until__isnull=True)
    return actor.user_id is not None and mine.filter(organisation_id=thing.organisation_id).exists()


def _custodian(actor: Actor) -> Q:
    mine = Custodian._base_manager.filter(user_id=actor.user_id, until__isnull=True)
    return Q(organisation_id__in=mine.values("organisation_id"))


NAMED = Condition("lezer volgens TLP", _is_for, _for, _("TLP:RED: u bent niet met naam genoemd als lezer."))
NO_DRAFT = Condition("geen concept", _no_draft_or_mine, _no_drafts_or_mine, _("Dit is nog een concept van een ander."))
MINE = Condition("van mij", _wrote, _written, _("Alleen wie dit schreef kan het wijzigen of intrekken."))
SHARED = Condition(
    "gedeeld",
    lambda _actor, thing: getattr(thing, "state", ThreatState.SHARED) == ThreatState.SHARED,
    lambda _actor: Q(state=ThreatState.SHARED),
    _("Dit kan alleen bij een dreiging die gedeeld is en niet ingetrokken."),
)
MAY_LEAVE = Condition(
    "PAP laat het toe",
    lambda _actor, thing: getattr(thing, "pap", "") != PAP.RED.name,
    lambda _actor: ~Q(pap=PAP.RED.name),
    _("PAP:RED: dit mag u alleen hier lezen; het gaat Brandwacht niet uit."),
)
ASKED = Condition(
    "mijn vraag",
    lambda actor, thing: not isinstance(thing, CircleQuestion) or is_mine(actor, thing),
    lambda actor: of_mine(actor, "asker"),
    _("Alleen wie de vraag stelde kan die sluiten."),
)
OPEN_AND_NOT_MINE = Condition(
    "open vraag van een ander",
    lambda actor, thing: (
        not isinstance(thing, CircleQuestion) or (thing.closed_at is None and not is_mine(actor, thing))
    ),
    lambda actor: Q(closed_at__isnull=True) & ~Q(pk__in=CircleQuestion._base_manager.filter(of_mine(actor, "asker"))),
    _("Op deze vraag kunt u niet antwoorden: die is gesloten, of u stelde die zelf."),
)
CUSTODIAN = Condition(
    "sleutelbewaarder",
    _is_custodian,
    _custodian,
    _("Alleen de twee sleutelbewaarders van de kring kunnen dit, samen."),
)
OWN_KEY = Condition(
    "eigen sleutel",
    lambda actor, thing: not isinstance(thing, Custodian) or (thing.user_id == actor.user_id and thing.until is None),
    lambda actor: Q(user_id=actor.user_id, until__isnull=True),
    _("Dit is de sleutel van een ander."),
)

_SYSTEM = frozenset({Role.SYSTEM})
_CIRCLE = Domain.CIRCLE
_NONE: frozenset[Role] = frozenset()

THREAT_RULES: tuple[Rule, ...] = (
    Rule(SEE_THREAT, _("een dreiging lezen"), _CIRCLE, _SYSTEM, READERS, (SEATED, NAMED, NO_DRAFT)),
    Rule(WRITE_THREAT, _("een dreiging melden"), _CIRCLE, _NONE, MEMBERS, (SEATED,)),
    Rule(EDIT_THREAT, _("een eigen dreiging wijzigen of intrekken"), _CIRCLE, _NONE, MEMBERS, (SEATED, MINE)),
    Rule(SIGHT, _("melden dat een dreiging gezien is"), _CIRCLE, _NONE, MEMBERS, (SEATED, NAMED, SHARED)),
    Rule(
        EXPORT_THREAT, _("een dreiging als bestand halen"), _CIRCLE, _SYSTEM, READERS,
        (SEATED, NAMED, SHARED, MAY_LEAVE),
    ),
    Rule(SET_CUSTODIAN, _("sleutelbewaarders aanwijzen"), _CIRCLE, _NONE, COORDINATORS),
    Rule(MAKE_KEY, _("een eigen sleutel maken"), _CIRCLE, _NONE, READERS, (OWN_KEY,)),
    Rule(OPEN, _("een pseudoniem openen"), _CIRCLE, _NONE, READERS, (SEATED, CUSTODIAN)),
    Rule(SEE_QUESTION, _("een vraag van de kring lezen"), _CIRCLE, _SYSTEM, READERS, (SEATED,)),
    Rule(ASK, _("de kring iets vragen"), _CIRCLE, _NONE, MEMBERS, (SEATED,)),
    Rule(ANSWER_QUESTION, _("een vraag beantwoorden"), _CIRCLE, _NONE, MEMBERS, (SEATED, OPEN_AND_NOT_MINE)),
    Rule(CLOSE_QUESTION, _("een eigen vraag sluiten"), _CIRCLE, _NONE, MEMBERS, (SEATED, ASKED)),
)  # fmt: skip
