"""The rules that watch over an organisation, ready for matching."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.db.models import Count, F, Max, Sum

from brandwacht.engines.detection import Matcher, OutdatedForm, Rule, load_rules
from brandwacht.network.actor import SEE, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Grant
from brandwacht.network.queries import in_force
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import SigmaRule

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A matcher, and the ATT&CK techniques of its rules by rule identifier."""

    matcher: Matcher
    attack: dict[str, tuple[str, ...]]
    size: int

    @classmethod
    def empty(cls) -> Rulebook:
        """No rules: nothing matches."""
        return cls(Matcher([]), {}, 0)


def watchers(actor: Actor) -> list[int]:
    """The organisations whose rules watch over the actor's: its own, and those that hold its SOC mandate now."""
    with owner_scope(actor.organisation_id):
        given = in_force(Grant.objects.filter(kind=GrantKind.SOC_MANDATE, thing__isnull=True), actor.now)
        holders = {grantee for grantee, may in given.values_list("grantee_id", "may") if SEE in may}
    return [actor.organisation_id, *sorted(holders - {actor.organisation_id})]


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
    """The enabled, usable rules that watch over the actor's organisation.

    The rules of a SOC are read with the SOC's own tenancy, by Brandwacht itself: the organisation gave that SOC a
    mandate to watch, so the rules are applied on its behalf; nothing of them but titles and reasons of matches is
    shown to it. An own rule goes before a SOC's rule with the same identifier.
    """
    owners = watchers(actor)
    with owner_scope(*owners):
        rows = SigmaRule.objects.filter(enabled=True, usable=True).values_list(
            "organisation_id", "rule_id", "compiled", "pk"
        )
        found: dict[str, Rule] = {}
        for _owner, rule_id, compiled, pk in sorted(rows, key=lambda row: (owners.index(row[0]), row[1])):
            rule = _revive(rule_id, compiled, pk)
            if rule is not None:
                found.setdefault(rule_id, rule)
    return Rulebook(Matcher(list(found.values())), {r.id: r.attack for r in found.values()}, len(found))


def _revive(rule_id: str, compiled: dict[str, object], pk: int) -> Rule | None:
    """The rule from its compiled form; compiled again from its source when the form is of an older version."""
    try:
        return Rule.from_json(compiled)
    except OutdatedForm:
        row = SigmaRule.objects.get(pk=pk)
        log.warning("rule compiled again, import the rules to store the new form", rule=rule_id)
        return next((rule for rule in load_rules([(row.name, row.source)]).rules if rule.id == rule_id), None)
