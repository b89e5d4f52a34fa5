"""What a moment (peilmoment) asks of people: report before its day."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.baseline.models import Snapshot
from brandwacht.baseline.services.reminders import ASKED_UNPROMPTED, ROOM, due_at
from brandwacht.engines.norms.progress import Moment, latest_moment, load_dataset
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.models import Organisation
from brandwacht.network.periodic import Job
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import tenancy_scope

MINUTES = 45
"""Estimate of what a report takes somebody who answered the norm."""


def _key(moment: Moment) -> str:
    return f"peilmoment:{moment.key}"


def after_release(actor: Actor, moment: Moment) -> None:
    """End the action of this moment: it is done."""
    actions.complete(actor.organisation_id, _key(moment), actor)


def ask(actor: Actor, moment: Moment) -> bool:
    """Put the action to report on a moment, unless something was released for it; says whether it was put."""
    if Snapshot.objects.filter(organisation_id=actor.organisation_id, moment=moment.key).exists():
        return False
    actions.put(
        actor.organisation_id,
        Todo(
            key=_key(moment),
            title=_("Rapporteer de voortgang over peilmoment %(moment)s") % {"moment": moment.key},
            why=_("Afgesproken in het Veiligheidsberaad. U ziet eerst precies wat er gaat, en aan wie."),
            room=ROOM,
            path=reverse("baseline:progress"),
            risk=2,
            effort=MINUTES,
            due=due_at(moment.due),
        ),
        actor.now,
    )
    return True


def _run(now: datetime) -> str:
    moment = latest_moment(load_dataset(), timezone.localdate(now))
    if moment is None:
        return _("nog geen peilmoment")
    asked = 0
    for organisation in Organisation.objects.filter(kind__in=ASKED_UNPROMPTED).order_by("pk"):
        actor = system_actor(organisation, now, "werker")
        with tenancy_scope(actor.tenancy()):
            asked += ask(actor, moment)
    return _("%(n)d organisaties moeten nog rapporteren over %(moment)s, uiterlijk %(day)s") % {
        "n": asked,
        "moment": moment.key,
        "day": date_format(moment.due, "j F Y"),
    }


DAILY_MOMENT = Job("baseline.peilmoment", "dag", _run)
