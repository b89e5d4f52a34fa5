"""Short ways to make rules and events for these tests."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from brandwacht.engines.detection import BadRecord, Event, Match, Matcher, Rule, event_from_record, load_rules
from brandwacht.engines.detection.events import value_of
from brandwacht.engines.detection.readers import parse_payload, stored_event
from tests.engines.detection.plain_sigma import Seen, plain_rule

SYSMON = "Microsoft-Windows-Sysmon/Operational"

# What stands in records: texts that look like other things, numbers up to what JSON readers take, and all of it nested.
TEXT = st.one_of(
    st.text(max_size=8), st.sampled_from(["", "4624", " 7 ", "é", "2026-11-22T13:05:00Z", "0x80", "true", "-"])
)
NUMBERS = st.one_of(st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False))
SCALARS = st.one_of(TEXT, TEXT, NUMBERS, st.booleans(), st.none())
ANY = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=6,
)


def rule_text(detection: dict[str, Any], **other: Any) -> str:
    """A Sigma rule as YAML (JSON is YAML) about any Windows event, unless `other` says otherwise."""
    rule = {
        "title": "Proef",
        "id": "11111111-2222-4333-8444-555555555555",
        "status": "test",
        "level": "high",
        "logsource": {"product": "windows"},
        "detection": {"condition": "selection", **detection},
    }
    return json.dumps(rule | other)


def rule(detection: dict[str, Any], **other: Any) -> Rule:
    """One usable rule; fails with the reason when it is not usable."""
    loaded = load_rules([("proef.yml", rule_text(detection, **other))])
    assert not loaded.unusable, loaded.unusable
    return loaded.rules[0]


def reason(detection: dict[str, Any], **other: Any) -> str:
    """Why a rule is not usable."""
    loaded = load_rules([("proef.yml", rule_text(detection, **other))])
    assert not loaded.rules
    return loaded.unusable[0].reason


def event(fields: dict[str, Any], channel: str = "Security", event_id: int = 1, **system: Any) -> Event:
    """An event in the shape of an EVTX dump."""
    raw = {
        "Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "Proef"}},
                "EventID": event_id,
                "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T13:05:00.5Z"}},
                "EventRecordID": 7,
                "Channel": channel,
                "Computer": "VRR-DC01",
                **system,
            },
            "EventData": fields,
        }
    }
    return event_from_record(1, raw)


def matches(detection: dict[str, Any], fields: dict[str, Any], **other: Any) -> list[Match]:
    """The matches of one rule on one event with these fields."""
    return Matcher([rule(detection, **other)]).match(event(fields))


def hits(selection: Any, fields: dict[str, Any]) -> bool:
    """Whether a rule with only this selection is true of an event with these fields; the plain evaluator agrees."""
    found = bool(matches({"selection": selection}, fields))
    plain = plain_rule(json.loads(rule_text({"selection": selection})))
    assert plain(Seen(event(fields).fields)) is found
    return found


RECEIVED = datetime(2026, 11, 22, 14, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))
"""When the messages of these tests came in; in UTC that is 13:05."""
MOMENT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def received(payload: str | bytes | dict[str, Any]) -> Event:
    """The one event of a payload; fails with the reason when it is bad."""
    content = payload.encode() if isinstance(payload, str) else payload
    (found,) = parse_payload(content, received_at=RECEIVED)
    assert isinstance(found, Event), found
    again = stored_event(1, json.loads(json.dumps(found.raw)), found.kind)
    assert (again.fields, again.host, again.kind) == (found.fields, found.host, found.kind)
    return found


def refused(payload: str | bytes) -> str:
    """Why a payload is a bad record."""
    (found,) = parse_payload(payload.encode() if isinstance(payload, str) else payload, received_at=RECEIVED)
    assert isinstance(found, BadRecord), found
    return found.reason


def fits(logsource: dict[str, str], selection: Any, found: Event) -> bool:
    """Whether a rule about this log source with only this selection is true of the event."""
    return bool(Matcher([rule({"selection": selection}, logsource=logsource)]).match(found))


def same_event(found: Event, whole: Event) -> None:
    """Fails unless two events are the same in all that can be asked of them, types of values included."""
    for name in ("number", "channel", "event_id", "kind", "host", "time", "provider", "record_id", "raw"):
        assert getattr(found, name) == getattr(whole, name), name
    assert _typed(found.fields) == _typed(whole.fields)
    assert _seen(found) == _seen(whole)
    for name in ("EventID", "Channel", "Provider_Name", "Computer", "Image", "Level", "Keywords", "Message", "a.b"):
        assert repr(found.lookup(name)) == repr(whole.lookup(name))


def _typed(fields: dict[str, Any]) -> dict[str, str]:
    """Values with their types: True and 1 are equal to Python."""
    return {name: repr(value) for name, value in fields.items()}


def _seen(event: Event) -> dict[str, str]:
    """What rules look at: the values with what stands aside of them."""
    aside = {name: value_of(value) for name, value in event.aside.items()}
    return _typed({**aside, **event.values})
