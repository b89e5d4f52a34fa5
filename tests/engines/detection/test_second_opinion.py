"""The engine against pySigma's SQLite backend. docs/detection-differences.md tells of every class of difference."""

import pytest

from bench.sigma_sqlite import Table, queries
from brandwacht.engines.detection import Event, Matcher, Rule, load_rules
from brandwacht.engines.detection.logsources import windows
from tests.engines.detection.support import SYSMON, event, rule_text

Pairs = set[tuple[int, str]]


def by_engine(rules: list[Rule], events: list[Event]) -> Pairs:
    matcher = Matcher(rules, windows())
    return {(row, match.rule_id) for row, one in enumerate(events) for match in matcher.match(one)}


def by_backend(texts: list[str], events: list[Event]) -> Pairs:
    return Table(queries(texts, windows()), windows(), events).matches()


@pytest.mark.slow
@pytest.mark.parametrize("part", [0, 1])
def test_no_difference_on_real_logs(rule_texts, public_rules, recorded_events, part: int):
    """All rules, in two parts for two workers; all events."""
    mine = list(rule_texts)[part::2]
    rules = [rule for rule in public_rules.rules if rule.name.partition("#")[0] in set(mine)]
    events = [one for _, one in recorded_events]
    ours, theirs = by_engine(rules, events), by_backend([rule_texts[name] for name in mine], events)
    assert not ours ^ theirs, (sorted(ours - theirs)[:20], sorted(theirs - ours)[:20])
    assert len(ours) > 500


@pytest.mark.parametrize(
    ("selection", "fields", "ours", "theirs"),
    [
        # letters: SQLite knows the case of ASCII only
        ({"A|contains": "É"}, {"A": "éen"}, True, False),
        # a list is one text in a column
        ({"A": "one"}, {"A": ["one", "two"]}, True, False),
        ({"A|contains": "one*two"}, {"A": ["one", "two"]}, False, True),
        # numbers are compared as text
        ({"A|gt": 5}, {"A": "10"}, True, False),
        ({"A": 4}, {"A": 4.0}, True, False),
        # a network is a beginning of a text
        ({"A|cidr": "10.0.0.0/8"}, {"A": "10.1.2.3:443"}, False, True),
        ({"A|cidr": "10.0.0.0/8"}, {"A": "::ffff:10.1.2.3"}, True, False),
        ({"A|cidr": "fe80::/64"}, {"A": "fe80:0:0:0:1::2"}, True, False),
        # a column has no name in two cases, and does not tell null from absent
        ({"a": "x"}, {"A": "x"}, False, True),
        ({"A|exists": True}, {"A": None}, True, False),
        # keywords are sought in all values together
        (["one*two"], {"A": "one", "B": "two"}, False, True),
        # weeks are not those of ISO 8601
        ({"A|week": 1}, {"A": "2026-01-01T00:00:00Z"}, True, False),
        # and where they agree
        ({"A|contains|cased": "[b]"}, {"A": "a[b]c"}, True, True),
        ({"A": "50%_x"}, {"A": "50%_X"}, True, True),
        ({"A|neq": "x"}, {}, True, True),
        ({"A": None}, {}, True, True),
        ({"A": ""}, {}, False, False),
    ],
)
def test_the_classes_of_difference(selection, fields, ours, theirs):
    text = rule_text({"selection": selection})
    assert bool(by_engine(load_rules([("r", text)]).rules, [event(fields)])) is ours
    assert bool(by_backend([text], [event(fields)])) is theirs


def test_the_table_knows_log_sources_and_names_as_rules_do():
    detection = {"selection": {"Image|endswith": "\\whoami.exe", "IntegrityLevel": "High"}}
    text = rule_text(detection, logsource={"product": "windows", "category": "process_creation"})
    fields = {"Image": "C:\\whoami.exe", "IntegrityLevel": "High"}
    audited = {"NewProcessName": "C:\\whoami.exe", "MandatoryLabel": "S-1-16-12288", "Image": "x"}
    events = [event(fields, SYSMON, 1), event(fields, SYSMON, 11), event(audited, "Security", 4688)]
    assert {row for row, _ in by_backend([text], events)} == {0, 2}
    assert by_backend([text], events) == by_engine(load_rules([("r", text)]).rules, events)
