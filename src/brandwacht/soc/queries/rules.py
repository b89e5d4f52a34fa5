"""Reads of detection rules: the list, one rule with its history, and how it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import may_anywhere, visible
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import AlertRule, Disposition, RuleOff, SigmaRule, SigmaRuleVersion
from brandwacht.soc.queries.alerts import with_technique
from brandwacht.soc.services.pipeline import EARLIEST
from brandwacht.soc.services.rulebook import watchers

RULE_SORTS: Final[dict[str, tuple[str, ...]]] = {
    "": ("-level", "title", "id"),
    "ernst": ("level", "title", "id"),
    "keer": ("hits", "title", "id"),
    "laatst": ("latest", "title", "id"),
}
RECENT: Final = timedelta(days=30)
LONGER: Final = timedelta(days=90)
HISTORY: Final = 50


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """How the list of rules is narrowed; ``standing`` is "" or one of the words of ``rules``."""

    level: int | None = None
    standing: str = ""
    technique: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """How often a rule matched in the alerts of a stretch of time that the actor may see, and when last."""

    hits: int = 0
    alerts: int = 0
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Precision:
    """What became of the alerts of a rule: an incident, known behaviour, otherwise closed, or still open."""

    real: int = 0
    known: int = 0
    closed: int = 0
    open: int = 0

    @property
    def percent(self) -> int | None:
        """How many of the judged alerts were real, 0-100; ``None`` as long as nothing was judged."""
        judged = self.real + self.known
        return round(100 * self.real / judged) if judged else None


def rules(actor: Actor, narrow: RuleFilter) -> QuerySet[SigmaRule]:
    """The rules of the actor's organisation that fit a filter, without their source and compiled form."""
    rows: QuerySet[SigmaRule] = SigmaRule.objects.filter(visible(actor, "soc.rules.see")).defer("source", "compiled")
    if narrow.level is not None:
        rows = rows.filter(level=narrow.level)
    if narrow.standing == "bruikbaar":
        rows = rows.filter(usable=True, enabled=True)
    elif narrow.standing == "onbruikbaar":
        rows = rows.filter(usable=False)
    elif narrow.standing == "uit":
        rows = rows.filter(enabled=False)
    elif narrow.standing == "eigen":
        rows = rows.filter(edited=True)
    elif narrow.standing == "stil":
        rows = rows.filter(~Exists(_matched(actor, actor.now - LONGER)), usable=True, enabled=True)
    if narrow.technique:
        rows = with_technique(rows, narrow.technique)
    if narrow.text:
        rows = rows.filter(Q(title__icontains=narrow.text) | Q(name__icontains=narrow.text))
    return rows


def _matched(actor: Actor, since: datetime) -> QuerySet[AlertRule]:
    seen = AlertRule.objects.filter(visible(actor, "soc.alert.see"), last_seen__gte=since)
    found: QuerySet[AlertRule] = seen.filter(rule_id=OuterRef("rule_id")).order_by()
    return found


def with_hits(actor: Actor, rows: QuerySet[SigmaRule], sort: str) -> QuerySet[SigmaRule]:
    """The rows with what this order needs: ``hits`` in the last 30 days, or ``latest``."""
    name = sort.removeprefix("-")
    if name == "keer":
        total = _matched(actor, actor.now - RECENT).values("rule_id").annotate(n=Sum("count")).values("n")
        return rows.annotate(hits=Coalesce(Subquery(total), 0))
    if name == "laatst":
        last = _matched(actor, EARLIEST).order_by("-last_seen").values("last_seen")[:1]
        return rows.annotate(latest=Coalesce(Subquery(last), Value(EARLIEST)))
    return rows


def rule(actor: Actor, public_id: Any) -> SigmaRule:
    """One rule with its text; raises ``NotFound``."""
    found: SigmaRule | None = SigmaRule.objects.filter(visible(actor, "soc.rules.see"), public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def rule_figures(actor: Actor, rule_ids: Sequence[str], since: datetime) -> dict[str, RuleFigures]:
    """How these rules did since then, in one query; a rule that did not match is not in it."""
    rows = AlertRule.objects.filter(visible(actor, "soc.alert.see"), rule_id__in=list(rule_ids), last_seen__gte=since)
    grouped = rows.order_by().values("rule_id").annotate(n=Sum("count"), a=Count("pk"), latest=Max("last_seen"))
    return {row["rule_id"]: RuleFigures(row["n"], row["a"], row["latest"]) for row in grouped}


def rule_latest(actor: Actor, rule_id: str) -> datetime | None:
    """When the rule matched last; ``None`` when it never did."""
    rows = AlertRule.objects.filter(visible(actor, "soc.alert.see"), rule_id=rule_id)
    latest: datetime | None = rows.aggregate(latest=Max("last_seen"))["latest"]
    return latest


def rule_precision(actor: Actor, rule_id: str, since: datetime) -> Precision:
    """What became of the alerts since then in which the rule matched.

    What an alert turned out to be is what the analyst said of it; of one that was closed without saying, that is not
    known.
    """
    rows = AlertRule.objects.filter(visible(actor, "soc.alert.see"), rule_id=rule_id, last_seen__gte=since)
    is_open = Q(alert__open=True)
    real = Q(alert__disposition=Disposition.TRUE)
    harmless = Q(alert__disposition__in=(Disposition.FALSE, Disposition.BENIGN))
    counts = rows.aggregate(
        real=Count("pk", filter=~is_open & real),
        known=Count("pk", filter=~is_open & harmless),
        closed=Count("pk", filter=~is_open & ~real & ~harmless),
        open=Count("pk", filter=is_open),
    )
    return Precision(**counts)


def rule_versions(actor: Actor, of: SigmaRule) -> list[SigmaRuleVersion]:
    """The former texts of a rule, the latest first (at most ``HISTORY``)."""
    rows = SigmaRuleVersion.objects.filter(visible(actor, "soc.rules.see"), rule=of).defer("source")
    return list(rows.order_by("-number")[:HISTORY])


def rule_text(actor: Actor, of: SigmaRule, number: int) -> str:
    """The text of a version of a rule; raises ``NotFound``."""
    if number == of.version:
        return of.source
    rows = SigmaRuleVersion.objects.filter(visible(actor, "soc.rules.see"), rule=of, number=number)
    text: str | None = rows.values_list("source", flat=True).first()
    if text is None:
        raise NotFound
    return text


def rule_texts(actor: Actor, rule_ids: Sequence[str]) -> dict[str, str]:
    """The present text of the actor's rules with these identifiers."""
    rows = SigmaRule.objects.filter(visible(actor, "soc.rules.see"), rule_id__in=list(rule_ids))
    return dict(rows.values_list("rule_id", "source"))


def rules_off(actor: Actor) -> QuerySet[RuleOff]:
    """The rules that are, or were, off for one organisation; order them by ``("-off_at", "-id")``."""
    rows: QuerySet[RuleOff] = RuleOff.objects.filter(visible(actor, "soc.rule-off.see"))
    return rows.select_related("organisation", "watcher")


def off_for(actor: Actor, of: SigmaRule) -> list[RuleOff]:
    """Where this rule of the actor's organisation is off now."""
    rows = rules_off(actor).filter(watcher_id=of.organisation_id, rule_id=of.rule_id)
    return list(rows.filter(ended_at__isnull=True, until__gt=actor.now).order_by("organisation__name", "pk"))


def rules_seen_at(actor: Actor, organisation_id: int) -> list[tuple[str, str]]:
    """The rules that matched at an organisation in the last 90 days, as (identifier, title), by title."""
    rows = AlertRule.objects.filter(
        visible(actor, "soc.alert.see"), organisation_id=organisation_id, last_seen__gte=actor.now - LONGER
    )
    found = rows.order_by().values("rule_id").annotate(title=Max("title")).values_list("rule_id", "title")
    return sorted(((rule_id, title) for rule_id, title in found[:500]), key=lambda row: (row[1].casefold(), row[0]))


@dataclass(frozen=True, slots=True)
class RuleSource:
    """Whose rules watch over the actor's organisation, and how many of them are in use."""

    organisation: Organisation
    in_use: int


def rule_sources(actor: Actor) -> list[RuleSource]:
    """Whose rules watch over the actor's organisation: its own, and those of a SOC that holds its mandate.

    Only the number of a SOC's rules is shown; ``rulebook`` says why it may be.
    """
    if not may_anywhere(actor, "soc.rules.see"):
        return []
    ids = watchers(actor)
    with owner_scope(*ids):
        used = SigmaRule.objects.filter(usable=True, enabled=True).values("organisation_id")
        counts = dict(used.annotate(n=Count("pk")).values_list("organisation_id", "n"))
    names = Organisation.objects.in_bulk(ids)
    return [RuleSource(names[pk], counts.get(pk, 0)) for pk in ids]
