"""Who works on an alert: pick up, hand to a colleague, release.

Every use case is told whom the page showed as the holder (``held_by``: a user's public id, empty for nobody), so that
two people never silently take the same alert.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor, actor_for, assignments_of
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation, User
from brandwacht.network.policy import decide
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import Alert, EntryKind
from brandwacht.soc.queries.people import colleagues
from brandwacht.soc.services.story import tell

COLUMNS = ["holder", "held_since"]


def pick_up(actor: Actor, public_id: Any, *, held_by: str = "") -> Alert:
    """The actor takes the alert, from a colleague too when the page said that this colleague has it."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, held_by)
        if actor.user_id is None:
            raise Refused(_("Alleen een mens kan een melding oppakken."))
        if alert.holder_id == actor.user_id:
            raise Refused(_("U heeft deze melding al."))
        before = alert.holder.name if alert.holder else ""
        take(actor, alert)
        text = _("Overgenomen van %(who)s.") % {"who": before} if before else _("Opgepakt.")
        tell(actor, alert, EntryKind.HOLDER, text)
        case.audit(alert, {"opgepakt": True})
    return alert


def hand_to(actor: Actor, public_id: Any, colleague_id: str, *, held_by: str = "") -> Alert:
    """Give the alert to a colleague who may handle it."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, held_by)
        colleague = next((user for user in colleagues(actor) if str(user.public_id) == colleague_id), None)
        if colleague is None:
            raise Refused(_("Kies een collega uit de lijst."), "colleague")
        if colleague.pk == alert.holder_id:
            raise Refused(_("%(who)s heeft deze melding al.") % {"who": colleague.name}, "colleague")
        if not _may_handle(actor, colleague, alert):
            raise Refused(_("%(who)s mag deze melding niet behandelen.") % {"who": colleague.name}, "colleague")
        alert.holder, alert.held_since = colleague, actor.now
        alert.save(update_fields=COLUMNS)
        tell(actor, alert, EntryKind.HOLDER, _("Toegewezen aan %(who)s.") % {"who": colleague.name})
        case.audit(alert, {"toegewezen aan": colleague.name})
    return alert


def release(actor: Actor, public_id: Any, *, held_by: str = "") -> Alert:
    """Nobody has the alert any more."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, held_by)
        if alert.holder is None:
            raise Refused(_("Niemand heeft deze melding."))
        text = _("Losgelaten.") if alert.holder_id == actor.user_id else _("Losgelaten namens %(who)s.")
        text = text % {"who": alert.holder.name} if alert.holder_id != actor.user_id else text
        alert.holder, alert.held_since = None, None
        alert.save(update_fields=COLUMNS)
        tell(actor, alert, EntryKind.HOLDER, text)
        case.audit(alert, {"losgelaten": True})
    return alert


def take(actor: Actor, alert: Alert) -> None:
    """The actor holds the alert from now on, within a use case that audits; the system never holds one."""
    if actor.user_id is None or alert.holder_id == actor.user_id:
        return
    alert.holder, alert.held_since = User.objects.get(pk=actor.user_id), actor.now
    alert.save(update_fields=COLUMNS)


def _may_handle(actor: Actor, colleague: User, alert: Alert) -> bool:
    home = Organisation.objects.get(pk=actor.organisation_id)
    theirs = actor_for(colleague, home, assignments_of(colleague, actor.now), actor.now, actor.origin)
    return bool(decide(theirs, "soc.alert.triage", alert))


def _get(case: UseCase, public_id: Any, held_by: str) -> Alert:
    alert = case.get(Alert, public_id, see="soc.alert.see")
    if not alert.open:
        raise Refused(_("Deze melding staat niet meer open."))
    present = str(alert.holder.public_id) if alert.holder else ""
    if present != held_by:
        raise Refused(_changed(alert))
    return alert


def _changed(alert: Alert) -> str:
    if alert.holder is None:
        return _("Niemand heeft deze melding meer. Bekijk de melding opnieuw voordat u verder gaat.")
    since = alert.held_since or alert.opened_at
    return _("%(who)s heeft deze melding sinds %(when)s. Bekijk de melding opnieuw voordat u verder gaat.") % {
        "who": alert.holder.name,
        "when": date_format(timezone.localtime(since), "j F H:i"),
    }
