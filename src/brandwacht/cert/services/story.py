"""The story of an incident: lines that are written and never changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, IncidentEntry, IncidentState
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case

LOG, NOTE = "gebeurtenis", "notitie"
LONGEST = 5000
"""Characters of a note."""
JUST_NOW = timedelta(minutes=2)


def log(incident: Incident, actor: Actor, text: str, kind: str = LOG, at: datetime | None = None) -> None:
    """Add a line to the story, inside the use case that did what it tells.

    ``at`` is when it happened, by default now; of a line that was written later the line says so.
    """
    if at is not None:
        when = date_format(timezone.localtime(actor.now), "j F Y H:i")
        text = f"{text}\n{_('(Opgeschreven op %(when)s.)') % {'when': when}}"
    entry = IncidentEntry(
        organisation_id=incident.organisation_id,
        incident=incident,
        at=at or actor.now,
        kind=kind,
        text=text,
        author=f"{actor.name} ({actor.organisation_code})",
    )
    entry.save()


def still_open(incident: Incident) -> None:
    """Raise ``Refused`` when the incident is closed."""
    if incident.state == IncidentState.CLOSED:
        raise Refused(_("Dit incident is gesloten. Heropen het eerst."))


def happened(actor: Actor, at: datetime | None) -> datetime | None:
    """When something happened, as somebody says; ``None`` for now. Raises ``Refused`` for what is still to come."""
    if at is not None and at > actor.now:
        raise Refused(_("Dit moment ligt in de toekomst."), "at")
    return None if at is None or actor.now - at < JUST_NOW else at


def add_note(actor: Actor, incident_id: Any, text: str, at: datetime | None = None) -> Incident:
    """Write a line in the story; after closing too, since an evaluation comes later. ``at`` is when it happened."""
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        if not text.strip():
            raise Refused(_("Schrijf eerst op wat er gebeurde of wat u besloot."), "text")
        if len(text.strip()) > LONGEST:
            raise Refused(_("Houd het onder de %(n)d tekens, of verdeel het.") % {"n": LONGEST}, "text")
        log(incident, actor, text.strip(), NOTE, happened(actor, at))
        case.audit(incident, {"notitie": len(text.strip())})
    return incident
