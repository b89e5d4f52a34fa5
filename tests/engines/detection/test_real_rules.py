"""All public rules and all recorded attacks in `../shared/data`: what loads, what can fire, what hangs together."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from brandwacht.engines.detection import Correlator, Matcher, SeenFields, coverage, load_rules
from tests.engines.detection.correlation_support import correlation_text, numbers
from tests.engines.detection.test_filters import filter_text


@pytest.fixture(scope="module")
def texts(rule_texts) -> list[tuple[str, str]]:
    return list(rule_texts.items())


@pytest.fixture(scope="module")
def loaded(public_rules):
    return public_rules


@pytest.fixture(scope="module")
def recorded(recorded_events, loaded):
    """(file, event, matches) of all recorded events with a match, and what was seen."""
    matcher, seen, found = Matcher(loaded.rules), SeenFields(), []
    for path, event in recorded_events:
        seen.add(event)
        if matches := matcher.match(event):
            found.append((Path(path).name, event, matches))
    return found, seen


def test_every_document_is_one_thing(texts, loaded):
    """All are rules; the only ones that can not be used ask for a list of the organisation's own."""
    documents = sum(document is not None for _, text in texts for document in yaml.load_all(text, yaml.CSafeLoader))
    assert len(loaded.rules) + len(loaded.unusable) == documents
    assert not loaded.correlations
    assert not loaded.filters
    assert len(loaded.unusable) == 2
    assert all("%known_cdcs%" in item.reason for item in loaded.unusable)


def test_a_filter_for_all_process_rules(texts):
    """It leaves out what it should, and adds to nothing else."""
    text = filter_text(
        {"rules": "any", "selection": {"Computer": "beheer*"}},
        logsource={"product": "windows", "category": "process_creation"},
    )
    some = [item for item in texts if "/process_creation/" in item[0]][:200]
    plain, tuned = load_rules(some), load_rules([("filter.yml", text), *some])
    assert [rule.id for rule in plain.rules] == [rule.id for rule in tuned.rules]
    (applied,) = tuned.filters
    about = [rule.id for rule in plain.rules if rule.logsource.get("product") == "windows"]
    assert list(applied.rules) == about
    assert all((rule in plain.rules) is (rule.id not in about) for rule in tuned.rules)


def test_what_fired_can_fire_and_blind_spots_are_told(recorded, loaded):
    found, seen = recorded
    told = {item.rule_id: item for item in coverage(loaded.rules, seen)}
    fired = {match.rule_id for _, _, matches in found for match in matches}
    assert len(fired) > 300
    assert {told[rule_id].verdict for rule_id in fired} == {"can_fire"}
    verdicts = Counter(item.verdict for item in told.values())
    assert verdicts["can_fire"] > 2000
    assert verdicts["missing_fields"] > 10
    assert verdicts["unseen"] > 100
    assert all(item.missing for item in told.values() if item.verdict == "missing_fields")


def test_correlations_over_recorded_attacks(recorded, loaded, texts):
    """Per rule that matches often: five within ten minutes on one computer, as a plain count says."""
    found, _ = recorded
    often = [rule_id for rule_id, _ in Counter(m.rule_id for _, _, matches in found for m in matches).most_common(10)]
    wanted = [item for item in texts if any(rule_id in item[1] for rule_id in often)]
    section = {"group-by": ["Computer"], "timespan": "10m", "condition": {"gte": 5}}
    extra = [
        (rule_id, correlation_text(section | {"rules": [rule_id]}, id="c" + rule_id[1:], title=rule_id))
        for rule_id in often
    ]
    ready = load_rules([*wanted, *extra])
    assert len(ready.correlations) == len(often)
    correlator = Correlator(ready.correlations, ready.rules)
    order = sorted(range(len(found)), key=lambda place: (found[place][1].time, place))
    told = []
    for place in order:
        file, event, matches = found[place]
        told += correlator.feed(event, matches, file)
    assert len(told) > 10
    for rule_id in often:
        times: dict[str, list[float]] = {}
        expected = 0
        for place in order:
            _, event, matches = found[place]
            if any(match.rule_id == rule_id for match in matches):
                held = times.setdefault(event.host.lower(), [0.0])  # the first is until when all belongs to a match
                now = event.time.timestamp()
                if now <= held[0]:
                    continue
                held[1:] = [time for time in held[1:] if time >= now - 600] + [now]
                if len(held) == 6:
                    expected += 1
                    times[event.host.lower()] = [held[1] + 600]
        mine = [item for item in told if item.title == rule_id]
        assert len(mine) == expected
        assert all(item.total == 5 and len(numbers(item)) == 5 for item in mine)
    state = correlator.to_json()
    again = Correlator.from_json(json.loads(json.dumps(state)), ready.correlations, ready.rules)
    assert again.to_json() == state
