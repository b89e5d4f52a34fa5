"""Rows of the risk map."""

from __future__ import annotations

from tests.matrix.rows import ALL, BOTH, Row, act, make, part, thing
from tests.secrets import OWNER

_MAP = {"sees": BOTH, "colleague": 404}
_THAT = {"query": f"organisatie={OWNER}", "stranger": 404, "ended": 404}
_PUBLIC = {"analyst": 200, "cert": 200, "word": False}
_ASK = {"node1": "dc", "state1": "down", "duration1": "", "horizon": "1440"}
RISK = (
    part("riskmap:map", **_MAP),
    part("riskmap:map", **_MAP | _THAT),
    part("riskmap:picture", **_MAP),
    part("riskmap:picture", **_MAP | _THAT),
    part("riskmap:nodes-csv", **_MAP),
    part("riskmap:nodes-csv", **_MAP | _THAT),
    thing("riskmap:node", "process", sees=BOTH),
    part("riskmap:what-if", ended_cert=403, **_MAP),
    part("riskmap:what-if", **_MAP | _THAT),
    make("riskmap:what-if", data=_ASK, stranger=422, ended=422, ended_cert=403, **_MAP),
    make("riskmap:what-if", data=_ASK, **_MAP | _THAT),
    part("riskmap:incidents", **_PUBLIC),
    part("riskmap:incident", "=hemweg-2017", **_PUBLIC),
    thing("riskmap:run", "run", sees=BOTH),
    thing("riskmap:run-csv", "run", sees=BOTH),
    thing("riskmap:run-svg", "run", sees=BOTH),
    act("riskmap:keep", "run", data={"name": "Een proef"}, analyst=403, cert=403),
    act("riskmap:play-scenario", "scenario", sees=BOTH),
    act("riskmap:remove-scenario", "scenario", analyst=403, cert=403),
)

_CALLER = {"nobody": 401, "left": 401}
_LIST = _CALLER | ALL | {"word": True, "ended": 200}
API_RISK = (
    Row("/requirements", sees=BOTH, **_LIST),
    Row("/common-causes", sees=BOTH, **_LIST),
    Row("/impacts", sees=BOTH, **_LIST | {"word": False}),
    Row("/vital-lists", sees=BOTH, **_LIST),
    Row("/vital-lists/{listId}", ("list_concept",), sees=BOTH, **_CALLER),
    Row("/continuity-plans", sees=BOTH, **_LIST),
    Row("/continuity-plans/{planId}", ("plan",), sees=BOTH, **_CALLER),
    Row("/risk-measures", **_LIST),
    Row("/risk-measures/{measureId}", ("risk_measure",), **_CALLER),
)
