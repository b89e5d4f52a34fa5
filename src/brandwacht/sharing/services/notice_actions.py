"""What a notice asks of people: the action in "Deze week", and one mail for all that is new.

Mail says that there is something and its label, never what.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.models import RoleAssignment
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.tenancy import owner_scope
from brandwacht.sharing.mailing import address, send
from brandwacht.sharing.models import AdvisoryNotice, UrgencyChoice

LOOK, MEND = 15, 60
"""Minutes that it takes to look whether a notice is right, and to mend what it is about; an estimate of ours."""
_LONGEST_TITLE: Final = 200


def action_key(notice: AdvisoryNotice) -> str:
    """The key of the organisation's action in the action register."""
    return f"sharing.notice:{notice.public_id}"


def renew_action(notice: AdvisoryNotice, actor: Actor) -> None:
    """Put, renew or end the action of the organisation, after where its notice stands."""
    if not notice.open:
        actions.complete(notice.organisation_id, action_key(notice), actor)
        return
    known = notice.acknowledged_at is not None
    facts = {
        "key": notice.key, "urgency": notice.get_urgency_display(), "products": ", ".join(notice.products[:3]),
    }  # fmt: skip
    title = _("Herstel na advies %(key)s (%(urgency)s): %(products)s") if known else _(
        "Bekijk advies %(key)s (%(urgency)s): %(products)s"
    )  # fmt: skip
    urgent = notice.urgency == UrgencyChoice.URGENT or notice.escalated_at is not None
    todo = actions.Todo(
        key=action_key(notice),
        title=(title % facts)[:_LONGEST_TITLE],
        why=notice.evidence[0]["text"][:300],
        room="sharing",
        path=reverse("sharing:notice", args=[notice.public_id]),
        role=Role.CISO,
        risk=4 if urgent else 3,
        effort=MEND if known else LOOK,
        due=notice.late_at,
    )
    actions.put(notice.organisation_id, todo, actor.now)


def tell_region(organisation_id: int, notice_ids: Collection[UUID], now: datetime) -> int:
    """One mail to each CISO (without one, to each administrator) about all that is new; returns the number of mails.

    What ended meanwhile is left out.
    """
    with owner_scope(organisation_id):
        notices = list(AdvisoryNotice.objects.filter(public_id__in=list(notice_ids), ended_at__isnull=True))
    if not notices:
        return 0
    people = _emails(organisation_id, Role.CISO, now) or _emails(organisation_id, Role.ADMIN, now)
    urgent = sum(1 for each in notices if each.urgency == UrgencyChoice.URGENT)
    facts = {
        "n": len(notices), "urgent": urgent, "tlp": TLP.strictest(*(each.marking for each in notices)).label,
        "address": address("sharing:notices"),
    }  # fmt: skip
    subject = ngettext(
        "%(n)d melding voor uw organisatie (%(tlp)s)", "%(n)d meldingen voor uw organisatie (%(tlp)s)", len(notices)
    )
    body = ngettext(
        "Een beveiligingsadvies gaat over wat uw organisatie draait. Urgent: %(urgent)d. Log in om te lezen waarom, en "
        "wat u kunt doen:\n\n%(address)s\n",
        "%(n)d beveiligingsadviezen gaan over wat uw organisatie draait. Urgent: %(urgent)d. Log in om te lezen "
        "waarom, en wat u kunt doen:\n\n%(address)s\n",
        len(notices),
    )
    return send(subject % facts, body % facts, people)


def tell_cert(organisation_id: int, label: str, path: str, now: datetime) -> int:
    """A mail to who leads the CERT: somebody is late. It names no region and no advisory."""
    facts = {"tlp": TLP[label].label, "address": settings.SITE_URL + path}
    subject = _("Een melding is niet op tijd bevestigd (%(tlp)s)") % facts
    body = _(
        "Een organisatie die u een mandaat gaf is te laat met een melding. Log in om na te vragen:\n\n%(address)s\n"
    )
    return send(subject, body % facts, _emails(organisation_id, Role.CERT_LEAD, now))


def _emails(organisation_id: int, role: Role, now: datetime) -> list[str]:
    """The addresses of who holds this role at an organisation, each once."""
    today = timezone.localdate(now)
    with owner_scope(organisation_id):
        rows = RoleAssignment.objects.filter(role=role, user__is_active=True, valid_from__lte=today)
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).order_by("user__email")
        return list(dict.fromkeys(rows.values_list("user__email", flat=True)))
