"""Rows of detection content: rules, imports, lists of indicators, looking back."""

from __future__ import annotations

from tests.matrix.api import api
from tests.matrix.rows import Row, act, make, part, thing, upload, within
from tests.secrets import Secrets

_RULE = """title: Een proef
id: 00000000-0000-4000-8000-000000009999
logsource: {product: windows, category: process_creation}
detection: {sel: {Image: x}, condition: sel}
level: low
"""
_ZIP = upload("regels.zip", "PK")
_FACTS = {"name": "Proef", "origin": "Test", "tlp": "TLP:GREEN", "confidence": "50", "valid_until": within(9)}
_MINE = {"analyst": 302}
"""The SOC makes it for itself."""


def _list(world: Secrets) -> dict[str, object]:
    return upload("lijst.txt", "kwaad.example\n")(world) | _FACTS  # type: ignore[operator]


def _renewed(world: Secrets) -> dict[str, object]:
    return _list(world) | {"tlp": "TLP:RED", "mode": "vervangen"}


CONTENT = (
    thing("soc:rule", "rule"),
    thing("soc:rule-history", "rule"),
    thing("soc:rule-edit", "rule"),
    act("soc:rule-edit", "rule", data={"text": _RULE, "doen": "controleer"}, ok=200),
    act("soc:rule-restore", "rule", data={"nummer": "1"}),
    act("soc:rule-trial", "rule", data={"days": "7"}),
    part("soc:rule-new", word=False, analyst=200),
    make("soc:rule-new", data={"text": _RULE, "doen": "bewaar"}, **_MINE),
    make("soc:rule-check", data={"text": _RULE}, ok=200, stranger=200, analyst=200),
    part("soc:rules-upload", analyst=200),
    make("soc:rules-upload", data=_ZIP, **_MINE),
    thing("soc:content", "offered"),
    thing("soc:content", "reading"),
    thing("soc:content-progress", "reading", word=False),
    act("soc:content-apply", "offered"),
    act("soc:content-drop", "offered"),
    part("soc:rule-offs", sees="analyst"),
    part("soc:rule-off-new", query="bij=VR17", sees="analyst"),
    make(
        "soc:rule-off-new",
        data={"organisation": "VR17", "rule_id": "eigen", "reason": "Een proef", "until": within(9)},
        sees="analyst",
        stranger=422,
        ended=422,
    ),
    act("soc:rule-off-end", "off", sees="analyst"),
    part("soc:lists", analyst=200),
    part("soc:list-new", word=False, analyst=200),
    make("soc:list-new", data=_list, **_MINE),
    thing("soc:list-of", "watch_list"),
    thing("soc:list-renew", "watch_list"),
    act("soc:list-renew", "watch_list", data=_renewed),
    act("soc:list-end", "watch_list"),
    act("soc:list-search", "watch_list", data={"days": "7"}),
    thing("soc:look-back", "look"),
    thing("soc:look-back-progress", "look", word=False),
    act("soc:look-back-stop", "look"),
)

API_CONTENT: tuple[Row, ...] = (api("/rules/{ruleId}", "rule"),)
