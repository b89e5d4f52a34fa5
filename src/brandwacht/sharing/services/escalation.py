"""When nobody answers: an hourly job marks a notice as late and asks the CERT, where a mandate lets it.

What the CERT is asked is about the advisory: the action in its own register names no region, since whoever may not
read the notice could read that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.network.actor import system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Action, ActionState, Grant, Organisation
from brandwacht.network.queries import in_force
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.network.usecase import use_case
from brandwacht.sharing.models import AdvisoryNotice, Rank
from brandwacht.sharing.policies.advisories import MAKE_NOTICE
from brandwacht.sharing.services.notice_actions import renew_action
from brandwacht.sharing.tasks.advisories import tell_late

EFFORT: Final = 20
"""Minutes to ask a region how far it is; an estimate of ours."""


def escalate_late(now: datetime) -> str:
    """The periodic job: every open notice whose time is over; returns how many in words."""
    with every_owner():
        late = AdvisoryNotice.objects.filter(late_at__lte=now, escalated_at__isnull=True, rank__lt=Rank.OVER)
        waiting = list(late.order_by("late_at", "pk").values_list("organisation_id", "public_id"))
    asked: set[tuple[int, UUID]] = set()
    count = 0
    for owner_id, public_id in waiting:
        certs = _certs(owner_id, now)
        notice = _escalate(owner_id, public_id, now, seen=bool(certs))
        if notice is None:
            continue
        count += 1
        for cert_id in certs:
            if (cert_id, notice.advisory) not in asked:
                asked.add((cert_id, notice.advisory))
                _ask_cert(cert_id, notice, now)
    return _("%(n)d meldingen te laat") % {"n": count} if count else ""


def _escalate(owner_id: int, public_id: UUID, now: datetime, *, seen: bool) -> AdvisoryNotice | None:
    """Mark one notice as late; ``None`` when somebody was first. ``seen``: a CERT is asked about it."""
    with transaction.atomic():
        region = Organisation.objects.select_for_update(no_key=True).get(pk=owner_id)
        me = system_actor(region, now, "werker")
        with owner_scope(owner_id), use_case(me, MAKE_NOTICE) as case:
            notice: AdvisoryNotice = case.get(AdvisoryNotice, public_id)
            if not notice.open or notice.escalated_at is not None or notice.late_at > now:
                return None
            notice.escalated_at = now
            text = (
                _("Er is niet op tijd hersteld.")
                if notice.acknowledged_at
                else _("De melding is niet op tijd bevestigd.")
            )
            if seen:
                text += " " + _("Het CERT ziet dit.")
            notice.add_step(now, me.name, text)
            notice.save()
            renew_action(notice, me)
            case.audit(notice, {"nummer": notice.key, "te laat": True})
    return notice


def _certs(owner_id: int, now: datetime) -> list[int]:
    """Who has a CERT mandate of this organisation now."""
    with owner_scope(owner_id):
        given = Grant.objects.filter(organisation_id=owner_id, kind=GrantKind.CERT_MANDATE, thing__isnull=True)
        return sorted(set(in_force(given, now).values_list("grantee_id", flat=True)))


def cert_key(advisory: UUID) -> str:
    """The key of what the CERT is asked about an advisory."""
    return f"sharing.advisory:{advisory}"


def _ask_cert(cert_id: int, notice: AdvisoryNotice, now: datetime) -> None:
    path = reverse("sharing:advisory", args=[notice.advisory])
    todo = actions.Todo(
        key=cert_key(notice.advisory),
        title=(_("Vraag na wie te laat is met advies %(key)s") % {"key": notice.key})[:200],
        why=_("Een organisatie die u een mandaat gaf heeft een melding niet op tijd bevestigd of hersteld."),
        room="sharing",
        path=path,
        role=Role.CERT_LEAD,
        risk=4,
        effort=EFFORT,
        due=now,
    )
    actions.put(cert_id, todo, now)
    tell_late.enqueue(cert_id, notice.tlp, path)


def end_cert_actions(advisory: UUID, now: datetime) -> int:
    """End what a CERT was asked about this advisory once none of those who gave it a mandate is late; how many."""
    with every_owner():
        late = AdvisoryNotice.objects.filter(advisory=advisory, rank=Rank.ESCALATED)
        still = {cert for owner in set(late.values_list("organisation_id", flat=True)) for cert in _certs(owner, now)}
        rows = Action.objects.filter(key=cert_key(advisory)).exclude(state=ActionState.DONE)
        over = [each.organisation for each in rows.select_related("organisation") if each.organisation_id not in still]
    for cert in over:
        actions.complete(cert.pk, cert_key(advisory), system_actor(cert, now, "werker"))
    return len(over)
