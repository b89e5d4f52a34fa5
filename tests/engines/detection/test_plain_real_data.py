"""All real events with all public rules: the engine finds exactly what the plain evaluator finds."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from brandwacht.engines.detection import Event, Matcher, Place, Rule
from brandwacht.engines.detection.logsources import everything
from tests.engines.detection.plain_sigma import Question, Seen, plain_rule

Found = set[tuple[str, int, str]]


def seen_at(event: Event, place: Place, needed: frozenset[str]) -> Seen:
    """The event as rules for `place` name its fields; the envelope goes before the payload."""
    envelope = {
        "Channel": event.channel or None,
        "EventID": event.event_id,
        "Provider_Name": event.provider or None,
        "Computer": event.host or None,
    }
    fields: dict[str, Any] = {}
    for name in needed:
        source = place.fields.get(name, name)
        value = envelope.get(source) if source in envelope else event.fields.get(source)
        if source in event.fields or value is not None:
            translated = place.values.get(name, {})
            fields[name] = translated.get(value, value) if isinstance(value, str) else value
    for name in envelope:
        if envelope[name] is None and place.fields.get(name, name) == name:
            fields.pop(name, None)
    return Seen(fields, list(event.fields.values()))


def lies_in(seen: Seen, place: Place) -> bool:
    return all(str(seen.fields.get(name, "")).lower() in map(str.lower, place.where[name]) for name in place.where)


def names_in(selection: Any) -> set[str]:
    """The fields that a selection asks for, those of `fieldref` included; "" when it has keywords."""
    if isinstance(selection, list):
        return set().union(*map(names_in, selection))
    if not isinstance(selection, dict):
        return {""}
    others = {str(value) for key, value in selection.items() if "fieldref" in key}
    return others | {key.split("|")[0] for key in selection}


def plainly(documents: Mapping[str, Any], events: list[tuple[str, Event]]) -> Found:
    """The matches by the plain evaluator. Rules are brought together by place, so that an event meets few of them."""
    kinds: dict[tuple[str, int | None], list[tuple[str, Event]]] = defaultdict(list)
    for file, event in events:
        kinds[(event.kind or event.channel).lower(), event.event_id].append((file, event))
    by_place: dict[int, tuple[Place, list[tuple[str, Question]]]] = {}
    needed: dict[int, set[str]] = defaultdict(set)
    for rule_id, document in documents.items():
        question = plain_rule(document)
        for place in everything().places(document.get("logsource", {})):
            key = id(place)
            by_place.setdefault(key, (place, []))[1].append((rule_id, question))
            selections = [value for name, value in document["detection"].items() if name != "condition"]
            needed[key] |= names_in(selections) | set(place.where)
    found: Found = set()
    for key, (place, questions) in by_place.items():
        names = frozenset(needed[key])
        answers: dict[str, list[str]] = {}  # events that rules see as the same are asked once
        for file, event in (pair for kind, pairs in kinds.items() if place.covers(*kind) for pair in pairs):
            if lies_in(seen := seen_at(event, place, names), place):
                alike = repr((sorted(seen.fields.items()), seen.words if "" in names else None))
                if alike not in answers:
                    answers[alike] = [rule_id for rule_id, question in questions if question(seen)]
                found |= {(file, event.number, rule_id) for rule_id in answers[alike]}
    return found


def by_engine(rules: list[Rule], events: list[tuple[str, Event]]) -> Found:
    matcher = Matcher(rules)
    return {(file, event.number, match.rule_id) for file, event in events for match in matcher.match(event)}


@pytest.mark.slow
@pytest.mark.parametrize("part", [0, 1])
def test_the_engine_finds_what_the_specification_says(rule_texts, public_rules, recorded_events, part):
    """In two parts, for two workers; together all rules."""
    mine = set(list(rule_texts)[part::2])
    rules = [rule for rule in public_rules.rules if rule.name.partition("#")[0] in mine]
    unusable = {item.name for item in public_rules.unusable}
    documents = {}
    for name in mine:
        for document in yaml.load_all(rule_texts[name], yaml.CSafeLoader):
            if name not in unusable and "detection" in document:
                documents[document["id"]] = document
    assert documents.keys() == {rule.id for rule in rules}
    ours, plain = by_engine(rules, recorded_events), plainly(documents, recorded_events)
    assert not ours ^ plain, (sorted(ours - plain)[:20], sorted(plain - ours)[:20])
    assert len(plain) > 500
