"""The rules and lists that watch over an organisation, ready for matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import structlog
from django.db.models import Count, F, Max, Sum

from brandwacht.engines.detection import Correlation, Event, Match, Matcher, OutdatedForm, Rule, load_rules
from brandwacht.engines.detection.correlations import silent_ids
from brandwacht.network.actor import SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import RuleKind, RuleOff, SigmaRule
from brandwacht.soc.services.watchlists import Watchlists, watchlists, working_lists

log = structlog.get_logger(__name__)


class Stamp(NamedTuple):
    """What a rulebook was made from: the rules, which organisations may share, and what is the organisation's own."""

    rules: tuple[object, ...] = ()
    own: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedRules:
    """The rules of some owners, ready for matching: the same for every organisation that they watch over.

    ``attack`` holds the ATT&CK techniques by rule identifier, ``owners`` whose rule each is; ``basis`` are the rules
    that the correlations rest on, ``silent`` those that raise no alert by themselves.
    """

    matcher: Matcher
    attack: dict[str, tuple[str, ...]]
    owners: dict[str, int]
    correlations: tuple[Correlation, ...] = ()
    basis: tuple[Rule, ...] = ()
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What watches over one organisation: rules that it may share, and what is off and listed for it alone.

    ``off`` holds what does not count here, as (rule, log, source): "" is any log or source.
    """

    shared: SharedRules
    off: frozenset[tuple[str, str, str]] = frozenset()
    lists: Watchlists = field(default_factory=Watchlists)
    stamp: Stamp = field(default_factory=Stamp)

    @property
    def attack(self) -> dict[str, tuple[str, ...]]:
        """The ATT&CK techniques by rule identifier."""
        return self.shared.attack

    @property
    def size(self) -> int:
        """The number of rules that count here, in some log at least."""
        return len(self.shared.owners) - sum(not log and not source for _rule, log, source in self.off)

    def counts(self, rule_id: str, event: Event, source_key: str) -> bool:
        """Whether this rule is not off for an event of this log and source."""
        return not self._is_off(rule_id, event.origin.log, source_key)

    def match(self, events: Sequence[Event], source_key: str = "") -> list[tuple[Event, list[Match]]]:
        """The events from this source of which something counts: rules that are not off for it, then lists of
        indicators.
        """
        listed = self.lists.match(events) if self.lists else {}
        matched = []
        for position, event in enumerate(events):
            found = self.shared.matcher.match(event)
            if found and self.off:
                kind = event.origin.log
                found = [match for match in found if not self._is_off(match.rule_id, kind, source_key)]
            if position in listed:
                found = [*found, *listed[position]]
            if found:
                matched.append((event, found))
        return matched

    def _is_off(self, rule_id: str, kind: str, source_key: str) -> bool:
        return any((rule_id, log, source) in self.off for log in ("", kind) for source in ("", source_key))

    @classmethod
    def empty(cls) -> Rulebook:
        """No rules: nothing matches."""
        return cls(SharedRules(Matcher([]), {}, {}))


def watchers(actor: Actor) -> list[int]:
    """The organisations whose rules watch over the actor's: its own, and those that hold its SOC mandate now."""
    return watchers_of(actor.organisation_id, actor.now)


def watchers_of(organisation_id: int, now: datetime) -> list[int]:
    """The organisations whose rules watch over this one at ``now``, itself first."""
    with owner_scope(organisation_id):
        given = in_force(Grant.objects.filter(kind=GrantKind.SOC_MANDATE, thing__isnull=True), now)
        holders = {grantee for grantee, may in given.values_list("grantee_id", "may") if SEE in may}
    return [organisation_id, *sorted(holders - {organisation_id})]


def rules_off(organisation_id: int, now: datetime) -> list[RuleOff]:
    """What is off for this organisation at ``now``."""
    with owner_scope(organisation_id):
        return list(RuleOff.objects.filter(off_at__lte=now, until__gt=now, ended_at__isnull=True))


def rulebook_stamp(actor: Actor) -> Stamp:
    """What changes whenever ``rulebook_for`` would give something else: cheap enough to ask every other second.

    The rules are told by the owners that have any in use, so that organisations under one SOC share a stamp for them.
    What begins or ends by itself is in it by what works at this moment.
    """
    owners = watchers(actor)
    offs = rules_off(actor.organisation_id, actor.now)
    with owner_scope(*owners):
        used = SigmaRule.objects.filter(enabled=True, usable=True).order_by().values("organisation_id")
        rows = used.annotate(
            n=Count("pk"),
            sum=Sum("pk"),
            squares=Sum(F("pk") * F("pk")),
            text=Max("imported_at"),
            form=Max("compiled_at"),
        )
        facts = {row["organisation_id"]: tuple(row.values()) for row in rows}
    lists = working_lists(actor.organisation_id, owners, actor.now)
    listed = tuple((row.pk, row.version, row.changed_at) for row in lists)
    off = tuple(sorted((row.pk, row.log, row.source_key, row.until) for row in offs))
    return Stamp(tuple(facts[owner] for owner in owners if owner in facts), (off, listed))


def rulebook_for(actor: Actor, shared: SharedRules | None = None) -> Rulebook:
    """The enabled, usable rules and the lists that watch over the actor's organisation.

    ``shared`` are the rules themselves, when another organisation with the same ``Stamp.rules`` has them already.
    The rules of a SOC are read with the SOC's own tenancy, by Brandwacht itself: the organisation gave that SOC a
    mandate to watch, so the rules are applied on its behalf; nothing of them but titles and reasons of matches is
    shown to it. An own rule goes before a SOC's rule with the same identifier.
    """
    stamp = rulebook_stamp(actor)
    owners = watchers(actor)
    rules = shared or _shared(load_used(owners))
    return Rulebook(rules, _off(actor, rules), watchlists(actor.organisation_id, owners, actor.now), stamp)


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """The rules and correlations in use of some owners, by identifier, and whose each is."""

    rules: dict[str, Rule]
    correlations: dict[str, Correlation]
    owners: dict[str, int]


def load_used(owners: Sequence[int], *kinds: RuleKind) -> LoadedRules:
    """The enabled, usable rules of these owners; of an identifier that more of them have, that of the first.

    With ``kinds`` only those: correlations alone are few, rules are thousands.
    """
    found: dict[str, Rule] = {}
    correlations: dict[str, Correlation] = {}
    whose: dict[str, int] = {}
    with owner_scope(*owners):
        used = SigmaRule.objects.filter(
            enabled=True, usable=True, kind__in=kinds or (RuleKind.RULE, RuleKind.CORRELATION)
        )
        rows = used.values_list("organisation_id", "rule_id", "compiled", "pk", "kind")
        for owner, rule_id, compiled, pk, kind in sorted(rows, key=lambda row: (owners.index(row[0]), row[1])):
            if rule_id in whose:
                continue
            if kind == RuleKind.CORRELATION:
                if (correlation := _correlation(rule_id, compiled)) is not None:
                    correlations[rule_id], whose[rule_id] = correlation, owner
            elif (rule := _revive(rule_id, compiled, pk)) is not None:
                found[rule_id], whose[rule_id] = rule, owner
    return LoadedRules(found, correlations, whose)


def correlations_for(actor: Actor) -> Rulebook:
    """The rulebook of the actor's organisation with its correlations only: for telling time to them."""
    owners = watchers(actor)
    rules = _shared(load_used(owners, RuleKind.CORRELATION))
    return Rulebook(rules, _off(actor, rules))


def _off(actor: Actor, rules: SharedRules) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (row.rule_id, row.log, row.source_key)
        for row in rules_off(actor.organisation_id, actor.now)
        if rules.owners.get(row.rule_id) == row.watcher_id
    )


def _shared(used: LoadedRules) -> SharedRules:
    attack = {rule.id: rule.attack for rule in used.rules.values()}
    attack |= {each.id: each.attack for each in used.correlations.values()}
    able = tuple(used.correlations.values())
    wanted = {rule_id for each in able for rule_id in each.rules}
    basis = tuple(rule for rule in used.rules.values() if rule.id in wanted)
    return SharedRules(Matcher(list(used.rules.values())), attack, used.owners, able, basis, silent_ids(able))


def _correlation(rule_id: str, compiled: dict[str, object]) -> Correlation | None:
    """A correlation from its compiled form. It is not made again here: what it rests on stands in other files."""
    try:
        return Correlation.from_json(compiled)
    except OutdatedForm:
        log.warning("correlation left out, import the rules to store the new form", rule=rule_id)
        return None


def revived(row: SigmaRule) -> Rule | None:
    """The usable rule of a row with its compiled form; ``None`` for what is no rule, or can not be used any more."""
    return _revive(row.rule_id, row.compiled or {}, row.pk) if row.usable and row.kind == RuleKind.RULE else None


def revived_correlation(row: SigmaRule) -> Correlation | None:
    """The usable correlation of a row; ``None`` for what is none, or must be read anew."""
    if not row.usable or row.kind != RuleKind.CORRELATION:
        return None
    return _correlation(row.rule_id, row.compiled or {})


def _revive(rule_id: str, compiled: dict[str, object], pk: int) -> Rule | None:
    """The rule from its compiled form; compiled again from its source when the form is of an older version."""
    try:
        return Rule.from_json(compiled)
    except OutdatedForm:
        row = SigmaRule.objects.get(pk=pk)
        log.warning("rule compiled again, import the rules to store the new form", rule=rule_id)
        return next((rule for rule in load_rules([(row.name, row.source)]).rules if rule.id == rule_id), None)
