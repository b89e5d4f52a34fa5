"""Which rules can never fire on the sources of an organisation: judged by the worker, when rules or sources changed.

Judging thousands of rules takes seconds, so the outcome is kept, by rule and by source: pages read rows. Of one rule
the sources are told by judging it again (``queries.blindspots.sources_of``).
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.detection import RuleCoverage, SeenBySource, coverage
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.soc.models import BlindReason, BlindSpot, RuleReach, SeenLog, Severity
from brandwacht.soc.services.rule_rows import LEVELS
from brandwacht.soc.services.rulebook import LoadedRules, load_used, rulebook_stamp, watchers
from brandwacht.soc.services.seen import Wanted, read_seen

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
    rules = rulebook_stamp(actor).rules
    seen = list(counting(actor.organisation_id).values_list("pk", "number"))
    of_rules, of_seen = (hashlib.sha256(repr(part).encode()).hexdigest()[:32] for part in (rules, seen))
    if reach is not None:
        same_rules = reach.stamp[:32] == of_rules
        if same_rules and (reach.stamp[32:] == of_seen or actor.now - reach.judged_at < REST):
            return None
    return _Due(actor, of_rules + of_seen, rules)


def counting(owner_id: int) -> QuerySet[SeenLog]:
    """What was seen at an organisation in files and in sources that still send, in a fixed order."""
    rows: QuerySet[SeenLog] = SeenLog.objects.filter(organisation_id=owner_id).exclude(source__enabled=False)
    return rows.order_by("pk")


def seen_by_source(rows: QuerySet[SeenLog], wanted: Wanted | None = None) -> SeenBySource:
    """What each of these rows saw, by its key; read one by one, for a row may be long."""
    seen = SeenBySource()
    for pk, state in rows.values_list("pk", "state").iterator(chunk_size=20):
        seen.add(pk, read_seen(state, wanted))
    return seen


def _judge(due: _Due, used: LoadedRules) -> None:
    owner_id = due.actor.organisation_id
    rows = counting(owner_id)
    seen = seen_by_source(rows)
    judged = coverage(used.rules.values(), seen, used.correlations.values())
    titles = {each.rule_id: each.title for each in judged}
    levels = {rule.id: rule.level for rule in used.rules.values()}
    levels |= {each.id: each.level for each in used.correlations.values()}
    blind = {
        each.rule_id: BlindSpot(
            organisation_id=owner_id,
            watcher_id=used.owners[each.rule_id],
            rule_id=each.rule_id,
            title=each.title[:255],
            level=LEVELS.get(levels[each.rule_id], Severity.MEDIUM),
            reason=_reason(each),
            lacks=list(_lacks(each, titles)),
            able_at=len(each.able),
            blind_at=len(each.lacking),
        )
        for each in judged
        if each.verdict != "can_fire" or each.lacking
    }
    nowhere = sum(each.verdict != "can_fire" for each in judged)
    since = rows.aggregate(first=Min("since"))["first"]
    with transaction.atomic():
        reach, _made = RuleReach.objects.select_for_update(of=("self",)).get_or_create(
            organisation_id=owner_id,
            defaults={"stamp": "", "judged_at": due.actor.now, "since": due.actor.now},
        )
        reach.rules, reach.blind, reach.partly = len(judged), nowhere, len(blind) - nowhere
        _replace(owner_id, blind)
        _tell_sources(seen, judged, used.owners)
        reach.stamp, reach.judged_at = due.stamp, due.actor.now
        reach.events, reach.left_out = seen.events, seen.left_out
        reach.since = since or due.actor.now
        reach.save()


def _tell_sources(seen: SeenBySource, judged: Sequence[RuleCoverage], owners: Mapping[str, int]) -> None:
    """Write with each source how many rules can fire on it, and which are about what it brings and can not."""
    able: Counter[object] = Counter()
    blind: Counter[object] = Counter()
    why: dict[object, dict[tuple[int, tuple[str, ...]], list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in judged:
        able.update(each.able)
        blind.update(each.lacking.keys())
        for source, names in each.lacking.items():
            why[source][owners[each.rule_id], _shown(names)].append(each.rule_id)
    for pk in sorted(map(int, cast("set[int]", seen.sources))):
        lacks = [[owner, names, ids] for (owner, names), ids in why[pk].items()]
        SeenLog.objects.filter(pk=pk).update(able=able[pk], blind=blind[pk], lacks=lacks)


def _replace(owner_id: int, blind: dict[str, BlindSpot]) -> None:
    """Write what differs from the present rows: of thousands of blind spots mostly a few change."""
    facts = ("watcher_id", "title", "level", "reason", "lacks", "able_at", "blind_at")
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
    return BlindReason.RESTS_ON if each.blocked_by or not (each.missing or each.lacking) else BlindReason.FIELDS


def _lacks(each: RuleCoverage, titles: dict[str, str]) -> tuple[str, ...]:
    """The rules that it rests on, the fewest fields that it lacks, or those that it lacks on most sources first."""
    if each.blocked_by:
        return _shown([titles.get(rule_id, rule_id) for rule_id in each.blocked_by])
    most = Counter(name for names in each.lacking.values() for name in names)
    return _shown(each.missing or sorted(most, key=lambda name: (-most[name], name)))


def _shown(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name[:200] for name in names[:MOST_LACKS])
