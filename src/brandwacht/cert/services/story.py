"""The story of an incident: lines that are written and never changed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, IncidentEntry, IncidentState
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case

LOG, NOTE = "gebeurtenis", "notitie"
LONGEST = 5000
"""Characters of a note."""


def log(incident: Incident, actor: Actor, text: str, kind: str = LOG) -> None:
    """Add a line to the story, inside the use case that did what it tells."""
    entry = IncidentEntry(
        organisation_id=incident.organisation_id,
        incident=incident,
        at=actor.now,
        kind=kind,
        text=text,
        author=f"{actor.name} ({actor.organisation_code})",
    )
    entry.save()


def still_open(incident: Incident) -> None:
    """Raise ``Refused`` when the incident is closed."""
    if incident.state == IncidentState.CLOSED:
        raise Refused(_("Dit incident is gesloten. Heropen het eerst."))


def add_note(actor: Actor, incident_id: Any, text: str) -> Incident:
    """Write a line in the story; after closing too, since an evaluation comes later."""
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        if not text.strip():
            raise Refused(_("Schrijf eerst op wat er gebeurde of wat u besloot."), "text")
        if len(text.strip()) > LONGEST:
            raise Refused(_("Houd het onder de %(n)d tekens, of verdeel het.") % {"n": LONGEST}, "text")
        log(incident, actor, text.strip(), NOTE)
        case.audit(incident, {"notitie": len(text.strip())})
    return incident
