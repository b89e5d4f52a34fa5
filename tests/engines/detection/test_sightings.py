"""Indicators in events: the remembered way finds what looking up every observable finds."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import event_from_record, observables
from brandwacht.engines.detection.indicators import Indicator, build
from brandwacht.engines.detection.sightings import MEMORY, IndicatorHolder, IndicatorWatch
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


EVENTS = st.builds(
    event,
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5),
    st.sampled_from([SYSMON, "Security"]),
    st.sampled_from([1, 3, 22, 9999]),
)


def plainly(sets, one):
    """What looking up every observable in every set finds, the field left out."""
    return {
        (indicator, kind, text, place)
        for kind, text in observables(one)
        for place, each in enumerate(sets)
        for indicator in each.find(kind, text)
    }


@given(st.lists(st.lists(EVENTS, max_size=6), min_size=1, max_size=4), st.sampled_from([0, 2_000, MEMORY]))
def test_it_finds_what_looking_up_every_observable_finds(batches, memory):
    other = build([Indicator("ipv4", "198.51.100.1", "een", "proef"), Indicator("domain", "kwaad.example", "x", "y")])
    sets = LISTED, other.found
    watch = IndicatorWatch(IndicatorHolder(*sets), memory=memory)
    for batch in [*batches, *batches]:
        found = watch.match(batch)
        for position, one in enumerate(batch):
            hits = found.get(position, [])
            assert {hit[:4] for hit in hits} == plainly(sets, one)
            assert len({hit[:4] for hit in hits}) == len(hits)
            for hit in hits:
                assert hit.observed.lower() in str(one.fields[hit.field]).lower()


def test_hits_come_in_the_order_of_the_fields_of_their_kind():
    watch = IndicatorWatch(IndicatorHolder(LISTED))
    fields = {"DestinationHostname": "kwaad.example", "SourceIp": "203.0.113.9", "DestinationIp": "203.0.113.9"}
    (hits,) = watch.match([event(fields, SYSMON, 3)]).values()
    assert [(hit.field, hit.indicator.id) for hit in hits] == [("SourceIp", "net"), ("DestinationHostname", "naam")]


def test_a_new_set_counts_at_once():
    holder = IndicatorHolder(LISTED)
    watch = IndicatorWatch(holder)
    asked = event({"QueryName": "kwaad.example"}, SYSMON, 22)
    assert [hit.indicator.id for hit in watch.match([asked])[0]] == ["naam"]
    holder.replace(build([Indicator("domain", "anders.example", "n", "proef")]).found)
    assert watch.match([asked]) == {}
    assert list(watch.match([asked, event({"QueryName": "anders.example"}, SYSMON, 22)])) == [1]


def test_what_is_remembered_has_an_end():
    watch = IndicatorWatch(IndicatorHolder(LISTED), memory=20_000)
    for number in range(1_000):
        asked = event({"QueryName": f"x{number}.example", "DestinationIp": f"203.0.113.{number % 256}"}, SYSMON, 22)
        assert len(watch.match([asked])[0]) == 1
        assert len(watch._silent) + len(watch._sightings) < 100


def test_events_that_share_their_values_each_get_their_hit():
    one = event({"QueryName": "kwaad.example"}, SYSMON, 22)
    other = event_from_record(2, one.raw)
    assert other.values is one.values
    assert [len(hits) for hits in IndicatorWatch(IndicatorHolder(LISTED)).match([one, other]).values()] == [1, 1]


def test_no_events():
    assert IndicatorWatch(IndicatorHolder(LISTED)).match([]) == {}
