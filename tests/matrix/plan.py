"""Rows of borders, weak spots, measures, scales and the risk plan."""

from __future__ import annotations

from brandwacht.engines.cascade import load_scales
from brandwacht.riskmap.forms.planning import ScalesForm
from tests.matrix.rows import BOTH, act, make, part, thing, within
from tests.secrets import OWNER, STRANGER, Secrets

_MAP = {"sees": BOTH, "colleague": 404}
_THAT = {"query": f"organisatie={OWNER}", "stranger": 404, "ended": 404}
_ASK = {"node1": "dc", "state": "down", "duration": "", "horizon": "1440"}
_MEASURE = {"name": "Proef", "kind": "opstarten", "node": "dc", "value": "5", "once": "1", "yearly": "0"}
_OWN = {"analyst": 200, "cert": 200}
"""A page about one's own organisation, which those of the SOC and the CERT have too."""


_SHUT = {"colleague": 403, "analyst": 403, "cert": 403}
"""A page on which those without the role are refused before anything is looked up."""


def _scales(world: Secrets) -> dict[str, str]:
    fields = ScalesForm(scales=load_scales()).fields.items()
    known = {name: str(field.initial).replace(".", ",") for name, field in fields if field.initial is not None}
    return known | {"status": "vastgesteld", "total": "hoogste", "why": "Een proef"}


def _node(world: Secrets) -> dict[str, str]:
    return {"node": str(world.things["loose"].public_id)}


def _share(world: Secrets) -> dict[str, str]:
    return {
        "node": str(world.things["process"].public_id), "name": "Proef", "grantee": STRANGER, "ends_on": within(30),
    }  # fmt: skip


PLAN = (
    part("riskmap:border"),
    part("riskmap:border-share"),
    make("riskmap:border-share", data=_share, stranger=422, ended=422),
    part("riskmap:border-run"),
    make("riskmap:border-run", data=_ASK, stranger=422, ended=422),
    thing("riskmap:border-follow", "offered_node", **_SHUT),
    act("riskmap:border-follow", "offered_node", data=_node, **_SHUT),
    act("riskmap:border-unfollow", "stand_in", analyst=403, cert=403),
    part("riskmap:weak", **_MAP),
    part("riskmap:weak", **_MAP | _THAT),
    part("riskmap:weak-csv", **_MAP),
    part("riskmap:weak-csv", **_MAP | _THAT),
    part("riskmap:odds", **_MAP),
    part("riskmap:odds", **_MAP | _THAT),
    part("riskmap:odds-csv", **_MAP),
    part("riskmap:odds-csv", **_MAP | _THAT),
    make("riskmap:ask-weak"),
    thing("riskmap:progress", "border_work", sees=BOTH, word=False),
    thing("riskmap:reckoning", "border_work", sees=BOTH),
    act("riskmap:reckoning-stop", "border_work", analyst=403, cert=403),
    part("riskmap:measures", **_OWN),
    make("riskmap:measures", data={"amount": "10", "years": "2"}, stranger=422, ended=422),
    part("riskmap:measure-new", word=False),
    part("riskmap:measure-new", query="soort=herstellen"),
    make(
        "riskmap:measure-new", data=_MEASURE,
        stranger=422, ended=422,
    ),
    thing("riskmap:measure", "risk_measure", **_SHUT),
    act("riskmap:measure", "risk_measure", data=_MEASURE, **_SHUT),
    act("riskmap:measure-remove", "risk_measure"),
    part("riskmap:diagram", **_OWN),
    part("riskmap:diagram-svg", **_OWN),
    part("riskmap:diagram-csv", **_OWN),
    act("riskmap:chance", "scenario", data={"likelihood": "D"}, analyst=403, cert=403),
    part("riskmap:scales", **_OWN),
    make("riskmap:scales", data=_scales),
    part("riskmap:risk-plan", **_OWN),
    make("riskmap:risk-plan", data={"year": "2030"}, stranger=422, ended=422),
    thing("riskmap:risk-plan-version", "risk_plan"),
    thing("riskmap:risk-plan-pdf", "risk_plan"),
)  # fmt: skip
