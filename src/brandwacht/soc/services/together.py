"""Handling a story: its alerts together, or one taken out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Alert, AlertStory
from brandwacht.soc.services import stories, triage

Handle = Callable[[Actor, Alert], object]


def acknowledge_story(actor: Actor, public_id: Any) -> int:
    """The analyst looks into every alert of a story that waits; returns how many."""
    return _each(actor, public_id, waiting=True, handle=lambda who, alert: triage.acknowledge(who, alert.public_id))


def close_story(actor: Actor, public_id: Any, reason: str) -> int:
    """Every open alert of a story is dealt with, for one reason; returns how many."""
    return _each(actor, public_id, waiting=False, handle=lambda who, alert: triage.close(who, alert.public_id, reason))


def take_apart(actor: Actor, alert_public_id: Any) -> Alert:
    """Take an alert out of its story: it has nothing to do with the others, and is not tied again."""
    with use_case(actor, "soc.alert.triage") as case:
        triage.hold_owner_of(alert_public_id)
        alert = case.get(Alert, alert_public_id, see="soc.alert.see")
        if alert.story_id is None:
            raise Refused(_("Deze melding hoort niet bij een verhaal."))
        left = alert.story_id
        alert.story, alert.lead, alert.apart = None, True, True
        alert.save(update_fields=["story", "lead", "apart"])
        stories.refresh(left)
        case.audit(alert, {"losgemaakt": True})
    return alert


def _each(actor: Actor, public_id: Any, *, waiting: bool, handle: Handle) -> int:
    with use_case(actor, "soc.alert.triage") as case:
        story = case.get(AlertStory, public_id, see="soc.alert.see", lock=False)
        stories.hold(story.organisation_id)
        rows = Alert.objects.filter(story=story, open=True).order_by("pk")
        alerts = list(rows.filter(waiting=True) if waiting else rows)
        if not alerts:
            raise Refused(_("Er is in dit verhaal niets meer om te behandelen."))
        for alert in alerts:
            handle(actor, alert)
        case.audit(story, {"meldingen": len(alerts)})
    return len(alerts)
