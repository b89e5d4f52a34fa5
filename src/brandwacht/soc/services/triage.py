"""Handling alerts: confirm, known behaviour, close, reopen, incident.

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
from brandwacht.soc.models import OPEN_STATES, Alert, AlertState
from brandwacht.soc.services import stories


def acknowledge(actor: Actor, public_id: Any, *, seen: str | None = None) -> Alert:
    """The analyst looks into it: the alert no longer waits, and stays open for new events."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, seen)
        if not alert.waiting:
            raise Refused(_("Deze melding wacht niet meer: %(what)s.") % {"what": _standing(alert)})
        return _move(case, alert, AlertState.ACKNOWLEDGED)


def mark_known(actor: Actor, public_id: Any, reason: str, *, seen: str | None = None) -> Alert:
    """The behaviour is known and harmless; the reason is kept and shown with later alerts on the same asset."""
    return _end(actor, public_id, AlertState.KNOWN, reason, _("Schrijf op waarom dit bekend gedrag is."), seen)


def close(actor: Actor, public_id: Any, reason: str, *, seen: str | None = None) -> Alert:
    """The alert is dealt with; the reason says how."""
    return _end(actor, public_id, AlertState.CLOSED, reason, _("Schrijf op hoe deze melding is afgehandeld."), seen)


def reopen(actor: Actor, public_id: Any, *, seen: str | None = None) -> Alert:
    """Undo: the alert waits for an analyst again. An alert that became an incident stays with that incident."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, seen)
        if alert.state == AlertState.NEW:
            raise Refused(_("Deze melding staat al open."))
        if alert.state == AlertState.INCIDENT:
            raise Refused(_("Deze melding hoort bij een incident. Sluit of wijzig het incident zelf."))
        return _move(case, alert, AlertState.NEW)


def mark_incident(actor: Actor, alert_public_id: Any, incident_public_id: UUID) -> Alert:
    """The alert became an incident, which takes over; called by the room that opens incidents."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, alert_public_id, None)
        if alert.state == AlertState.INCIDENT and alert.incident_ref != incident_public_id:
            raise Refused(_("Van deze melding is al een incident gemaakt: %(what)s.") % {"what": _standing(alert)})
        alert.incident_ref = incident_public_id
        return _move(case, alert, AlertState.INCIDENT)


def _end(actor: Actor, public_id: Any, state: AlertState, reason: str, ask: str, seen: str | None) -> Alert:
    with use_case(actor, "soc.alert.triage") as case:
        alert = _get(case, public_id, seen)
        if not reason.strip():
            raise Refused(ask, "reason")
        if alert.state not in OPEN_STATES:
            raise Refused(_("Deze melding staat niet meer open: %(what)s.") % {"what": _standing(alert)})
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
    alert.save(update_fields=["state", "waiting", "open", "handled_by", "handled_at", "note", "incident_ref"])
    stories.refresh(alert.story_id)
    case.audit(alert, {"van": before, "naar": state} | ({"waarom": reason} if reason else {}))
    return alert


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
