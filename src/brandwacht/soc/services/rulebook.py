"""The rules and lists that watch over an organisation, ready for matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db.models import Count, F, Max, Q, Sum

from brandwacht.engines.detection import Event, Match, Matcher, OutdatedForm, Rule, load_rules
from brandwacht.network.actor import SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import IndicatorList, RuleOff, SigmaRule
from brandwacht.soc.services.watchlists import Watchlists, watchlists

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A matcher, the ATT&CK techniques of its rules by rule identifier, and the lists of indicators.

    ``off`` holds what does not count here, as (rule, log, source): "" is any log or source.
    """

    matcher: Matcher
    attack: dict[str, tuple[str, ...]]
    size: int
    off: frozenset[tuple[str, str, str]] = frozenset()
    lists: Watchlists = field(default_factory=Watchlists)
    stamp: str = ""

    def match(self, event: Event, source_key: str = "") -> list[Match]:
        """What counts of one event from this source: rules that are not off for it, then lists of indicators."""
        found = self.matcher.match(event)
        if found and self.off:
            kind = (event.kind or event.channel).lower()
            found = [match for match in found if not self._is_off(match.rule_id, kind, source_key)]
        return [*found, *self.lists.match(event)] if self.lists else found

    def _is_off(self, rule_id: str, kind: str, source_key: str) -> bool:
        return any((rule_id, log, source) in self.off for log in ("", kind) for source in ("", source_key))

    @classmethod
    def empty(cls) -> Rulebook:
        """No rules: nothing matches."""
        return cls(Matcher([]), {}, 0)


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


def stamp(owners: Sequence[int]) -> tuple[object, ...]:
    """What changes whenever other rules come to watch for these owners: cheap enough to ask every other second.

    It is made of the owners that have rules in use at all, so that those who share the rules of one SOC share a stamp.
    """
    with owner_scope(*owners):
        used = SigmaRule.objects.filter(enabled=True, usable=True).order_by().values("organisation_id")
        rows = used.annotate(n=Count("pk"), sum=Sum("pk"), squares=Sum(F("pk") * F("pk")), last=Max("imported_at"))
        facts = {row["organisation_id"]: tuple(row.values()) for row in rows}
    return tuple(facts[owner] for owner in owners if owner in facts)


def rulebook_for(actor: Actor) -> Rulebook:
    """The enabled, usable rules and the lists that watch over the actor's organisation.

    The rules of a SOC are read with the SOC's own tenancy, by Brandwacht itself: the organisation gave that SOC a
    mandate to watch, so the rules are applied on its behalf; nothing of them but titles and reasons of matches is
    shown to it. An own rule goes before a SOC's rule with the same identifier.
    """
    stamp = rulebook_stamp(actor)
    owners = watchers(actor)
    offs = rules_off(actor.organisation_id, actor.now)
    nowhere = {(row.watcher_id, row.rule_id) for row in offs if not row.log and not row.source_key}
    narrow = {(row.watcher_id, row.rule_id, row.log, row.source_key) for row in offs if row.log or row.source_key}
    off: set[tuple[str, str, str]] = set()
    with owner_scope(*owners):
        rows = SigmaRule.objects.filter(enabled=True, usable=True).values_list(
            "organisation_id", "rule_id", "compiled", "pk"
        )
        found: dict[str, Rule] = {}
        for owner, rule_id, compiled, pk in sorted(rows, key=lambda row: (owners.index(row[0]), row[1])):
            if rule_id in found or (owner, rule_id) in nowhere:
                continue
            rule = _revive(rule_id, compiled, pk)
            if rule is not None:
                found[rule_id] = rule
                off |= {(rule_id, log, key) for who, what, log, key in narrow if (who, what) == (owner, rule_id)}
    return Rulebook(
        Matcher(list(found.values())),
        {rule.id: rule.attack for rule in found.values()},
        len(found),
        frozenset(off),
        watchlists(actor.organisation_id, owners, actor.now),
        stamp,
    )


def rulebook_stamp(actor: Actor) -> str:
    """Changes when ``rulebook_for`` would give something else: a runner compares it to know when to load again.

    Cheap: a few counts. Moments at which something ends by itself are in it as the number of what still works.
    """
    owners = watchers(actor)
    offs = rules_off(actor.organisation_id, actor.now)
    with owner_scope(*owners):
        on = Count("pk", filter=Q(enabled=True, usable=True))
        rules = SigmaRule.objects.aggregate(on=on, text=Max("imported_at"), switch=Max("switched_at"), all=Count("pk"))
        lists = IndicatorList.objects.filter(ended_at__isnull=True, valid_until__gt=actor.now)
        content = lists.aggregate(n=Count("pk"), changed=Max("changed_at"))
    ids = sorted(row.pk for row in offs)
    return f"{owners} {sorted(rules.items())} {sorted(content.items())} {ids}"


def revived(row: SigmaRule) -> Rule | None:
    """The usable rule of a row with its compiled form; ``None`` when it can not be used any more."""
    return _revive(row.rule_id, row.compiled or {}, row.pk) if row.usable else None


def _revive(rule_id: str, compiled: dict[str, object], pk: int) -> Rule | None:
    """The rule from its compiled form; compiled again from its source when the form is of an older version."""
    try:
        return Rule.from_json(compiled)
    except OutdatedForm:
        row = SigmaRule.objects.get(pk=pk)
        log.warning("rule compiled again, import the rules to store the new form", rule=rule_id)
        return next((rule for rule in load_rules([(row.name, row.source)]).rules if rule.id == rule_id), None)
