"""Rows of the sources. The addresses that senders use are no pages: they are in ``SENDERS``, with a class of their own.

Who gets in there is whoever has the token of a source; everybody else, logged in or not, gets 401.
"""

from __future__ import annotations

from tests.matrix.api import api
from tests.matrix.rows import ALL, Row, act, make, part, thing
from tests.secrets import OWNER

_NEW = {"name": "Een proef", "silent_after": "60", "kind": "bulk", "organisation": OWNER}

RECEIVE = (
    part("soc:logsources", sees="analyst"),
    part("soc:logsource-new", sees="analyst", word=False),
    make("soc:logsource-new", data=_NEW, ok=200, sees="analyst", stranger=422, ended=422),
    thing("soc:logsource", "logsource", sees="analyst"),
    thing("soc:logsource-edit", "logsource", sees="analyst"),
    act("soc:logsource-edit", "logsource", data={"name": "Anders", "silent_after": "5"}, sees="analyst"),
    act("soc:logsource-token", "logsource", ok=200, sees="analyst"),
    act("soc:logsource-end", "logsource", sees="analyst"),
    part("soc:gaps", sees="analyst"),
)

_CALLER = {"nobody": 401, "left": 401}
_MADE = {"organisation": OWNER, "name": "Nog een proef", "silentAfter": 30}

API_RECEIVE: tuple[Row, ...] = (
    Row("/log-sources", sees="analyst", **(_CALLER | ALL | {"word": True, "ended": 200})),
    Row(
        "/log-sources", method="POST", data=_MADE, ok=201, sees="analyst", word=False,
        **(_CALLER | {"stranger": 400, "colleague": 403, "cert": 400, "ended": 400}),
    ),
    api("/log-sources/{sourceId}", "logsource", sees="analyst"),
    api("/log-sources/{sourceId}/token", "logsource", method="POST", sees="analyst"),
    api("/log-sources/{sourceId}/closure", "logsource", method="POST", sees="analyst"),
)  # fmt: skip

SENDERS = {
    "elastic:start": ("/ingest/elastic", "GET"),
    "elastic:root": ("/ingest/elastic/", "GET"),
    "elastic:bulk": ("/ingest/elastic/_bulk", "POST"),
    "elastic:index-bulk": ("/ingest/elastic/logs/_bulk", "POST"),
    "elastic:setup": ("/ingest/elastic/_license", "GET"),
}
"""By name of the address: one that it stands for, and the method by which a sender succeeds."""
