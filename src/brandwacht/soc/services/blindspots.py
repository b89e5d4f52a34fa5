"""Which rules can never fire at an organisation: judged by the worker, whenever rules or what was seen changed.

Judging thousands of rules takes seconds, so the outcome is kept: pages read rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.detection import RuleCoverage, SeenFields, coverage
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.soc.models import BlindReason, BlindSpot, RuleReach, SeenLog, Severity
from brandwacht.soc.services.rule_import import LEVELS
from brandwacht.soc.services.rulebook import LoadedRules, load_used, rulebook_stamp, watchers
from brandwacht.soc.services.seen import read_seen

AT_ONCE: Final = 5
"""Organisations that are judged in one go; the others come the next minute."""
REST: Final = timedelta(minutes=10)
"""After judging, what is seen for the first time waits this long; other rules do not."""
MOST_LACKS: Final = 8


@dataclass(frozen=True, slots=True)
class _Due:
    """An organisation that is to be judged: by which rules, on which rows."""

    actor: Actor
    stamp: str
    rules: tuple[object, ...]
    rows: Sequence[SeenLog]


def judge_all(now: datetime) -> str:
    """Judge the organisations of which the rules, or what was seen, changed; the result says how many."""
    with every_owner():
        homes = list(Organisation.objects.filter(pk__in=SeenLog.objects.values("organisation_id")).order_by("pk"))
        known = {row.organisation_id: row for row in RuleReach.objects.all()}
    homes.sort(key=lambda home: known[home.pk].judged_at.timestamp() if home.pk in known else 0.0)
    loaded: dict[tuple[object, ...], LoadedRules] = {}
    done = 0
    for home in homes:
        actor = system_actor(home, now, "werker")
        with tenancy_scope(actor.tenancy()):
            due = _due(actor, known.get(home.pk))
            if due is None:
                continue
            if due.rules not in loaded:
                loaded[due.rules] = load_used(watchers(actor))
            _judge(due, loaded[due.rules])
        done += 1
        if done == AT_ONCE:
            break
    return _("blinde vlekken bij %(n)d organisatie(s) bepaald") % {"n": done} if done else ""


def _due(actor: Actor, reach: RuleReach | None) -> _Due | None:
    rows = list(counting(actor.organisation_id).defer("state"))
    rules = rulebook_stamp(actor).rules
    seen = [(row.pk, row.number) for row in rows]
    of_rules, of_seen = (hashlib.sha256(repr(part).encode()).hexdigest()[:32] for part in (rules, seen))
    if reach is not None:
        same_rules = reach.stamp[:32] == of_rules
        if same_rules and (reach.stamp[32:] == of_seen or actor.now - reach.judged_at < REST):
            return None
    return _Due(actor, of_rules + of_seen, rules, list(counting(actor.organisation_id)))


def counting(owner_id: int) -> QuerySet[SeenLog]:
    """What was seen at an organisation in files and in sources that still send, in a fixed order."""
    rows: QuerySet[SeenLog] = SeenLog.objects.filter(organisation_id=owner_id).exclude(source__enabled=False)
    return rows.order_by("pk")


def seen_together(rows: Iterable[SeenLog]) -> SeenFields:
    """What these rows saw, together."""
    seen = SeenFields()
    for row in rows:
        seen.merge(read_seen(row.state))
    return seen


def _judge(due: _Due, used: LoadedRules) -> None:
    seen = seen_together(due.rows)
    judged = coverage(used.rules.values(), seen, used.correlations.values())
    titles = {each.rule_id: each.title for each in judged}
    levels = {rule.id: rule.level for rule in used.rules.values()}
    levels |= {each.id: each.level for each in used.correlations.values()}
    owner_id = due.actor.organisation_id
    blind = {
        each.rule_id: BlindSpot(
            organisation_id=owner_id,
            watcher_id=used.owners[each.rule_id],
            rule_id=each.rule_id,
            title=each.title[:255],
            level=LEVELS.get(levels[each.rule_id], Severity.MEDIUM),
            reason=_reason(each),
            lacks=_lacks(each, titles),
        )
        for each in judged
        if each.verdict != "can_fire"
    }
    with transaction.atomic():
        reach, _made = RuleReach.objects.select_for_update(of=("self",)).get_or_create(
            organisation_id=owner_id,
            defaults={"stamp": "", "judged_at": due.actor.now, "since": due.actor.now},
        )
        _replace(owner_id, blind)
        reach.stamp, reach.judged_at = due.stamp, due.actor.now
        reach.rules, reach.blind = len(judged), len(blind)
        reach.events, reach.left_out = sum(kind.events for kind in seen.kinds.values()), seen.left_out
        reach.since = min((row.since for row in due.rows), default=due.actor.now)
        reach.save()


def _replace(owner_id: int, blind: dict[str, BlindSpot]) -> None:
    """Write what differs from the present rows: of thousands of blind spots mostly a few change."""
    facts = ("watcher_id", "title", "level", "reason", "lacks")
    gone = []
    for row in BlindSpot.objects.filter(organisation_id=owner_id):
        new = blind.get(row.rule_id)
        if new is None or any(getattr(new, name) != getattr(row, name) for name in facts):
            gone.append(row.pk)
        else:
            del blind[row.rule_id]
    for start in range(0, len(gone), 500):
        BlindSpot.objects.filter(pk__in=gone[start : start + 500]).delete()
    BlindSpot.objects.bulk_create(blind.values(), batch_size=200)


def _reason(each: RuleCoverage) -> BlindReason:
    if each.verdict == "unseen":
        return BlindReason.UNSEEN
    if each.verdict == "no_log_source":
        return BlindReason.NO_PLACE
    return BlindReason.RESTS_ON if each.blocked_by or not each.missing else BlindReason.FIELDS


def _lacks(each: RuleCoverage, titles: dict[str, str]) -> list[str]:
    names = tuple(titles.get(rule_id, rule_id) for rule_id in each.blocked_by) or each.missing
    return [name[:200] for name in names[:MOST_LACKS]]
