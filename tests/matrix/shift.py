"""Rows of the work of the analyst."""

from __future__ import annotations

from tests.matrix.rows import BOTH, act, make, part, thing, within
from tests.secrets import OWNER

_OWN = {"analyst": 403, "cert": 403}
_HERE = f"={OWNER}"
_SENT = {"receiver": "ciso", "tlp": "TLP:AMBER", "done": "Gebeld", "question": "Neem over"}
_DECIDED = {"decided_by": "A. Bestuurder", "why": "Een proef"}

SHIFT = (
    part("soc:next", ok=302, stranger=302, sees=BOTH, ended=302, ended_cert=403, word=False),
    act("soc:pick-up", "alert", data={"held_by": ""}, sees=BOTH),
    thing("soc:assign", "alert", sees=BOTH),
    act("soc:assign", "alert", data={"colleague": "", "held_by": ""}, sees=BOTH),
    act("soc:release", "worked", sees=BOTH),
    act("soc:note", "alert", data={"text": "Een proef"}, sees=BOTH),
    act("soc:tick", "alert", data={"draaiboek": "wachtwoorden", "stap": "wie", "gedaan": "1"}, sees=BOTH),
    act("soc:ask", "alert", data={"text": "Een proef"}, sees=BOTH),
    act("soc:answer", "worked", "question", data={"answer": "Een proef"}, **_OWN),
    thing("soc:detail", "worked", sees=BOTH),
    thing("soc:escalate", "alert", sees=BOTH),
    act(
        "soc:escalate", "alert", sees=BOTH,
        data=lambda w: _SENT | {"assets": [str(w.things["alert"].asset.public_id)]},
    ),
    thing("soc:escalation", "escalation", sees=BOTH),
    act("soc:escalation-take", "escalation", sees="cert", analyst=403),
    part("soc:shifts", analyst=200),
    make("soc:shift-begin", analyst=302),
    thing("soc:shift", "shift"),
    thing("soc:shift", "ended_shift"),
    act("soc:shift-end", "shift", data={"summary": "Een proef"}),
    act("soc:shift-take", "ended_shift"),
    part("soc:second", sees=BOTH, ended_cert=403),
    act("soc:look", "sampled", data={"verdict": "eens"}, sees=BOTH),
    part("soc:figures", sees=BOTH, ended_cert=403),
    part("soc:figures-export", sees=BOTH, ended_cert=403, word=False),
    part("soc:connect", ok=302, stranger=302, sees=BOTH, ended=302, ended_cert=403, word=False),
    thing("soc:dossier", _HERE, sees=BOTH, colleague=403, ended_cert=403),
    act("soc:connect-decide", _HERE, data=_DECIDED | {"kind": "overgang", "until": within(90)}, **_OWN),
    act("soc:connect-refuse", _HERE, data=_DECIDED, sees=BOTH),
    act(
        "soc:connect-contact", _HERE,
        data={"name": "A", "task": "B", "phone": "0", "moment": "dag", "position": "1"}, **_OWN,
    ),
    act("soc:connect-contact-drop", _HERE, "contact", **_OWN),
    act("soc:connect-source", _HERE, data={"key": "mail", "state": "gepland"}, **_OWN),
    act("soc:connect-agree", _HERE, data={"what": "Alles", "who": "De regio"}, **_OWN),
    act("soc:connect-agree-drop", _HERE, "agreement", **_OWN),
)  # fmt: skip
