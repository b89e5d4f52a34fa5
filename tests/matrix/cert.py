"""Rows of incidents."""

from __future__ import annotations

from brandwacht.cert.services import assessment
from tests.matrix.rows import BOTH, act, make, part, thing
from tests.secrets import OWNER

_ASSESS = {"phase": "warm", "scenario": "eigen_organisatie", "severity": 2, "facts": ["significant"]}
_CALL = _ASSESS | {"title": "Een proef", "node1": "los"}
_ELSEWHERE = {"query": f"organisatie={OWNER}", "stranger": 404, "colleague": 403, "ended": 404, "ended_cert": 403}
INCIDENTS = (
    part("cert:list", sees=BOTH, ended_cert=403),
    part("cert:list", query="stand=alle&tekst=geheim", sees=BOTH, ended_cert=403),
    part("cert:new", sees="cert", analyst=200, ended=403),
    part("cert:new", sees=BOTH, **_ELSEWHERE),
    make("cert:new", data=_CALL, sees=BOTH, **_ELSEWHERE),
    act("cert:open-from-alert", "alert", data={"title": "Een proef", "facts": ["significant"]}, sees=BOTH),
    act("cert:join", "alert", data=lambda w: {"incident": w.things["incident"].public_id}, sees=BOTH),
    thing("cert:detail", "incident", sees=BOTH),
    act(
        "cert:assess", "incident", sees="cert", analyst=403,
        data=lambda w: _ASSESS | {"seen": assessment(w.things["incident"])},
    ),
    act("cert:move", "incident", data={"state": "ingedamd"}, sees="cert", analyst=403),
    act("cert:activate", "incident", sees="cert", analyst=403),
    act("cert:note", "incident", data={"text": "Een proef"}, sees=BOTH),
    thing("cert:hit", "incident", sees=BOTH),
    act("cert:hit", "incident", data={"node1": "los", "state": "down", "duration": ""}, sees=BOTH),
    act("cert:not-hit", "incident", "hit", sees=BOTH),
    act("cert:clock-done", "incident", "=cbw_melding", data={"note": "Een proef"}, sees="cert", analyst=403),
    act("cert:clock-undo", "incident", "=avg_melding_ap", sees="cert", analyst=403),
)  # fmt: skip
