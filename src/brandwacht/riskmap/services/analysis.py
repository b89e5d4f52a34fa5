"""Long work on the map: asked for on a page, done by the worker with progress, kept with the map's fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog
from django.utils.translation import gettext as _

from brandwacht.engines.cascade import Budget, InvalidInput
from brandwacht.network import long_work
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import Analysis, AnalysisKind, AnalysisState, RiskMeasure
from brandwacht.riskmap.queries import planning as queries_planning
from brandwacht.riskmap.reckoning.spending import spend
from brandwacht.riskmap.reckoning.weak import weak_spots

log = structlog.get_logger(__name__)
KEPT: Final = 20
"""So many finished analyses of a kind are kept; risk plans hold what they used themselves."""
MOST_EUROS: Final = 1_000_000_000
MOST_YEARS: Final = 20
_KEEP = ("result", "map_fingerprint")
Clock = Callable[[], datetime]


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
        case.audit(row, {"soort": kind, "gevraagd": row.asked})
        analyse.enqueue(actor.organisation_code, str(row.public_id))
    return row


def run_analysis(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Do the work as Brandwacht itself; returns how it ended. Called by the worker."""
    organisation = Organisation.objects.get(code=organisation_code)
    actor = system_actor(organisation, clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        row = long_work.take(Analysis, public_id, clock())
        if row is None:
            return "niet nodig"
        try:
            row.result = _result(actor, row, clock)
        except InvalidInput as error:
            return long_work.end(row, AnalysisState.FAILED, " ".join(error.problems), clock(), *_KEEP)
        except Exception as error:
            told = _("Het doorrekenen ging mis (%(what)s).") % {"what": type(error).__name__}
            long_work.end(row, AnalysisState.FAILED, told, clock(), *_KEEP)
            raise
        return long_work.end(row, AnalysisState.DONE, "", clock(), *_KEEP)


def _result(actor: Actor, row: Analysis, clock: Clock) -> dict[str, Any]:
    owner_id = row.organisation_id
    register = mapping.load(actor, owner_id)
    row.map_fingerprint = register.fingerprint
    scales = queries_planning.scales_of(owner_id)
    scenarios = queries_planning.scenario_risks(owner_id, register, scales)
    told = -1

    def tell(done: int, total: int) -> None:
        """Write progress a hundred times at most: what is written is read every two seconds."""
        nonlocal told
        if done * 100 // max(total, 1) > told:
            told = done * 100 // max(total, 1)
            Analysis.objects.filter(pk=row.pk).update(done=done, total=total, seen_at=clock())

    if row.kind == AnalysisKind.WEAK:
        return weak_spots(register, scales, scenarios, tell)
    rows = list(RiskMeasure.objects.filter(organisation_id=owner_id).order_by("key"))
    budget = Budget(row.asked["amount"], row.asked["years"], row.asked["yearly"])
    return spend(register, rows, scales, scenarios, budget, tell)


def analyse_again(now: datetime) -> str:
    """Offer work whose worker died to a worker again."""
    from brandwacht.riskmap.tasks import analyse

    again = long_work.offer_again(Analysis, now, analyse.enqueue)
    return _("%(n)d keer doorrekenen opnieuw aangeboden") % {"n": again} if again else ""
