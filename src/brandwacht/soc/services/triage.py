"""Handling alerts: confirm, known behaviour, close with a disposition, reopen, incident.

Every use case may be told which state the person saw (``seen``); when a colleague was first, it says who and when.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import OPEN_STATES, Alert, AlertState, Disposition, EntryKind
from brandwacht.soc.services import stories
from brandwacht.soc.services.escalations import settle
from brandwacht.soc.services.feed import judge_hits
from brandwacht.soc.services.holding import take
from brandwacht.soc.services.story import tell

COLUMNS = (
    "state",
    "waiting",
    "open",
    "handled_by",
    "handled_at",
    "note",
    "incident_ref",
    "acknowledged_at",
    "triaged_at",
    "escalated_at",
    "closed_at",
    "disposition",
    "closed_by",
)


def acknowledge(actor: Actor, public_id: Any, *, seen: str | None = None) -> Alert:
    """The analyst looks into it and holds it: the alert no longer waits, and stays open for new events.

    What a colleague has is not taken along silently: that asks for ``holding.pick_up``.
    """
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, seen)
        if not alert.waiting:
            raise Refused(_("Deze melding wacht niet meer: %(what)s.") % {"what": _standing(alert)})
        if alert.holder is not None and alert.holder_id != actor.user_id:
            raise Refused(
                _("%(who)s heeft deze melding. Neem de melding eerst over als u verder wilt.")
                % {"who": alert.holder.name}
            )
        take(actor, alert)
        alert.acknowledged_at = alert.acknowledged_at or actor.now
        return _move(case, alert, AlertState.ACKNOWLEDGED)


def mark_known(
    actor: Actor,
    public_id: Any,
    reason: str,
    disposition: str = Disposition.BENIGN,
    *,
    seen: str | None = None,
) -> Alert:
    """The behaviour is known and harmless; the reason is kept and shown with later alerts on the same asset."""
    ask = _("Schrijf op waarom dit bekend gedrag is.")
    return _end(actor, public_id, AlertState.KNOWN, reason, ask, disposition, seen)


def close(
    actor: Actor,
    public_id: Any,
    reason: str,
    disposition: str = Disposition.UNDECIDED,
    *,
    seen: str | None = None,
) -> Alert:
    """The alert is dealt with; the disposition says what it was, the reason how that is known."""
    ask = _("Schrijf op hoe deze melding is afgehandeld.")
    return _end(actor, public_id, AlertState.CLOSED, reason, ask, disposition, seen)


def reopen(actor: Actor, public_id: Any, *, seen: str | None = None) -> Alert:
    """Undo: the alert waits for an analyst again. An alert that became an incident stays with that incident."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, seen)
        if alert.state == AlertState.NEW:
            raise Refused(_("Deze melding staat al open."))
        if alert.state == AlertState.INCIDENT:
            raise Refused(_("Deze melding hoort bij een incident. Sluit of wijzig het incident zelf."))
        alert.closed_at = alert.triaged_at = alert.closed_by = None
        alert.disposition = ""
        return _move(case, alert, AlertState.NEW)


def mark_incident(actor: Actor, alert_public_id: Any, incident_public_id: UUID) -> Alert:
    """The alert became an incident, which takes over; called by the room that opens incidents."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, alert_public_id, None)
        if alert.state == AlertState.INCIDENT and alert.incident_ref != incident_public_id:
            raise Refused(_("Van deze melding is al een incident gemaakt: %(what)s.") % {"what": _standing(alert)})
        alert.incident_ref = incident_public_id
        alert.disposition = Disposition.TRUE
        alert.acknowledged_at = alert.acknowledged_at or actor.now
        alert.triaged_at = alert.triaged_at or actor.now
        alert.escalated_at = alert.escalated_at or actor.now
        settle(actor, alert)
        return _move(case, alert, AlertState.INCIDENT)


def _end(
    actor: Actor, public_id: Any, state: AlertState, reason: str, ask: str, disposition: str, seen: str | None
) -> Alert:
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, seen)
        if disposition not in Disposition.values:
            raise Refused(_("Kies wat het bleek te zijn."), "disposition")
        if not reason.strip():
            raise Refused(ask, "reason")
        if alert.state not in OPEN_STATES:
            raise Refused(_("Deze melding staat niet meer open: %(what)s.") % {"what": _standing(alert)})
        alert.disposition, alert.closed_at, alert.closed_by_id = disposition, actor.now, actor.user_id
        alert.acknowledged_at = alert.acknowledged_at or actor.now
        alert.triaged_at = alert.triaged_at or actor.now
        return _move(case, alert, state, reason.strip())


def _get(case: UseCase, public_id: Any, seen: str | None) -> Alert:
    hold_owner_of(public_id)
    alert = case.get(Alert, public_id, see="soc.alert.see")
    if seen is not None and seen != alert.state:
        raise Refused(
            _("Een collega was u voor: %(what)s. Bekijk de melding opnieuw voordat u verder gaat.")
            % {"what": _standing(alert)}
        )
    return alert


def hold_owner_of(public_id: Any) -> None:
    """Lock the owner before its alert: the order in which filing takes them too."""
    for owner_id in Alert.objects.filter(public_id=public_id).values_list("organisation_id", flat=True):
        stories.hold(owner_id)


def _move(case: UseCase, alert: Alert, state: AlertState, reason: str = "") -> Alert:
    before = alert.state
    alert.state, alert.waiting, alert.open = state, state == AlertState.NEW, state in OPEN_STATES
    alert.handled_by, alert.handled_at, alert.note = case.actor.name, case.actor.now, reason
    alert.save(update_fields=COLUMNS)
    judge_hits(alert, false=alert.disposition == Disposition.FALSE)
    stories.refresh(alert.story_id)
    judged = {"oordeel": alert.disposition} if alert.disposition else {}
    case.audit(alert, {"van": before, "naar": state} | judged | ({"waarom": reason} if reason else {}))
    tell(case.actor, alert, EntryKind.STATE, _told(alert, reason))
    return alert


def _told(alert: Alert, reason: str) -> str:
    """A change of state as a line of the story."""
    label = str(alert.get_state_display())
    if alert.disposition and not alert.open:
        label = f"{label}. {alert.get_disposition_display()}"
    return f"{label}\n{reason}" if reason else label


def _standing(alert: Alert) -> str:
    """Who did what when, as a part of a sentence."""
    label = alert.get_state_display()
    if not alert.handled_by or alert.handled_at is None:
        return str(label)
    moment = timezone.localtime(alert.handled_at)
    return _("%(who)s zette deze melding op %(day)s om %(time)s op “%(state)s”") % {
        "who": alert.handled_by,
        "day": moment.strftime("%d-%m-%Y"),
        "time": moment.strftime("%H:%M"),
        "state": label,
    }
