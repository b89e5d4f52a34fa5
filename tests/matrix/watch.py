"""Rows of the watch."""

from __future__ import annotations

from tests.matrix.rows import BOTH, REASON, act, make, part, thing, upload
from tests.secrets import OWNER

_LOG = upload("proef.jsonl", '{"EventID": 1, "Channel": "Security"}\n')

WATCH = (
    part("soc:list", sees=BOTH, ended_cert=403),
    part("soc:list", query="ernst=0&stand=alle&waar=geheim&techniek=T1003", sees=BOTH, ended_cert=403),
    part("soc:newer", query="sinds=2020-01-01T00:00:00%2B00:00", colleague=200, word=False, analyst=200, cert=200),
    part("soc:rules", analyst=200),
    part("soc:rules", query="tekst=geheim", analyst=200),
    act("soc:rule-switch", "rule", data={"aan": "0", "reason": "Een proef"}),
    part("soc:sources", sees="analyst"),
    make("soc:sources", data=lambda w: _LOG(w) | {"organisation": OWNER}, sees="analyst", stranger=422, ended=422),
    thing("soc:source", "file", sees="analyst"),
    thing("soc:source-row", "file", sees="analyst"),
    thing("soc:detail", "alert", sees=BOTH),
    thing("soc:detail", "closed", sees=BOTH),
    act("soc:acknowledge", "alert", sees=BOTH),
    act("soc:known", "alert", data=REASON, sees=BOTH),
    act("soc:close", "alert", data=REASON | {"disposition": "vals"}, sees=BOTH),
    act("soc:reopen", "closed", sees=BOTH),
)
