"""What applies: answering a government measure, and deciding which level a process asks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, AnswerState, GovernmentAnswer, LevelBasis, ProcessLevel
from brandwacht.engines import norms
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case


def answer_government(actor: Actor, number: str, *, state: str, reason: str = "") -> GovernmentAnswer:
    """Answer one government measure (``number`` such as 5.01.02) for the actor's own organisation.

    Raises ``NotFound`` for a number that the norm does not have and ``Refused``, on the field, for what the norm does
    not allow: its risk is never accepted, and "niet van toepassing" takes a reason.
    """
    with use_case(actor, "baseline.government") as case:
        case.require(Owner(actor.organisation_id))
        if state not in AnswerState.values:
            raise Refused(_("Kies een van de antwoorden."), "state")
        framework = norms.load_framework(FRAMEWORK)
        try:
            control, _measure = norms.find_measure(framework, number)
            said = norms.GovernmentAnswer(number, norms.State(state), timezone.localdate(actor.now), reason)
            norms.check_government_answer(framework, said)
        except norms.UnknownControl as error:
            raise NotFound from error
        except norms.RefusedByNorm as error:
            raise Refused(str(error), error.part) from error
        before = queries.government_answers(actor, actor.organisation_id, [control.number]).get(number)
        answer = GovernmentAnswer(
            organisation_id=actor.organisation_id,
            framework=FRAMEWORK,
            control=control.number,
            number=number,
            state=state,
            reason=reason.strip(),
            answered_at=actor.now,
            answered_by=actor.name,
        )
        answer.save()
        case.audit(
            answer, {"overheidsmaatregel": number, "van": before.state if before else AnswerState.OPEN, "naar": state}
        )
    return answer


def decide_level(
    actor: Actor,
    process: Any,
    *,
    given: Mapping[str, str] | None = None,
    level: int | None = None,
    risk_analysis: str = "",
    note: str = "",
) -> ProcessLevel:
    """Decide which level of protection a process of the own organisation asks; earlier decisions are kept.

    ``process`` is its public id. ``given`` holds the choices of the test by question. Without ``level`` the outcome
    of the test decides; a lower one, or one without the test, rests on a risk analysis. Raises ``NotFound`` or
    ``Refused``.
    """
    with use_case(actor, "baseline.level") as case:
        case.require(Owner(actor.organisation_id))
        node = queries.process(actor, process)
        try:
            outcome = norms.judge_level(norms.load_level_test(), given) if given else None
            chosen = level or (outcome.level if outcome else None)
            if chosen is None:
                raise Refused(_("Beantwoord de vragen, of kies een niveau met een risicoanalyse."), "level")
            norms.check_level(chosen, outcome, risk_analysis, note)
        except norms.RefusedByNorm as error:
            raise Refused(str(error), error.part) from error
        by_test = outcome is not None and chosen == outcome.level
        decided = ProcessLevel(
            organisation_id=actor.organisation_id,
            process_ref=node.public_id,
            level=chosen,
            basis=LevelBasis.TEST if by_test else LevelBasis.ANALYSIS,
            given=dict(given or {}),
            risk_analysis=risk_analysis.strip()[:200],
            note=note.strip(),
            analysis_needed=outcome is not None and outcome.analysis_needed and not risk_analysis.strip(),
            decided_at=actor.now,
            decided_by=actor.name,
        )
        decided.save()
        case.audit(decided, {"proces": node.key, "niveau": chosen, "op grond van": decided.basis})
    return decided
