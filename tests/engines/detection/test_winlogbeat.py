"""A line of Winlogbeat that is read in part: the event is the one that the whole record gives."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.detection import event_from_record
from brandwacht.engines.detection.winlogbeat import winlogbeat_line
from tests.engines.detection.support import ANY, SCALARS, TEXT, same_event

NAMES = st.sampled_from(["Image", "CommandLine", "Level", "Keywords", "Message", "a.b", "#text", "#attributes", "Data"])
DATA = st.dictionaries(st.one_of(NAMES, NAMES, TEXT), st.one_of(SCALARS, SCALARS, ANY), max_size=4)
CHANNELS = st.sampled_from(["Security", "Microsoft-Windows-Sysmon/Operational", ""])


def record(known: dict[str, st.SearchStrategy[Any]], **deep: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the known names with mostly fitting values, and sometimes others."""
    optional = {name: st.one_of(value, value, value, ANY) for name, value in known.items()}
    parts = st.fixed_dictionaries({}, optional=optional | {"other": ANY})
    return parts.map(lambda found: found | deep)


WINLOG = record(
    {
        "event_data": DATA,
        "user_data": st.one_of(st.none(), DATA),
        "channel": CHANNELS,
        "event_id": st.one_of(st.integers(0, 5000), st.sampled_from(["4624", " 1", "x", 4624.0, True])),
        "keywords": st.one_of(st.none(), st.lists(TEXT, max_size=2), TEXT),
        "provider_name": TEXT,
        "computer_name": TEXT,
        "record_id": st.one_of(st.integers(0, 9), st.sampled_from(["12", "x"])),
    }
)
RECORDS = record(
    {
        "winlog": WINLOG,
        "log": record({"level": TEXT}),
        "log.level": TEXT,
        "message": TEXT,
        "@timestamp": st.sampled_from(["2026-11-22T13:05:00.123Z", 1795352700, "x"]),
        "host": record({"name": TEXT}),
        "host.name": TEXT,
        "event": record({"code": st.sampled_from(["1", 2]), "provider": TEXT}),
        "event.code": st.sampled_from(["1", 2]),
        "_source": st.one_of(st.none(), record({"winlog": WINLOG})),
    }
)
FULL = {"winlog": {"event_id": 1, "channel": "Security", "event_data": {"Image": "x"}}}


def same(line: bytes) -> bool:
    """Whether the line was read in part; if so, as the whole is."""
    found = winlogbeat_line(7, line)
    if found is None:
        return False
    same_event(found, event_from_record(7, orjson.loads(line)))
    return True


def same_or_no_json(line: bytes) -> None:
    """As `same`, for a line that may be no JSON: then it is left to who reads it as a whole."""
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError as error:
        if "infinity" not in str(error):
            assert winlogbeat_line(1, line) is None
    else:
        same(line)


@settings(max_examples=300)
@given(RECORDS)
def test_any_record(found):
    same(orjson.dumps(found))


@settings(max_examples=300)
@given(WINLOG, RECORDS, st.data())
def test_damaged_lines(winlog, found, data):
    line = bytearray(orjson.dumps(found | {"winlog": winlog | {"event_data": {"Image": "x"}, "event_id": 1}}))
    at = data.draw(st.integers(0, len(line) - 1))
    match data.draw(st.sampled_from(["cut", "byte", "more", "insert"])):
        case "cut":
            del line[at:]
        case "byte":
            line[at] = data.draw(st.integers(0, 255))
        case "more":
            line += data.draw(st.binary(max_size=3))
        case "insert":
            line[at:at] = data.draw(
                st.sampled_from([b"\xff", b"\\ud800", b"\x00", b"1e999", b"{", b'"', b"9" * 30, b"-"])
            )
    same_or_no_json(bytes(line))


def test_most_lines_are_read_in_part():
    assert same(orjson.dumps(FULL))
    assert same(orjson.dumps(FULL | {"log": {"level": "info"}, "message": "m", "x": [1, {"y": None}]}))


@pytest.mark.parametrize(
    "rest",
    [
        b'"x":"\xff"', b'"x":"\\ud800"', b'"x":"\n"', b'"x":01', b'"x":-', b'"x":"\\x"', b'"x":nul', b'"x":[1,]',
        b'"x":{1:2}', b'"x":1.', b'"\xff":1', b'"x":' + b"[" * 2000 + b"]" * 2000,
        b'"x":"\\uD83D"', b'"x":"\\udc00\\ud800"',
    ],
)  # fmt: skip
def test_what_is_no_json_in_a_part_that_is_not_read(rest):
    line = orjson.dumps(FULL)[:-1] + b"," + rest + b"}"
    same_or_no_json(line)


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"9" * 400, b"9" * 5000])
def test_a_number_beyond_all_bounds_stays_text(number):
    line = orjson.dumps(FULL)[:-1] + b',"x":[%b,1.5,7]}' % number
    found = winlogbeat_line(1, line)
    assert found.raw == FULL | {"x": [number.decode(), 1.5, 7]}
    assert found.time is None


@pytest.mark.parametrize("number", [b"1e999", b"9" * 30, b"-" + b"9" * 20, b"18446744073709551616", b"9" * 400, b"1.0"])
@pytest.mark.parametrize("place", [b'"event_data":{"Image":"x","N":@}', b'"event_data":{"Image":[@]}', b'"event_id":@'])
def test_large_numbers_where_rules_look(number, place):
    line = b'{"winlog":{"event_id":1,"event_data":{"Image":"x"},%b}}' % place.replace(b"@", number)
    same_or_no_json(line)
