"""A record of EVTX that is read in part: the event is the one that the whole record gives."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.detection import Event, Matcher, event_from_record
from brandwacht.engines.detection.evtx_records import evtx_text
from tests.engines.detection.support import ANY, NUMBERS, SCALARS, TEXT, rule, same_event

NAMES = st.sampled_from(["Image", "CommandLine", "Level", "Keywords", "Task", "#text", "#attributes", "Data", "System"])
DATA = st.dictionaries(st.one_of(NAMES, NAMES, TEXT), st.one_of(SCALARS, SCALARS, ANY), max_size=4)


def attributes(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An XML element with attributes and perhaps a text."""
    return st.fixed_dictionaries({"#attributes": st.fixed_dictionaries({}, optional=known)}, optional={"#text": ANY})


def some(known: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the known names with mostly fitting values."""
    return st.fixed_dictionaries({}, optional={name: st.one_of(v, v, v, v, ANY) for name, v in known.items()})


SYSTEM = some(
    {
        "Provider": attributes(Name=TEXT, Guid=TEXT),
        "EventID": st.one_of(
            st.integers(0, 9), st.integers(0, 9), st.sampled_from([{"#attributes": {"Qualifiers": 1}, "#text": 7}, "x"])
        ),
        "Level": st.one_of(st.integers(0, 9), st.none(), attributes(x=TEXT)),
        "Task": NUMBERS,
        "Opcode": NUMBERS,
        "Keywords": TEXT,
        "TimeCreated": attributes(SystemTime=st.sampled_from(["2026-11-22T13:05:00.123Z", 1795352700, "x"])),
        "EventRecordID": st.integers(0, 9),
        "Channel": st.sampled_from(["Security", "", None, {"#text": "Security"}]),
        "Computer": TEXT,
        "Security": ANY,
    }
)
EVENTS = some({"#attributes": DATA, "EventData": st.one_of(DATA, DATA, st.none())})
OTHER = st.one_of(st.just({}), some({"UserData": st.dictionaries(TEXT, ANY, max_size=2), "DebugData": ANY}))
FULL = {"Event": {"System": {"EventID": 1, "Channel": "Security", "Level": 4}, "EventData": {"Image": "x", "n": 7}}}


def same(text: str) -> Event | None:
    """The event when the record was read in part, which must then be as the whole is."""
    found = evtx_text(7, text)
    if found is not None:
        same_event(found, event_from_record(7, orjson.loads(text)))
    return found


@settings(max_examples=200)
@given(EVENTS, SYSTEM, OTHER, st.one_of(st.just({}), st.just({}), DATA))
def test_any_record(event, system, other, beside):
    same(orjson.dumps({"Event": event | {"System": system} | other} | beside).decode())


@settings(max_examples=100)
@given(st.data())
def test_damaged_records(data):
    text = orjson.dumps(FULL).decode()
    at = data.draw(st.integers(0, len(text)))
    more = data.draw(
        st.sampled_from(["", "\\ud800", "\ud800", "\x00", "1e999", "{", '"', "9" * 30, "-", ",", '"a":1,'])
    )
    text = text[:at] + more + text[at + data.draw(st.integers(0, 3)) :]
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        assert "infinity" in str(error) or evtx_text(7, text) is None
    else:
        same(text)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"#attributes": {"xmlns": "x"}},
        {"EventData": None},
        {"EventData": {}},
        {"EventData": {"Image": "x", "b": True, "n": None}},
        {"EventData": {"Level": "hoog", "n": 2**63 - 1, "m": -(2**63) + 1}},
    ],
)
def test_most_records_are_read_in_part(change):
    assert same(orjson.dumps({"Event": FULL["Event"] | change}).decode())


@pytest.mark.parametrize(
    "record",
    [
        {"Event": FULL["Event"] | {"UserData": {"x": {"y": 1}}}},
        {"Event": {"EventData": {}}},
        FULL | {"_source": {}},
        {"Event": FULL["Event"] | {"System": {"EventID": "x"}}},
        {"Event": FULL["Event"] | {"EventData": {"Image": ["a", 1]}}},
        {"Event": FULL["Event"] | {"EventData": {"#text": "a"}}},
        {"Event": FULL["Event"] | {"EventData": {"f": 1e21}}},
        {"Event": FULL["Event"] | {"EventData": {"n": 2**63}}},
        {"Event": FULL["Event"] | {"EventData": {"n": -(2**63)}}},
    ],
)
def test_others_are_left_to_who_reads_the_whole(record):
    assert evtx_text(1, orjson.dumps(record).decode()) is None


@settings(max_examples=100)
@given(DATA, st.sampled_from(["kwaad", 'a"b', "c\\d", "1.5", "true", "[", '"x"', "4"]), TEXT)
def test_a_keyword_is_found_wherever_it_stands(data, keyword, text):
    """As in the whole record: the search in the text of the record must miss nothing."""
    matcher = Matcher([rule({"selection": [keyword]})])
    for fields in (data, data | {"CommandLine": f"{text}{keyword}{text}"}):
        written = orjson.dumps({"Event": FULL["Event"] | {"EventData": fields}})
        whole = event_from_record(1, orjson.loads(written))
        matches = matcher.match(whole)
        assert matches or fields is data or "#text" in data
        if (found := evtx_text(1, written.decode())) is not None:
            assert bool(matcher.match(found)) == bool(matches)


@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 20, "18446744073709551616", "9223372036854775808"])
@pytest.mark.parametrize("name", ["Level", "Task", "Keywords", "Opcode", "EventRecordID"])
def test_numbers_beyond_bounds_beside_the_fields(name, number):
    same(orjson.dumps(FULL).decode().replace('"Level":4', f'"{name}":{number}'))
