"""Decisions of the circle's owner, the Veiligheidsberaad: added by who writes for the circle, never removed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner, decide
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.content import LONGEST_TEXT
from brandwacht.sharing.models import OwnerDecision
from brandwacht.sharing.policies.products import ADD_DECISION, SEE_DECISION


def add_decision(
    actor: Actor, *, on: date, decision: str, paper: str, changes: str, replaces: Any = None
) -> OwnerDecision:
    """Add a decision; ``replaces`` is the public id of an earlier one that no longer holds. Raises ``Refused``."""
    with use_case(actor, ADD_DECISION) as case:
        circle = circle_for(actor, ADD_DECISION)
        case.require(Owner(circle.pk))
        decision, paper, changes = decision.strip(), " ".join(paper.split()), changes.strip()
        if not decision or not changes or max(len(decision), len(changes)) > LONGEST_TEXT:
            raise Refused(
                _("Schrijf op wat is besloten en wat er daardoor anders is."), "changes" if decision else "decision"
            )
        if not paper or len(paper) > 300:
            raise Refused(_("Schrijf op in welk stuk dit staat."), "paper")
        if on > actor.today:
            raise Refused(_("De dag van het besluit ligt in de toekomst."), "on")
        old = _old(actor, circle.pk, replaces) if replaces else None
        row = OwnerDecision(
            organisation=circle, on=on, decision=decision, paper=paper, changes=changes, replaces=old,
            added_by=actor.name, added_at=actor.now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:  # somebody else replaced it at the same moment
            raise Refused(_("Dit besluit is al vervangen. Kies opnieuw."), "replaces") from error
        case.audit(row, {"dag": on, "stuk": paper, "vervangt": str(replaces or "")})
    return row


def _old(actor: Actor, circle_id: int, public_id: Any) -> OwnerDecision:
    old: OwnerDecision | None = OwnerDecision.objects.filter(organisation_id=circle_id, public_id=public_id).first()
    if old is None or not decide(actor, SEE_DECISION, old) or OwnerDecision.objects.filter(replaces=old).exists():
        raise Refused(_("Dit besluit is al vervangen. Kies opnieuw."), "replaces")
    return old
