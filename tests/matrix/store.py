"""Rows of searching in logs and of keeping them."""

from __future__ import annotations

from typing import Any

from tests.matrix.rows import ALL, Row, act, make, part, thing, within
from tests.secrets import OWNER

_QUERY = {"wijze": "velden", "periode": "week", "f0": "host.name", "o0": "is", "v0": "DC01", "organisaties": [OWNER]}
_HOLD = {"organisatie": OWNER, "eerste": within(-9), "laatste": within(-2), "reden": "Een proef"}

STORE = (
    part("soc:hunt", analyst=200),
    part("soc:hunt", query="wijze=sql", analyst=200),
    make("soc:hunt", data=_QUERY, analyst=302),
    thing("soc:hunt-run", "hunt"),
    thing("soc:hunt-run", "hunt", query="sort=-k1&vanaf=0"),
    thing("soc:hunt-standing", "hunt", word=False),
    thing("soc:hunt-row", "hunt", "=0"),
    thing("soc:hunt-export", "hunt", "=csv"),
    thing("soc:hunt-export", "hunt", "=jsonl"),
    act("soc:hunt-stop", "hunt"),
    act("soc:hunt-save", "hunt", data={"naam": "Een proef"}),
    act("soc:hunt-remove", "saved_hunt"),
    part("soc:store", sees="analyst"),
    make("soc:store-term", data={"dagen": "90"}),
    make("soc:store-hold", data=_HOLD, sees="analyst", stranger=422, ended=422),
    act("soc:store-release", "hold", sees="analyst"),
)

_CALLER = {"nobody": 401, "left": 401}
_LIST: dict[str, Any] = _CALLER | ALL | {"word": True, "ended": 200}
_ASKED = {"organisations": [OWNER], "lines": [{"field": "host.name", "operator": "is", "value": "DC01"}]}

API_STORE = (
    Row("/hunts", **_LIST),
    Row(
        "/hunts", method="POST", data=_ASKED, ok=201, word=False, stranger=400, colleague=400, analyst=201, cert=400,
        **_CALLER,
    ),
    Row("/hunts/{huntId}", ("hunt",), **_CALLER),
    Row("/hunts/{huntId}/rows", ("hunt",), **_CALLER),
    Row("/hunts/{huntId}/cancellation", ("hunt",), method="POST", **_CALLER),
)  # fmt: skip
