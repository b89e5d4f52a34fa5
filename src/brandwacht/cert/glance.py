"""An incident at a glance: the few lines at the top of its page, for who opens it at night on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from brandwacht.cert import queries
from brandwacht.cert.models import Incident, IncidentClock, IncidentEntry, IncidentState
from brandwacht.network.actor import Actor
from brandwacht.network.roles import BOARDROOM
from brandwacht.network.wording import absolute
from brandwacht.soc.queries.work import taken_by_cert


@dataclass(frozen=True, slots=True)
class Glance:
    """What the lines say. ``tone`` is that of the notice component.

    ``taken``: who of the CERT took the alert over and when, told only while the CERT is not activated. ``asked``: the
    running duties that the law lays on the board; ``None`` for who has no board role here, and of a closed incident.
    """

    tone: str
    headline: str
    taken: tuple[str, datetime] | None
    last: IncidentEntry | None
    asked: Sequence[IncidentClock] | None


def glance(actor: Actor, incident: Incident, story: queries.Story) -> Glance:
    """The lines on top of an incident that the actor may see; at most one query."""
    going = incident.state != IncidentState.CLOSED
    board = going and incident.organisation_id == actor.organisation_id and bool(actor.roles & BOARDROOM)
    unled = going and incident.alert_ref and not incident.cert_activated_at
    return Glance(
        tone="info" if incident.exercise or not going else "warning",
        headline=_headline(incident),
        taken=taken_by_cert(incident.alert_ref, incident.organisation_id) if unled else None,
        last=story.entries[0] if story.entries else None,
        asked=queries.asked_of_board(story.running_clocks) if board else None,
    )


def _headline(incident: Incident) -> str:
    words = {"state": incident.get_state_display().lower(), "since": absolute(incident.known_at)}
    if incident.state == IncidentState.CLOSED:
        closed = absolute(incident.closed_at) if incident.closed_at else _("onbekend")
        said = _("Oefening, gesloten op %(closed)s.") if incident.exercise else _("Gesloten op %(closed)s.")
        return said % {"closed": closed}
    if incident.exercise:
        return _("OEFENING: dit is niet echt. Stand: %(state)s, bekend sinds %(since)s.") % words
    return _("Dit gebeurt nu. Stand: %(state)s, bekend sinds %(since)s.") % words
