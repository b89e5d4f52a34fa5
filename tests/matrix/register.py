"""Rows of the register's own parts within the risk map."""

from __future__ import annotations

from tests.matrix.rows import BOTH, act, make, part, thing, within
from tests.secrets import Secrets

_SHUT = {"analyst": 403, "cert": 403}
_TABLES = ("middelen", "afhankelijkheden", "gevolgen", "oorzaken")
_PLAN = {"name": "Papier", "fallback": "Papier", "owner_name": "Hoofd", "autonomy": "60", "test_months": "12"}
_LEVER = {
    "kind": "vraag", "party": "Een fabriek", "subject": "Noodstroom", "text": "Hoe lang?", "basis": "vrijwillig",
    "sent_on": within(-1), "due": within(30),
}  # fmt: skip


def _draft(world: Secrets) -> dict[str, str]:
    return {"voorstel": str(world.things["draft"].public_id), "doe": "neem-over"}


REGISTER = (
    part("riskmap:register", analyst=200, cert=200, word=False),
    *(part("riskmap:sheet", f"={key}") for key in _TABLES),
    *(part("riskmap:sheet-csv", f"={key}", analyst=200, cert=200, word=key != "gevolgen") for key in _TABLES),
    *(part("riskmap:sheet-xlsx", f"={key}", analyst=200, cert=200, word=False) for key in _TABLES),
    make("riskmap:sheet", "=middelen", data={"rij-0-id": "", "rij-0-name": "Nieuw", "rij-0-kind": "middel"}),
    act("riskmap:sheet-undo", "sheet_save", analyst=404, cert=404),
    part("riskmap:suggestions"),
    make("riskmap:suggestions-take", data={"proces": "drinkwater"}),
    make("riskmap:suggestions-settle", data=_draft),
    part("riskmap:vital-lists", analyst=200, cert=200),
    make("riskmap:vital-lists", data={"area": "Delft"}),
    thing("riskmap:vital-list", "list_concept", sees=BOTH),
    act("riskmap:vital-put", "list_concept", data={"node": "proces", "impact": "Veel"}, **_SHUT),
    act("riskmap:vital-drop", "list_concept", "list_concept_item", **_SHUT),
    act("riskmap:vital-offer", "list_concept", **_SHUT),
    act("riskmap:vital-take-back", "list_offered", **_SHUT),
    act("riskmap:vital-remove", "list_concept", **_SHUT),
    act(
        "riskmap:vital-adopt", "list_offered", right="chair", others={"ciso": 403},
        data={"body": "Algemeen bestuur", "decided_on": within(-1), "decision": "Besluit 1"}, **_SHUT,
    ),
    part("riskmap:plans", analyst=200, cert=200),
    make("riskmap:plans", data={"node": "proces"}, stranger=422),
    thing("riskmap:plan-new", "process", **_SHUT),
    act("riskmap:plan-new", "process", data=_PLAN, **_SHUT),
    thing("riskmap:plan", "plan", sees=BOTH),
    thing("riskmap:plan-edit", "plan", **_SHUT),
    act("riskmap:plan-edit", "plan", data=_PLAN, **_SHUT),
    act("riskmap:plan-test", "plan", data={"held_on": within(-1), "minutes": "45"}, **_SHUT),
    act("riskmap:plan-remove", "plan", **_SHUT),
    part("riskmap:partners"),
    make(
        "riskmap:partners", data={"partner": "Delft", "nodes": "dc", "until": within(20)}, ok=200, stranger=422,
    ),
    act("riskmap:partner-revoke", "partner_link"),
    thing("riskmap:proposal", "proposal"),
    act("riskmap:proposal-judge", "proposal", data={"regel": "0", "doe": "over"}),
    part("riskmap:levers"),
    part("riskmap:lever-new"),
    make("riskmap:lever-new", data=_LEVER),
    thing("riskmap:lever", "lever"),
    act("riskmap:lever-answer", "lever", data={"state": "geweigerd", "answered_on": within(-1), "answer": "Nee"}),
    part("beheer:import-template-xlsx", "=oorzaken", word=False),
)  # fmt: skip
