"""The weekly message to each member: what came in a week, as that member may see it, with nothing above GREEN told.

Mail is no place for what is confidential: of what is stricter there is only a link, without a title. Each message is
made with the member's own policy, so that nobody learns of something that is not theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.core.mail import EmailMessage, get_connection
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor, actor_for, assignments_of
from brandwacht.network.models import Organisation, OrganisationKind, User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.sharing.circle import read_circle
from brandwacht.sharing.mailing import address
from brandwacht.sharing.models import (
    CircleProduct,
    CircleWarning,
    ProductState,
    Threat,
    ThreatState,
    WarningState,
)
from brandwacht.sharing.queries.products import products
from brandwacht.sharing.queries.threats import threats
from brandwacht.sharing.queries.warnings import warnings

WEEK: Final = timedelta(days=7)
MONDAY: Final = 0
MOST: Final = 30
"""Lines of each kind in one message."""


def on_monday(now: datetime) -> str:
    """The periodic job: on Monday, tell every member of every circle what came in the week before."""
    if timezone.localdate(now).weekday() != MONDAY:
        return ""
    sent = sum(send_digests(circle, now) for circle in Organisation.objects.filter(kind=OrganisationKind.CIRCLE))
    return _("%(n)d weekberichten") % {"n": sent}


def send_digests(circle: Organisation, now: datetime) -> int:
    """Mail the members of a circle for whom there is something new; returns the number of mails."""
    mails = []
    seats = [seat for seat in read_circle(circle.pk, now).seats if seat.role is Role.ISAC_MEMBER]
    users = User.objects.in_bulk([seat.user_id for seat in seats])
    for seat in seats:
        user = users[seat.user_id]
        me = actor_for(user, seat.organisation, assignments_of(user, now), now, "werker")
        with tenancy_scope(me.tenancy()):
            made = _digest(me, circle)
        if made is not None:
            mails.append(EmailMessage(*made, to=[seat.email]))
    return get_connection().send_messages(mails) or 0


def _digest(me: Actor, circle: Organisation) -> tuple[str, str] | None:
    """Subject and body for one member; ``None`` when nothing came."""
    lines: list[str] = []
    labels = [TLP.CLEAR]
    for row, where in _news(me, circle):
        if row.marking.strictness <= TLP.GREEN.strictness:
            labels.append(row.marking)
            lines.append(f"- {row.marking.label}: {row.title}\n  {where}")
        else:
            lines.append(
                _("- %(tlp)s: lees dit in Brandwacht\n  %(address)s") % {"tlp": row.marking.label, "address": where}
            )
    if not lines:
        return None
    facts = {"circle": circle.name, "tlp": TLP.strictest(*labels).label, "lines": "\n".join(lines)}
    subject = _("Weekbericht van de %(circle)s (%(tlp)s)") % facts
    body = (
        _(
            "Dit kwam er in de afgelopen week bij in de %(circle)s. Wat strenger is dan TLP:GREEN staat niet in deze "
            "mail; log in om dat te lezen.\n\n%(lines)s\n"
        )
        % facts
    )
    return subject, body


def _news(me: Actor, circle: Organisation) -> Iterator[tuple[Threat | CircleWarning | CircleProduct, str]]:
    since = me.now - WEEK
    reports = threats(me).filter(organisation=circle, state=ThreatState.SHARED, shared_at__gt=since)
    for report in reports[:MOST]:
        yield report, address("sharing:threat", report.public_id)
    told = warnings(me).filter(organisation=circle, state=WarningState.SENT, sent_at__gt=since)
    for warning in told[:MOST]:
        yield warning, address("sharing:detail", warning.public_id)
    made = products(me).filter(organisation=circle, state=ProductState.SENT, sent_at__gt=since)
    for product in made[:MOST]:
        yield product, address("sharing:product", product.public_id)
