"""Rows of the baseline."""

from __future__ import annotations

from tests.matrix.rows import act, make, part, thing, within

_MEASURE = {"title": "Een proef", "owner_name": "K. Bakker", "due": within(20), "cost": "100"}
BASIS = (
    part("baseline:list", word=False),
    part("baseline:export"),
    part("baseline:reference", word=False),
    part("baseline:control", "=5.01"),
    make(
        "baseline:control", "=5.01",
        data=lambda w: {"state": "voldoet_niet", "seen": w.things["answer"].answered_at.isoformat()},
    ),
    part("baseline:measures"),
    part("baseline:measures", query="state=alle&board=on"),
    part("baseline:measures-export"),
    part("baseline:measure-new", query="control=5.01"),
    make("baseline:measure-new", data=_MEASURE),
    thing("baseline:measure", "measure", colleague=403, analyst=403, cert=403),
    act("baseline:measure-move", "measure", data={"state": "do"}),
    thing("baseline:measure-change", "measure", colleague=403, analyst=403, cert=403),
    act("baseline:measure-change", "measure", data=_MEASURE, colleague=403, analyst=403, cert=403),
)  # fmt: skip
