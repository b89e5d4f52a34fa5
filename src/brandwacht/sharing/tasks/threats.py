"""What the worker does after a report is shared: mail without content, to everybody who may read it.

The writer gets it too: who is left out would be known as the writer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from brandwacht.engines.intel import TLP
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.circle import read_circle
from brandwacht.sharing.mailing import address, send
from brandwacht.sharing.models import Threat, ThreatState


@task()
def tell_threat(circle_id: int, threat_id: str) -> int:
    """Tell the readers of a report that there is one; returns the number of mails."""
    return tell_readers(circle_id, UUID(threat_id), timezone.now())


def tell_readers(circle_id: int, threat_id: UUID, now: datetime) -> int:
    """As ``tell_threat``, at a given moment. Does nothing when the report was withdrawn meanwhile."""
    with owner_scope(circle_id):
        threat = Threat.objects.select_related("organisation").get(public_id=threat_id)
        if threat.state != ThreatState.SHARED:
            return 0
        seats = read_circle(circle_id, now).seats
        named = set(threat.readers.values_list("user_id", flat=True))
    red = threat.marking is TLP.RED
    to = [seat.email for seat in seats if (seat.user_id in named if red else seat.role is Role.ISAC_MEMBER)]
    facts = {
        "tlp": threat.marking.label,
        "circle": threat.organisation.name,
        "address": address("sharing:threat", threat.public_id),
    }
    subject = _("Dreiging gemeld in de %(circle)s (%(tlp)s)") % facts
    body = _("Er is een dreiging gemeld met %(tlp)s in de %(circle)s. Log in om die te lezen:\n\n%(address)s\n") % facts
    return send(subject, body, to)
