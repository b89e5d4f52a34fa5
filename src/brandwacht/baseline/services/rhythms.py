"""The fixed tasks of the norm: noting that one was done, and taking that back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, RhythmDone
from brandwacht.baseline.services import reminders
from brandwacht.baseline.services.evidence import EARLIEST, add_evidence
from brandwacht.engines.norms import next_due
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case


def mark_done(actor: Actor, number: str, *, done_on: date | None = None, note: str = "", where: str = "") -> RhythmDone:
    """Note that a fixed task (by the number of its government measure) was done, today when no day is given.

    With ``where`` the proof of it becomes evidence at the control, until the task is due again. Raises ``NotFound`` for
    a number that does not return and ``Refused``, on the field, for a day that can not be.
    """
    with use_case(actor, "baseline.rhythm") as case:
        case.require(Owner(actor.organisation_id))
        rhythm = queries.rhythm(number)
        day = done_on or actor.today
        if day > actor.today:
            raise Refused(_("Deze dag moet nog komen. Kies vandaag of een eerdere dag."), "done_on")
        if day < EARLIEST:
            raise Refused(_("Kies een dag vanaf 1 januari 2000."), "done_on")
        if len(note.strip()) > 500:
            raise Refused(_("Maak de opmerking korter dan 500 tekens."), "note")
        mine = {"organisation_id": actor.organisation_id, "framework": FRAMEWORK, "number": number, "done_on": day}
        done = RhythmDone.objects.filter(**mine).first() or RhythmDone(**mine)
        done.note, done.noted_at, done.noted_by = note.strip(), actor.now, actor.name
        try:
            with transaction.atomic():
                done.save()
        except IntegrityError as error:  # two people at the same moment
            raise Refused(_("Iemand anders legde dit net vast. Laad de pagina opnieuw."), "done_on") from error
        case.audit(done, {"vaste taak": number, "gedaan op": day})
        due = next_due(rhythm, day)
        if where.strip():
            if due < actor.today:
                raise Refused(
                    _("Dit bewijs telt al niet meer: de taak had alweer gedaan moeten zijn. Laat de vindplaats leeg."),
                    "where",
                )
            add_evidence(
                actor,
                rhythm.control,
                title=rhythm.proof[:200],
                where=where,
                received_on=day,
                valid_from=day,
                valid_to=due,
            )
        reminders.about_rhythms(actor)
    return done


def undo_done(actor: Actor, public_id: Any) -> RhythmDone:
    """Take back that a fixed task was done; the audit chain keeps that it was noted. Raises ``NotFound``."""
    with use_case(actor, "baseline.rhythm") as case:
        done = case.get(RhythmDone, public_id, see="baseline.see")
        case.audit(done, {"vaste taak": done.number, "gedaan op": done.done_on, "teruggenomen": True})
        RhythmDone.objects.filter(pk=done.pk).delete()
        reminders.rhythm_undone(actor, done.number)
    return done
