"""Ticking off the steps of a playbook for an alert."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Alert, EntryKind, StepDone
from brandwacht.soc.playbooks import book
from brandwacht.soc.services.story import tell


def tick(actor: Actor, public_id: Any, playbook: str, step: str, *, done: bool = True) -> Alert:
    """A step was taken, or (``done`` false) was not after all; what is so already changes nothing."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = case.get(Alert, public_id, see="soc.alert.see")
        found = book().get(playbook)
        told = found.step(step) if found else None
        if told is None:
            raise Refused(_("Deze stap staat niet in het draaiboek. Ververs de pagina."))
        rows = StepDone.objects.filter(alert=alert, playbook=playbook, step=step)
        if rows.exists() is done:
            return alert
        taken = None
        if done:
            taken = StepDone(
                organisation_id=alert.organisation_id,
                alert=alert,
                playbook=playbook,
                step=step,
                version=book().version,
                done_at=actor.now,
                done_by=actor.name,
            )
            taken.save()
            text = _("Gedaan: %(step)s")
        else:
            rows.delete()
            text = _("Toch niet gedaan: %(step)s")
        said = text % {"step": told.what.replace("{middel}", alert.asset.name)}
        tell(actor, alert, EntryKind.STEP, said, step=taken)
        case.audit(alert, {"stap": f"{playbook}/{step}", "gedaan": done})
    return alert
