"""The policy: may this actor do this to this thing, and why (not).

Every room declares its rules in its own ``policy.py``; this module compiles them to ``decide`` (for the button, the
check and the API) and ``visible`` (for lists and counts). A property test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from brandwacht.network.actor import SEE, Actor, GrantFact
from brandwacht.network.domains import OPENED_BY, Domain, GrantKind
from brandwacht.network.roles import Role

Text = str | Promise


class Owned(Protocol):
    """Anything with an owner and a public id: every tenant row."""

    @property
    def organisation_id(self) -> int: ...
    @property
    def public_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """Stands for a thing that does not exist yet: something new that this organisation would own."""

    organisation_id: int
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A further condition, once as a test on a loaded row and once as a filter on rows; the two must agree."""

    name: str
    test: Callable[[Actor, Owned], bool]
    filter: Callable[[Actor], Q]
    reason: Text


@dataclass(frozen=True, slots=True)
class Through:
    """Use of a grant: the roles at the grantee that may use it, and what the grant itself must allow."""

    roles: frozenset[Role]
    needs: str = SEE


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy table."""

    action: str
    label: Text
    domain: Domain
    own: frozenset[Role] = frozenset()
    through: Mapping[GrantKind, Through] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, with a reason in Dutch that can be shown, and the grant that was used, if any."""

    allowed: bool
    reason: str
    grant: GrantFact | None = None

    def __bool__(self) -> bool:
        return self.allowed


_rules: dict[str, Rule] = {}


def declare(*rules: Rule) -> None:
    """Add rules to the table; called once per room from ``apps.py``. Raises ``ValueError`` on a double or open rule."""
    for rule in rules:
        if rule.action in _rules and _rules[rule.action] is not rule:
            raise ValueError(f"Policy rule {rule.action} is declared twice.")
        shut = set(rule.through) - OPENED_BY[rule.domain]
        if shut:
            raise ValueError(f"Policy rule {rule.action} uses grants {shut} that do not open domain {rule.domain}.")
        _rules[rule.action] = rule


def rules() -> Mapping[str, Rule]:
    """All rules by action, in order of declaration."""
    return _rules


def rule_for(action: str) -> Rule:
    """The rule for an action; ``KeyError`` when no room declared it: what is not declared is not allowed."""
    return _rules[action]


def _usable(rule: Rule, actor: Actor) -> Iterable[GrantFact]:
    for grant in actor.grants:
        through = rule.through.get(grant.kind)
        if through and through.needs in grant.may and actor.roles & through.roles:
            yield grant


def decide(actor: Actor | None, action: str, thing: Owned) -> Decision:
    """May ``actor`` do ``action`` to ``thing``? Pure: reads nothing but its arguments."""
    rule = rule_for(action)
    if actor is None:
        return Decision(False, _("U bent niet ingelogd."))
    grant = None
    if thing.organisation_id == actor.organisation_id:
        if not actor.roles & rule.own:
            return Decision(False, _("Uw rol geeft u dit recht niet: %(what)s.") % {"what": rule.label})
    else:
        fits = (
            g
            for g in _usable(rule, actor)
            if g.owner_id == thing.organisation_id and (g.thing is None or g.thing == thing.public_id)
        )
        grant = next(iter(fits), None)
        if grant is None:
            return Decision(
                False,
                _("Dit is van een andere organisatie. U heeft daar geen mandaat voor: %(what)s.")
                % {"what": rule.label},
            )
    for condition in rule.conditions:
        if not condition.test(actor, thing):
            return Decision(False, str(condition.reason), grant)
    return Decision(True, str(rule.label), grant)


def visible(actor: Actor, action: str) -> Q:
    """The filter on rows for which ``decide(actor, action, row)`` is allowed."""
    rule = rule_for(action)
    everything: set[int] = set()
    if actor.roles & rule.own:
        everything.add(actor.organisation_id)
    single: set[UUID] = set()
    owners_of_single: set[int] = set()
    for grant in _usable(rule, actor):
        if grant.owner_id == actor.organisation_id:
            continue
        if grant.thing is None:
            everything.add(grant.owner_id)
        else:
            single.add(grant.thing)
            owners_of_single.add(grant.owner_id)
    if not everything and not single:
        return Q(pk__in=[])
    reach = (
        Q(organisation_id=next(iter(everything))) if len(everything) == 1 else Q(organisation_id__in=sorted(everything))
    )
    if single:
        reach |= Q(public_id__in=single, organisation_id__in=sorted(owners_of_single))
    for condition in rule.conditions:
        reach &= condition.filter(actor)
    return reach


def may_anywhere(actor: Actor, action: str) -> bool:
    """Whether the actor could do this to any row at all: decides which rooms and buttons exist for them."""
    rule = rule_for(action)
    return bool(actor.roles & rule.own) or any(True for _grant in _usable(rule, actor))


def owners(actor: Actor, action: str) -> frozenset[int]:
    """The organisations for all of whose rows the actor may do this (grants on one row left out)."""
    rule = rule_for(action)
    ids = {g.owner_id for g in _usable(rule, actor) if g.thing is None}
    if actor.roles & rule.own:
        ids.add(actor.organisation_id)
    return frozenset(ids)
