"""The legal clocks of an incident, and the actions that they ask of the CISO."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, IncidentClock
from brandwacht.cert.services.story import happened, log, still_open
from brandwacht.engines.authority import RunningClock, load_clocks, start_clocks
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.usecase import use_case


def applying(incident: Incident, regimes: Sequence[str], done: dict[str, datetime]) -> list[RunningClock]:
    """The clocks that apply to this incident, by the data of ``engines.authority``."""
    return start_clocks(load_clocks(), frozenset(regimes), frozenset(incident.facts), incident.known_at, done)


def renew(actor: Actor, incident: Incident, reopened: str = "") -> None:
    """Write the clocks that apply now, and the action that each running one asks.

    A clock that was done keeps its text and stays, also when its fact is taken back: it is what was done. Only its
    due moment follows the moment of awareness. ``reopened``: the key of a clock whose action must come back.
    """
    owner = Organisation.objects.get(pk=incident.organisation_id)
    present = {clock.key: clock for clock in IncidentClock.objects.filter(incident=incident)}
    done = {key: clock.done_at for key, clock in present.items() if clock.done_at}
    version = load_clocks().header.version
    for clock in applying(incident, owner.regimes, done):
        row = present.pop(clock.key, None)
        if row is not None and row.done_at:
            if row.due != clock.due:
                row.due = clock.due
                row.save()
            continue
        starts = row is None or row.provisional or row.key == reopened
        row = row or IncidentClock(organisation_id=incident.organisation_id, incident=incident, key=clock.key)
        row.title, row.duty, row.who, row.to_whom = clock.title, clock.duty, clock.who, clock.to_whom
        row.basis, row.note, row.status = clock.basis, clock.note, clock.status
        row.due, row.provisional, row.data_version = clock.due, clock.provisional, version
        row.save()
        if clock.provisional:
            _end_action(actor, incident, clock.key)
        else:
            _ask(actor, incident, row, again=starts)
    for gone in present.values():
        if not gone.done_at:
            _end_action(actor, incident, gone.key)
            gone.delete()


def _action_key(incident: Incident, clock_key: str) -> str:
    return f"klok:{incident.public_id}:{clock_key}"


def _end_action(actor: Actor, incident: Incident, clock_key: str) -> None:
    actions.complete(incident.organisation_id, _action_key(incident, clock_key), actor)


def _ask(actor: Actor, incident: Incident, clock: IncidentClock, *, again: bool) -> None:
    """Put the action of a clock; ``again``: also when it was done or put off before. A drill asks nothing."""
    if incident.exercise:
        return
    todo = actions.Todo(
        key=_action_key(incident, clock.key),
        title=_("%(what)s doen voor incident %(number)s") % {"what": clock.title, "number": incident.number},
        why=(_("%(basis)s, bij: %(to)s") % {"basis": clock.basis, "to": clock.to_whom})[:300],
        room="cert",
        path=reverse("cert:detail", args=[incident.public_id]) + "#meldplichten",
        role=Role.CISO,
        risk=4,
        effort=30,
        due=timezone.localtime(clock.due),
    )
    actions.put(incident.organisation_id, todo, actor.now)
    if again:
        actions.reopen_by_key(incident.organisation_id, todo.key)


def clock_done(actor: Actor, incident_id: Any, key: str, note: str, at: datetime | None = None) -> IncidentClock:
    """The duty of a clock was done, at ``at`` (default now); clocks that follow it get their real moment."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        clock: IncidentClock | None = IncidentClock.objects.filter(incident=incident, key=key).first()
        if clock is None:
            raise Refused(_("Deze meldplicht geldt niet meer voor dit incident."))
        if clock.done_at:
            raise Refused(
                _("Dit is al gedaan door %(name)s: %(note)s") % {"name": clock.done_by, "note": clock.done_note}
            )
        if clock.provisional:
            raise Refused(_("Deze tijd loopt nog niet: doe eerst de melding die ervoor komt."))
        if not note.strip():
            raise Refused(_("Schrijf op bij wie en hoe u meldde, met het kenmerk als u dat heeft."), "note")
        at = happened(actor, at)
        if at is not None and at < incident.known_at:
            raise Refused(_("Dat is voordat u van het incident wist. Kijk het moment na."), "at")
        clock.done_at, clock.done_by, clock.done_note = at or actor.now, actor.name, note.strip()[:300]
        clock.save()
        _end_action(actor, incident, key)
        case.audit(incident, {"klok": key, "gemeld": clock.done_note})
        log(incident, actor, _("%(what)s gedaan: %(note)s") % {"what": clock.title, "note": clock.done_note}, at=at)
        renew(actor, incident)
    return clock


def clock_undo(actor: Actor, incident_id: Any, key: str) -> None:
    """Undo: the duty was not done after all. Where the fact behind it was taken back meanwhile, the clock goes."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        done = {clock.key: clock for clock in IncidentClock.objects.filter(incident=incident, done_at__isnull=False)}
        clock: IncidentClock | None = done.get(key)
        if clock is None:
            raise Refused(_("Deze melding stond al open."))
        for later in load_clocks().rows:
            if later.runs_from == key and later.key in done:
                raise Refused(
                    _("“%(later)s” volgt hierop en is al gedaan. Zet die eerst terug.") % {"later": later.title}
                )
        clock.done_at, clock.done_by, clock.done_note = None, "", ""
        clock.save()
        case.audit(incident, {"klok": key, "heropend": True})
        log(incident, actor, _("%(what)s: toch niet gedaan.") % {"what": clock.title})
        renew(actor, incident, reopened=key)
