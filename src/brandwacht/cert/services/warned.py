"""A warning of a circle that came from an incident leaves its trace there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident
from brandwacht.cert.services.story import log
from brandwacht.network.policy import visible
from brandwacht.network.usecase import use_case
from brandwacht.sharing.events import WarningSent

NOTE = "cert.incident.note"


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
