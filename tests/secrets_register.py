"""What the register's own parts hold: tables, plans, lists of vital processes, a partner's link, a question."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.network.models import (
    CauseKind,
    CauseMember,
    CommonCause,
    Interest,
    Node,
    NodeImpact,
    NodeKind,
    Organisation,
    SpreadKind,
)
from brandwacht.network.services.tokens import hashed
from brandwacht.riskmap.models import (
    ContinuityPlan,
    ContinuityTest,
    Lever,
    LeverKind,
    ListState,
    PartnerLink,
    PartnerNode,
    PartnerProposal,
    SheetSave,
    VitalItem,
    VitalList,
)

TOKEN = "een-sleutel-die-niemand-raadt"
"""The token of the partner's link; who has it may open the link, and finds nothing of the owner before that."""


def things(region: Organisation, now: datetime, word: str, asset: Node, process: Node) -> dict[str, Any]:
    """One row of everything."""
    own = {"organisation": region}
    today = timezone.localdate(now)
    _saved(NodeImpact(**own, node=process, interest=Interest.PHYSICAL, down=17.0))
    cause = _saved(
        CommonCause(**own, key="oorzaak", name=f"{word} oorzaak", kind=CauseKind.CABLE, repair=60,
                    repair_spread=SpreadKind.FIXED)
    )  # fmt: skip
    _saved(CauseMember(**own, cause=cause, node=asset))
    _saved(CauseMember(**own, cause=cause, node=process))
    draft = _saved(Node(**own, key="voorstel", name=f"{word} voorstel", kind=NodeKind.PROCESS, draft=True, source=word))
    save = {"id": str(asset.public_id), "before": None, "after": {"name": word}}
    sheet_save = _saved(SheetSave(**own, sheet="middelen", rows=[save], saved_at=now, saved_by=word))
    plan = _saved(
        ContinuityPlan(
            **own, node=process, name=f"{word} plan", fallback=word, owner_name=word, autonomy=60,
            tested_on=today - timedelta(days=9), tested_minutes=30, test_due=today + timedelta(days=90),
        )
    )  # fmt: skip
    _saved(
        ContinuityTest(
            **own, plan=plan, held_on=today - timedelta(days=9), minutes=30, learned=word, noted_at=now, noted_by=word
        )
    )
    made: dict[str, Any] = {"draft": draft, "sheet_save": sheet_save, "plan": plan}
    for key, state in (("list_concept", ListState.DRAFT), ("list_offered", ListState.OFFERED)):
        row = _saved(VitalList(**own, area=f"{word} {key}", state=state, created_at=now, created_by=word))
        made[key] = row
        made[f"{key}_item"] = _saved(VitalItem(**own, list=row, node=process, impact=word, agreements=word))
    link = _saved(
        PartnerLink(
            **own, partner=f"{word} partner", email=f"{word.lower()}@partner.example", token_hash=hashed(TOKEN),
            created_at=now, created_by=word, expires_at=now + timedelta(days=30),
        )
    )  # fmt: skip
    _saved(PartnerNode(**own, link=link, node_ref=asset.public_id))
    line = {"node": str(asset.public_id), "field": "owner_name", "name": word, "was": word, "becomes": f"{word} nieuw"}
    proposal = _saved(PartnerProposal(**own, link=link, lines=[line], note=word, sent_at=now))
    lever = _saved(
        Lever(
            **own, kind=LeverKind.QUESTION, party=f"{word} fabriek", node=asset, subject=f"{word} vraag", text=word,
            basis="vrijwillig", basis_version="1", sent_on=today - timedelta(days=9), due=today + timedelta(days=9),
            answer=word, written_by=word,
        )
    )  # fmt: skip
    return made | {"partner_link": link, "proposal": proposal, "lever": lever}


def _saved(row: Any) -> Any:
    row.save()
    return row
