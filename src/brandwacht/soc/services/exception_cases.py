"""Deciding about exceptions: propose, approve by somebody else, reject, end; and asking for attention in time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from brandwacht.network.actor import ACT, Actor, system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Grant, Node, RoleAssignment
from brandwacht.network.policy import Owner
from brandwacht.network.queries import in_force
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import AlertException, ExceptionState, How, Subject

LONGEST_DAYS: Final = 365
USUAL_DAYS: Final = 90
SOON: Final = timedelta(days=14)
"""So long before it runs out an exception asks for attention."""
LEAST_LITERAL: Final = 3
"""A beginning or pattern names at least so many characters: anything less fits almost everything."""
TECHNIQUE: Final = re.compile(r"T\d{4}(\.\d{3})?")


@dataclass(frozen=True, slots=True)
class ExceptionDraft:
    """An exception to be. Either ``rule_id`` or ``technique``; ``asset`` is a public id of the owner's register."""

    title: str
    rule_id: str = ""
    technique: str = ""
    asset: Any = None
    subject: str = ""
    field: str = ""
    how: str = How.EXACT
    value: str = ""
    reason: str = ""
    owner_name: str = ""
    days: int = USUAL_DAYS


def propose(actor: Actor, owner_id: int, draft: ExceptionDraft, *, renews: Any = None) -> AlertException:
    """Propose an exception; it works only once somebody approved it. ``renews`` is the public id of an earlier one.

    Raises ``Refused`` with the field that must be mended.
    """
    with use_case(actor, "soc.exception.propose") as case:
        case.require(Owner(owner_id))
        row = row_of(owner_id, draft, actor.now)
        if not draft.reason.strip():
            raise Refused(_("Schrijf op waarom dit gedrag bekend en onschuldig is."), "reason")
        if not draft.owner_name.strip():
            raise Refused(_("Schrijf op wie hiervoor aanspreekbaar is."), "owner_name")
        row.proposed_by, row.proposed_at, row.proposer_id = actor.name, actor.now, actor.user_id
        if renews is not None:
            row.renews = case.get(AlertException, renews, see="soc.exception.see")
        row.save()
        case.audit(row, _told(row) | {"waarom": row.reason, "aanspreekbaar": row.owner_name})
        _ask(
            row,
            "oordeel",
            _("Beoordeel een uitzondering: %(title)s") % {"title": row.title},
            _("Zolang niemand haar goedkeurt, blijven de meldingen komen."),
            actor.now + timedelta(days=7),
            actor.now,
        )
    return row


def row_of(owner_id: int, draft: ExceptionDraft, now: datetime) -> AlertException:
    """The unsaved row of a draft, checked; raises ``Refused`` with the field."""
    if bool(draft.rule_id) is bool(draft.technique):
        raise Refused(_("Kies voor welke regel of techniek de uitzondering geldt."), "about")
    if draft.technique and not TECHNIQUE.fullmatch(draft.technique):
        raise Refused(_("Schrijf de techniek als T1003 of T1003.001."), "about")
    asset = None
    if draft.asset:
        asset = Node.objects.filter(organisation_id=owner_id, public_id=draft.asset).first()
        if asset is None:
            raise Refused(_("Dit middel staat niet in het register van deze organisatie."), "asset")
    value, name = draft.value.strip(), draft.field.strip()
    if asset is None and not draft.subject:
        raise Refused(
            _("Kies een middel, een gebruiker, een adres of een waarde. Anders geldt de uitzondering voor alles."),
            "subject",
        )
    if draft.subject:
        _check_value(draft.subject, name, draft.how, value)
    if not 1 <= draft.days <= LONGEST_DAYS:
        raise Refused(_("Kies een duur van 1 tot en met 365 dagen."), "days")
    return AlertException(
        organisation_id=owner_id, rule_id=draft.rule_id[:80], technique=draft.technique, title=draft.title[:255],
        asset=asset, subject=draft.subject, field=name[:120] if draft.subject == Subject.FIELD else "",
        how=draft.how if draft.subject else How.EXACT, value=value[:500] if draft.subject else "",
        reason=draft.reason.strip(), owner_name=draft.owner_name.strip()[:120], expires_at=now + timedelta(draft.days),
    )  # fmt: skip


def _check_value(subject: str, name: str, how: str, value: str) -> None:
    if subject == Subject.FIELD and not name:
        raise Refused(_("Schrijf op welk veld van de gebeurtenis u bedoelt, zoals CommandLine."), "field")
    if not value:
        raise Refused(_("Schrijf op om welke waarde het gaat."), "value")
    literal = value.replace("*", "").replace("?", "") if how == How.WILDCARD else value
    if how != How.EXACT and len(literal) < LEAST_LITERAL:
        raise Refused(_("Noem minstens drie tekens. Een korter patroon past op bijna alles."), "value")


def approve(actor: Actor, public_id: Any) -> AlertException:
    """Approve a proposal, by somebody else than who proposed it; by the proposer only when there is nobody else."""
    with use_case(actor, "soc.exception.approve") as case:
        row = _open_proposal(case, public_id)
        own = row.proposer_id is not None and row.proposer_id == actor.user_id
        if own and others_who_approve(row.organisation_id, actor.user_id, actor.now):
            raise Refused(_("U heeft deze uitzondering zelf voorgesteld. Vraag een collega om haar te beoordelen."))
        if row.expires_at <= actor.now:
            raise Refused(_("Deze uitzondering zou al verlopen zijn. Stel haar opnieuw voor."))
        row.state, row.alone = ExceptionState.APPROVED, own
        row.decided_by, row.decided_at = actor.name, actor.now
        row.save(update_fields=["state", "alone", "decided_by", "decided_at"])
        case.audit(row, _told(row) | {"alleen": own})
        _done(row, "oordeel", actor)
        if row.renews_id is not None:
            older = AlertException.objects.select_for_update(of=("self",)).get(pk=row.renews_id)
            if older.state == ExceptionState.APPROVED:
                _end(case, older, _("Vervangen door een nieuwe uitzondering."))
    return row


def reject(actor: Actor, public_id: Any, reason: str) -> AlertException:
    """Reject a proposal, with the reason."""
    with use_case(actor, "soc.exception.approve") as case:
        row = _open_proposal(case, public_id)
        if not reason.strip():
            raise Refused(_("Schrijf op waarom u deze uitzondering niet goedkeurt."), "reason")
        row.state, row.end_reason = ExceptionState.REJECTED, reason.strip()[:300]
        row.decided_by, row.decided_at = actor.name, actor.now
        row.save(update_fields=["state", "end_reason", "decided_by", "decided_at"])
        case.audit(row, {"afgewezen": row.end_reason})
        _done(row, "oordeel", actor)
    return row


def end(actor: Actor, public_id: Any, reason: str) -> AlertException:
    """End an exception at once: what it covered from now on gives alerts again."""
    with use_case(actor, "soc.exception.propose") as case:
        row = case.get(AlertException, public_id, see="soc.exception.see")
        if row.state not in (ExceptionState.APPROVED, ExceptionState.PROPOSED):
            raise Refused(_("Deze uitzondering werkt al niet meer."))
        if not reason.strip():
            raise Refused(_("Schrijf op waarom u deze uitzondering beëindigt."), "reason")
        _end(case, row, reason.strip())
    return row


def others_who_approve(owner_id: int, user_id: int | None, now: datetime) -> bool:
    """Whether somebody else than this person may approve exceptions of this owner.

    Read by Brandwacht itself over the owner and those that hold its mandate to act; only yes or no comes out.
    """
    with owner_scope(owner_id):
        mandates = in_force(Grant.objects.filter(kind=GrantKind.SOC_MANDATE, thing__isnull=True), now)
        holders = {grantee for grantee, may in mandates.values_list("grantee_id", "may") if ACT in may}
    today = timezone.localdate(now)
    with owner_scope(owner_id, *holders):
        fitting = Q(organisation_id=owner_id, role__in=[Role.CISO, Role.SOC_ANALYST])
        fitting |= Q(organisation_id__in=sorted(holders), role=Role.SOC_ANALYST)
        working = RoleAssignment.objects.filter(fitting, valid_from__lte=today, user__is_active=True)
        working = working.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        return working.exclude(user_id=user_id).exists()


def ask_before_they_end(now: datetime) -> str:
    """Put an action in the week of the owner for every exception that runs out soon; the result says how many."""
    with every_owner():
        ending = AlertException.objects.filter(
            state=ExceptionState.APPROVED, expires_at__gt=now - SOON, expires_at__lte=now + SOON
        )
        rows = list(ending.select_related("organisation").order_by("pk"))
    asked = 0
    for row in rows:
        with owner_scope(row.organisation_id):
            if row.expires_at <= now:
                _done(row, "verloopt", system_actor(row.organisation, now, "werker"))
                continue
            day = date_format(timezone.localtime(row.expires_at), "j F Y")
            title = _("Uitzondering loopt af op %(day)s: %(title)s") % {"day": day, "title": row.title}
            why = _("Daarna komen de meldingen weer. Verleng haar als het gedrag nog klopt, of laat haar aflopen.")
            _ask(row, "verloopt", title, why, row.expires_at, now)
            asked += 1
    return _("%(n)d aflopende uitzondering(en)") % {"n": asked} if asked else ""


def _open_proposal(case: UseCase, public_id: Any) -> AlertException:
    row = case.get(AlertException, public_id, see="soc.exception.see")
    if row.state != ExceptionState.PROPOSED:
        what = {"who": row.decided_by or row.ended_by, "state": row.get_state_display().lower()}
        raise Refused(_("Over deze uitzondering is al besloten: %(state)s door %(who)s.") % what)
    return row


def _end(case: UseCase, row: AlertException, reason: str) -> None:
    row.state, row.end_reason = ExceptionState.ENDED, reason[:300]
    row.ended_by, row.ended_at = case.actor.name, case.actor.now
    row.save(update_fields=["state", "end_reason", "ended_by", "ended_at"])
    case.audit(row, {"beëindigd": row.end_reason})
    for what in ("oordeel", "verloopt"):
        _done(row, what, case.actor)


def _ask(row: AlertException, what: str, title: str, why: str, due: datetime, now: datetime) -> None:
    path = reverse("soc:exception", args=[row.public_id])
    actions.put(row.organisation_id, Todo(_key(row, what), title[:200], "soc", path, why, effort=10, due=due), now)


def _done(row: AlertException, what: str, actor: Actor) -> None:
    actions.complete(row.organisation_id, _key(row, what), actor)


def _key(row: AlertException, what: str) -> str:
    return f"soc.uitzondering.{row.public_id}.{what}"


def _told(row: AlertException) -> dict[str, Any]:
    facts: Iterable[tuple[str, Any]] = (
        ("regel", row.rule_id),
        ("techniek", row.technique),
        ("middel", row.asset.name if row.asset is not None else ""),
        ("waarop", row.subject),
        ("veld", row.field),
        ("hoe", row.how if row.subject else ""),
        ("waarde", row.value),
        ("tot", row.expires_at.isoformat()),
    )
    return {name: value for name, value in facts if value}
