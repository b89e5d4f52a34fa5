"""Indicators in events: the remembered way finds what looking up every observable finds."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import observables
from brandwacht.engines.detection.indicators import Indicator, IndicatorHolder, IndicatorMatcher, build
from brandwacht.engines.detection.sightings import IndicatorWatch
from tests.engines.detection.support import SYSMON, event

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
MD5 = "0123456789abcdef0123456789abcdef"
LISTED = build(
    [
        Indicator("ipv4", "203.0.113.0/24", "net", "proef"),
        Indicator("domain", "kwaad.example", "naam", "proef", valid_until=NOW),
        Indicator("md5", MD5, "hash", "proef"),
        Indicator("url", "https://kwaad.example/x", "url", "proef"),
    ]
).found
VALUES = st.sampled_from(
    [
        *("203.0.113.9", "198.51.100.1", "kwaad.example", "a.kwaad.example", f"MD5={MD5},SHA256=00", "", "-", 7, None),
        *("curl https://kwaad.example/x", ["203.0.113.9", "kwaad.example"], True),
    ]
)
NAMES = ["DestinationIp", "SourceIp", "DestinationHostname", "QueryName", "Hashes", "CommandLine", "Image"]


@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5), min_size=1, max_size=6),
    st.sampled_from([1, 3, 22, 9999]),
)
def test_it_finds_what_looking_up_every_observable_finds(rows, event_id):
    watch, plain = IndicatorWatch(LISTED), IndicatorMatcher(LISTED)
    for fields in [*rows, *rows]:
        one = event(fields, SYSMON, event_id)
        assert set(watch.match(one)) == set(plain.match(observables(one)))


def test_what_has_ended_is_no_hit_and_a_new_set_counts_at_once():
    holder = IndicatorHolder(LISTED)
    watch = IndicatorWatch(holder)
    asked = event({"QueryName": "kwaad.example"}, SYSMON, 22)
    assert [hit.indicator.id for hit in watch.match(asked, NOW)] == ["naam"]
    assert watch.match(asked, NOW + timedelta(seconds=1)) == []
    holder.replace(build([Indicator("domain", "anders.example", "n", "proef")]).found)
    assert watch.match(asked) == []
    assert watch.match(event({"QueryName": "anders.example"}, SYSMON, 22))
