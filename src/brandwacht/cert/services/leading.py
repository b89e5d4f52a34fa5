"""Leading an incident: what it is taken to be, who coordinates, and where it stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, IncidentClock, IncidentState, Phase
from brandwacht.cert.services import duties, hit
from brandwacht.cert.services.story import log, still_open
from brandwacht.engines.authority import load_clocks, load_powers
from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Grant
from brandwacht.network.queries import in_force
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Severity

LONGEST_AGO = timedelta(days=2 * 365)
"""Awareness longer ago than this is taken for a slip of the keyboard."""

# --- the assessment -----------------------------------------------------------------------------------------------


def moment(actor: Actor, known_at: datetime) -> datetime:
    """The moment of awareness in whole minutes, as forms show it; raises ``Refused`` when it can not be right."""
    if known_at > actor.now:
        raise Refused(_("Het moment van kennisname ligt in de toekomst."), "known_at")
    if known_at < actor.now - LONGEST_AGO:
        raise Refused(_("Dit moment ligt meer dan twee jaar terug. Kijk de datum na."), "known_at")
    return known_at.replace(second=0, microsecond=0)


def check_assessment(*, phase: str, scenario: str, facts: Sequence[str], severity: int) -> None:
    """Raise ``Refused`` for words that the data of ``engines.authority`` does not know."""
    if phase not in Phase.values:
        raise Refused(_("Kies een fase."), "phase")
    if scenario not in load_powers().scenarios:
        raise Refused(_("Kies een soort verstoring uit de lijst."), "scenario")
    if unknown := set(facts) - set(load_clocks().facts):
        raise Refused(_("Onbekend feit: %(facts)s.") % {"facts": ", ".join(sorted(unknown))}, "facts")
    if severity not in Severity.values:
        raise Refused(_("Kies een ernst."), "severity")


def assessment(incident: Incident) -> str:
    """A fingerprint of the assessment as it stands: tells whether a colleague changed it meanwhile."""
    parts = [incident.title, incident.summary, incident.severity, incident.phase, incident.scenario, incident.facts]
    return hashlib.sha256(json.dumps([*parts, incident.known_at.timestamp()]).encode()).hexdigest()[:16]


def assess(
    actor: Actor,
    incident_id: Any,
    *,
    phase: str,
    scenario: str,
    facts: Sequence[str],
    severity: int | None = None,
    title: str | None = None,
    summary: str | None = None,
    known_at: datetime | None = None,
    seen: str | None = None,
) -> Incident:
    """Set what the incident is taken to be; the powers that show and the clocks that run follow from it.

    What is ``None`` stays as it is. ``seen`` is the ``assessment`` that the person looked at; raises ``Refused``
    when a colleague changed it since.
    """
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        if seen is not None and seen != assessment(incident):
            raise Refused(
                _(
                    "Een collega wijzigde de beoordeling terwijl u bezig was. Vergelijk met wat er nu staat; "
                    "slaat u nog eens op, dan geldt wat u hieronder heeft ingevuld."
                )
            )
        severity = incident.severity if severity is None else severity
        check_assessment(phase=phase, scenario=scenario, facts=facts, severity=severity)
        before = incident.known_at, incident.summary, incident.title
        if known_at is not None:
            incident.known_at = _moved(actor, incident, known_at)
        incident.phase, incident.scenario, incident.facts = phase, scenario, sorted(set(facts))
        incident.severity, incident.assessed_at = severity, actor.now
        incident.title = (title or "").strip()[:200] or incident.title
        incident.summary = incident.summary if summary is None else summary.strip()
        incident.save()
        case.audit(incident, {"fase": phase, "scenario": scenario, "feiten": incident.facts, "ernst": severity})
        _tell(actor, incident, before)
        duties.renew(actor, incident)
        if incident.known_at != before[0]:
            hit.run(actor, incident)
    return incident


def _moved(actor: Actor, incident: Incident, known_at: datetime) -> datetime:
    wanted = moment(actor, known_at)
    done = IncidentClock.objects.filter(incident=incident, done_at__isnull=False).order_by("done_at").first()
    if done is not None and wanted > done.done_at:
        when = date_format(timezone.localtime(done.done_at), "j F Y H:i")
        raise Refused(
            _("Op %(when)s was “%(what)s” al gedaan; toen wist u het dus al. Kies een moment daarvoor.")
            % {"when": when, "what": done.title},
            "known_at",
        )
    return wanted


def _tell(actor: Actor, incident: Incident, before: tuple[datetime, str, str]) -> None:
    """Write in the story what it is taken to be; ``before``: moment of awareness, summary and title until now."""
    words = load_clocks().facts
    facts = "; ".join(words[fact] for fact in incident.facts) or _("geen bijzondere feiten vastgesteld")
    lines = [
        _("Beoordeeld: fase %(phase)s. Feiten: %(facts)s.") % {"phase": Phase(incident.phase).label, "facts": facts}
    ]
    if incident.known_at != before[0]:
        when = date_format(timezone.localtime(incident.known_at), "j F Y H:i")
        lines.append(_("Gewijzigd: de organisatie wist ervan sinds %(when)s.") % {"when": when})
    if incident.title != before[2]:
        lines.append(_("Nieuwe titel: %(title)s") % {"title": incident.title})
    if incident.summary and incident.summary != before[1]:
        lines.append(incident.summary)
    log(incident, actor, "\n".join(lines))


# --- the CERT -----------------------------------------------------------------------------------------------------


def activate_cert(actor: Actor, incident_id: Any) -> Incident:
    """Activate the CERT for this incident: it coordinates from now on, and its lead gets an action."""
    with use_case(actor, "cert.activate") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        if incident.cert_activated_at:
            raise Refused(_("Het CERT is al geactiveerd."))
        certs = _certs(incident, actor)
        if not certs:
            raise Refused(
                _("Er is geen mandaat waarmee een CERT hier mag handelen. Geef dat eerst, bij Beheer onder Mandaten.")
            )
        incident.cert_activated_at, incident.cert_activated_by = actor.now, actor.name
        incident.save()
        case.audit(incident)
        log(incident, actor, _("Het CERT is geactiveerd en coördineert vanaf nu."))
        if not incident.exercise:
            for cert_id in certs - {actor.organisation_id}:
                _ask_cert(actor, incident, cert_id)
    return incident


def _certs(incident: Incident, actor: Actor) -> set[int]:
    """The organisations that may act for the CERT here: the owner's own mandates, read on the owner's behalf."""
    with owner_scope(incident.organisation_id):
        given = Grant.objects.filter(organisation_id=incident.organisation_id, kind=GrantKind.CERT_MANDATE)
        return {grant.grantee_id for grant in in_force(given, actor.now) if ACT in grant.may}


def _cert_key(incident: Incident) -> str:
    return f"cert:{incident.public_id}"


def _ask_cert(actor: Actor, incident: Incident, cert_id: int) -> None:
    what = {"number": incident.number, "who": incident.organisation.full_name}
    todo = actions.Todo(
        key=_cert_key(incident),
        title=_("Incident %(number)s van %(who)s coördineren") % what,
        why=_("U bent gevraagd; wat er aan de hand is, staat bij het incident."),  # the title stays with its owner
        room="cert",
        path=reverse("cert:detail", args=[incident.public_id]),
        role=Role.CERT_LEAD,
        risk=4,
        effort=60,
    )
    actions.put(cert_id, todo, actor.now)


# --- where it stands ----------------------------------------------------------------------------------------------

NEXT = {
    IncidentState.OPEN: (IncidentState.CONTAINED, IncidentState.RECOVERED, IncidentState.CLOSED),
    IncidentState.CONTAINED: (IncidentState.OPEN, IncidentState.RECOVERED, IncidentState.CLOSED),
    IncidentState.RECOVERED: (IncidentState.OPEN, IncidentState.CLOSED),
    IncidentState.CLOSED: (IncidentState.OPEN,),
}


def move_to(actor: Actor, incident_id: Any, state: str) -> Incident:
    """Contained, recovered, closed, or open again; closing waits until no real legal clock is left."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        if state not in NEXT[IncidentState(incident.state)]:
            raise Refused(_("Deze stap kan nu niet; vernieuw de pagina om te zien hoe het incident ervoor staat."))
        if state == IncidentState.CLOSED:
            _may_close(incident)
        for cert_id in _certs(incident, actor):
            if state == IncidentState.CLOSED:
                actions.complete(cert_id, _cert_key(incident), actor)
            elif incident.state == IncidentState.CLOSED:
                actions.reopen_by_key(cert_id, _cert_key(incident))
        _ask_lessons(actor, incident, closing=state == IncidentState.CLOSED)
        incident.state = state
        incident.closed_at = actor.now if state == IncidentState.CLOSED else None
        incident.save()
        case.audit(incident, {"stand": state})
        log(incident, actor, _("Stand: %(state)s.") % {"state": IncidentState(state).label})
    return incident


LESSONS_WITHIN = timedelta(days=30)


def _ask_lessons(actor: Actor, incident: Incident, *, closing: bool) -> None:
    """When it closes, ask the owner what is to be learned; when it opens again, that can wait."""
    if incident.exercise:
        return
    key = f"les:{incident.public_id}"
    if not closing:
        actions.complete(incident.organisation_id, key, actor)
        return
    day = timezone.localdate(actor.now + LESSONS_WITHIN)
    todo = actions.Todo(
        key=key,
        title=_("Incident %(number)s evalueren: wat leert u ervan?") % {"number": incident.number},
        why=_(
            "Het is gesloten. Schrijf de lessen in het verloop en maak maatregelen van wat beter moet. Meld deze "
            "actie daarna klaar."
        ),
        room="cert",
        path=reverse("cert:detail", args=[incident.public_id]) + "#verloop",
        role=Role.CISO,
        risk=2,
        effort=90,
        due=timezone.make_aware(datetime.combine(day, time(23, 59))),
        closes_itself=False,
    )
    actions.put(incident.organisation_id, todo, actor.now)
    actions.reopen_by_key(incident.organisation_id, key)


def _may_close(incident: Incident) -> None:
    if incident.exercise:
        return
    left = IncidentClock.objects.filter(incident=incident, done_at__isnull=True).order_by("due")
    if names := ", ".join(clock.title for clock in left):
        raise Refused(_("Er staan nog meldplichten open: %(names)s. Handel die eerst af.") % {"names": names})
