"""Keeping the dossier of the connection: decisions, contacts, sources, agreements; and a refusal of help."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.engines.norms.conditions import load_conditions
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node, Organisation
from brandwacht.network.policy import Owner, visible
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import (
    ConnectContact,
    ConnectDecision,
    ConnectSource,
    ContactMoment,
    DecisionKind,
    IsolationAgreement,
    SourceState,
)
from brandwacht.soc.queries.connecting import basis, source_kinds

EDIT = "soc.connect.edit"
CONTACTS_MOST = 30


def decide_condition(
    actor: Actor, organisation: Organisation, *, kind: str, decided_by: str, why: str, until: date | None
) -> ConnectDecision:
    """Record that the organisation meets the condition, or that somebody lets it connect until a day all the same."""
    with use_case(actor, EDIT) as case:
        case.require(Owner(organisation.pk))
        if kind not in (DecisionKind.MEETS, DecisionKind.TRANSITION):
            raise Refused(_("Kies welk besluit dit is."), "kind")
        _needed(decided_by, "decided_by", _("Schrijf op wie dit besluit nam, met functie."))
        _needed(why, "why", _("Schrijf op waarop dit besluit berust."))
        today = actor.today
        if kind == DecisionKind.TRANSITION and until is None:
            raise Refused(_("Een overgangsbesluit heeft een einddatum."), "until")
        if until is not None and until <= today:
            raise Refused(_("Kies een einddatum na vandaag."), "until")
        _within_the_conditions(kind, until, today)
        score = basis(actor, organisation)
        told = (
            {
                "percent": score.percent,
                "based_on": score.based_on,
                "controls": score.applicable,
                "on": today.isoformat(),
            }
            if score
            else {}
        )
        row = _decision(actor, organisation, kind, decided_by, why, until, told)
        case.audit(row, {"besluit": kind, "door": row.decided_by, "tot": until.isoformat() if until else ""})
    return row


def _within_the_conditions(kind: str, until: date | None, today: date) -> None:
    """Whether there may be a transition, and for how long, is data of the conditions."""
    if kind != DecisionKind.TRANSITION or until is None:
        return
    bridge = load_conditions().transition
    if not bridge.allowed:
        raise Refused(_("De voorwaarden kennen geen overgangsbesluit."), "kind")
    last = today + timedelta(days=bridge.longest_days)
    if until > last:
        raise Refused(
            _("Een overgangsbesluit duurt hoogstens tot %(day)s.") % {"day": date_format(last, "j F Y")}, "until"
        )


def refuse_help(actor: Actor, organisation: Organisation, *, decided_by: str, why: str) -> ConnectDecision:
    """Record that somebody chose to give no help in an attack. Nothing in Brandwacht ever does this by itself."""
    with use_case(actor, "soc.connect.refuse") as case:
        case.require(Owner(organisation.pk))
        _needed(decided_by, "decided_by", _("Schrijf op wie dit besloot, met functie."))
        _needed(why, "why", _("Schrijf op waarom er geen hulp wordt gegeven."))
        row = _decision(actor, organisation, DecisionKind.REFUSAL, decided_by, why, None, {})
        case.audit(row, {"besluit": row.kind, "door": row.decided_by})
    return row


def add_contact(
    actor: Actor, organisation: Organisation, *, name: str, task: str, phone: str, moment: str, position: int
) -> ConnectContact:
    """Add somebody whom the watch may call."""
    with use_case(actor, EDIT) as case:
        case.require(Owner(organisation.pk))
        _needed(name, "name", _("Schrijf op hoe deze persoon heet."))
        _needed(task, "task", _("Schrijf op wat deze persoon doet of mag beslissen."))
        _needed(phone, "phone", _("Vul een telefoonnummer in. Bij een aanval wordt niet gemaild."))
        if moment not in ContactMoment.values:
            raise Refused(_("Kies wanneer deze persoon te bellen is."), "moment")
        if ConnectContact.objects.filter(organisation_id=organisation.pk).count() >= CONTACTS_MOST:
            raise Refused(_("Er staan al 30 mensen op de lijst. Haal er eerst iemand af."))
        row = ConnectContact(
            organisation_id=organisation.pk,
            name=name.strip(),
            task=task.strip(),
            phone=phone.strip(),
            moment=moment,
            position=position,
        )
        row.save()
        case.audit(row, {"toegevoegd": True})
    return row


def drop_contact(actor: Actor, public_id: Any) -> None:
    """Take somebody off the list."""
    with use_case(actor, EDIT) as case:
        row = case.get(ConnectContact, public_id, see="soc.connect.see")
        case.audit(row, {"verwijderd": True})
        row.delete()


def set_source(actor: Actor, organisation: Organisation, key: str, state: str, note: str = "") -> ConnectSource:
    """Say where the connecting of a kind of source stands."""
    with use_case(actor, EDIT) as case:
        case.require(Owner(organisation.pk))
        if key not in {kind.key for kind in source_kinds()}:
            raise Refused(_("Deze bron staat niet op de lijst. Ververs de pagina."))
        if state not in SourceState.values:
            raise Refused(_("Kies waar het aansluiten staat."))
        row = ConnectSource.objects.filter(organisation_id=organisation.pk, key=key).first()
        row = row or ConnectSource(organisation_id=organisation.pk, key=key)
        row.state, row.note = state, note.strip()[:200]
        row.changed_by, row.changed_at = actor.name, actor.now
        row.save()
        case.audit(row, {"bron": key, "stand": state})
        found: ConnectSource = row
    return found


def agree_isolation(
    actor: Actor, organisation: Organisation, *, what: str, who: str, how: str = "", node_id: Any = None
) -> IsolationAgreement:
    """Agree who may isolate a system or a group of systems."""
    with use_case(actor, EDIT) as case:
        case.require(Owner(organisation.pk))
        node = None
        if node_id:
            node = Node.objects.filter(
                visible(actor, "register.see"), organisation_id=organisation.pk, public_id=node_id
            ).first()
            if node is None:
                raise Refused(_("Kies een middel uit de lijst."), "node")
        told = what.strip() or (node.name if node else "")
        _needed(told, "what", _("Schrijf op om welke systemen het gaat, of kies een middel."))
        _needed(who, "who", _("Schrijf op wie mag loskoppelen."))
        row = IsolationAgreement(
            organisation_id=organisation.pk,
            node=node,
            what=told[:160],
            who=who.strip(),
            how=how.strip(),
            agreed_by=actor.name,
            agreed_at=actor.now,
        )
        row.save()
        case.audit(row, {"afspraak": told[:160]})
    return row


def drop_agreement(actor: Actor, public_id: Any) -> None:
    """An agreement no longer holds."""
    with use_case(actor, EDIT) as case:
        row = case.get(IsolationAgreement, public_id, see="soc.connect.see")
        case.audit(row, {"vervallen": row.what})
        row.delete()


def _needed(text: str, field: str, ask: str) -> None:
    if not text.strip():
        raise Refused(ask, field)


def _decision(
    actor: Actor,
    organisation: Organisation,
    kind: str,
    decided_by: str,
    why: str,
    until: date | None,
    told: dict[str, Any],
) -> ConnectDecision:
    row = ConnectDecision(
        organisation_id=organisation.pk,
        kind=kind,
        decided_by=decided_by.strip()[:160],
        why=why.strip()[:4000],
        until=until,
        basis=told,
        recorded_by=actor.name,
        recorded_at=actor.now,
    )
    row.save()
    return row
