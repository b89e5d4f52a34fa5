"""Where the watch is blind: which rules can never fire at an organisation or on a source, and what its logs bring.

Of the rules of another organisation, such as a SOC, only numbers are told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.detection import Rule, SeenBySource, coverage, everything
from brandwacht.network.actor import Actor
from brandwacht.network.policy import owners, visible
from brandwacht.soc.models import BlindReason, BlindSpot, LogSource, RuleReach, SeenLog, SigmaRule
from brandwacht.soc.services.blindspots import seen_by_source
from brandwacht.soc.services.seen import read_seen

SEE: Final = "soc.sources.see"
ORDER: Final = ("-level", "title", "id")
SHOWN: Final = 30
"""Organisations or sources of a rule, and kinds of log and rules of a source, that are told one by one."""
ROWS: Final = 200
"""So many sources are looked at for one rule."""
BLINDEST: Final = 10
NOWHERE: Final = "nergens"
PARTLY: Final = "deels"
"""Whether a rule can fire on no source at all, or on some and not on others."""


@dataclass(frozen=True, slots=True)
class KindSeen:
    """One kind of log that a source brings: its name, the event number, how many events, how many fields."""

    name: str
    number: int | None
    events: int
    fields: int


@dataclass(frozen=True, slots=True)
class SourceSight:
    """What a source brings, most events first (at most ``SHOWN`` of ``kinds_in_all``), and what can fire on that.

    ``able`` rules can; ``blind`` are about what it brings and can not, for lack of fields: ``lacks`` tells which, per
    identifier of a rule of the actor's organisation.
    """

    kinds: Sequence[KindSeen] = ()
    kinds_in_all: int = 0
    able: int = 0
    blind: int = 0
    lacks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def of_others(self) -> int:
        """How many of the blind rules are not the actor's organisation's."""
        return self.blind - len(self.lacks)


@dataclass(frozen=True, slots=True)
class RuleSources:
    """On which sources a rule can fire and on which that bring its kind of log it can not, for lack of which fields.

    Of each at most ``SHOWN``, beside how many there are; ``others`` bring nothing that the rule is about. Looked at
    were the ``ROWS`` sources that were noted last; ``more`` tells that there are more.
    """

    able: Sequence[SeenLog]
    able_in_all: int
    lacking: Sequence[tuple[SeenLog, Sequence[str]]]
    lacking_in_all: int
    others: int
    more: bool


@dataclass(frozen=True, slots=True)
class RuleSight:
    """Where one rule can fire on no source: ``spots`` (at most ``SHOWN`` of ``blind``), of ``judged`` organisations."""

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


def blind_spots(actor: Actor, owner_id: int | None = None, reason: str = "", where: str = "") -> QuerySet[BlindSpot]:
    """The rules of the actor's organisation that can not fire on some source or any; order them by ``ORDER``.

    ``where`` is ``NOWHERE``, ``PARTLY``, or "" for both.
    """
    rows: QuerySet[BlindSpot] = BlindSpot.objects.filter(visible(actor, SEE), watcher_id=actor.organisation_id)
    if owner_id is not None:
        rows = rows.filter(organisation_id=owner_id)
    if reason in BlindReason.values:
        rows = rows.filter(reason=reason)
    if where in (NOWHERE, PARTLY):
        rows = rows.filter(able_at=0) if where == NOWHERE else rows.filter(able_at__gt=0)
    return rows.select_related("organisation")


def blind_by_reason(actor: Actor, owner_id: int | None = None) -> list[tuple[str, int]]:
    """How many of the actor's own rules can fire nowhere, by reason, most first; last how many on some sources only."""
    rows = blind_spots(actor, owner_id).order_by().values("reason")
    counts = rows.annotate(partly=Count("pk", filter=Q(able_at__gt=0)), n=Count("pk") - F("partly"))
    found = [(BlindReason(row["reason"]), row["n"], row["partly"]) for row in counts]
    told = [(str(reason.label), n) for reason, n, _partly in sorted(found, key=lambda row: (-row[1], row[0])) if n]
    if partly := sum(row[2] for row in found):
        told.append((_("Kan op een deel van de bronnen wel afgaan"), partly))
    return told


def blindest(actor: Actor, owner_id: int | None = None) -> list[SeenLog]:
    """The sources with the most rules that are about what they bring and can not fire, at most ``BLINDEST``."""
    rows = SeenLog.objects.filter(visible(actor, SEE), blind__gt=0).exclude(source__enabled=False)
    if owner_id is not None:
        rows = rows.filter(organisation_id=owner_id)
    rows = rows.defer("state", "lacks").select_related("organisation", "source")
    return list(rows.order_by("-blind", "pk")[:BLINDEST])


def rule_ids(actor: Actor, spots: Sequence[BlindSpot]) -> dict[str, object]:
    """The public id of the rule of each of these blind spots, by its identifier."""
    found = SigmaRule.objects.filter(visible(actor, "soc.rules.see"), rule_id__in={spot.rule_id for spot in spots})
    return dict(found.values_list("rule_id", "public_id"))


def sight_of(actor: Actor, rule: SigmaRule) -> RuleSight:
    """Where a rule of the actor's organisation can never fire. Three queries."""
    judged = RuleReach.objects.filter(visible(actor, SEE)).count()
    rows = blind_spots(actor, where=NOWHERE).filter(rule_id=rule.rule_id)
    spots = list(rows.order_by("organisation__name")[:SHOWN])
    return RuleSight(judged, len(spots) if len(spots) < SHOWN else rows.count(), spots)


def sources_of(actor: Actor, rule: Rule) -> RuleSources:
    """On which sources in the actor's sight this rule can fire, on what they brought up to now. One query."""
    places = everything().places(rule.logsource)
    seen = SeenBySource()
    rows: list[SeenLog] = []
    found = _seen_lately(actor, ROWS + 1).defer("lacks").select_related("organisation", "source")
    for row in found.iterator(chunk_size=20):
        seen.add(row.pk, read_seen(row.state, lambda name, number: any(place.covers(name, number) for place in places)))
        row.state = {}  # it may be long
        rows.append(row)
    rows.sort(key=lambda row: (row.organisation.name, str(row), row.pk))
    (judged,) = coverage([rule], seen)
    able = [row for row in rows if row.pk in judged.able]
    lacking = [(row, judged.lacking[row.pk]) for row in rows if row.pk in judged.lacking]
    return RuleSources(
        able=able[:SHOWN],
        able_in_all=len(able),
        lacking=lacking[:SHOWN],
        lacking_in_all=len(lacking),
        others=len(rows) - len(able) - len(lacking),
        more=len(rows) > ROWS,
    )


def blind_rules(actor: Actor, owner_ids: Sequence[int]) -> frozenset[str] | None:
    """The identifiers of rules that can fire at none of these owners; ``None`` when not one of them was judged.

    Those of others are among them: for counting only.
    """
    seen = owners(actor, SEE) & set(owner_ids)
    judged = set(RuleReach.objects.filter(organisation_id__in=seen).values_list("organisation_id", flat=True))
    if not judged:
        return None
    rows = BlindSpot.objects.filter(organisation_id__in=judged, able_at=0)
    counted = rows.order_by().values("rule_id").annotate(n=Count("pk"))
    return frozenset(counted.filter(n=len(judged)).values_list("rule_id", flat=True))


def sight_of_source(actor: Actor, of: LogSource) -> SourceSight:
    """What a source brings and which rules can fire on that. One query."""
    row = SeenLog.objects.filter(visible(actor, SEE), source=of).first()
    if row is None:
        return SourceSight()
    found = [
        KindSeen(name, number, kind.events, len(kind.fields))
        for (name, number), kind in read_seen(row.state).kinds.items()
    ]
    found.sort(key=lambda each: (-each.events, each.name, each.number or 0))
    lacks = {
        rule_id: names for owner, names, ids in row.lacks if owner == actor.organisation_id for rule_id in ids
    }  # fmt: skip
    return SourceSight(found[:SHOWN], len(found), row.able, row.blind, lacks)


def rules_of_sight(actor: Actor, sight: SourceSight) -> QuerySet[SigmaRule]:
    """The blind rules of a source that are the actor's organisation's; order them by ``ORDER``."""
    mine = SigmaRule.objects.filter(visible(actor, "soc.rules.see"), organisation_id=actor.organisation_id)
    return mine.filter(rule_id__in=sight.lacks.keys()).defer("source", "compiled")


def seen_everywhere(actor: Actor) -> SeenBySource | None:
    """What was seen at all organisations whose logs the actor may see, for a rule that is being written.

    ``None`` when nothing was seen yet.
    """
    seen = seen_by_source(_seen_lately(actor, ROWS))
    return seen if seen.sources else None


def _seen_lately(actor: Actor, most: int) -> QuerySet[SeenLog]:
    rows: QuerySet[SeenLog] = SeenLog.objects.filter(visible(actor, SEE)).exclude(source__enabled=False)
    return rows.order_by("-saved_at", "-pk")[:most]
