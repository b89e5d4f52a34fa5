"""The lines of an alert's story that people write, and that follow from what they do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Alert, AlertEntry, EntryKind

MAX_NOTE = 4000


def tell(actor: Actor, alert: Alert, kind: EntryKind, text: str, **about: Any) -> AlertEntry:
    """Add a line to the story of an alert, within a use case that was allowed.

    ``about`` names what the line is about: ``question``, ``step`` or ``escalation``.
    """
    entry = AlertEntry(
        organisation_id=alert.organisation_id,
        alert=alert,
        at=actor.now,
        kind=kind,
        text=text,
        author=actor.name,
        **about,
    )
    entry.save()
    return entry


def add_note(actor: Actor, public_id: Any, text: str) -> AlertEntry:
    """Write a note with an alert; it stays as it is."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = case.get(Alert, public_id, see="soc.alert.see", lock=False)
        text = text.strip()
        if not text:
            raise Refused(_("Schrijf eerst iets op."), "text")
        if len(text) > MAX_NOTE:
            raise Refused(_("Maak de notitie korter: hoogstens 4.000 tekens."), "text")
        entry = tell(actor, alert, EntryKind.NOTE, text)
        case.audit(alert, {"notitie": str(entry.public_id)})
    return entry
