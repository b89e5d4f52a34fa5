"""How correlations stand: what they hold, what they wait for, what they let go.

Only the part of the state that is about one correlation is read; it may be hundreds of kilobytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.engines.detection import Correlation, CorrelationState, Correlator, OpenGroup, OutdatedForm
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible
from brandwacht.soc.models import CorrelationMemory, RuleKind, SigmaRule
from brandwacht.soc.services.correlations import LIMITS
from brandwacht.soc.services.rulebook import load_used, watchers_of

SEE: Final = "soc.sources.see"
GROUPS: Final = 50
"""Open groups that are shown."""
LATE: Final = timedelta(minutes=5)
"""So long after its time a group may still get an event that was under way."""

_COUNTED: Final = ("evictions", "expired", "dropped", "late", "incomplete", "untimed", "absorbed")


@dataclass(frozen=True, slots=True)
class Counters:
    """What a correlation let go or could not use at one organisation, since it was first watched there.

    ``lag`` is how far its newest record is behind the newest event that any correlation took in.
    """

    organisation: Organisation
    saved_at: datetime
    evictions: int = 0
    expired: int = 0
    dropped: int = 0
    late: int = 0
    incomplete: int = 0
    untimed: int = 0
    absorbed: int = 0
    lag: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open group and what it waits for, as a sentence."""

    group: OpenGroup
    waits_for: str

    @property
    def shown(self) -> str:
        """What its records have in common."""
        return ", ".join(f"{name} = {value}" for name, value in self.group.group.items())


@dataclass(frozen=True, slots=True)
class Standing:
    """How one correlation stands at one organisation: the first ``GROUPS`` of its ``open`` groups.

    ``past`` groups are held still, but their time is over.
    """

    state: CorrelationState | None = None
    groups: Sequence[Waiting] = field(default_factory=list)
    open: int = 0
    past: int = 0


def counters(actor: Actor, rule: SigmaRule) -> list[Counters]:
    """What a correlation let go, by organisation where it watched. One query."""
    part = _part(rule.rule_id)
    rows = _memories(actor).annotate(
        counts=KeyTransform("counters", part), mine=KeyTransform("newest", part), all=KeyTransform("newest", "state")
    )
    found = []
    for row in rows.defer("state").order_by("organisation__name"):
        if isinstance(row.counts, dict):
            counts = {name: int(row.counts.get(name, 0)) for name in _COUNTED}
            found.append(Counters(row.organisation, row.saved_at, **counts, lag=_lag(row.mine, row.all)))
    return found


def _memories(actor: Actor) -> QuerySet[CorrelationMemory]:
    rows: QuerySet[CorrelationMemory] = CorrelationMemory.objects.filter(visible(actor, SEE))
    return rows.select_related("organisation")


def _part(rule_id: str) -> KeyTransform:
    return KeyTransform(rule_id, KeyTransform("correlations", "state"))


def _lag(mine: object, newest: object) -> timedelta | None:
    if not isinstance(mine, int) or not isinstance(newest, int):
        return None
    return timedelta(microseconds=max(0, newest - mine))


def standing(actor: Actor, correlation: Correlation, owner_id: int, titles: Mapping[str, str]) -> Standing:
    """How a correlation stands at one organisation; ``titles`` names the rules that it rests on."""
    rows = _memories(actor).filter(organisation_id=owner_id)
    read = rows.values_list(_part(correlation.id), KeyTransform("newest", "state")).first()
    if read is None or not isinstance(read[0], dict):
        return Standing()
    # What a correlation keeps depends on those that rest on it: the state is read with all that watch there.
    others = load_used(watchers_of(owner_id, actor.now), RuleKind.CORRELATION).correlations
    correlator = Correlator(list({**others, correlation.id: correlation}.values()), (), limits=LIMITS)
    try:
        anew = correlator.restore({"form": 1, "newest": read[1], "correlations": {correlation.id: read[0]}})
    except OutdatedForm:
        return Standing()
    if correlation.id in anew:
        return Standing()
    held = correlator.open_groups(correlation.id, LIMITS.groups)
    groups = [group for group in held if group.whole or group.until + LATE >= actor.now]
    told = [Waiting(group, waits_for(correlation, group, titles)) for group in groups[:GROUPS]]
    return Standing(correlator.state()[correlation.id], told, len(groups), len(held) - len(groups))


def waits_for(correlation: Correlation, group: OpenGroup, titles: Mapping[str, str]) -> str:
    """What must still happen for this group to make the correlation true."""
    if group.whole:
        return _("tot zijn tijd om is; dan wordt geteld")
    missing = [titles.get(rule, rule) for rule in dict.fromkeys(correlation.rules) if rule not in group.rules]
    if correlation.kind.startswith("temporal"):
        if missing:
            return _("een gebeurtenis van: %(rules)s") % {"rules": "; ".join(missing)}
        return _("dezelfde regels in de goede volgorde")
    least = max((number + (op == "gt") for op, number in correlation.checks if op in ("gt", "gte")), default=0)
    lacks = max(1, round(least - group.number))
    if correlation.kind == "value_count":
        return ngettext("nog %(n)d andere waarde", "nog %(n)d andere waarden", lacks) % {"n": lacks}
    if correlation.kind == "event_count":
        return ngettext("nog %(n)d gebeurtenis", "nog %(n)d gebeurtenissen", lacks) % {"n": lacks}
    return _("tot de som %(n)s hoger is") % {"n": f"{least - group.number:g}".replace(".", ",")}


def titles_of(actor: Actor, correlation: Correlation) -> dict[str, tuple[str, Any]]:
    """The title and public id of the rules that a correlation rests on, those of the actor's organisation."""
    rows = SigmaRule.objects.filter(visible(actor, "soc.rules.see"), rule_id__in=correlation.rules)
    return {rule_id: (title, pk) for rule_id, title, pk in rows.values_list("rule_id", "title", "public_id")}
