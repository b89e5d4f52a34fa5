"""The signed hand-over of an alert: the analyst signs what goes along, the receiver verifies and takes charge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import ACT, Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Grant, Node, Organisation
from brandwacht.network.queries import in_force
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.signing import canonical, own_public_key, sign, verifies
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Alert, EntryKind, Escalation, MatchedEvent, Receiver
from brandwacht.soc.services.holding import take
from brandwacht.soc.services.story import tell
from brandwacht.soc.terms import terms

EVIDENCE_MOST: Final = 500
"""So many events go along as evidence, the first ones in time; the body says how many there are in all."""
INDICATORS_MOST: Final = 200
TEXT_MOST: Final = 4000
EFFORT = 10


@dataclass(frozen=True, slots=True)
class Checked:
    """What verifying a hand-over found. ``evidence_changed`` names the events that are no longer the same."""

    signature: bool
    own_key: bool
    receipt: bool | None
    evidence: int
    evidence_changed: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether everything is as it was signed."""
        return self.signature and self.own_key and self.receipt is not False and not self.evidence_changed


def evidence_hash(raw: Any) -> str:
    """SHA-256 of an event as it is stored, in JSON with sorted keys and only ASCII: its numbers may have any size."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def escalate(
    actor: Actor,
    public_id: Any,
    *,
    receiver: str,
    tlp: str,
    assets: Sequence[Node],
    indicators: Sequence[str],
    done: str,
    question: str,
) -> Escalation:
    """Hand the alert over, signed. Raises ``Refused`` when something is missing or nobody can receive it."""
    with use_case(actor, "soc.alert.triage") as case:
        alert = case.get(Alert, public_id, see="soc.alert.see")
        _check(alert, receiver, tlp, assets, indicators, done, question)
        receivers = _receivers(alert.organisation_id, receiver, actor.now)
        body = _body(
            actor, alert, receiver=receiver, tlp=tlp, assets=assets, indicators=indicators, done=done, question=question
        )
        signed = sign(canonical(body))
        escalation = Escalation(
            organisation_id=alert.organisation_id,
            public_id=body["kenmerk"],
            alert=alert,
            receiver=receiver,
            tlp=tlp,
            body=canonical(body).decode(),
            signature=signed.signature,
            public_key=signed.public_key,
            sent_at=actor.now,
            sent_by=actor.name,
            sender_code=actor.organisation_code,
            due=actor.now + terms().take_over[alert.severity],
        )
        escalation.save()
        alert.escalated_at = alert.escalated_at or actor.now
        alert.acknowledged_at = alert.acknowledged_at or actor.now
        alert.save(update_fields=["escalated_at", "acknowledged_at"])
        for organisation_id, role in receivers:
            actions.put(organisation_id, _todo(escalation, alert, role), actor.now)
        told = _("Overgedragen aan: %(who)s. Nog niet overgenomen.") % {"who": escalation.get_receiver_display()}
        tell(actor, alert, EntryKind.HANDOVER, told, escalation=escalation)
        case.audit(escalation, {"aan": receiver, "tlp": tlp, "handtekening": signed.signature[:16]})
    return escalation


def take_over(actor: Actor, public_id: Any) -> Escalation:
    """Acknowledge a hand-over: it is verified first, then the receiver holds the alert. Signed by this installation."""
    with use_case(actor, "soc.escalation.take") as case:
        escalation = case.get(Escalation, public_id, see="soc.alert.see")
        if escalation.acknowledged_at is not None:
            raise Refused(_("%(who)s heeft dit al overgenomen.") % {"who": escalation.acknowledged_by})
        if escalation.receiver == Receiver.CISO and actor.organisation_id != escalation.organisation_id:
            raise Refused(_("Deze overdracht is gericht aan de CISO van de organisatie zelf."))
        if not check(escalation).good:
            raise Refused(
                _("De overdracht klopt niet meer met wat is getekend. Bel de afzender en laat haar opnieuw versturen.")
            )
        receipt = canonical(
            {
                "overdracht": str(escalation.public_id),
                "sha256": hashlib.sha256(escalation.body.encode()).hexdigest(),
                "door": actor.name,
                "bij": actor.organisation_code,
                "moment": actor.now.isoformat(),
            }
        )
        escalation.receipt, escalation.receipt_signature = receipt.decode(), sign(receipt).signature
        escalation.acknowledged_at, escalation.acknowledged_by = actor.now, actor.name
        escalation.save(update_fields=["receipt", "receipt_signature", "acknowledged_at", "acknowledged_by"])
        alert = Alert.objects.select_for_update().get(pk=escalation.alert_id)
        _hold(actor, alert)
        _end_actions(escalation, actor)
        said = _("Overgenomen door %(who)s.") % {"who": actor.name}
        tell(actor, alert, EntryKind.HANDOVER, said, escalation=escalation)
        case.audit(escalation, {"overgenomen": True})
    return escalation


def check(escalation: Escalation) -> Checked:
    """Verify a hand-over: its signature, whose key that is, its receipt, and its evidence as stored now."""
    data, body = escalation.body.encode(), escalation.content
    receipt = None
    if escalation.receipt:
        told = orjson.loads(escalation.receipt)
        receipt = (
            verifies(escalation.receipt.encode(), escalation.receipt_signature, escalation.public_key)
            and told["sha256"] == hashlib.sha256(data).hexdigest()
        )
    stored = {
        (sha256, number): evidence_hash(raw)
        for sha256, number, raw in _events(escalation.alert_id).values_list("file__sha256", "number", "raw")
    }
    changed = tuple(
        f"{item['bestand'][:12]}:{item['nummer']}"
        for item in body["bewijs"]
        if stored.get((item["bestand"], item["nummer"])) != item["sha256"]
    )
    return Checked(
        signature=verifies(data, escalation.signature, escalation.public_key),
        own_key=escalation.public_key == own_public_key(),
        receipt=receipt,
        evidence=len(body["bewijs"]),
        evidence_changed=changed,
    )


def remind(now: datetime) -> str:
    """Ask the senders to call where a hand-over was not taken in time; says how many. Periodic work."""
    with every_owner():
        late = list(
            Escalation.objects.filter(
                acknowledged_at__isnull=True, reminded_at__isnull=True, due__lt=now, alert__open=True
            ).select_related("alert", "organisation")
        )
        for escalation in late:
            _remind(escalation, now)
    return _("%(n)d overdracht(en) niet op tijd overgenomen") % {"n": len(late)} if late else ""


def _remind(escalation: Escalation, now: datetime) -> None:
    sender = Organisation.objects.get(code=escalation.sender_code)
    todo = actions.Todo(
        key=_reminder_key(escalation),
        title=_("Bel: een overdracht is nog niet overgenomen (%(who)s)") % {"who": escalation.organisation.name},
        why=_("De termijn is voorbij en niemand heeft gezegd dat hij het overneemt."),
        room="soc",
        path=reverse("soc:escalation", args=[escalation.public_id]),
        role=Role.CISO if sender.pk == escalation.organisation_id else Role.SOC_ANALYST,
        risk=4,
        effort=EFFORT,
        due=escalation.due,
    )
    with transaction.atomic():
        Escalation.objects.filter(pk=escalation.pk).update(reminded_at=now)
        actions.put(sender.pk, todo, now)


def handed_over_with(alert: UUID) -> TLP | None:
    """The label of the latest hand-over of this alert, in the scope at hand: how far it may be shared at most."""
    label = Escalation.objects.filter(alert__public_id=alert).order_by("-sent_at", "-pk").values_list("tlp", flat=True)
    found = label.first()
    return TLP.parse(found) if found else None


def settle(actor: Actor, alert: Alert) -> None:
    """The alert became an incident: whoever opened it is in charge, so what still waited is done."""
    for escalation in Escalation.objects.filter(alert=alert, acknowledged_at__isnull=True):
        _end_actions(escalation, actor)


def _check(
    alert: Alert,
    receiver: str,
    tlp: str,
    assets: Sequence[Node],
    indicators: Sequence[str],
    done: str,
    question: str,
) -> None:
    if not alert.open:
        raise Refused(_("Deze melding staat niet meer open."))
    if receiver not in Receiver.values:
        raise Refused(_("Kies aan wie u overdraagt."), "receiver")
    if tlp not in {each.label for each in TLP}:
        raise Refused(_("Kies hoe ver dit mag worden gedeeld."), "tlp")
    if not assets:
        raise Refused(_("Kies minstens één middel waar het om gaat."), "assets")
    if any(node.organisation_id != alert.organisation_id for node in assets):
        raise Refused(_("Kies alleen middelen van deze organisatie."), "assets")
    if len(indicators) > INDICATORS_MOST:
        raise Refused(_("Geef hoogstens %(n)d indicatoren mee.") % {"n": INDICATORS_MOST}, "indicators")
    for field, text, ask in (
        ("done", done, _("Schrijf op wat er al is gedaan.")),
        ("question", question, _("Schrijf op wat u van de ontvanger vraagt.")),
    ):
        if not text.strip():
            raise Refused(ask, field)
        if len(text) > TEXT_MOST:
            raise Refused(_("Maak deze tekst korter: hoogstens 4.000 tekens."), field)
    if Escalation.objects.filter(alert=alert, receiver=receiver, acknowledged_at__isnull=True).exists():
        raise Refused(_("Deze overdracht loopt al en is nog niet overgenomen. Bel de ontvanger."), "receiver")


def _receivers(owner_id: int, receiver: str, now: datetime) -> list[tuple[int, Role]]:
    """Whose action it becomes: the owner's CISO, or the lead of each CERT that may act for the owner."""
    if receiver == Receiver.CISO:
        return [(owner_id, Role.CISO)]
    # The grants are the owner's rows; the use case decided, and nothing of them is shown.
    with owner_scope(owner_id):
        given = in_force(Grant.objects.filter(kind=GrantKind.CERT_MANDATE, thing__isnull=True), now)
        holders = sorted({grantee for grantee, may in given.values_list("grantee_id", "may") if ACT in may})
    if not holders:
        raise Refused(
            _("Deze organisatie gaf geen CERT een mandaat om te handelen. Draag over aan de CISO."), "receiver"
        )
    return [(holder, Role.CERT_LEAD) for holder in holders]


def _events(alert_id: int) -> Any:
    return MatchedEvent.objects.filter(alert_id=alert_id).order_by("time", "id")[:EVIDENCE_MOST]


def _body(
    actor: Actor,
    alert: Alert,
    *,
    receiver: str,
    tlp: str,
    assets: Iterable[Node],
    indicators: Iterable[str],
    done: str,
    question: str,
) -> dict[str, Any]:
    events = _events(alert.pk).values_list("file__sha256", "number", "time", "raw")
    return {
        "soort": "overdracht",
        "versie": 1,
        "kenmerk": str(uuid4()),
        "van": {"organisatie": actor.organisation_code, "persoon": actor.name},
        "aan": receiver,
        "eigenaar": alert.organisation.code,
        "moment": actor.now.isoformat(),
        "tlp": tlp,
        "melding": {
            "kenmerk": str(alert.public_id),
            "titel": alert.title,
            "ernst": alert.severity,
            "eerst_gezien": alert.first_seen.isoformat(),
            "laatst_gezien": alert.last_seen.isoformat(),
            "technieken": alert.attack,
            "gebeurtenissen": alert.event_count,
        },
        "middelen": [{"kenmerk": str(node.public_id), "naam": node.name} for node in assets],
        "indicatoren": list(indicators),
        "bewijs": [
            {"bestand": sha256, "nummer": number, "tijd": time.isoformat(), "sha256": evidence_hash(raw)}
            for sha256, number, time, raw in events
        ],
        "gedaan": done.strip(),
        "vraag": question.strip(),
    }


def _todo(escalation: Escalation, alert: Alert, role: Role) -> actions.Todo:
    # The title stands in the receiver's own register, also after a mandate ended: it names no alert.
    return actions.Todo(
        key=_key(escalation),
        title=_("Neem een overgedragen melding over (%(who)s)") % {"who": alert.organisation.name},
        why=_("De analist vraagt u de leiding te nemen. Bevestig dat u dat doet."),
        room="soc",
        path=reverse("soc:escalation", args=[escalation.public_id]),
        role=role,
        risk=max(1, alert.severity),
        effort=EFFORT,
        due=escalation.due,
    )


def _hold(actor: Actor, alert: Alert) -> None:
    """The receiver holds the alert; it no longer waits for an analyst."""
    take(actor, alert)
    if alert.open and alert.waiting:
        alert.waiting = False
        alert.save(update_fields=["waiting"])


def _end_actions(escalation: Escalation, actor: Actor) -> None:
    """End the actions that asked for this, at whichever receiver or sender they stand."""
    sender = Organisation.objects.get(code=escalation.sender_code)
    actions.complete(sender.pk, _reminder_key(escalation), actor)
    try:
        receivers = _receivers(escalation.organisation_id, escalation.receiver, actor.now)
    except Refused:  # the mandate ended meanwhile
        receivers = []
    for organisation_id, _role in receivers:
        actions.complete(organisation_id, _key(escalation), actor)


def _key(escalation: Escalation) -> str:
    return f"soc.overdracht.{escalation.public_id}"


def _reminder_key(escalation: Escalation) -> str:
    return f"soc.overdracht.bel.{escalation.public_id}"
