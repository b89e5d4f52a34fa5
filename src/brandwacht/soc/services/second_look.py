"""The second look: a colleague judges again what was closed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Alert, EntryKind, SecondLook
from brandwacht.soc.queries.second_look import waiting
from brandwacht.soc.services.story import tell
from brandwacht.soc.services.triage import reopen


def look_again(actor: Actor, public_id: Any, *, agreed: bool, note: str = "", again: bool = False) -> SecondLook:
    """Agree or disagree with how a colleague closed an alert of the sample; ``again`` puts it back in the queue."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = case.get(Alert, public_id, see="soc.alert.see")
        if alert.closed_by_id is not None and alert.closed_by_id == actor.user_id:
            raise Refused(_("U sloot deze melding zelf. Een tweede blik is aan een collega."))
        if alert.closed_at is None or not waiting(actor).filter(pk=alert.pk).exists():
            raise Refused(_("Deze melding zit niet in de steekproef, of een collega was u voor."))
        if not agreed and not note.strip():
            raise Refused(_("Schrijf op waarom u het er niet mee eens bent."), "note")
        look = SecondLook(
            organisation_id=alert.organisation_id,
            alert=alert,
            closed_at=alert.closed_at,
            disposition=alert.disposition,
            agreed=agreed,
            reopened=again and not agreed,
            note=note.strip(),
            by=actor.name,
            by_user_id=actor.user_id,
            at=actor.now,
        )
        look.save()
        said = _("Eens met het oordeel.") if agreed else _("Niet eens met het oordeel.")
        tell(actor, alert, EntryKind.SECOND, f"{said}\n{look.note}".strip())
        case.audit(look, {"eens": agreed, "heropend": look.reopened})
        if look.reopened:
            reopen(actor, alert.public_id)
    return look
