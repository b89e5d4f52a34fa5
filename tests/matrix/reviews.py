"""Rows of reviews: the reviewer of another region, with a grant on those reviews alone, is one of the people."""

from __future__ import annotations

from typing import Any

from tests.matrix.api import _CALLER, _LIST, _POST, api
from tests.matrix.rows import Row, act, make, part, thing, within

_BOTH: dict[str, Any] = {"sees": "reviewer", "others": {"reviewer": 200}, "colleague": 403, "analyst": 403, "cert": 403,
                         "stranger": 404}  # fmt: skip
_SHUT: dict[str, Any] = {"colleague": 403, "analyst": 403, "cert": 403}
_LEAD: dict[str, Any] = _SHUT | {"others": {"reviewer": 403}}
_THEIRS: dict[str, Any] = _SHUT | {"right": "reviewer"}
_HAND = {"way": "met_de_hand", "numbers": ["5.01", "8.15"]}
_INVITE = _HAND | {"kind": "collegiaal", "title": "Een proef", "reviewer": "VR15", "ends_on": within(30)}
_HELD = {"kind": "audit", "held_on": within(-9), "by": "Keurder", "scope": "Alles", "outcome": "voldoet",
         "document": "Zaak 1"}  # fmt: skip


def _points(world: Any) -> dict[str, str]:
    point = world.things["review_point"].public_id
    return {f"{point}-make": "on", f"{point}-title": "Proef", f"{point}-owner_name": "Ik", f"{point}-due": within(9)}


REVIEWS = (
    part("baseline:reviews", sees="reviewer", others={"reviewer": 200}),
    part("baseline:review-new", word=False, others={"reviewer": 403}),
    make("baseline:review-new", data=_INVITE, others={"reviewer": 403}),
    part("baseline:proof-new", word=False, others={"reviewer": 403}),
    make("baseline:proof-new", data=_HELD, others={"reviewer": 403}),
    thing("baseline:review", "review", **_BOTH),
    thing("baseline:review-report", "review", **_BOTH),
    thing("baseline:review-csv", "review", **_BOTH),
    thing("baseline:review-item", "review", "=5.01", **_BOTH),
    thing("baseline:review-document", "review", "review_evidence", sees="reviewer", others={"reviewer": 200}),
    thing("baseline:review-sample", "review", **_LEAD),
    act("baseline:review-sample", "review", data=_HAND, **_LEAD),
    act("baseline:review-reply", "review_asked", data={"answer": "akkoord"}, **_THEIRS),
    act("baseline:review-open", "review_agreed", others={"reviewer": 403}),
    thing("baseline:review-prolong", "review", **_LEAD),
    act("baseline:review-prolong", "review", data={"ends_on": within(60), "decision": "Ziek"}, **_LEAD),
    thing("baseline:review-conclude", "review", others={"ciso": 403}, **_THEIRS),
    act("baseline:review-conclude", "review", data={"outcome": "voldoet", "conclusion": "Ja"}, **_THEIRS),
    thing("baseline:review-close", "review", **_LEAD),
    act("baseline:review-close", "review", data={"reaction": "Eens"}, **_LEAD),
    thing("baseline:review-measures", "review", **_LEAD),
    act("baseline:review-measures", "review", data=_points, **_LEAD),
    act("baseline:review-item", "review", "=5.01", data={"state": "voldoet", "reason": "Gezien"}, right="reviewer",
        others={"ciso": 403}),
    act("baseline:review-point", "review", "=5.01", data={"title": "Beter", "weight": "hoog"}, right="reviewer",
        others={"ciso": 403}),
    act("baseline:review-talk", "review", "=5.01", data={"text": "Dag"}, others={"reviewer": 302}),
    act("baseline:review-renew", "review", "=5.01", others={"reviewer": 403}),
    act("baseline:review-point-drop", "review", "review_point", right="reviewer", others={"ciso": 403}),
)  # fmt: skip
API_REVIEWS = (
    Row("/reviews", **_LIST | {"sees": "reviewer", "others": {"reviewer": 200}}),
    api("/reviews/{reviewId}", "review", sees="reviewer", others={"reviewer": 200}),
    api("/reviews/{reviewId}/scores", "review", data={"control": "5.01", "state": "voldoet", "reason": "Ja"},
        right="reviewer", others={"ciso": 403}, **_POST),
    Row("/proofs", **_CALLER | _LIST | _SHUT | {"others": {"reviewer": 403}}),
)  # fmt: skip
