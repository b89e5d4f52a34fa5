"""Signed links for partners: made and revoked by the owner, exchanged for a cookie by whoever has one.

The token is random and stored hashed; it opens one thing, its own link, for filling in one part. A GET changes
nothing, since mail scanners follow links; the exchange is a POST, after which the address is clean.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from brandwacht.network.actor import ACT, SEE, Actor, GrantFact
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Node
from brandwacht.network.policy import Owner, visible
from brandwacht.network.requests import public_id_in
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.services.tokens import hashed
from brandwacht.network.tenancy import owner_scope, tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import PartnerLink, PartnerNode, PartnerProposal, ProposalState

LONGEST: Final = timedelta(days=93)
MOST_NODES: Final = 50
MOST_WAITING: Final = 10
MOST_NOTE: Final = 2000
COOKIE: Final = "brandwacht_deel"
STAYS: Final = timedelta(hours=10)
"""So long one exchange works; after that the partner opens the link again."""
SALT: Final = "riskmap.partner"


def links(actor: Actor) -> QuerySet[PartnerLink]:
    """The links that the actor's organisation gave, newest first, with how much each opens."""
    rows = PartnerLink.objects.filter(visible(actor, "riskmap.partner")).annotate(size=Count("part"))
    return rows.order_by("-created_at", "-pk")


def proposals(actor: Actor) -> QuerySet[PartnerProposal]:
    """What came in, newest first."""
    rows = PartnerProposal.objects.filter(visible(actor, "riskmap.partner")).select_related("link", "organisation")
    return rows.order_by("-sent_at", "-pk")


def give(actor: Actor, partner: str, email: str, nodes: Sequence[Any], expires_at: datetime) -> tuple[PartnerLink, str]:
    """A new link for a partner to these nodes (public ids); the token is returned once and stored only as a hash."""
    with use_case(actor, "riskmap.partner") as case:
        case.require(Owner(actor.organisation_id))
        if not partner.strip():
            raise Refused(_("Schrijf op voor wie de link is."), "partner")
        if not actor.now < expires_at <= actor.now + LONGEST:
            raise Refused(_("Kies een einddatum binnen drie maanden."), "until")
        part = list(Node.objects.filter(organisation_id=actor.organisation_id, public_id__in=nodes))
        if not part:
            raise Refused(_("Kies ten minste één onderdeel dat de partner invult."), "nodes")
        if len(part) > MOST_NODES:
            raise Refused(_("Kies hoogstens %(n)d onderdelen per link.") % {"n": MOST_NODES}, "nodes")
        token = secrets.token_urlsafe(32)
        link = PartnerLink(
            organisation_id=actor.organisation_id, partner=partner.strip(), email=email.strip(),
            token_hash=hashed(token), created_at=actor.now, created_by=actor.name, expires_at=expires_at,
        )  # fmt: skip
        link.save()
        PartnerNode.objects.bulk_create(
            [PartnerNode(organisation_id=link.organisation_id, link=link, node_ref=node.public_id) for node in part]
        )
        case.audit(link, {"partner": link.partner, "onderdelen": [n.key for n in part], "tot": expires_at.isoformat()})
    return link, token


def revoke(actor: Actor, public_id: Any) -> PartnerLink:
    """End a link now; it stops working on the partner's next request. One that had ended stays as it was."""
    with use_case(actor, "riskmap.partner") as case:
        link = case.get(PartnerLink, public_id)
        if link.revoked_at is None:
            link.revoked_at = actor.now
            link.save()
            case.audit(link, {"partner": link.partner, "ingetrokken": True})
    return link


# --- The partner's side -----------------------------------------------------------------------------------------------


def _working(now: datetime, **known: Any) -> PartnerLink:
    # Whoever has the token is in nobody's scope; the hash of 256 random bits is the key to this one row.
    rows = PartnerLink._base_manager.filter(expires_at__gt=now, revoked_at__isnull=True, **known)
    found: PartnerLink | None = rows.select_related("organisation").first()
    if found is None:
        raise NotFound
    return found


def find(token: str, now: datetime) -> PartnerLink:
    """The link in force with this token; ``NotFound`` when there is none, whatever the reason."""
    return _working(now, token_hash=hashed(token))


def partner(link: PartnerLink, now: datetime) -> Actor:
    """Who fills in the part: nobody at any organisation, with this link as the only door."""
    door = GrantFact(
        GrantKind.SIGNED_LINK, link.organisation_id, frozenset({SEE, ACT}), link.public_id,
        _("het eigen deel invullen"), link.expires_at,
    )  # fmt: skip
    return Actor(
        None, _("%(partner)s (getekende link)") % {"partner": link.partner}, 0, "partner", frozenset({Role.SYSTEM}),
        (door,), now, "link",
    )  # fmt: skip


def exchange(token: str, now: datetime) -> tuple[PartnerLink, str]:
    """Open a link: the value of the cookie that stands for it. Raises ``NotFound``."""
    link = find(token, now)
    me = partner(link, now)
    with tenancy_scope(me.tenancy()), use_case(me, "riskmap.partner.fill") as case:
        case.require(link)
        link.opened_at = now
        link.save(update_fields=["opened_at"])
        case.audit(link, {"geopend": True})
    return link, signing.dumps(str(link.public_id), salt=SALT)


def opened(cookie: str, now: datetime) -> PartnerLink:
    """The link that a cookie stands for; ``NotFound`` when it is forged, too old, or the link works no longer."""
    try:
        public_id = public_id_in(signing.loads(cookie, salt=SALT, max_age=STAYS))
    except signing.BadSignature as error:
        raise NotFound from error
    return _working(now, public_id=public_id)


def part_of(link: PartnerLink) -> list[Node]:
    """The nodes of a link, with their needs: all that its holder may see. Nothing else is ever read for it."""
    with owner_scope(link.organisation_id):
        refs = list(link.part.values_list("node_ref", flat=True))
        rows = Node.objects.filter(public_id__in=refs).prefetch_related("requirements", "names")
        return list(rows.order_by("name", "pk"))


def propose(link: PartnerLink, lines: Sequence[dict[str, str]], note: str, now: datetime) -> PartnerProposal:
    """Send a proposal for the part of a link; it waits for its owner. Raises ``Refused`` when it says nothing."""
    me = partner(link, now)
    with tenancy_scope(me.tenancy()), use_case(me, "riskmap.partner.fill") as case:
        case.require(link)
        if not lines and not note.strip():
            raise Refused(_("U heeft niets veranderd en geen opmerking geschreven."))
        waiting = link.proposals.filter(state=ProposalState.SENT).count()
        if waiting >= MOST_WAITING:
            raise Refused(_("Er wachten al voorstellen van u op een oordeel. Wacht daarop, of bel uw contactpersoon."))
        row = PartnerProposal(
            organisation_id=link.organisation_id, link=link, lines=list(lines), note=note.strip()[:MOST_NOTE],
            sent_at=now,
        )  # fmt: skip
        row.save()
        case.audit(row, {"partner": link.partner, "regels": len(lines)})
        todo = actions.Todo(
            proposal_key(row), _("Beoordeel wat %(partner)s invulde") % {"partner": link.partner}, "riskmap",
            f"/risicokaart/register/partners/voorstel/{row.public_id}",
            _("Het telt pas mee als u het overneemt."), role=Role.RISK_ADVISER, effort=15,
        )  # fmt: skip
        actions.put(link.organisation_id, todo, now)
    return row


def proposal_key(row: PartnerProposal) -> str:
    """The key of the action that asks for a judgement."""
    return f"riskmap.partner.{row.public_id}"
