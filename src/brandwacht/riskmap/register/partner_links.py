"""Signed links for partners (see ``network.services.signed_links``): each opens one thing, itself, for filling in one
part; made and revoked by the owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Node
from brandwacht.network.policy import Owner, visible
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.services.signed_links import LinkKind, new_token
from brandwacht.network.tenancy import owner_scope, tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.riskmap.models import PartnerLink, PartnerNode, PartnerProposal, ProposalState

KIND: Final = LinkKind(
    PartnerLink, GrantKind.SIGNED_LINK, "riskmap.partner.fill", gettext_lazy("het eigen deel invullen"), "partner",
    lambda link: link.partner, "brandwacht_deel", "riskmap.partner",
)  # fmt: skip
LONGEST: Final = timedelta(days=93)
MOST_NODES: Final = 50
MOST_WAITING: Final = 10
MOST_NOTE: Final = 2000


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
        token, token_hash = new_token()
        link = PartnerLink(
            organisation_id=actor.organisation_id, partner=partner.strip(), email=email.strip(),
            token_hash=token_hash, created_at=actor.now, created_by=actor.name, expires_at=expires_at,
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


def part_of(link: PartnerLink) -> list[Node]:
    """The nodes of a link, with their needs: all that its holder may see. Nothing else is ever read for it."""
    with owner_scope(link.organisation_id):
        refs = list(link.part.values_list("node_ref", flat=True))
        rows = Node.objects.filter(public_id__in=refs).prefetch_related("requirements", "names")
        return list(rows.order_by("name", "pk"))


def propose(link: PartnerLink, lines: Sequence[dict[str, str]], note: str, now: datetime) -> PartnerProposal:
    """Send a proposal for the part of a link; it waits for its owner. Raises ``Refused`` when it says nothing."""
    me = KIND.holder(link, now)
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
