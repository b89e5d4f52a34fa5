"""A warning of a circle that came from an incident leaves its trace there."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident
from brandwacht.cert.services.story import log
from brandwacht.engines.intel import TLP
from brandwacht.network.policy import visible
from brandwacht.network.tenancy import every_owner
from brandwacht.network.usecase import use_case
from brandwacht.sharing.events import WarningSent
from brandwacht.soc.services.escalations import handed_over_with

NOTE = "cert.incident.note"


def allowed_label(incident: UUID) -> TLP | None:
    """The label under which the alert of this incident was handed over last; ``None`` when it was not.

    Read without the scope of whoever writes the warning: a limit holds for those too who may not see the incident. They
    hear the label and nothing else.
    """
    with every_owner():
        found = Incident.objects.filter(public_id=incident, alert_ref__isnull=False).values_list("alert_ref", flat=True)
        alert = found.first()
        return handed_over_with(alert) if alert is not None else None


def warning_sent(event: WarningSent) -> None:
    """Write in the story that a warning went out, where the sender may write; else nothing, and the warning goes.

    The line is the owner's; the circle reads nothing of it. It holds the warning's number and not its text, which
    those who see the incident may not be allowed to read.
    """
    if event.incident is None:
        return
    actor = event.by
    if not Incident.objects.filter(visible(actor, NOTE), public_id=event.incident).exists():
        return
    with use_case(actor, NOTE) as case:
        incident = case.get(Incident, event.incident)
        incident.warned_at = actor.now
        incident.save()
        told = (
            _("Waarschuwing %(number)s verzonden aan lezers die met naam gekozen zijn.")
            if event.named_only
            else _("Waarschuwing %(number)s verzonden aan de leden.")
        )
        log(incident, actor, told % {"number": event.number})
        case.audit(incident, {"waarschuwing": event.number})
