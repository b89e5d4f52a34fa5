"""Opening an incident: from an alert, or after a telephone call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.cert.models import Incident, Phase
from brandwacht.cert.services import duties, hit
from brandwacht.cert.services.leading import check_assessment, moment
from brandwacht.cert.services.story import log, still_open
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node, Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc import queries as soc
from brandwacht.soc.models import Alert, Severity
from brandwacht.soc.queries.work import escalations_of
from brandwacht.soc.services import mark_incident

RULES_TOLD = 3
"""So many matched rules are named in the summary; the alert has them all."""


def open_from_alert(
    actor: Actor, alert_id: Any, *, title: str = "", facts: Sequence[str] = (), known_at: datetime | None = None
) -> Incident:
    """Turn an alert into an incident of the same organisation: its asset is hit, the cascade runs, the clocks start.

    Without ``known_at`` the moment of awareness is ``known_since``. What a signed hand-over of the alert names is hit
    as well. Raises ``Refused`` when a colleague was first.
    """
    with use_case(actor, "cert.incident.open") as case:
        alert = case.get(Alert, alert_id, see="soc.alert.see")
        incident = _open(
            case,
            alert.organisation_id,
            title=title.strip() or alert.title[:200],
            summary=_("Gezien op %(asset)s: %(rules)s.")
            % {"asset": alert.asset.name, "rules": "; ".join(soc.rule_titles(actor, alert)[:RULES_TOLD])},
            severity=alert.severity,
            facts=facts,
            known_at=known_at or known_since(actor, alert),
            attack=alert.attack,
            alert_ref=alert.public_id,
        )
        mark_incident(actor, alert.public_id, incident.public_id)
        log(incident, actor, _("Incident geopend naar aanleiding van de melding “%(alert)s”.") % {"alert": alert.title})
        _begin(actor, incident, [alert.asset, *_handed_over(actor, alert)])
    return incident


def known_since(actor: Actor, alert: Alert) -> datetime:
    """When the organisation knew: the analyst's confirmation, or else now. From then on legal clocks run."""
    return alert.acknowledged_at or actor.now


def _handed_over(actor: Actor, alert: Alert) -> list[Node]:
    """What the newest signed hand-over of this alert names, as far as it is still in the register."""
    found = escalations_of(actor, alert.public_id, alert.organisation_id)
    refs = found[0].asset_refs if found else []
    return list(Node.objects.filter(organisation_id=alert.organisation_id, public_id__in=refs).order_by("key"))


def join(actor: Actor, alert_id: Any, incident_id: Any) -> Incident:
    """An alert that belongs to an incident that runs already: its asset is hit too, and no second clock starts.

    Raises ``Refused`` when the alert became an incident meanwhile, or the incident is closed or of another owner.
    """
    with use_case(actor, "cert.incident.note") as case:
        incident = case.get(Incident, incident_id, see="cert.incident.see")
        still_open(incident)
        alert = soc.alert(actor, alert_id)
        if alert.organisation_id != incident.organisation_id:
            raise Refused(_("Deze melding is van een andere organisatie dan het incident."))
        mark_incident(actor, alert.public_id, incident.public_id)
        incident.attack = sorted({*incident.attack, *alert.attack})
        incident.severity = max(incident.severity, alert.severity)
        incident.save()
        case.audit(incident, {"melding": str(alert.public_id)})
        log(
            incident,
            actor,
            _("De melding “%(alert)s” op %(asset)s hoort bij dit incident.")
            % {"alert": alert.title, "asset": alert.asset.name},
        )
        for node in [alert.asset, *_handed_over(actor, alert)]:
            hit.keep(incident, node)
        hit.run(actor, incident)
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
    severity: int = Severity.HIGH,
    exercise: bool = False,
    owner_id: int | None = None,
) -> Incident:
    """Open an incident without an alert: somebody phoned. An ``exercise`` asks nobody for anything real.

    ``owner_id`` is the organisation that it happens to, by default the actor's own.
    """
    with use_case(actor, "cert.incident.open") as case:
        incident = _open(
            case,
            actor.organisation_id if owner_id is None else owner_id,
            title=title,
            summary=summary,
            severity=severity,
            facts=facts,
            known_at=known_at,
            scenario=scenario,
            phase=phase,
            exercise=exercise,
        )
        told = _("Oefening geopend.") if exercise else _("Incident geopend na een melding buiten Brandwacht om.")
        log(incident, actor, told)
        _begin(actor, incident, nodes)
    return incident


def _open(
    case: UseCase,
    owner_id: int,
    *,
    title: str,
    summary: str,
    severity: int,
    facts: Sequence[str],
    known_at: datetime,
    attack: Sequence[str] = (),
    alert_ref: UUID | None = None,
    scenario: str = "eigen_organisatie",
    phase: str = Phase.LUKEWARM,
    exercise: bool = False,
) -> Incident:
    actor = case.actor
    case.require(Owner(owner_id))
    if not title.strip():
        raise Refused(_("Geef het incident een titel waaraan iedereen het herkent."), "title")
    check_assessment(phase=phase, scenario=scenario, facts=facts, severity=severity)
    incident = Incident(
        organisation_id=owner_id,
        number=_next_number(owner_id, actor.now, exercise),
        title=title.strip()[:200],
        summary=summary.strip(),
        severity=severity,
        phase=phase,
        scenario=scenario,
        facts=sorted(set(facts)),
        attack=list(attack),
        known_at=moment(actor, known_at),
        opened_at=actor.now,
        opened_by=actor.name,
        assessed_at=actor.now if facts else None,
        exercise=exercise,
        alert_ref=alert_ref,
    )
    incident.save()
    case.audit(incident, {"nummer": incident.number, "feiten": incident.facts, "oefening": exercise})
    return incident


def _next_number(owner_id: int, now: datetime, exercise: bool) -> str:
    """The next number of this owner and year: 2026-0001; drills have a row of their own: OEF-2026-0001."""
    # The owner's row is the lock: two incidents opened at once get two numbers.
    Organisation.objects.select_for_update(no_key=True).get(pk=owner_id)
    start = f"{'OEF-' if exercise else ''}{timezone.localtime(now).year}-"
    numbers = Incident.objects.filter(organisation_id=owner_id, number__startswith=start)
    last = numbers.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{start}{int(last.removeprefix(start)) + 1 if last else 1:04d}"


def _begin(actor: Actor, incident: Incident, nodes: Sequence[Node]) -> None:
    duties.renew(actor, incident)
    for node in dict.fromkeys(nodes):
        hit.mark(incident, node)
    hit.run(actor, incident)
