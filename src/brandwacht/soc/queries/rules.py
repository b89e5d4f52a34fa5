"""Reads of detection rules."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.policy import may_anywhere, visible
from brandwacht.network.tenancy import owner_scope
from brandwacht.soc.models import (
    SigmaRule,
)
from brandwacht.soc.queries.alerts import with_technique
from brandwacht.soc.services.rulebook import watchers


@dataclass(frozen=True, slots=True)
class RuleFilter:
    """How the list of rules is narrowed; ``standing`` is "", "bruikbaar", "onbruikbaar" or "uit"."""

    level: int | None = None
    standing: str = ""
    technique: str = ""
    text: str = ""


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
    if narrow.technique:
        rows = with_technique(rows, narrow.technique)
    if narrow.text:
        rows = rows.filter(Q(title__icontains=narrow.text) | Q(name__icontains=narrow.text))
    return rows


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
