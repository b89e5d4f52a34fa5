"""Where the watch is blind: which rules can never fire at an organisation, and what is known of its logs.

Of the rules of another organisation, such as a SOC, only numbers are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from brandwacht.engines.detection import SeenFields
from brandwacht.network.actor import Actor
from brandwacht.network.policy import owners, visible
from brandwacht.soc.models import BlindReason, BlindSpot, LogSource, RuleReach, SeenLog, SigmaRule
from brandwacht.soc.services.blindspots import seen_together
from brandwacht.soc.services.seen import read_seen

SEE: Final = "soc.sources.see"
ORDER: Final = ("-level", "title", "id")
SHOWN: Final = 30
"""Organisations at which a rule is blind, and kinds of log of a source, that are told one by one."""
ROWS: Final = 200
"""So many sources are looked at for what was seen everywhere."""


@dataclass(frozen=True, slots=True)
class KindSeen:
    """One kind of log that a source brings: its name, the event number, how many events, how many fields."""

    name: str
    number: int | None
    events: int
    fields: int


@dataclass(frozen=True, slots=True)
class RuleSight:
    """Where one rule can never fire: ``spots`` (at most ``SHOWN`` of ``blind``), of ``judged`` organisations."""

    judged: int
    blind: int
    spots: Sequence[BlindSpot]

    @property
    def everywhere(self) -> bool:
        """Whether it can fire nowhere."""
        return 0 < self.judged == self.blind


def reaches(actor: Actor) -> list[RuleReach]:
    """How many rules can fire, by organisation that was judged: those with the most blind spots first."""
    rows = RuleReach.objects.filter(visible(actor, SEE)).select_related("organisation")
    return list(rows.order_by("-blind", "organisation__name"))


def blind_spots(actor: Actor, owner_id: int | None = None, reason: str = "") -> QuerySet[BlindSpot]:
    """The rules of the actor's organisation that can never fire somewhere; order them by ``ORDER``."""
    rows: QuerySet[BlindSpot] = BlindSpot.objects.filter(visible(actor, SEE), watcher_id=actor.organisation_id)
    if owner_id is not None:
        rows = rows.filter(organisation_id=owner_id)
    if reason in BlindReason.values:
        rows = rows.filter(reason=reason)
    return rows.select_related("organisation")


def blind_by_reason(actor: Actor, owner_id: int | None = None) -> list[tuple[BlindReason, int]]:
    """How many blind spots of the actor's own rules there are by reason, most first."""
    rows = blind_spots(actor, owner_id).order_by().values("reason").annotate(n=Count("pk")).order_by("-n", "reason")
    return [(BlindReason(reason), n) for reason, n in rows.values_list("reason", "n")]


def rule_ids(actor: Actor, spots: Sequence[BlindSpot]) -> dict[str, object]:
    """The public id of the rule of each of these blind spots, by its identifier."""
    found = SigmaRule.objects.filter(visible(actor, "soc.rules.see"), rule_id__in={spot.rule_id for spot in spots})
    return dict(found.values_list("rule_id", "public_id"))


def sight_of(actor: Actor, rule: SigmaRule) -> RuleSight:
    """Where a rule of the actor's organisation can never fire. Three queries."""
    judged = RuleReach.objects.filter(visible(actor, SEE)).count()
    rows = blind_spots(actor).filter(rule_id=rule.rule_id)
    spots = list(rows.order_by("organisation__name")[:SHOWN])
    return RuleSight(judged, len(spots) if len(spots) < SHOWN else rows.count(), spots)


def blind_rules(actor: Actor, owner_ids: Sequence[int]) -> frozenset[str] | None:
    """The identifiers of rules that can fire at none of these owners; ``None`` when not one of them was judged.

    Those of others are among them: for counting only.
    """
    seen = owners(actor, SEE) & set(owner_ids)
    judged = set(RuleReach.objects.filter(organisation_id__in=seen).values_list("organisation_id", flat=True))
    if not judged:
        return None
    rows = BlindSpot.objects.filter(organisation_id__in=judged).order_by().values("rule_id").annotate(n=Count("pk"))
    return frozenset(rows.filter(n=len(judged)).values_list("rule_id", flat=True))


def kinds_of(actor: Actor, of: LogSource) -> tuple[list[KindSeen], int]:
    """The kinds of log that a source brings, most events first (at most ``SHOWN``), and how many there are."""
    row = SeenLog.objects.filter(visible(actor, SEE), source=of).first()
    if row is None:
        return [], 0
    found = [
        KindSeen(name, number, kind.events, len(kind.fields))
        for (name, number), kind in read_seen(row.state).kinds.items()
    ]
    found.sort(key=lambda each: (-each.events, each.name, each.number or 0))
    return found[:SHOWN], len(found)


def seen_everywhere(actor: Actor) -> SeenFields | None:
    """What was seen at all organisations whose logs the actor may see, for a rule that is being written.

    ``None`` when nothing was seen yet.
    """
    rows = SeenLog.objects.filter(visible(actor, SEE)).exclude(source__enabled=False)
    latest = list(rows.order_by("-saved_at", "-pk")[:ROWS])
    return seen_together(latest) if latest else None
