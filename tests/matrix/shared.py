"""Rows of shared measures and of the yearly account."""

from __future__ import annotations

from typing import Any

from tests.matrix.rows import act, make, part, thing, within
from tests.secrets_shared import YEAR

_SHUT: dict[str, Any] = {"colleague": 403, "analyst": 403, "cert": 403}
_PUBLISH = {"title": "Een proef", "control": "5.01", "text": "Zo doen wij het"}
_REVISE = {"title": "Een proef", "text": "Zo doen wij het nu", "changed": "Beter"}
_ADOPT = {"owner_name": "K. Bakker", "due": within(20)}
_TEXTS = {"realised": "Veel", "do": "bewaren"}

SHARED = (
    part("baseline:shared-list"),
    part("baseline:shared-new", word=False),
    make("baseline:shared-new", data=_PUBLISH),
    thing("baseline:shared", "shared_measure", **_SHUT),
    thing("baseline:shared-revise", "shared_measure"),
    act("baseline:shared-revise", "shared_measure", data=_REVISE),
    act("baseline:shared-withdraw", "shared_measure"),
    thing("baseline:shared-adopt", "shared_offer", word=False, **_SHUT),
    act("baseline:shared-adopt", "shared_offer", data=_ADOPT, **_SHUT),
    thing("baseline:adoption", "adoption"),
    act("baseline:adoption-choose", "adoption", data={"choice": "zonder"}),
    part("baseline:ensia", word=False),
    make("baseline:ensia-start"),
    thing("baseline:ensia-year", f"={YEAR}", **_SHUT),
    thing("baseline:ensia-horizontal", f"={YEAR}", **_SHUT),
    act("baseline:ensia-horizontal", f"={YEAR}", data=_TEXTS, **_SHUT),
    thing("baseline:ensia-vertical", f"={YEAR}", "=suwinet", **_SHUT),
    act("baseline:ensia-vertical", f"={YEAR}", "=suwinet", data=_TEXTS, **_SHUT),
    thing("baseline:ensia-statement", "statement", **_SHUT),
)
