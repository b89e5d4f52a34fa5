"""The register: nodes, the names they have in logs, and what each needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Action, ActionState, Dependency, Node, NodeKind, NodeName, Requirement
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case

RECOGNISE = "register.herken"
RECOGNISE_WITHIN = 14
"""Days in which an owner says whether a machine that was seen in its logs is its own."""
LONGEST_NAME = 255
"""Characters of a name in logs that are kept, as ``NodeName.value`` holds them."""
NAMES_TOLD = 20
"""So many of the machines that were seen at once stand in the chain by name; of the others the number."""
NOT_OURS = "niet van ons"
"""The source of an asset of which the owner said that it belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """A node to be. Times are minutes; ``names`` are host names and addresses as logs show them.

    ``repair_spread`` is a ``SpreadKind``, or empty when the time of repair is not spread.
    """

    key: str
    name: str
    kind: NodeKind
    sector: str = ""
    vital: bool = False
    owner_name: str = ""
    restart: int = 0
    repair: int | None = None
    names: tuple[str, ...] = ()
    repair_spread: str = ""
    repair_low: int | None = None
    repair_high: int | None = None
    failures_per_year: float = 0.0
    region: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class RequirementDraft:
    """What the node with key ``node`` needs: ``needed`` of ``providers`` (keys); lasts ``autonomy`` minutes without."""

    node: str
    label: str
    providers: tuple[str, ...]
    needed: int = 1
    degraded_at: int | None = None
    autonomy: int = 0
    effect: str = "down"
    coupling: float = 1.0


def add_map(
    actor: Actor, nodes: Sequence[NodeDraft], requirements: Sequence[RequirementDraft], source: str = ""
) -> None:
    """Add nodes and requirements to the actor's register, whole or not at all.

    Requirements may name nodes that are already there. Raises ``Refused`` that lists every unknown or double key.
    """
    owner_id = actor.organisation_id
    with use_case(actor, "register.edit") as case:
        case.require(Owner(owner_id))
        present = dict(Node.objects.filter(organisation_id=owner_id).values_list("key", "pk"))
        double = sorted({n.key for n in nodes} & present.keys()) + _names_taken(owner_id, nodes)
        known = present.keys() | {n.key for n in nodes}
        unknown = sorted({k for r in requirements for k in (r.node, *r.providers)} - known)
        if double or unknown:
            problems = [_("%(key)s bestaat al") % {"key": k} for k in double]
            problems += [_("%(key)s is niet bekend") % {"key": k} for k in unknown]
            raise Refused("; ".join(problems) + ".")
        made = Node.objects.bulk_create(
            [
                Node(
                    organisation_id=owner_id, key=n.key, name=n.name, kind=n.kind, sector=n.sector, vital=n.vital,
                    owner_name=n.owner_name, restart=n.restart, repair=n.repair, source=source,
                    repair_spread=n.repair_spread, repair_low=n.repair_low, repair_high=n.repair_high,
                    failures_per_year=n.failures_per_year, region=n.region, place=n.place,
                )
                for n in nodes
            ]
        )  # fmt: skip
        nodes_by_key = {node.key: node for node in Node.objects.filter(organisation_id=owner_id)}
        NodeName.objects.bulk_create(
            [
                NodeName(organisation_id=owner_id, node=nodes_by_key[n.key], value=value.lower())
                for n in nodes
                for value in n.names
            ]
        )
        rows = Requirement.objects.bulk_create(
            [
                Requirement(
                    organisation_id=owner_id, node=nodes_by_key[r.node], label=r.label, needed=r.needed,
                    degraded_at=r.degraded_at, autonomy=r.autonomy, effect=r.effect, coupling=r.coupling,
                )
                for r in requirements
            ]
        )  # fmt: skip
        Dependency.objects.bulk_create(
            [
                Dependency(organisation_id=owner_id, requirement=row, provider=nodes_by_key[provider])
                for row, r in zip(rows, requirements, strict=True)
                for provider in r.providers
            ]
        )
        if made:
            case.audit(made[0], {"bron": source, "knopen": len(made), "eisen": len(rows)})


def place_nodes(actor: Actor, public_ids: Sequence[Any], place: str) -> int:
    """Say where these nodes of the actor's register stand (as ``Node.place``; empty takes it away); returns how many.

    Raises ``Refused`` for a node that is not there.
    """
    owner_id = actor.organisation_id
    with use_case(actor, "register.edit") as case:
        case.require(Owner(owner_id))
        wanted = set(map(str, public_ids))
        found = list(Node.objects.filter(organisation_id=owner_id, public_id__in=wanted).order_by("pk"))
        if not found or len(found) != len(wanted):
            raise Refused(_("Kies ten minste één onderdeel uit het eigen register."), "nodes")
        for node in found:
            node.place = place
        Node.objects.bulk_update(found, ["place"], batch_size=200)
        case.audit(found[0], {"plaats": place, "onderdelen": [node.key for node in found[:NAMES_TOLD]]})
    return len(found)


def _names_taken(owner_id: int, nodes: Sequence[NodeDraft]) -> list[str]:
    """The log names that another node has already, or that two of the new nodes share."""
    names = [value.lower() for node in nodes for value in node.names]
    taken = set(NodeName.objects.filter(organisation_id=owner_id, value__in=names).values_list("value", flat=True))
    return sorted(taken | {name for name in names if names.count(name) > 1})


def log_name(host: str) -> str:
    """A host name from a log as the register keeps it: who wrote the log chose it, so it may be anything."""
    return host.replace("\x00", "\u2400").strip().lower()[:LONGEST_NAME]


def assets_by_name(actor: Actor, owner_id: int, hosts: Iterable[str]) -> dict[str, Node]:
    """The asset for every host name as logs show it (by ``log_name``); unknown hosts become unconfirmed assets.

    A fully qualified name also fits an asset that is known under its first label, and the other way round.
    """
    wanted = {log_name(host) for host in hosts}
    found = _known(owner_id, wanted)
    missing = sorted(host for host in wanted if host not in found)
    if not missing:
        return found
    with use_case(actor, "register.note_asset") as case:
        case.require(Owner(owner_id))
        found = _known(owner_id, wanted)  # another run may have added them meanwhile
        seen: list[Node] = []
        for host in sorted(wanted - found.keys()):
            label = host or "onbekend"
            key = f"gezien-{slugify(label.replace('.', '-')) or 'onbekend'}"[:80]
            node = Node(
                organisation_id=owner_id, key=key, name=label.upper()[:120],
                kind=NodeKind.ASSET, confirmed=False, source=_("gezien in een logbestand"),
            )  # fmt: skip
            same = found.get(_short(host)) or Node.objects.filter(organisation_id=owner_id, key=node.key).first()
            if same is None:
                node.save()
                seen.append(node)
            else:
                node = same
            NodeName(organisation_id=owner_id, node=node, value=host).save()
            found[host] = node
        if seen:  # one line in the chain, whatever number of names a log makes up
            case.audit(seen[0], {"gezien": [node.name for node in seen[:NAMES_TOLD]], "aantal": len(seen)})
        _ask_to_recognise(actor, owner_id)
    return found


def unrecognised(owner_id: int) -> QuerySet[Node]:
    """Assets that were only seen in logs and of which the owner did not yet say whether they are its own."""
    return Node.objects.filter(organisation_id=owner_id, confirmed=False).exclude(source=NOT_OURS)


def _ask_to_recognise(actor: Actor, owner_id: int) -> None:
    count = unrecognised(owner_id).count()
    if not count:
        actions.complete(owner_id, RECOGNISE, actor)
        return
    title = ngettext(
        "Herken %(n)d machine die in logs voorkwam", "Herken %(n)d machines die in logs voorkwamen", count
    ) % {"n": count}
    why = _("Van een onbekende machine weten we niet welke processen ervan afhangen.")
    with owner_scope(owner_id):
        asked = Action.objects.filter(organisation_id=owner_id, key=RECOGNISE).exclude(state=ActionState.DONE).first()
    # An action that waits keeps its day; one that was done comes back with a new one.
    due = asked.due if asked else actor.now + timedelta(days=RECOGNISE_WITHIN)
    path, effort = "/beheer/register?state=onbekend", min(5 + 2 * count, 120)
    actions.put(owner_id, Todo(RECOGNISE, title, "beheer", path, why, effort=effort, due=due), actor.now)


def _short(host: str) -> str:
    """The first label of a host name; an address has none and stays whole."""
    return host if host.replace(".", "").isdigit() else host.split(".", 1)[0]


def _known(owner_id: int, hosts: set[str]) -> dict[str, Node]:
    rows = NodeName.objects.filter(organisation_id=owner_id).select_related("node")
    by_name = {row.value: row.node for row in rows.filter(value__in=hosts | {_short(host) for host in hosts})}
    found = {host: node for host in hosts if (node := by_name.get(host) or by_name.get(_short(host)))}
    # A short name fits the one asset whose full name begins with it; with two of them we do not guess.
    bare = sorted(host for host in hosts if host and host not in found and "." not in host)
    for some in (bare[i : i + 100] for i in range(0, len(bare), 100)):
        begins = reduce(or_, (Q(value__startswith=f"{host}.") for host in some))
        longer: dict[str, set[Node]] = {}
        for row in rows.filter(begins):
            longer.setdefault(_short(row.value), set()).add(row.node)
        found |= {host: nodes.pop() for host, nodes in longer.items() if host in some and len(nodes) == 1}
    return found


def confirm_asset(actor: Actor, public_id: Any, name: str, *, ours: bool) -> Node:
    """The owner recognises an asset that was only seen in a log (``ours``), giving it a name."""
    with use_case(actor, "register.edit") as case:
        node = case.get(Node, public_id, see="register.see")
        if not name.strip():
            raise Refused(_("Geef het middel een naam."), "name")
        node.name, node.confirmed = name.strip()[:120], ours
        node.source = node.source if ours else NOT_OURS
        node.save()
        case.audit(node, {"naam": node.name, "van ons": ours})
        _ask_to_recognise(actor, node.organisation_id)
    return node
