"""Editing the register by hand: one node with its log names, and one requirement at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Dependency, Node, NodeName, Requirement
from brandwacht.network.policy import Owner
from brandwacht.network.services.imports import BadValue
from brandwacht.network.services.node_names import NodeNames
from brandwacht.network.services.register import NodeDraft
from brandwacht.network.services.repair_cells import repair_faults
from brandwacht.network.usecase import use_case


@dataclass(frozen=True, slots=True)
class Need:
    """What a node needs: ``needed`` of ``providers`` (names or keys, as typed); times in minutes."""

    label: str
    providers: tuple[str, ...]
    needed: int = 1
    degraded_at: int | None = None
    autonomy: int = 0
    effect: str = "down"
    coupling: float = 1.0


# --- Nodes ------------------------------------------------------------------------------------------------------------


def save_node(actor: Actor, draft: NodeDraft, public_id: Any = None) -> Node:
    """Add a node, or change the one with ``public_id``; its log names become exactly those of the draft."""
    with use_case(actor, "register.edit") as case:
        if public_id is None:
            case.require(Owner(actor.organisation_id))
            node = Node(organisation_id=actor.organisation_id, source=_("ingevoerd"))
        else:
            node = case.get(Node, public_id, see="register.see")
        if not draft.name.strip():
            raise Refused(_("Geef een naam."), "name")
        key = slugify(draft.key or draft.name)[:80]
        if not key:
            raise Refused(_("Gebruik in de sleutel letters of cijfers, bijvoorbeeld “meldkamer”."), "key")
        same = Node.objects.filter(organisation_id=node.organisation_id, key=key).exclude(pk=node.pk).first()
        if same is not None:
            raise Refused(
                _("De sleutel “%(key)s” is al van %(name)s. Kies een andere.") % {"key": key, "name": same}, "key"
            )
        _set_facts(node, draft, key)
        fault = next(repair_faults(node.repair_spread, node.repair, node.repair_low, node.repair_high), None)
        if fault is not None:
            raise Refused(fault[1], fault[0])
        node.save()
        _set_names(node, draft.names)
        case.audit(node, {"naam": node.name, "nieuw": public_id is None})
    return node


def _set_facts(node: Node, draft: NodeDraft, key: str) -> None:
    node.key, node.name, node.kind = key, draft.name.strip(), draft.kind
    node.sector, node.vital, node.owner_name = draft.sector.strip(), draft.vital, draft.owner_name.strip()
    node.restart, node.repair, node.region = draft.restart, draft.repair, draft.region.strip()
    node.repair_spread, node.repair_low, node.repair_high = draft.repair_spread, draft.repair_low, draft.repair_high
    node.failures_per_year = draft.failures_per_year


def _set_names(node: Node, names: Iterable[str]) -> None:
    wanted = {name.strip().lower() for name in names} - {""}
    others = NodeName.objects.filter(organisation_id=node.organisation_id, value__in=wanted).exclude(node=node)
    taken = others.select_related("node").first()
    if taken is not None:
        raise Refused(
            _("De naam “%(value)s” is in logs al van %(node)s. Haal die daar eerst weg.")
            % {"value": taken.value, "node": taken.node.name},
            "names",
        )
    present = set(NodeName.objects.filter(node=node).values_list("value", flat=True))
    NodeName.objects.filter(node=node, value__in=present - wanted).delete()
    NodeName.objects.bulk_create(
        [NodeName(organisation_id=node.organisation_id, node=node, value=v) for v in sorted(wanted - present)]
    )


def remove_node(actor: Actor, public_id: Any) -> Node:
    """Remove a node with its log names and requirements; refused while something else refers to it."""
    with use_case(actor, "register.edit") as case:
        node = case.get(Node, public_id, see="register.see")
        users = Requirement.objects.filter(dependencies__provider=node).exclude(node=node).select_related("node")
        names = sorted({r.node.name for r in users})
        if names:
            raise Refused(
                _("Dit kan niet weg: %(names)s leunt erop. Haal het eerst daar weg.") % {"names": ", ".join(names[:5])}
            )
        case.audit(node, {"naam": node.name, "verwijderd": True})
        try:
            with transaction.atomic():
                node.delete()
        except ProtectedError as error:
            raise Refused(_("Dit kan niet weg: er zijn meldingen of incidenten over.")) from error
    return node


# --- Requirements -----------------------------------------------------------------------------------------------------


def save_need(actor: Actor, node_id: Any, need: Need, public_id: Any = None) -> Requirement:
    """Add a requirement to a node, or change the one with ``public_id`` that the node has."""
    with use_case(actor, "register.edit") as case:
        node = case.get(Node, node_id, see="register.see")
        row = Requirement(organisation_id=node.organisation_id, node=node)
        if public_id is not None:
            row = case.get(Requirement, public_id, see="register.see")
        if row.node_id != node.pk:
            raise Refused(_("Deze eis hoort bij iets anders."))
        if not need.label.strip():
            raise Refused(_("Schrijf op wat er nodig is, bijvoorbeeld “stroom”."), "label")
        providers = _find_providers(node, need.providers)
        if not 1 <= need.needed <= len(providers):
            raise Refused(
                ngettext(
                    "U noemt %(n)d voorziening; het aantal dat nodig is ligt dus tussen 1 en %(n)d.",
                    "U noemt %(n)d voorzieningen; het aantal dat nodig is ligt dus tussen 1 en %(n)d.",
                    len(providers),
                )
                % {"n": len(providers)},
                "needed",
            )
        if need.degraded_at is not None and not need.needed < need.degraded_at <= len(providers):
            raise Refused(
                _("Dit getal ligt boven het aantal dat nodig is, en is hoogstens het aantal voorzieningen."),
                "degraded_at",
            )
        row.label, row.needed, row.degraded_at = need.label.strip(), need.needed, need.degraded_at
        row.autonomy, row.effect, row.coupling = need.autonomy, need.effect, need.coupling
        row.save()
        Dependency.objects.filter(requirement=row).exclude(provider__in=providers).delete()
        present = set(Dependency.objects.filter(requirement=row).values_list("provider_id", flat=True))
        Dependency.objects.bulk_create(
            [
                Dependency(organisation_id=row.organisation_id, requirement=row, provider=p)
                for p in providers
                if p.pk not in present
            ]
        )
        names = [p.name for p in providers]
        case.audit(node, {"eis": row.label, "nodig": need.needed, "van": names, "reserve in minuten": need.autonomy})
    return row


def _find_providers(node: Node, typed: Sequence[str]) -> list[Node]:
    names = NodeNames.of(node.organisation_id)
    found: dict[int, Node] = {}
    for line, word in enumerate((w.strip() for w in typed), start=1):
        if not word:
            continue
        try:
            provider = names.find(word)
        except BadValue as error:
            told = {"line": line, "message": error}
            raise Refused(_("Regel %(line)d: %(message)s") % told, "providers") from error
        if provider.pk == node.pk:
            raise Refused(_("Regel %(line)d: iets kan niet van zichzelf afhangen.") % {"line": line}, "providers")
        found[provider.pk] = provider
    if not found:
        raise Refused(_("Noem minstens één voorziening uit het register."), "providers")
    return list(found.values())


def remove_need(actor: Actor, public_id: Any) -> Node:
    """Remove a requirement; returns the node that had it."""
    with use_case(actor, "register.edit") as case:
        row = case.get(Requirement, public_id, see="register.see")
        node = row.node
        case.audit(node, {"eis": row.label, "verwijderd": True})
        row.delete()
    return node
