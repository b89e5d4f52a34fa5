"""Vital processes are decided: an adviser draws up a list, and the administrators adopt it.

A process that is marked as vital in the register counts on the map without that; a list in force makes it official.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Node, NodeKind, Organisation, OrganisationKind
from brandwacht.network.policy import Owner, visible
from brandwacht.network.roles import Role
from brandwacht.network.services import actions
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.riskmap.models import ListState, VitalItem, VitalList

EFFORT = 30


def lists(actor: Actor) -> QuerySet[VitalList]:
    """The lists that the actor may see, newest first."""
    rows = VitalList.objects.filter(visible(actor, "riskmap.see")).select_related("organisation")
    return rows.order_by("-created_at", "-pk")


def undecided(actor: Actor) -> int:
    """How many processes of the own register count as vital while no list in force names them. One query."""
    in_force = VitalItem.objects.filter(organisation_id=actor.organisation_id, list__state=ListState.ADOPTED)
    marked = Node.objects.filter(visible(actor, "register.see"), organisation_id=actor.organisation_id, draft=False)
    return marked.filter(vital=True).exclude(pk__in=in_force.values("node_id")).count()


def vital_list(actor: Actor, public_id: Any) -> VitalList:
    """One list with its processes; ``NotFound`` when it is not there for this actor."""
    items = Prefetch("items", VitalItem.objects.select_related("node").order_by("node__name", "pk"))
    found = lists(actor).filter(public_id=public_id).prefetch_related(items).first()
    if found is None:
        raise NotFound
    return found


def begin(actor: Actor, area: str) -> VitalList:
    """A new concept for an area; it starts with what the list in force for that area names."""
    with use_case(actor, "riskmap.vital.prepare") as case:
        case.require(Owner(actor.organisation_id))
        area = " ".join(area.split())
        if not area:
            raise Refused(_("Noem de gemeente, of schrijf “hele regio”."), "area")
        mine = VitalList.objects.filter(organisation_id=actor.organisation_id, area__iexact=area)
        if mine.filter(state__in=(ListState.DRAFT, ListState.OFFERED)).exists():
            raise Refused(_("Voor dit gebied loopt al een concept. Werk dat af of haal het weg."), "area")
        former = mine.filter(state=ListState.ADOPTED).first()
        row = VitalList(
            organisation_id=actor.organisation_id, area=former.area if former else area, created_at=actor.now,
            created_by=actor.name,
        )  # fmt: skip
        row.save()
        if former is not None:
            VitalItem.objects.bulk_create(
                [
                    VitalItem(
                        organisation_id=row.organisation_id, list=row, node_id=item.node_id, impact=item.impact,
                        agreements=item.agreements,
                    )
                    for item in former.items.all()
                ]
            )  # fmt: skip
        case.audit(row, {"gebied": row.area, "nieuw": True})
    return row


def set_item(actor: Actor, public_id: Any, node_id: Any, impact: str, agreements: str) -> VitalItem:
    """Put a process on a concept, or change what is written with it."""
    with use_case(actor, "riskmap.vital.prepare") as case:
        row = _concept(case, public_id)
        node = case.get(Node, node_id, see="register.see", lock=False)
        if node.kind != NodeKind.PROCESS:
            raise Refused(_("Alleen een proces kan vitaal zijn. Kies het proces dat hierop leunt."), "node")
        if node.draft:
            raise Refused(_("Dit is nog een voorstel. Neem het eerst over in het register."), "node")
        if not impact.strip():
            raise Refused(_("Schrijf op wat er gebeurt als dit proces uitvalt."), "impact")
        item = VitalItem.objects.filter(list=row, node=node).first()
        item = item or VitalItem(organisation_id=row.organisation_id, list=row, node=node)
        item.impact, item.agreements = impact.strip(), agreements.strip()
        item.save()
        case.audit(row, {"gebied": row.area, "proces": node.key})
    return item


def remove_item(actor: Actor, public_id: Any, item_id: Any) -> None:
    """Take a process off a concept."""
    with use_case(actor, "riskmap.vital.prepare") as case:
        row = _concept(case, public_id)
        item = VitalItem.objects.filter(list=row, public_id=item_id).select_related("node").first()
        if item is None:
            raise NotFound
        case.audit(row, {"gebied": row.area, "proces": item.node.key, "weggehaald": True})
        item.delete()


def offer(actor: Actor, public_id: Any) -> VitalList:
    """Offer a concept to the administrators: it stands still until they decide, or until it is taken back."""
    with use_case(actor, "riskmap.vital.prepare") as case:
        row = _concept(case, public_id)
        if not row.items.exists():
            raise Refused(_("Zet eerst minstens één proces op de lijst."))
        row.state = ListState.OFFERED
        row.save()
        case.audit(row, {"gebied": row.area, "aangeboden": True})
        todo = actions.Todo(
            _key(row), _("Stel de vitale processen vast: %(area)s") % {"area": row.area}, "riskmap",
            reverse("riskmap:vital-list", args=[row.public_id]),
            _("Met uw besluit zijn deze processen officieel vitaal op de risicokaart."),
            role=_decides(row.organisation), effort=EFFORT,
        )  # fmt: skip
        actions.put(row.organisation_id, todo, actor.now)
    return row


def take_back(actor: Actor, public_id: Any) -> VitalList:
    """Make an offered list a concept again."""
    with use_case(actor, "riskmap.vital.prepare") as case:
        row = case.get(VitalList, public_id, see="riskmap.see")
        if row.state != ListState.OFFERED:
            raise Refused(_("Deze lijst is niet aangeboden."))
        row.state = ListState.DRAFT
        row.save()
        case.audit(row, {"gebied": row.area, "teruggenomen": True})
        actions.complete(row.organisation_id, _key(row), actor)
    return row


def remove(actor: Actor, public_id: Any) -> VitalList:
    """Throw a concept away."""
    with use_case(actor, "riskmap.vital.prepare") as case:
        row = _concept(case, public_id)
        case.audit(row, {"gebied": row.area, "weggehaald": True})
        row.delete()
    return row


def adopt(actor: Actor, public_id: Any, *, body: str, decided_on: date, decision: str) -> VitalList:
    """Write down that the administrators adopted an offered list: its processes are vital from now on.

    The list that was in force for the area is replaced; what it named and no list in force names is no longer vital.
    """
    with use_case(actor, "riskmap.vital.adopt") as case:
        row = case.get(VitalList, public_id, see="riskmap.see")
        if row.state != ListState.OFFERED:
            raise Refused(_("Alleen een aangeboden lijst kan vastgesteld worden."))
        if not body.strip():
            raise Refused(_("Schrijf op welk bestuur besloot, bijvoorbeeld het algemeen bestuur."), "body")
        if not decision.strip():
            raise Refused(_("Schrijf op wat het besluit is, met het nummer of het agendapunt."), "decision")
        if decided_on > actor.today:
            raise Refused(_("Deze dag is nog niet geweest."), "decided_on")
        former = VitalList.objects.filter(
            organisation_id=row.organisation_id, area=row.area, state=ListState.ADOPTED
        ).first()
        if former is not None:
            if former.decided_on is not None and former.decided_on > decided_on:
                raise Refused(_("De lijst die nu geldt, is van een latere dag."), "decided_on")
            former.state = ListState.REPLACED
            former.save()
        row.body, row.decided_on, row.decision = body.strip(), decided_on, decision.strip()
        row.state, row.adopted_at, row.adopted_by = ListState.ADOPTED, actor.now, actor.name
        row.save()
        _mark_vital(row, former)
        case.audit(row, {"gebied": row.area, "bestuur": row.body, "datum": decided_on.isoformat(),
                         "besluit": row.decision})  # fmt: skip
        actions.complete(row.organisation_id, _key(row), actor)
    return row


def _mark_vital(row: VitalList, former: VitalList | None) -> None:
    in_force = VitalItem.objects.filter(organisation_id=row.organisation_id, list__state=ListState.ADOPTED)
    vital = set(in_force.values_list("node_id", flat=True))
    Node.objects.filter(pk__in=vital, vital=False).update(vital=True)
    if former is not None:
        gone = set(former.items.values_list("node_id", flat=True)) - vital
        Node.objects.filter(pk__in=gone).update(vital=False)


def _concept(case: UseCase, public_id: Any) -> VitalList:
    row = case.get(VitalList, public_id, see="riskmap.see")
    if row.state != ListState.DRAFT:
        raise Refused(_("Deze lijst is geen concept meer. Neem hem eerst terug, of begin een nieuwe."))
    return row


def _decides(organisation: Organisation) -> Role:
    return Role.MAYOR if organisation.kind == OrganisationKind.MUNICIPALITY else Role.BOARD


def _key(row: VitalList) -> str:
    return f"riskmap.vitaal.{row.public_id}"
