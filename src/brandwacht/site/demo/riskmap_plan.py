"""Measures, a shared node, likelihoods and a first risk plan in the demo. All of it made up, and said so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from brandwacht.network.models import Interest, Node, NodeImpact, NodeKind
from brandwacht.network.services import register
from brandwacht.network.services.register import NodeDraft
from brandwacht.network.tenancy import owner_scope
from brandwacht.riskmap import mapping
from brandwacht.riskmap.models import MeasureKind, Scenario, SharedNode
from brandwacht.riskmap.services import analysis as services_analysis
from brandwacht.riskmap.services import borders as services_borders
from brandwacht.riskmap.services import planning as services_planning
from brandwacht.riskmap.services import plans as services_plan
from brandwacht.site.demo.stage import Stage

CODE, NEIGHBOUR = "VR17", "VR15"
RATES: Final = {
    "net-noord": 0.4, "net-zuid": 0.4, "net-haven": 0.3, "knooppunt": 0.1, "provider-a": 1.0, "provider-b": 1.0,
    "cloud-kantoor": 2.0, "gms": 0.5, "brandstof": 0.2,
}  # fmt: skip
IMPACT: Final = {
    "goederen": (("economisch", 1.0, 4.0),), "chemie": (("fysiek", 0.5, 2.0), ("ecologisch", 0.2, 1.0)),
    "bereikbaar-112": (("fysiek", 1.0, 4.0), ("stabiliteit", 1.0, 3.0)), "alarmering": (("fysiek", 1.0, 3.0),),
    "ziekenhuizen": (("fysiek", 1.0, 3.0),), "rust": (("stabiliteit", 1.0, 3.0),),
    "handhaving": (("territoriaal", 0.5, 1.0), ("stabiliteit", 0.5, 2.0)), "crisis": (("stabiliteit", 0.5, 1.0),),
}  # fmt: skip
"""Points per hour of faltering and of standing still."""
CHANCES: Final = {"Terminalsystemen haven 8 uur uit": "C", "Domeincontroller uit": "D"}


def fill(stage: Stage) -> Iterator[str]:
    """The region weighs its risks, chooses measures, makes a plan, and follows a node of its neighbour."""
    organisation = stage.organisation(CODE)
    _share(stage)
    with stage.as_system(CODE) as actor:
        _weigh(organisation.pk)
        network = mapping.load(actor, organisation.pk).network
        count = 0
        for name, kind, step, once, yearly in _measures(network):
            services_planning.save_measure(
                actor, name=name, kind=kind, step=step, once=once, yearly=yearly, note="demo, verzonnen"
            )
            count += 1
        for scenario in Scenario.objects.filter(organisation=organisation, name__in=CHANCES):
            services_planning.set_chance(actor, scenario.public_id, CHANCES[scenario.name], "demo, verzonnen")
        weak = services_analysis.ask_weak_spots(actor)
        budget = services_analysis.ask_budget(actor, amount=250_000, years=4, yearly=None)
    for row in (weak, budget):
        services_analysis.run_analysis(CODE, str(row.public_id), lambda: stage.now)
    with stage.as_system(CODE) as actor:
        services_plan.make_plan(actor, year=stage.now.year + 1, note="Demo: dit plan rust op verzonnen gegevens.")
    yield f"Risicoplan {CODE}: {count} maatregelen, een budget en een eerste versie (demo)."


def _weigh(owner_id: int) -> None:
    """How often things fail and what it costs, where nobody said so yet."""
    nodes = {node.key: node for node in Node.objects.filter(organisation_id=owner_id)}
    for key, rate in RATES.items():
        if key in nodes and not nodes[key].failures_per_year:
            nodes[key].failures_per_year = rate
            nodes[key].save()
    for key, rows in IMPACT.items():
        for interest, degraded, down in rows if key in nodes else ():
            NodeImpact.objects.get_or_create(
                organisation_id=owner_id, node=nodes[key], interest=Interest(interest),
                defaults={"degraded": degraded, "down": down},
            )  # fmt: skip


def _measures(network: Any) -> Iterator[tuple[str, MeasureKind, dict[str, Any], int, int]]:
    """Measures on what the demo map holds: a longer buffer for each of three processes, and four by name."""
    for key, euros in (("alarmering", 45_000), ("bereikbaar-112", 60_000), ("goederen", 120_000)):
        need = network.needs(key)[0]
        name = f"Langere buffer voor {network.node(key).name}"
        yield name, MeasureKind.AUTONOMY, {"node": key, "label": need.label, "value": 480}, euros, 2_000
    yield "Reservedelen voor het knooppunt", MeasureKind.REPAIR, {"node": "knooppunt", "value": 240}, 20_000, 5_000
    yield "Tweede aansluiting op het net Noord", MeasureKind.RATE, {"node": "net-noord", "value": 0.1}, 90_000, 1_000
    yield "Snel herstelcontract provider A", MeasureKind.REPAIR, {"node": "provider-a", "value": 120}, 0, 12_000
    yield "GMS sneller herstellen", MeasureKind.REPAIR, {"node": "gms", "value": 60}, 15_000, 3_000


def _share(stage: Stage) -> None:
    """The neighbour lets the region follow its electricity."""
    until = stage.now + timedelta(days=365)
    region, neighbour = stage.organisation(CODE), stage.organisation(NEIGHBOUR)
    with stage.as_system(NEIGHBOUR) as actor:
        node = Node.objects.get(organisation=neighbour, key="netstroom")
        services_borders.share(actor, node.public_id, region, name="Netstroom Haaglanden (demo)", ends_at=until)
    with owner_scope(neighbour.pk):
        ref = SharedNode.objects.get(organisation=neighbour).public_id
    with stage.as_system(CODE) as actor:
        draft = NodeDraft(
            "net-buren", "Netstroom van de buren", NodeKind.SERVICE, "Energie", owner_name="Netbeheerder (demo)"
        )
        register.add_map(actor, (draft,), (), source="demo, verzonnen")
        services_borders.follow(actor, ref, Node.objects.get(organisation=region, key="net-buren").public_id)
