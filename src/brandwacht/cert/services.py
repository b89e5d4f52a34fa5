"""The use cases of the CERT: opening an incident, leading it, and keeping its clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, IncidentAsset, IncidentClock, IncidentEntry, IncidentState, Phase
from brandwacht.engines.authority import RunningClock, load_clocks, load_powers, start_clocks
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node, Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.riskmap.services import run_cascade
from brandwacht.soc import queries as soc_queries
from brandwacht.soc.models import AlertState
from brandwacht.soc.services import mark_incident

SIGNIFICANT, PERSONAL_DATA = "significant", "persoonsgegevens"
LOG, NOTE = "gebeurtenis", "notitie"


def open_from_alert(
    actor: Actor, alert_id: Any, *, title: str = "", facts: Sequence[str] = (), known_at: datetime | None = None
) -> Incident:
    """Turn an alert into an incident of the same organisation: its asset is hit, the cascade runs, the clocks start."""
    with use_case(actor, "cert.incident.open") as case:
        alert = soc_queries.alert(actor, alert_id)
        if alert.state == AlertState.INCIDENT:
            raise Refused(_("Van deze melding is al een incident gemaakt."))
        incident = _open(
            case,
            alert.organisation_id,
            title=title.strip() or alert.title,
            severity=alert.severity,
            facts=facts,
            known_at=known_at or actor.now,
            attack=alert.attack,
            alert_ref=alert.public_id,
        )
        _hit(incident, alert.asset)
        mark_incident(actor, alert.public_id, incident.public_id)
        _log(
            incident, actor, _("Incident geopend naar aanleiding van de melding “%(alert)s”.") % {"alert": alert.title}
        )
        _begin(actor, incident)
    return incident


def open_new(
    actor: Actor,
    *,
    title: str,
    summary: str,
    scenario: str,
    phase: str,
    facts: Sequence[str],
    known_at: datetime,
    nodes: Sequence[Node],
) -> Incident:
    """Open an incident of one's own organisation without an alert: somebody phoned."""
    with use_case(actor, "cert.incident.open") as case:
        incident = _open(
            case,
            actor.organisation_id,
            title=title,
            severity=3,
            facts=facts,
            known_at=known_at,
            attack=[],
            alert_ref=None,
            summary=summary,
            scenario=scenario,
            phase=phase,
        )
        for node in nodes:
            _hit(incident, node)
        _log(incident, actor, _("Incident geopend na een melding buiten Brandwacht om."))
        _begin(actor, incident)
    return incident


def _open(
    case: UseCase,
    owner_id: int,
    *,
    title: str,
    severity: int,
    facts: Sequence[str],
    known_at: datetime,
    attack: Sequence[str],
    alert_ref: UUID | None,
    summary: str = "",
    scenario: str = "eigen_organisatie",
    phase: str = Phase.LUKEWARM,
) -> Incident:
    actor = case.actor
    case.require(Owner(owner_id))
    if not title.strip():
        raise Refused(_("Geef het incident een titel waaraan iedereen het herkent."), "title")
    if known_at > actor.now:
        raise Refused(_("Het moment van kennisname ligt in de toekomst."), "known_at")
    _check_words(facts, scenario)
    incident = Incident(
        organisation_id=owner_id,
        number=_next_number(owner_id, actor.now),
        title=title.strip()[:200],
        summary=summary.strip(),
        severity=severity,
        phase=phase,
        scenario=scenario,
        facts=sorted(set(facts)),
        attack=list(attack),
        known_at=known_at,
        opened_at=actor.now,
        opened_by=actor.name,
        alert_ref=alert_ref,
    )
    incident.save()
    case.audit(incident, {"nummer": incident.number, "feiten": incident.facts})
    return incident


def _check_words(facts: Sequence[str], scenario: str) -> None:
    unknown = set(facts) - set(load_clocks().facts)
    if unknown:
        raise Refused(_("Onbekend feit: %(facts)s.") % {"facts": ", ".join(sorted(unknown))}, "facts")
    if scenario not in load_powers().scenarios:
        raise Refused(_("Onbekend scenario: %(scenario)s.") % {"scenario": scenario}, "scenario")


def _next_number(owner_id: int, now: datetime) -> str:
    # The owner's row is the lock: two incidents opened at once get two numbers.
    Organisation.objects.select_for_update().get(pk=owner_id)
    year = timezone.localtime(now).year
    numbers = Incident.objects.filter(organisation_id=owner_id, number__startswith=f"{year}-")
    last = numbers.order_by("-number").values_list("number", flat=True).first()
    return f"{year}-{int(last.split('-')[1]) + 1 if last else 1:04d}"


def _hit(incident: Incident, node: Node) -> None:
    IncidentAsset(organisation_id=incident.organisation_id, incident=incident, node=node, duration=node.repair).save()


def _begin(actor: Actor, incident: Incident) -> None:
    _renew_clocks(actor, incident)
    _run_cascade(actor, incident)


def _log(incident: Incident, actor: Actor, text: str, kind: str = LOG) -> None:
    entry = IncidentEntry(
        organisation_id=incident.organisation_id,
        incident=incident,
        at=actor.now,
        kind=kind,
        text=text,
        author=f"{actor.name} ({actor.organisation_code})",
    )
    entry.save()


# --- the cascade --------------------------------------------------------------------------------------------------


def _run_cascade(actor: Actor, incident: Incident) -> None:
    assets = list(IncidentAsset.objects.filter(incident=incident).select_related("node"))
    if not assets:
        return
    outages = [{"node": a.node.key, "start": 0, "duration": a.duration, "state": a.state} for a in assets]
    run = run_cascade(
        actor,
        incident.organisation_id,
        outages,
        title=_("Incident %(number)s") % {"number": incident.number},
        started_at=incident.known_at,
        incident_ref=incident.public_id,
    )
    _log(incident, actor, _("Cascade doorgerekend: %(headline)s") % {"headline": run.headline})


def add_assets(actor: Actor, incident_id: Any, nodes: Sequence[Node]) -> Incident:
    """More is hit than was known: add nodes and run the cascade again."""
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        _still_open(incident)
        present = set(IncidentAsset.objects.filter(incident=incident).values_list("node_id", flat=True))
        new = [node for node in nodes if node.pk not in present]
        if not new:
            raise Refused(_("Kies iets dat nog niet bij dit incident staat."), "nodes")
        for node in new:
            _hit(incident, node)
        names = ", ".join(node.name for node in new)
        case.audit(incident, {"geraakt": names})
        _log(incident, actor, _("Ook geraakt: %(names)s.") % {"names": names})
        _run_cascade(actor, incident)
    return incident


# --- the clocks ---------------------------------------------------------------------------------------------------


def running_clocks(incident: Incident, regimes: Sequence[str], done: dict[str, datetime]) -> list[RunningClock]:
    """The clocks that apply to this incident, by the data of ``engines.authority``."""
    return start_clocks(load_clocks(), frozenset(regimes), frozenset(incident.facts), incident.known_at, done)


def _renew_clocks(actor: Actor, incident: Incident) -> None:
    """Write the clocks that apply now, and the action that each asks of the CISO; a done clock stays as it is."""
    owner = Organisation.objects.get(pk=incident.organisation_id)
    present = {c.key: c for c in IncidentClock.objects.filter(incident=incident)}
    done = {key: c.done_at for key, c in present.items() if c.done_at}
    wanted = running_clocks(incident, owner.regimes, done)
    version = load_clocks().header.version
    for clock in wanted:
        row = present.pop(clock.key, None) or IncidentClock(
            organisation_id=incident.organisation_id, incident=incident, key=clock.key
        )
        if row.done_at:
            continue
        row.title, row.duty, row.who, row.to_whom = clock.title, clock.duty, clock.who, clock.to_whom
        row.basis, row.note, row.status = clock.basis, clock.note, clock.status
        row.due, row.provisional, row.data_version = clock.due, clock.provisional, version
        row.save()
        if not clock.provisional:
            _ask(actor, incident, row)
    for gone in present.values():
        if not gone.done_at:
            actions.complete(incident.organisation_id, _action_key(incident, gone.key), actor)
            gone.delete()


def _action_key(incident: Incident, clock_key: str) -> str:
    return f"klok:{incident.public_id}:{clock_key}"


def _ask(actor: Actor, incident: Incident, clock: IncidentClock) -> None:
    due = timezone.localtime(clock.due)
    actions.put(
        incident.organisation_id,
        actions.Todo(
            key=_action_key(incident, clock.key),
            title=_("%(what)s doen voor incident %(number)s") % {"what": clock.title, "number": incident.number},
            why=_("%(basis)s, bij: %(to)s") % {"basis": clock.basis, "to": clock.to_whom},
            room="cert",
            path=reverse("cert:detail", args=[incident.public_id]) + "#klokken",
            role=Role.CISO,
            risk=4,
            effort=30,
            due=due,
        ),
        actor.now,
    )


def clock_done(actor: Actor, incident_id: Any, key: str, note: str) -> IncidentClock:
    """The duty of a clock was done; clocks that follow it get their real moment."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        clock: IncidentClock | None = IncidentClock.objects.filter(incident=incident, key=key).first()
        if clock is None or clock.done_at:
            raise Refused(_("Deze melding is al gedaan of loopt niet meer."))
        if not note.strip():
            raise Refused(_("Schrijf op bij wie en hoe u meldde, met het kenmerk als u dat hebt."), "note")
        clock.done_at, clock.done_by, clock.done_note = actor.now, actor.name, note.strip()[:300]
        clock.provisional = False
        clock.save()
        actions.complete(incident.organisation_id, _action_key(incident, key), actor)
        case.audit(incident, {"klok": key, "gemeld": clock.done_note})
        _log(incident, actor, _("%(what)s gedaan: %(note)s") % {"what": clock.title, "note": clock.done_note})
        _renew_clocks(actor, incident)
    return clock


def clock_undo(actor: Actor, incident_id: Any, key: str) -> IncidentClock:
    """Undo: the duty was not done after all."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        done = IncidentClock.objects.filter(incident=incident, key=key, done_at__isnull=False)
        clock: IncidentClock | None = done.first()
        if clock is None:
            raise Refused(_("Deze melding stond al open."))
        clock.done_at, clock.done_by, clock.done_note = None, "", ""
        clock.save()
        case.audit(incident, {"klok": key, "heropend": True})
        _log(incident, actor, _("%(what)s staat weer open.") % {"what": clock.title})
        _renew_clocks(actor, incident)
        clock.refresh_from_db()
        actions.reopen_by_key(incident.organisation_id, _action_key(incident, key))
    return clock


# --- leading ------------------------------------------------------------------------------------------------------


def _still_open(incident: Incident) -> None:
    if incident.state == IncidentState.CLOSED:
        raise Refused(_("Dit incident is gesloten. Heropen het eerst."))


def assess(
    actor: Actor, incident_id: Any, *, phase: str, scenario: str, facts: Sequence[str], known_at: datetime | None = None
) -> Incident:
    """Set phase, scenario and facts; the powers that show and the clocks that run follow from them."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        _still_open(incident)
        _check_words(facts, scenario)
        if phase not in Phase.values:
            raise Refused(_("Kies een fase."), "phase")
        if known_at is not None and known_at > actor.now:
            raise Refused(_("Het moment van kennisname ligt in de toekomst."), "known_at")
        incident.phase, incident.scenario, incident.facts = phase, scenario, sorted(set(facts))
        incident.known_at = known_at or incident.known_at
        incident.save()
        case.audit(incident, {"fase": phase, "scenario": scenario, "feiten": incident.facts})
        words = load_clocks().facts
        told = "; ".join(words[f] for f in incident.facts) or _("geen bijzondere feiten vastgesteld")
        label = Phase(phase).label
        _log(incident, actor, _("Beoordeeld: fase %(phase)s. Feiten: %(facts)s.") % {"phase": label, "facts": told})
        _renew_clocks(actor, incident)
    return incident


def activate_cert(actor: Actor, incident_id: Any) -> Incident:
    """Activate the CERT for this incident: it coordinates from now on."""
    with use_case(actor, "cert.activate") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        _still_open(incident)
        if incident.cert_activated_at:
            raise Refused(_("Het CERT is al geactiveerd."))
        incident.cert_activated_at, incident.cert_activated_by = actor.now, actor.name
        incident.save()
        case.audit(incident)
        _log(incident, actor, _("Het CERT is geactiveerd en coördineert vanaf nu."))
    return incident


def add_note(actor: Actor, incident_id: Any, text: str) -> Incident:
    """Write a line in the story of the incident."""
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        if not text.strip():
            raise Refused(_("Schrijf eerst op wat er gebeurde of wat u besloot."), "text")
        _log(incident, actor, text.strip()[:5000], NOTE)
        case.audit(incident, {"notitie": len(text)})
    return incident


NEXT = {
    IncidentState.OPEN: (IncidentState.CONTAINED, IncidentState.RECOVERED, IncidentState.CLOSED),
    IncidentState.CONTAINED: (IncidentState.OPEN, IncidentState.RECOVERED, IncidentState.CLOSED),
    IncidentState.RECOVERED: (IncidentState.OPEN, IncidentState.CLOSED),
    IncidentState.CLOSED: (IncidentState.OPEN,),
}


def move_to(actor: Actor, incident_id: Any, state: str) -> Incident:
    """Contained, recovered, closed, or open again; closing waits until no legal clock runs."""
    with use_case(actor, "cert.incident.lead") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        if state not in NEXT[IncidentState(incident.state)]:
            raise Refused(_("Deze stap kan nu niet; vernieuw de pagina om te zien hoe het incident ervoor staat."))
        if state == IncidentState.CLOSED:
            running = IncidentClock.objects.filter(incident=incident, done_at__isnull=True)
            if names := [c.title for c in running]:
                raise Refused(_("Er lopen nog meldplichten: %(names)s. Doe die eerst.") % {"names": ", ".join(names)})
        incident.state = state
        incident.closed_at = actor.now if state == IncidentState.CLOSED else None
        incident.save()
        case.audit(incident, {"stand": state})
        _log(incident, actor, _("Stand: %(state)s.") % {"state": IncidentState(state).label})
    return incident
