"""Taking answers over from an older version of the norm, in one act."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, AnswerState, ControlAnswer
from brandwacht.baseline.queries.upgrades import Passage, passage
from brandwacht.baseline.services import keeping, reminders
from brandwacht.engines.norms import Step
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case


def take_over(actor: Actor, old_key: str, seen: str | None = None) -> int:
    """Take over what carries over from ``old_key`` into the present norm; returns how many answers that were.

    Each keeps its day and the name of who gave it. A question that has an answer keeps that one. ``seen`` is the
    fingerprint of what the person looked at; raises ``Refused`` when it changed since, or when nothing carries over.
    """
    with use_case(actor, "baseline.upgrade") as case:
        case.require(Owner(actor.organisation_id))
        step_by_step = passage(actor, old_key)
        if seen is not None and seen != step_by_step.fingerprint:
            raise Refused(_("De antwoorden zijn intussen gewijzigd. Bekijk de overgang nog een keer."))
        taking = step_by_step.taking
        if not taking:
            raise Refused(_("Er is niets om over te nemen."))
        rows = [_taken(actor, step_by_step, step) for step in taking]
        keeping.keep_new(rows)
        case.audit(rows[0], {"van": old_key, "naar": FRAMEWORK, "vragen": [row.control for row in rows]})
        reminders.after_answers(actor, rows)
    return len(rows)


def _taken(actor: Actor, found: Passage, step: Step) -> ControlAnswer:
    carried = step.carried
    assert carried is not None  # noqa: S101 - only such steps are taken
    sources = [found.rows[number] for number in step.sources]
    oldest = min(sources, key=lambda row: row.answered_at)
    origin = _("Overgenomen uit %(norm)s %(version)s: %(numbers)s.") % {
        "norm": found.old.title,
        "version": found.old.version,
        "numbers": ", ".join(row.control for row in sources),
    }
    return ControlAnswer(
        organisation_id=actor.organisation_id,
        framework=FRAMEWORK,
        control=step.control.number,
        state=AnswerState(carried.state),
        reason=f"{carried.reason}\n{origin}".strip(),
        evidence=_joined(sources, "evidence"),
        evidence_valid_to=carried.evidence_valid_to,
        risk_analysis=carried.risk_analysis[:200],
        design=carried.judgement.design,
        existence=carried.judgement.existence,
        operation=carried.judgement.operation,
        maturity=carried.judgement.maturity,
        answered_at=oldest.answered_at,
        answered_by=oldest.answered_by,
    )


def _joined(rows: list[ControlAnswer], field: str) -> str:
    return "\n".join(dict.fromkeys(text for row in rows if (text := getattr(row, field))))
