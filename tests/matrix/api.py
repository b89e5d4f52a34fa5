"""Operations of the API, as a program with a token; in a list everybody finds what is theirs, which may be nothing."""

from __future__ import annotations

from typing import Any

from tests.matrix.rows import ALL, BOTH, OPEN, REASON, Row, within
from tests.matrix.store import API_STORE

_CALLER = {"nobody": 401, "left": 401}
_LIST = _CALLER | ALL | {"word": True, "ended": 200}
_REFUSED = {"colleague": 403, "analyst": 403, "cert": 403}
_POST = {"method": "POST", "ok": 201, "word": False}
_OUTAGE = {"title": "Een proef", "outages": [{"node": "dc"}]}


def api(path: str, *args: str, **facts: Any) -> Row:
    """An operation on one thing of the owner."""
    return Row(path, args, **(_CALLER | facts))


API = (
    Row("/organisations", **_LIST | {"word": False}),
    Row("/nodes", sees=BOTH, **_LIST),
    api("/nodes/{nodeId}", "node", sees=BOTH),
    Row("/actions", **_LIST),
    api("/actions/{actionId}/completion", "action", method="POST"),
    Row("/alerts", sees=BOTH, **_LIST),
    api("/alerts/{alertId}", "alert", sees=BOTH),
    api("/alerts/{alertId}/acknowledgement", "alert", method="POST", sees=BOTH),
    api("/alerts/{alertId}/closure", "alert", method="POST", data=REASON, sees=BOTH),
    Row("/rules", **_LIST),
    Row("/ingest-files", sees="analyst", **_LIST),
    *API_STORE,
    Row("/incidents", sees=BOTH, **_LIST),
    api("/incidents/{incidentId}", "incident", sees=BOTH),
    api("/incidents/{incidentId}/notes", "incident", data={"text": "Een proef"}, sees=BOTH, **_POST),
    Row("/scenarios", sees=BOTH, **_LIST),
    Row("/cascade-runs", sees=BOTH, **_LIST),
    api("/cascade-runs", data=_OUTAGE, stranger=400, **_POST | _REFUSED | {"analyst": 400}),
    api("/cascade-runs/{runId}", "run", sees=BOTH),
    Row("/controls", **_LIST | _REFUSED),
    api("/controls/{number}", "=5.01", stranger=200, **_REFUSED),
    api("/controls/{number}/answers", "=5.01", data={"state": "voldoet_niet"}, stranger=201, **_POST | _REFUSED),
    Row("/measures", **_LIST),
    api(
        "/measures", data={"title": "Een proef", "ownerName": "K. Bakker", "due": within(9)}, stranger=201,
        **_POST | _REFUSED,
    ),
    api("/measures/{measureId}", "measure"),
    Row("/warnings", sees="cert", **_LIST),
    api("/warnings/{warningId}", "warning", sees="cert"),
    api("/warnings/{warningId}", "red", right="cert", others={"ciso": 404}),
    api("/warnings/{warningId}", "draft", right="cert", others={"ciso": 404}),
    api("/warnings/{warningId}/bundle", "warning", sees="cert"),
    api("/warnings/{warningId}/bundle", "red", right="cert", others={"ciso": 404}),
    api("/warnings/{warningId}/answers", "warning", data={"answer": "onderzocht"}, cert=403, **_POST),
    Row("/powers", **_LIST | {"word": False}),
    Row("/figures", right="chair", **_LIST | _REFUSED | {"word": False}),
    Row("/openapi.json", **OPEN),
)  # fmt: skip
