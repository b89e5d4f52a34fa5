"""Rows of frameworks, the step to a newer version, the exchange and loaded texts."""

from __future__ import annotations

from tests.matrix.rows import ALL, Row, act, make, part, thing, upload
from tests.secrets_frameworks import document

_PLAIN = {"word": False}
_CALLER = {"nobody": 401, "left": 401}
_REFUSED = {"colleague": 403, "analyst": 403, "cert": 403}
_LIST = _CALLER | ALL | {"word": False, "ended": 200} | _REFUSED
_SHUT = {"colleague": 403, "analyst": 403, "cert": 403}
_TEXT = upload("tekst.csv", "nummer;tekst\n5.01;Een proef")


def _texts(world: object) -> dict[str, object]:
    return {"doe": "tekst", "tekst-file": _TEXT(world)["file"], "tekst-allowed": "on"}  # type: ignore[operator, arg-type]


FRAMEWORKS = (
    part("baseline:frameworks"),
    part("baseline:through", "=cbw", **_PLAIN),
    part("baseline:through", "=bio-zelf"),
    part("baseline:through", "=bio-1.04", query="q=9.4.2", **_PLAIN),
    part("baseline:through-csv", "=nis2-21", **_PLAIN),
    part("baseline:passage", "=bio-1.04", **_PLAIN),
    make("baseline:passage", "=bio-1.04"),
    part("baseline:exchange"),
    make("baseline:exchange", data=lambda _world: upload("toets.json", document())(_world)),  # type: ignore[operator]
    part("baseline:export-oscal", "=uitkomsten"),
    part("baseline:export-oscal", "=verbeterplan"),
    part("baseline:export-oscal", "=toepasselijkheid", **_PLAIN),
    part("baseline:export-oscal", "=catalogus", **_PLAIN),
    thing("baseline:import", "answer_import"),
    act("baseline:import-apply", "answer_import", data={"vraag": ["5.02"]}),
    part("baseline:texts"),
    make("baseline:texts", data=_texts),
    act("baseline:texts-remove", "=bio2-1.3", **_SHUT),
    act("baseline:grouping-remove", **_SHUT),
)
API_FRAMEWORKS = (
    Row("/frameworks", **_LIST),
    Row("/frameworks/{key}", ("=nis2-21",), **_LIST),
    Row("/oscal-documents/{kind}", ("=assessment-results",), **_LIST | {"word": True}),
    Row(
        "/oscal-imports", method="POST", data=lambda _world: document(parsed=True), ok=201, stranger=201,
        word=False, **_CALLER | _REFUSED,
    ),
    Row("/oscal-imports/{importId}", ("answer_import",), **_CALLER),
    Row(
        "/oscal-imports/{importId}/application", ("answer_import",), method="POST", data={"numbers": ["5.02"]},
        word=False, **_CALLER,
    ),
)  # fmt: skip
