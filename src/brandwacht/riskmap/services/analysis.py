"""Long work on the map: asked for on a page, done by the worker with progress, kept with the map's fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import Budget, InvalidInput
from brandwacht.network import long_work
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.riskmap import mapping
from brandwacht.riskmap.cascades import over_borders
from brandwacht.riskmap.models import Analysis, AnalysisKind, AnalysisState, RiskMeasure
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning.spending import spend
from brandwacht.riskmap.reckoning.weak import Tell, weak_spots

log = structlog.get_logger(__name__)
KEPT: Final = 20
"""So many finished analyses of a kind are kept; risk plans hold what they used themselves."""
MOST_EUROS: Final = 1_000_000_000
MOST_YEARS: Final = 20
TELL_EVERY: Final = timedelta(seconds=1)
"""At least so often, where the work lets it, progress is kept and somebody who wants to stop is heard."""
_KEEP = ("result", "map_fingerprint")
Clock = Callable[[], datetime]
Keep = Callable[[], dict[str, Any]]
"""Keeps what was worked out beside the analysis, if anything, and gives its result; within one transaction."""


class Stopped(Exception):
    """Somebody no longer wants the outcome."""


def ask_weak_spots(actor: Actor) -> Analysis:
    """Ask the worker for the weak spots of the own map."""
    return _ask(actor, AnalysisKind.WEAK, {})


def ask_budget(actor: Actor, *, amount: int, years: int, yearly: int | None) -> Analysis:
    """Ask the worker what a budget is best spent on; whole euros over ``years``, at most ``yearly`` of yearly costs."""
    if not 0 <= amount <= MOST_EUROS:
        raise Refused(_("Vul een budget in van 0 tot 1 miljard euro."), "amount")
    if not 1 <= years <= MOST_YEARS:
        raise Refused(_("Kies 1 tot en met 20 jaar."), "years")
    if yearly is not None and not 0 <= yearly <= MOST_EUROS:
        raise Refused(_("Vul jaarlijkse kosten in van 0 tot 1 miljard euro, of laat dit leeg."), "yearly")
    return _ask(actor, AnalysisKind.BUDGET, {"amount": amount, "years": years, "yearly": yearly})


def ask_border(actor: Actor, outages: Sequence[Mapping[str, Any]], *, horizon: int, title: str) -> Analysis:
    """Ask the worker for a cascade together with the neighbours; its result names the run. Raises ``Refused``."""
    with use_case(actor, "riskmap.run") as case:
        case.require(Owner(actor.organisation_id))
        over_borders.question(actor, outages, horizon)  # what can not be played is told at once
        asked = {"outages": list(outages), "horizon": horizon, "title": title, "user": actor.user_id}
        return _ask(actor, AnalysisKind.BORDER, asked)


def stop(actor: Actor, public_id: Any) -> Analysis:
    """End work that waits or runs; nothing of it is kept. Raises ``Refused`` when it is over."""
    with use_case(actor, "riskmap.analyse") as case:
        row = case.get(Analysis, public_id, see="riskmap.see")
        if row.state not in long_work.BUSY:
            raise Refused(_("Dit doorrekenen is al afgelopen."))
        long_work.end(row, AnalysisState.STOPPED, _("Gestopt door %(name)s.") % {"name": actor.name}, actor.now)
        case.audit(row, {"soort": row.kind, "gestopt": True})
    return row


def _ask(actor: Actor, kind: AnalysisKind, asked: Mapping[str, Any]) -> Analysis:
    from brandwacht.riskmap.tasks import analyse

    with use_case(actor, "riskmap.analyse") as case:
        case.require(Owner(actor.organisation_id))
        own = Analysis.objects.filter(organisation_id=actor.organisation_id, kind=kind)
        if own.filter(state__in=long_work.BUSY, seen_at__gt=actor.now - long_work.STALE).exists():
            raise Refused(_("Dit wordt al doorgerekend. Wacht tot het klaar is."))
        if (
            kind == AnalysisKind.BUDGET
            and not RiskMeasure.objects.filter(organisation_id=actor.organisation_id).exists()
        ):
            raise Refused(_("Neem eerst maatregelen op. Dan is er iets om uit te kiezen."), "amount")
        row = Analysis(
            organisation_id=actor.organisation_id, kind=kind, asked=dict(asked), asked_by=actor.name,
            asked_at=actor.now, seen_at=actor.now,
        )  # fmt: skip
        row.save()
        kept = own.order_by("-asked_at", "-pk").values_list("pk", flat=True)[:KEPT]
        own.exclude(pk__in=list(kept)).delete()
        case.audit(row, {"soort": kind, "gevraagd": {key: value for key, value in asked.items() if key != "user"}})
        analyse.enqueue(actor.organisation_code, str(row.public_id))
    return row


def run_analysis(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Do the work and keep what came of it; returns how it ended. Called by the worker."""
    organisation = Organisation.objects.get(code=organisation_code)
    actor = system_actor(organisation, clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        row = long_work.take(Analysis, public_id, clock())
        if row is None:
            return "niet nodig"
        try:
            if row.kind == AnalysisKind.BORDER:
                keep = _over_border(row, organisation, clock)
            else:
                keep = _on_the_map(actor, row, clock)
            with transaction.atomic():
                if not _running(row).select_for_update():
                    raise Stopped
                row.result = keep()
                return long_work.end(row, AnalysisState.DONE, "", clock(), *_KEEP)
        except Stopped:
            return AnalysisState.STOPPED
        except (InvalidInput, Refused, Denied) as error:
            told = " ".join(error.problems) if isinstance(error, InvalidInput) else str(error)
            return long_work.end(row, AnalysisState.FAILED, told, clock(), *_KEEP)
        except Exception as error:
            told = _("Het doorrekenen ging mis (%(what)s).") % {"what": type(error).__name__}
            long_work.end(row, AnalysisState.FAILED, told, clock(), *_KEEP)
            raise


def _running(row: Analysis) -> QuerySet[Analysis]:
    """The row, unless somebody stopped it."""
    return Analysis.objects.filter(pk=row.pk, state=AnalysisState.RUNNING)


def _teller(row: Analysis, clock: Clock) -> Tell:
    told, at = -1, clock()

    def tell(done: int, total: int) -> None:
        """Keep progress, at most once per hundredth or `TELL_EVERY`. Raises ``Stopped``."""
        nonlocal told, at
        part, now = done * 100 // max(total, 1), clock()
        if part > told or now - at >= TELL_EVERY:
            told, at = part, now
            if not _running(row).update(done=done, total=total, seen_at=now):
                raise Stopped

    return tell


def _on_the_map(actor: Actor, row: Analysis, clock: Clock) -> Keep:
    """Weak spots or a budget, as Brandwacht itself."""
    owner_id, tell = row.organisation_id, _teller(row, clock)
    register = mapping.load(actor, owner_id)
    row.map_fingerprint = register.fingerprint
    scales = queries_planning.scales_of(owner_id)
    scenarios = queries_planning.scenario_risks(owner_id, register, scales)
    if row.kind == AnalysisKind.WEAK:
        found = weak_spots(register, scales, scenarios, tell)
    else:
        rows = list(RiskMeasure.objects.filter(organisation_id=owner_id).order_by("key"))
        budget = Budget(row.asked["amount"], row.asked["years"], row.asked["yearly"])
        found = spend(register, rows, scales, scenarios, budget, tell)
    return lambda: found


def _over_border(row: Analysis, organisation: Organisation, clock: Clock) -> Keep:
    """A cascade over a border, for the person who asked and with the rights and grants that this person has now."""
    actor = long_work.asker(row.asked["user"], row.asked_by, organisation, clock())
    tell, hours = _teller(row, clock), -(-row.asked["horizon"] // 60)

    def keep() -> dict[str, Any]:
        over_borders.keep(actor, question, run)
        return {"run": str(run.public_id)}

    with tenancy_scope(actor.tenancy()):
        question = over_borders.question(actor, row.asked["outages"], row.asked["horizon"])
        row.map_fingerprint = question.register.fingerprint
        run = over_borders.work_out(
            actor, question, title=row.asked["title"], started_at=row.asked_at,
            told=lambda minute: tell(max(minute, 0) // 60, hours),
        )  # fmt: skip
    return keep


def analyse_again(now: datetime) -> str:
    """Offer work whose worker died to a worker again."""
    from brandwacht.riskmap.tasks import analyse

    again = long_work.offer_again(Analysis, now, analyse.enqueue)
    return _("%(n)d keer doorrekenen opnieuw aangeboden") % {"n": again} if again else ""
