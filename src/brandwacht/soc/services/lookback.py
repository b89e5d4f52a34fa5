"""Looking back: a rule or a list of indicators held against the stored events, day by day, by a worker.

A step is one day of one organisation. What a step found and the number of steps done are one transaction, so that a
worker that was killed goes on exactly there. What is found at an organisation is kept with that organisation.

A correlation remembers what came before, so that it gets an organisation's days in order of time. What it remembers is
not kept: who goes on halfway leads it through the days that were done once more, without telling what it finds there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from brandwacht.engines.detection import Event, Match
from brandwacht.network import long_work
from brandwacht.network.actor import ACT, Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner, owners
from brandwacht.network.tenancy import owner_scope, tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import IndicatorList, ListState, LookBack, LookBackResult, LookState, RuleKind, SigmaRule
from brandwacht.soc.services.kept_events import storable
from brandwacht.soc.services.lookback_alerts import file_hits
from brandwacht.soc.services.lookback_finding import Finder, Hit, Together, finder_of, finder_of_rule
from brandwacht.soc.services.rule_import import Stopped
from brandwacht.soc.services.rulebook import watchers_of
from brandwacht.soc.services.stored import Scan, event_scan, scan_one

DAYS: Final = 30
MOST_DAYS: Final = 90
EXAMPLES: Final = 10
MOST_HOSTS: Final = 500
"""Hosts that are counted by name; the rest is counted together."""
OTHER_HOSTS: Final = "…"
BATCH: Final = 500
"""Events that are looked through together."""
EVERY: Final = 10
"""Batches between two looks at whether somebody asked to stop."""
LONGEST: Final = timedelta(hours=2)

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Part:
    """What one step found."""

    events: int = 0
    matches: int = 0
    hosts: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, Any]] = field(default_factory=list)
    hits: list[tuple[Event, datetime, Sequence[Match]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Step:
    code: str
    since: datetime
    until: datetime


def try_rule(
    actor: Actor, public_id: Any, *, days: int = DAYS, codes: Sequence[str] = (), text: str | None = None
) -> LookBack:
    """Ask a worker what a rule would have matched in the last days, over the organisations with these codes.

    Without codes: all for which the actor may look back. ``text`` tries another text of the rule than the present one.
    Raises ``Refused`` when the rule can not be used, or no events are kept.
    """
    with use_case(actor, "soc.rules.import") as case:
        rule = case.get(SigmaRule, public_id, see="soc.rules.see")
        tried = rule.source if text is None else text
        if text is None and not rule.usable:
            raise Refused(_("Deze regel is niet te gebruiken, dus ook niet te proberen."))
        row = LookBack(rule=rule, title=rule.title, text=tried, version=rule.version)
        finder_of_rule(row)
        return _start(case, row, days, codes)


def search_list(
    actor: Actor, public_id: Any, *, days: int = DAYS, codes: Sequence[str] = (), file_alerts: bool = True
) -> LookBack:
    """Ask a worker to look for a list of indicators in the stored events. Raises ``Refused``.

    With ``file_alerts`` what is found becomes part of the alerts of its own time, at the organisations where the actor
    may act.
    """
    with use_case(actor, "soc.lists.change") as case:
        row = case.get(IndicatorList, public_id, see="soc.lists.see")
        if row.state == ListState.ENDED or row.valid_until <= actor.now:
            raise Refused(_("Deze lijst werkt niet meer. Vernieuw haar eerst."))
        title = row.name
        return _start(
            case, LookBack(indicators=row, title=title, version=row.version, file_alerts=file_alerts), days, codes
        )


def _start(case: Any, row: LookBack, days: int, codes: Sequence[str]) -> LookBack:
    from brandwacht.soc.tasks import look_back

    actor: Actor = case.actor
    if event_scan() is None:
        raise Refused(_("Er worden nog geen gebeurtenissen bewaard, dus er is niets om in terug te kijken."))
    chosen = _chosen(actor, codes)
    for organisation in chosen:
        case.require(Owner(organisation.pk), "soc.look-back")
    row.organisation_id = actor.organisation_id
    row.until = actor.now
    first = (actor.now - timedelta(days=min(max(days, 1), MOST_DAYS))).astimezone(UTC)
    row.since = first.replace(hour=0, minute=0, second=0, microsecond=0)
    row.owner_codes = [organisation.code for organisation in chosen]
    row.steps = len(_steps(row))
    row.started_by, row.started_at, row.seen_at = actor.name, actor.now, actor.now
    running = LookBack.objects.filter(
        organisation_id=actor.organisation_id, state__in=[LookState.WAITING, LookState.RUNNING],
        rule=row.rule, indicators=row.indicators,
    )  # fmt: skip
    if running.exists():
        raise Refused(_("Dit wordt al gezocht. Wacht tot dat klaar is, of stop het."))
    row.save()
    case.audit(row, {"terugkijken": row.title, "dagen": days, "bij": row.owner_codes})
    for organisation in chosen:
        if organisation.pk != actor.organisation_id:
            _tell_owner(case, row, organisation.pk)
    look_back.enqueue(actor.organisation_code, str(row.public_id))
    return row


def _tell_owner(case: Any, row: LookBack, organisation_id: int) -> None:
    """The search stands in the chain of whose events are searched; not with what, for that is not theirs to see."""
    result = LookBackResult(organisation_id=organisation_id, look_back=row.public_id)
    result.save()
    detail = {"vanaf": row.since.isoformat(), "tot": row.until.isoformat(), "soort": "regel" if row.rule else "lijst"}
    case.audit(result, detail, "soc.look-back")


def _chosen(actor: Actor, codes: Sequence[str]) -> list[Organisation]:
    reach = Organisation.objects.filter(pk__in=sorted(owners(actor, "soc.look-back"))).order_by("code")
    chosen = list(reach.filter(code__in=list(codes)) if codes else reach)
    if not chosen:
        raise Refused(_("Kies minstens één organisatie waar u mag zoeken."), "organisations")
    return chosen


def _steps(row: LookBack) -> list[_Step]:
    """The days of every organisation, the latest day first, so that what is fresh is found first.

    Of a correlation the days of one organisation after another, the first day first.
    """
    starts = []
    start = row.since
    while start < row.until:
        starts.append(start)
        start += timedelta(days=1)
    codes = sorted(row.owner_codes)
    if row.rule is not None and row.rule.kind == RuleKind.CORRELATION:
        days = [(start, code) for code in codes for start in starts]
    else:
        days = [(start, code) for start in reversed(starts) for code in codes]
    return [_Step(code, start, min(start + timedelta(days=1), row.until)) for start, code in days]


def stop_look_back(actor: Actor, public_id: Any) -> LookBack:
    """Ask a running look back to stop; what it found stays."""
    with use_case(actor, "soc.rules.import") as case:
        row = case.get(LookBack, public_id, see="soc.rules.see")
        if row.state not in long_work.BUSY:
            raise Refused(_("Dit zoeken is al afgelopen."))
        row.stop = True
        row.save(update_fields=["stop"])
        case.audit(row, {"terugkijken": row.title, "gestopt": True})
    return row


def run_look_back(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Do the work of a look back as Brandwacht itself; returns how it ended. Called by the worker."""
    organisation = Organisation.objects.get(code=organisation_code)
    actor = system_actor(organisation, clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        row = long_work.take(LookBack, public_id, clock())
        if row is None:
            return "niet nodig"
        try:
            reason = _run(row, clock)
        except Stopped:
            return long_work.end(
                row, LookState.STOPPED, _("Gestopt; wat tot dan toe is gevonden, staat hieronder."), clock()
            )
        except Refused as error:
            return long_work.end(row, LookState.FAILED, error.message, clock())
        except Exception as error:
            long_work.end(
                row, LookState.FAILED, _("Het zoeken ging mis (%(what)s).") % {"what": type(error).__name__}, clock()
            )
            raise
        return long_work.end(row, LookState.DONE, reason, clock())


def _run(row: LookBack, clock: Clock) -> str:
    """All steps that are left; returns what is to be said: who no longer wants this, where it was too much."""
    scan = event_scan()
    if scan is None:
        raise Refused(_("Er worden nog geen gebeurtenissen bewaard, dus er is niets om in terug te kijken."))
    began = clock()
    skipped: set[str] = set()
    too_much: set[str] = set()
    homes = {found.code: found for found in Organisation.objects.filter(code__in=row.owner_codes)}
    finders: dict[str, Finder | None] = {}
    steps = _steps(row)
    for number, step in enumerate(steps[row.step :], start=row.step):
        now = clock()
        if now - began > LONGEST:
            raise Refused(_("Na twee uur gestopt. Kies minder dagen of minder organisaties."))
        home = homes[step.code]
        if row.organisation_id not in watchers_of(home.pk, now):
            skipped.add(step.code)
            _next(row, 0, now)
            continue
        if step.code not in finders:
            made = finder_of(row, home)
            if isinstance(made, Together):
                finders.clear()  # of one organisation at a time
                for done in steps[:number]:
                    if done.code == step.code:
                        _search(row, scan, done, made, clock)
            finders[step.code] = made
        finder = finders[step.code]
        part = _search(row, scan, step, finder, clock) if finder else Part()
        if isinstance(finder, Together) and finder.let_go:
            too_much.add(step.code)
        _account(row, home, part, clock())
    told = []
    if skipped:
        what = _("Overgeslagen, want het mandaat is beëindigd: %(codes)s.")
        told.append(what % {"codes": ", ".join(sorted(skipped))})
    if too_much:
        what = _("Bij %(codes)s was er te veel om te onthouden. Daar kunnen treffers ontbreken.")
        told.append(what % {"codes": ", ".join(sorted(too_much))})
    return " ".join(told)


def _search(row: LookBack, scan: Scan, step: _Step, finder: Finder, clock: Clock) -> Part:
    part = Part()
    rows = scan_one(scan, step.code, step.since, step.until, None)
    batches = iter(lambda: list(islice(rows, BATCH)), [])
    for number, batch in enumerate(batches, start=1):
        part.events += len(batch)
        for hit in finder.find(batch):
            _note(part, hit, keep=row.file_alerts)
        if number % EVERY == 0:
            LookBack.objects.filter(pk=row.pk).update(seen_at=clock())
            _heed(row)
    for hit in finder.close(step.until):
        _note(part, hit, keep=False)
    _heed(row)
    return part


def _heed(row: LookBack) -> None:
    if LookBack.objects.filter(pk=row.pk, stop=True).exists():
        raise Stopped


def _note(part: Part, hit: Hit, *, keep: bool) -> None:
    part.matches += 1
    host = str(storable(hit.host))[:120] or _("onbekend")
    _count(part.hosts, host, 1)
    part.days[hit.time.astimezone(UTC).date().isoformat()] += 1
    if len(part.examples) < EXAMPLES:
        matched = {name: value for match in hit.matches for name, value in match.matched.items()}
        because = [reason for match in hit.matches for reason in match.because]
        part.examples.append(
            {
                "time": hit.time.isoformat(),
                "host": host,
                "matched": {str(storable(name))[:120]: str(storable(value))[:500] for name, value in matched.items()},
                "because": [str(storable(reason))[:500] for reason in because[:EXAMPLES]],
            }
        )
    if keep and hit.event is not None:
        part.hits.append((hit.event, hit.time, hit.matches))
        del part.hits[MOST_HOSTS:]


def _count(hosts: Counter[str], host: str, number: int) -> None:
    hosts[host if host in hosts or len(hosts) < MOST_HOSTS else OTHER_HOSTS] += number


def _account(row: LookBack, home: Organisation, part: Part, now: datetime) -> None:
    """Keep what a step found with the organisation, and that the step is done: in one transaction."""
    with transaction.atomic(), owner_scope(row.organisation_id, home.pk):
        if part.events or part.matches:
            result, _made = LookBackResult.objects.select_for_update().get_or_create(
                organisation_id=home.pk, look_back=row.public_id
            )
            _merge(result, part)
            if part.hits and _may_file(row, home, now):
                file_hits(row, result, home, part.hits, now)
            result.save()
        _next(row, part.events, now)


def _merge(result: LookBackResult, part: Part) -> None:
    result.events += part.events
    result.matches += part.matches
    hosts, days = Counter(result.hosts), Counter(result.days)
    for host, number in part.hosts.items():
        _count(hosts, host, number)
    days.update(part.days)
    result.hosts, result.days = dict(hosts), dict(days)
    result.examples = [*result.examples, *part.examples][:EXAMPLES]


def _may_file(row: LookBack, home: Organisation, now: datetime) -> bool:
    """Whether what is found at this organisation may become alerts: its owner, or a mandate to act."""
    if home.pk == row.organisation_id:
        return True
    watcher = system_actor(Organisation.objects.get(pk=row.organisation_id), now, "werker")
    return any(grant.owner_id == home.pk and ACT in grant.may for grant in watcher.grants)


def _next(row: LookBack, events: int, now: datetime) -> None:
    row.step += 1
    row.events += events
    row.seen_at = now
    row.save(update_fields=["step", "events", "seen_at"])


def look_again(now: datetime) -> str:
    """Offer look backs whose worker died to a worker again."""
    from brandwacht.soc.tasks import look_back

    again = long_work.offer_again(LookBack, now, look_back.enqueue)
    return _("%(n)d keer terugkijken opnieuw aangeboden") % {"n": again} if again else ""
