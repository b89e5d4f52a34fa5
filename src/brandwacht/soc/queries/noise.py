"""Reads of noise: which rules say most, and what makes most of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, Max, Q, Sum

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible
from brandwacht.soc.models import AlertEntity, AlertRule, Disposition, EntityKind, RuleDay
from brandwacht.soc.queries.exceptions import ALERTS_READ, KeptMatch, seen
from brandwacht.soc.tuning import TELLING, Candidate, best

DAYS: Final = 30
SHOWN: Final = 25
MOST: Final = 5
HARMLESS: Final = (Disposition.FALSE, Disposition.BENIGN)
"""How an alert ends when there was nothing wrong."""
MANY: Final = 100
"""From so many matches in 30 days on a rule may be proposed for tuning,"""
MANY_CLOSED: Final = 3
"""or when of at least so many handled alerts most were harmless."""
MOSTLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class NoisyRule:
    """What a rule did at one organisation in 30 days; ``handled`` alerts, of which ``harmless`` were nothing."""

    organisation: Organisation
    rule_id: str
    title: str
    level: int
    matches: int
    covered: int
    alerts: int
    handled: int
    harmless: int

    @property
    def share(self) -> int | None:
        """Harmless among handled alerts, in percent; ``None`` while none was handled."""
        return round(100 * self.harmless / self.handled) if self.handled else None

    @property
    def tune(self) -> bool:
        """Whether to look for an exception."""
        mostly = self.handled >= MANY_CLOSED and self.harmless >= MOSTLY * self.handled
        return self.matches >= MANY or mostly


@dataclass(frozen=True, slots=True)
class Makers:
    """What makes most of a rule's noise: (name, matches or alerts), the most first; and the exception to propose."""

    hosts: list[tuple[str, int]]
    users: list[tuple[str, int]]
    addresses: list[tuple[str, int]]
    values: list[tuple[str, str, int]]
    read: int
    proposal: Candidate | None


def noisy_rules(actor: Actor, owner_id: int | None = None, rule_id: str = "") -> list[NoisyRule]:
    """The rules with most matches in 30 days, per organisation; three queries, whatever their number."""
    since = actor.today - timedelta(days=DAYS)
    days = RuleDay.objects.filter(visible(actor, "soc.exception.see"), day__gt=since)
    if owner_id is not None:
        days = days.filter(organisation_id=owner_id)
    if rule_id:
        days = days.filter(rule_id=rule_id)
    sums = list(
        days.values("organisation_id", "rule_id")
        .annotate(
            name=Max("title"), worst=Max("level"), found=Sum("matches"), spared=Sum("covered"), opened=Sum("alerts")
        )
        .order_by("-found", "rule_id", "organisation_id")[:SHOWN]
    )
    if not sums:
        return []
    handled = AlertRule.objects.filter(
        visible(actor, "soc.exception.see"),
        organisation_id__in={row["organisation_id"] for row in sums},
        rule_id__in={row["rule_id"] for row in sums},
        last_seen__gte=actor.now - timedelta(days=DAYS),
        alert__open=False,
    )
    ended = {
        (row["organisation_id"], row["rule_id"]): (row["n"], row["nothing"])
        for row in handled.values("organisation_id", "rule_id").annotate(
            n=Count("pk"), nothing=Count("pk", filter=Q(alert__disposition__in=HARMLESS))
        )
    }
    names = Organisation.objects.in_bulk({row["organisation_id"] for row in sums})
    return [
        NoisyRule(
            names[row["organisation_id"]], row["rule_id"], row["name"], row["worst"], row["found"], row["spared"],
            row["opened"], *ended.get((row["organisation_id"], row["rule_id"]), (0, 0)),
        )
        for row in sums
    ]  # fmt: skip


def noisy_rule(actor: Actor, owner_id: int, rule_id: str) -> NoisyRule:
    """One rule; raises ``NotFound`` when it did nothing in 30 days, or not where the actor may look."""
    found = noisy_rules(actor, owner_id, rule_id)
    if not found:
        raise NotFound
    return found[0]


def makers(actor: Actor, kept: list[KeptMatch], counted: list[AlertRule]) -> Makers:
    """Which assets, users, addresses and values make most of a rule's noise, from what ``kept_matches`` gave of it."""
    hosts: Counter[str] = Counter()
    for row in counted:
        hosts[row.alert.where] += row.count
    named = AlertEntity.objects.filter(
        visible(actor, "soc.exception.see"),
        alert_id__in=[row.alert_id for row in counted[:ALERTS_READ]],
        kind__in=[EntityKind.USER, EntityKind.ADDRESS],
    )
    most = list(
        named.values("kind", "value").annotate(n=Count("alert"), times=Sum("count")).order_by("-n", "-times")[:50]
    )
    of_kind = {
        kind: [(row["value"], row["n"]) for row in most if row["kind"] == kind][:MOST]
        for kind in (EntityKind.USER, EntityKind.ADDRESS)
    }
    rows = seen(kept)
    return Makers(
        hosts.most_common(MOST), of_kind[EntityKind.USER], of_kind[EntityKind.ADDRESS], _values(kept), len(kept),
        best(rows),
    )  # fmt: skip


def _values(kept: list[KeptMatch]) -> list[tuple[str, str, int]]:
    """The values that recur most in the fields that say what was done, of each field the first."""
    counts: Counter[tuple[str, str]] = Counter()
    for each in kept:
        for name in dict.fromkeys((*TELLING, *each.match.matched)):
            value = each.event.fields.get(name)
            if isinstance(value, str) and value:
                counts[name, value[:300]] += 1
    found: dict[str, tuple[str, str, int]] = {}
    for (name, value), number in counts.most_common():
        if number > 1:
            found.setdefault(name, (name, value, number))
    return list(found.values())[:MOST]
