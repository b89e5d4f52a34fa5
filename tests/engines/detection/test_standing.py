"""How correlations stand: the open groups, and what each of them still waits for."""

from datetime import timedelta

import pytest

from brandwacht.engines.detection import Correlator, OpenGroup
from tests.engines.detection.correlation_support import CORRELATION_ID, RULE_IDS, START, feed, load

JAN, EVA = {"User": "Jan"}, {"User": "eva"}


def stand(section: dict, *steps: tuple) -> tuple[Correlator, list[OpenGroup]]:
    loaded = load(section)
    correlator = Correlator(loaded.correlations, loaded.rules, lateness=timedelta(seconds=30))
    feed(correlator, steps)
    return correlator, correlator.open_groups(CORRELATION_ID)


def test_what_is_held_the_fullest_group_first():
    correlator, groups = stand(
        {"condition": {"gte": 4}, "timespan": "1m"}, ("a", 0, EVA), ("a", 1, JAN), ("a", 5, JAN), ("a", 62, JAN)
    )
    jan, eva = groups
    assert (jan.group, jan.records, jan.number, jan.whole) == ({"User": "Jan"}, 3, 2, False)
    assert (jan.first, jan.last) == (START + timedelta(seconds=1), START + timedelta(seconds=62))
    assert jan.until == START + timedelta(seconds=65)
    assert (eva.group, eva.number, eva.rules) == ({"User": "eva"}, 1, (RULE_IDS["a"],))
    assert len(correlator.open_groups(CORRELATION_ID, 1)) == 1
    assert not correlator.waits


def test_which_rules_were_seen():
    _correlator, (group,) = stand({"type": "temporal", "rules": ["a", "b"], "timespan": "1m"}, ("b", 3, JAN))
    assert group.rules == (RULE_IDS["b"],)


def test_what_is_judged_when_its_time_is_over():
    correlator, (group,) = stand({"condition": {"lt": 3}, "timespan": "1m"}, ("a", 0, JAN))
    assert correlator.waits
    assert (group.whole, group.until) == (True, START + timedelta(seconds=90))
    assert correlator.advance(group.until + timedelta(seconds=1))
    assert correlator.open_groups(CORRELATION_ID) == []


def test_what_was_told_is_open_no_more():
    assert stand({"condition": {"gte": 2}}, ("a", 0, JAN), ("a", 1, JAN))[1] == []
    with pytest.raises(KeyError):
        stand({})[0].open_groups("elders")
