"""Rows of the circle itself: guidelines, seats, meetings, threats, pseudonyms and questions."""

from __future__ import annotations

from typing import Any

from tests.matrix.rows import act, make, part, thing, within
from tests.secrets import Secrets

_SHUT = {"stranger": 403, "ended": 403}
_FOR_CERT: dict[str, Any] = {"right": "cert", "others": {"ciso": 403}} | _SHUT
_FOR_CERT_ONE: dict[str, Any] = {"right": "cert", "others": {"ciso": 403}}
_THREAT = {"topic": "phishing", "title": "Een proef", "what": "Een proef", "tlp": "AMBER", "pap": "AMBER"}
_QUESTION = {"text": "Een proef", "tlp": "AMBER", "topic": "phishing"}
_MEETING = {"title": "Een proef", "on": within(3), "tlp": "AMBER", "agenda": "Een proef"}


def _custodians(world: Secrets) -> dict[str, Any]:
    return {"people": [str(world.people[who].public_id) for who in ("ciso", "cert")]}


def _key(world: Secrets) -> dict[str, str]:
    return {"reason": "Een proef", "private": world.things["private"]}


CIRCLE_ITSELF = (
    part("sharing:circle", sees="cert", **_SHUT),
    part("sharing:guideline", sees="cert", **_SHUT),
    make("sharing:guideline", data=lambda w: {"read": "on", "name": w.people["ciso"].name}, cert=403, **_SHUT),
    part("sharing:guideline-new", **_FOR_CERT),
    make("sharing:guideline-new", data={"text": "Een proef", "from_on": within(3)}, **_FOR_CERT),
    act("sharing:seat-end", "seat", data={"why": "Een proef"}, **_FOR_CERT_ONE),
    thing("sharing:meeting", "meeting", sees="cert"),
    part("sharing:meeting-new", word=False, **_FOR_CERT),
    make("sharing:meeting-new", data=_MEETING, **_FOR_CERT),
    thing("sharing:meeting-edit", "meeting", **_FOR_CERT_ONE),
    act("sharing:meeting-edit", "meeting", data=_MEETING, **_FOR_CERT_ONE),
    part("sharing:threats", sees="cert", **_SHUT),
    part("sharing:threats", query="q=geheim", sees="cert", **_SHUT),
    part("sharing:threat-suggest", query="q=geheim", sees="cert", **_SHUT),
    part("sharing:threat-new", query="soort=phishing", **_SHUT),
    make("sharing:threat-new", data=_THREAT, **_SHUT),
    thing("sharing:threat", "threat", sees="cert"),
    thing("sharing:threat", "threat_red"),
    thing("sharing:threat", "threat_draft"),
    thing("sharing:threat-edit", "threat", cert=403),
    act("sharing:threat-edit", "threat", data=_THREAT, cert=403),
    thing("sharing:threat-share", "threat_draft"),
    act("sharing:threat-share", "threat_draft"),
    act("sharing:threat-withdraw", "threat", data={"why": "Een proef"}, cert=403),
    act("sharing:threat-sight", "threat", cert=403),
    thing("sharing:threat-stix", "threat", sees="cert"),
    thing("sharing:threat-stix", "threat_red"),
    part("sharing:questions", sees="cert", **_SHUT),
    part("sharing:question-new", word=False, **_SHUT),
    make("sharing:question-new", data=_QUESTION, **_SHUT),
    thing("sharing:question", "circle_question", sees="cert"),
    act("sharing:question-answer", "circle_question", data={"answer": "ja"}, cert=403),
    act("sharing:question-close", "question_mine", cert=403),
    part("sharing:pseudonyms", cert=200, **_SHUT),
    make("sharing:pseudonyms", data=_custodians, **_FOR_CERT),
    act("sharing:custodian-key", "custodian", ok=200),
    thing("sharing:pseudonym-ask", "unasked"),
    act("sharing:pseudonym-ask", "unasked", data=_key),
    thing("sharing:pseudonym-open", "opening"),
    act("sharing:pseudonym-open", "opening", data=_key, ok=200),
)  # fmt: skip
