"""Rows of evidence, of what applies, and of the fixed tasks."""

from __future__ import annotations

from tests.matrix.rows import ALL, Row, act, make, part, thing, within

_EVIDENCE = {"title": "Verslag", "where": "zaak 1", "valid_to": within(20)}
_EVIDENCE_IN = {"control": "5.01", "title": "Verslag", "where": "zaak 1", "validTo": within(20)}
_SHUT = {"colleague": 403, "analyst": 403, "cert": 403}
_LEVEL = {"level": "2", "risk_analysis": "RA-1", "note": "Een proef"}
EVIDENCE = (
    part("baseline:evidence-new", "=5.01", word=False),
    make("baseline:evidence-new", "=5.01", data=_EVIDENCE),
    thing("baseline:evidence", "evidence", **_SHUT),
    thing("baseline:evidence-document", "evidence"),
    act("baseline:evidence-seen", "evidence"),
    act("baseline:evidence-withdraw", "evidence", data={"why": "Een proef"}, **_SHUT),
    part("baseline:government-list", query="state=alle&alles=1"),
    part("baseline:government", "=5.01.02"),
    make("baseline:government", "=5.01.02", data={"state": "voldoet_niet"}),
    part("baseline:exceptions"),
    part("baseline:exceptions-export"),
    part("baseline:processes"),
    thing("baseline:process", "process", **_SHUT),
    act("baseline:process", "process", data=_LEVEL, **_SHUT),
    part("baseline:rhythms"),
    part("baseline:rhythm-done", "=5.01.02", word=False),
    make("baseline:rhythm-done", "=5.01.02", data={"done_on": within(-1)}),
    act("baseline:rhythm-undo", "rhythm"),
)  # fmt: skip
_CALLER = {"nobody": 401, "left": 401}
API_EVIDENCE = (
    Row("/evidence-items", **_CALLER | ALL | {"word": True, "ended": 200}),
    Row("/evidence-items/{evidenceId}", ("evidence",), **_CALLER),
    Row(
        "/evidence-items", method="POST", data=_EVIDENCE_IN, ok=201, stranger=201, word=False, **_CALLER | _SHUT,
    ),
)  # fmt: skip
