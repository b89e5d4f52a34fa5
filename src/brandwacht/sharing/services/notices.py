"""The use cases of notices: acknowledge one, and say how far the repair is."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.engines.intel.advisories import Urgency
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.sharing.models import AdvisoryNotice, RepairState
from brandwacht.sharing.policies.advisories import HANDLE_NOTICE, SEE_NOTICE
from brandwacht.sharing.services.notice_actions import renew_action
from brandwacht.sharing.tasks.advisories import calm_cert
from brandwacht.sharing.terms import notice_rules

LONGEST_REASON: Final = 300
NEEDS_REASON: Final = (RepairState.ACCEPTED, RepairState.NOT_OURS)


def acknowledge(actor: Actor, public_id: Any) -> AdvisoryNotice:
    """The organisation has read the notice; what remains is the repair, with a term of its own. Twice counts once."""
    with use_case(actor, HANDLE_NOTICE) as case:
        notice: AdvisoryNotice = case.get(AdvisoryNotice, public_id, see=SEE_NOTICE)
        _refuse_ended(notice)
        if notice.acknowledged_at is not None:
            return notice
        was_late = _acknowledge(notice, actor)
        notice.add_step(actor.now, actor.name, _("De melding is bevestigd."))
        _keep(case, notice, {"nummer": notice.key, "bevestigd": True}, calm=was_late)
    return notice


def set_repair(actor: Actor, public_id: Any, state: str, why: str = "") -> AdvisoryNotice:
    """Say how far the repair is; that also acknowledges it. Raises ``Refused`` on the field that is wrong.

    "Aanvaard" and "geldt niet voor ons" need a reason.
    """
    with use_case(actor, HANDLE_NOTICE) as case:
        notice: AdvisoryNotice = case.get(AdvisoryNotice, public_id, see=SEE_NOTICE)
        _refuse_ended(notice)
        why = " ".join(why.split())
        if state not in RepairState.values:
            raise Refused(_("Kies hoe ver u bent."), "state")
        if state in NEEDS_REASON and not why:
            raise Refused(_("Schrijf op waarom. Wie dit later naleest, moet het kunnen volgen."), "why")
        if len(why) > LONGEST_REASON:
            raise Refused(_("Maak de reden korter: hoogstens %(n)d tekens.") % {"n": LONGEST_REASON}, "why")
        was_late = notice.escalated_at is not None
        if notice.acknowledged_at is None:
            _acknowledge(notice, actor)
        notice.repair, notice.repair_why = RepairState(state), why
        if not notice.open:
            notice.escalated_at = None
        text = notice.get_repair_display()
        notice.add_step(actor.now, actor.name, f"{text}: {why}" if why else f"{text}.")
        _keep(case, notice, {"nummer": notice.key, "herstel": state, "waarom": why}, calm=was_late)
    return notice


def _refuse_ended(notice: AdvisoryNotice) -> None:
    if notice.ended_at is not None:
        raise Refused(_("Deze melding is vervallen; u hoeft er niets meer mee te doen."))


def _acknowledge(notice: AdvisoryNotice, actor: Actor) -> bool:
    """Returns whether it was late."""
    was_late = notice.escalated_at is not None
    terms = notice_rules().terms[Urgency(notice.urgency)]
    notice.acknowledged_at, notice.acknowledged_by = actor.now, actor.name
    # Who answers late has a repair that may be due at once; the next round of the job sees to that.
    notice.escalated_at, notice.late_at = None, terms.repair.after(notice.asked_at)
    return was_late


def _keep(case: UseCase, notice: AdvisoryNotice, detail: dict[str, Any], *, calm: bool) -> None:
    notice.save()
    renew_action(notice, case.actor)
    case.audit(notice, detail)
    if calm:
        calm_cert.enqueue(str(notice.advisory))
