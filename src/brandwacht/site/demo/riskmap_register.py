"""The demo's plans, lists and questions about the risk map: made up, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from brandwacht.network.models import Node, Requirement
from brandwacht.riskmap.models import LeverKind
from brandwacht.riskmap.register import continuity, levers, vital_lists
from brandwacht.riskmap.register.continuity import PlanDraft
from brandwacht.riskmap.register.levers import LeverDraft
from brandwacht.site.demo.stage import Stage

OWNER = "VR17"


def fill(stage: Stage) -> Iterator[str]:
    """One region with a list that was adopted, a plan that was tested and one that was not, and a question."""
    with stage.as_system(OWNER) as me:
        today = me.today
        vital = list(Node.objects.filter(organisation_id=me.organisation_id, vital=True, kind="proces").order_by("key"))
        row = vital_lists.begin(me, "hele regio")
        for node in vital:
            impact = f"Zonder {node.name} komt hulp later. (demo)"
            vital_lists.set_item(me, row.public_id, node.public_id, impact, "Convenant met de partners. (demo)")
        vital_lists.offer(me, row.public_id)
        vital_lists.adopt(
            me, row.public_id, body="Algemeen bestuur (demo)", decided_on=today - timedelta(days=60),
            decision="Besluit AB 2026-07 (demo)",
        )  # fmt: skip
        buffered = Requirement.objects.filter(node__in=vital, autonomy__gt=0).select_related("node")
        planned = list(buffered.order_by("node__key", "label", "pk")[:2])
        for number, need in enumerate(planned):
            draft = PlanDraft(
                f"{need.node.name} op papier (demo)", "Kaartenbak en portofoon. De officier van dienst belt de posten.",
                "Hoofd meldkamer (demo)", need.autonomy, requirement=need.public_id,
            )  # fmt: skip
            plan = continuity.save_plan(me, need.node.public_id, draft)
            if number == 0:
                held_on = today - timedelta(days=90)
                continuity.note_test(me, plan.public_id, held_on, need.autonomy, "De kaartenbak was te klein. (demo)")
        levers.send(
            me,
            LeverDraft(
                LeverKind.QUESTION, "Chemisch bedrijf aan de haven (demo)", "Veilig draaien zonder internet",
                "Hoe lang draait de fabriek veilig zonder internet en telefoon, en wie waarschuwt u dan?",
                "wvr-10-inventariseren", today - timedelta(days=20), today + timedelta(days=10),
            ),
        )  # fmt: skip
    yield f"Register {OWNER}: {len(vital)} vitale processen vastgesteld, {len(planned)} continuïteitsplannen (demo)."
