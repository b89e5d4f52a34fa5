"""Rows of the circle: its own, opened by its own grants."""

from __future__ import annotations

from tests.matrix.rows import REASON, act, make, part, thing
from tests.secrets import fingerprint

_WARNING = {"title": "Een proef", "tlp": "AMBER", "what": "Een proef"}
CIRCLE = (
    part("sharing:list", sees="cert", stranger=302, ended=403),
    part("sharing:list", query="q=geheim", sees="cert", stranger=302, ended=403),
    part("sharing:new", right="cert", stranger=403, ended=403, others={"ciso": 403}, word=False),
    make("sharing:new", right="cert", data=_WARNING, stranger=403, ended=403, others={"ciso": 403}),
    thing("sharing:detail", "warning", sees="cert"),
    thing("sharing:detail", "red", right="cert", others={"ciso": 404}),
    thing("sharing:detail", "draft", right="cert", others={"ciso": 404}),
    thing("sharing:edit", "draft", right="cert", others={"ciso": 404}),
    act("sharing:edit", "draft", right="cert", data=_WARNING, others={"ciso": 404}),
    thing("sharing:send", "draft", right="cert", others={"ciso": 404}),
    act(
        "sharing:send", "draft", right="cert", others={"ciso": 404},
        data=lambda w: {"fingerprint": fingerprint(w.things, w.people["cert"])},
    ),
    act("sharing:withdraw", "warning", right="cert", data=REASON, others={"ciso": 403}),
    act("sharing:answer", "warning", data={"answer": "onderzocht"}, cert=403),
    thing("sharing:stix", "warning", sees="cert"),
    thing("sharing:stix", "red", right="cert", others={"ciso": 404}),
)  # fmt: skip
