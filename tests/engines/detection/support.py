"""Short ways to make rules and events for these tests."""

import json
from typing import Any

from brandwacht.engines.detection import Event, Match, Matcher, Rule, event_from_record, load_rules
from tests.engines.detection.plain_sigma import Seen, plain_rule

SYSMON = "Microsoft-Windows-Sysmon/Operational"


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
