"""Readers: the known shapes, and whatever else a file may hold."""

import gzip
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brandwacht.engines.detection import BadRecord, Event, UnreadableFile, event_from_record, read_events, reading
from tests.engines.detection.support import RECEIVED, event

MOMENT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
FLAT = {
    "EventTime": "2026-11-22 13:05:00",
    "Hostname": "VRR-DC01",
    "EventID": 4624,
    "SourceName": "Microsoft-Windows-Security-Auditing",
    "Channel": "Security",
    "RecordNumber": 12,
    "LogonType": "3",
}
WINLOGBEAT = {
    "@timestamp": "2026-11-22T13:05:00.000Z",
    "event": {"code": "4624"},
    "host": {"name": "elders"},
    "winlog": {
        "channel": "Security",
        "computer_name": "VRR-DC01",
        "provider_name": "Microsoft-Windows-Security-Auditing",
        "record_id": "12",
        "event_data": {"LogonType": "3"},
        "user_data": {"Channel": "Vals"},
    },
}
DUMP = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
            "EventID": {"#attributes": {"Qualifiers": 0}, "#text": 4624},
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-22T13:05:00Z"}},
            "EventRecordID": 12,
            "Channel": "Security",
            "Computer": "VRR-DC01",
        },
        "UserData": {"LogFileCleared": {"#attributes": {"xmlns": "x"}, "LogonType": "3", "Channel": "Vals"}},
    }
}


def write(folder: Path, content: bytes, name: str = "log.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def lines(*records: object) -> bytes:
    return b"\n".join(json.dumps(record).encode() for record in records)


@pytest.mark.parametrize(
    "record", [FLAT, WINLOGBEAT, DUMP, {"_source": WINLOGBEAT}], ids=["flat", "beat", "dump", "hit"]
)
def test_every_shape_gives_the_same_event(tmp_path, record):
    (found,) = read_events(write(tmp_path, lines(record)))
    assert isinstance(found, Event)
    assert (found.number, found.record_id, found.time, found.host) == (1, 12, MOMENT, "VRR-DC01")
    assert (found.channel, found.event_id) == ("Security", 4624)
    assert found.provider == "Microsoft-Windows-Security-Auditing"
    assert found.lookup("LogonType") == "3"
    assert found.lookup("Channel") == "Security"
    assert found.raw == record


def test_the_payload_as_rules_name_it():
    payload = {
        "Data": {"#text": ["een", "twee"]},
        "Threat Name": "X",
        "Leeg": None,
        "Ja": True,
        "Diep": {"er": {"in": 1}},
        "Lijst": [{"a": 1}, {"a": 2}],
    }
    assert event(payload).fields == {
        "Data": ["een", "twee"],
        "Threat Name": "X",
        "Leeg": None,
        "Ja": True,
        "Diep.er.in": 1,
        "Lijst.a": [1, 2],
    }
    assert event({"Data": {"#attributes": {"Name": "Image"}, "#text": "x"}}).fields == {"Image": "x"}
    assert event("los").fields == {"Data": "los"}  # type: ignore[arg-type]
    assert event(None).fields == {}  # type: ignore[arg-type]


def test_very_deep_payload_stays_text():
    deep: dict[str, object] = {"einde": 1}
    for _ in range(200):
        deep = {"x": deep}
    (value,) = event(deep).fields.values()
    assert isinstance(value, str)
    assert "einde" in value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-22T14:05:00+01:00", MOMENT),
        ("2026-11-22 13:05:00", MOMENT),
        (MOMENT.timestamp(), MOMENT),
        (int(MOMENT.timestamp() * 1000), MOMENT),
        ("gisteren", None),
        (True, None),
        (1e300, None),
        ([], None),
    ],
)
def test_times_are_utc(value, expected):
    assert event_from_record(1, {"@timestamp": value}).time == expected


def test_a_bad_record_does_not_stop_the_others(tmp_path):
    content = b"\n".join([b"\xef\xbb\xbf" + lines(FLAT), b"", b"{kapot", b"\xff\xfe", b"[1]", lines(FLAT)])
    found = list(read_events(write(tmp_path, content)))
    assert [(item.number, type(item)) for item in found] == [
        (1, Event),
        (3, BadRecord),
        (4, BadRecord),
        (5, BadRecord),
        (6, Event),
    ]
    assert "JSON" in found[1].reason
    assert "UTF-8" in found[2].reason


def test_packed_lines_and_lists(tmp_path):
    assert len(list(read_events(write(tmp_path, gzip.compress(lines(FLAT, FLAT), mtime=0), "log.json.gz")))) == 2
    found = list(read_events(write(tmp_path, json.dumps([FLAT, 3, FLAT]).encode(), "log.json")))
    assert [type(item) for item in found] == [Event, BadRecord, Event]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_read_as_well(tmp_path, encoding):
    mark = b"\xfe\xff" if encoding.endswith("be") else b""
    record = {**FLAT, "Naam": "é€𝄞" * 40_000}
    text = "\r\n".join(json.dumps(record, ensure_ascii=False) for _turn in range(2)) + "\r\n"
    found = list(read_events(write(tmp_path, mark + text.encode(encoding), "ps.json")))
    assert [item.raw for item in found] == [record, record]
    content = mark + json.dumps([FLAT]).encode(encoding)
    assert len(list(read_events(write(tmp_path, gzip.compress(content, mtime=0), "ps.json.gz")))) == 1


def test_zstandard(tmp_path, monkeypatch):
    packer = zstandard.ZstdCompressor()
    frames = packer.compress(lines(FLAT) + b"\n") + packer.compress(lines(FLAT, FLAT))
    assert len(list(read_events(write(tmp_path, frames, "log.zst")))) == 3
    many = packer.compress(b"\n".join(lines({**FLAT, "n": str(n * 7919 % 10007)}) for n in range(60_000)))
    half = list(read_events(write(tmp_path, many[: len(many) // 2], "half.zst")))
    assert isinstance(half[0], Event)
    assert isinstance(half[-1], BadRecord)
    with pytest.raises(UnreadableFile, match="uitgepakt"):
        list(read_events(write(tmp_path, b"\x28\xb5\x2f\xfd" + b"rommel" * 9, "kapot.zst")))
    monkeypatch.setattr(reading, "MAX_UNPACKED", 100_000)
    with pytest.raises(UnreadableFile, match="in delen"):
        list(read_events(write(tmp_path, packer.compress(lines(FLAT) + b"\n" + b" " * 5_000_000), "bom.zst")))


def test_logs_in_one_file_are_told_apart_line_by_line(tmp_path):
    content = b"\n".join(
        [
            b"Nov 22 14:05:00 vrr su[1]: mislukt",
            b"<14>Nov 22 14:05:00 fw CEF:0|L|P|1|2|N|5|act=x",
            b"onzin",
            lines(FLAT),
            b'192.0.2.9 - - [22/Nov/2026:14:05:00 +0100] "GET / HTTP/1.1" 200 5',
        ]
    )
    found = list(read_events(write(tmp_path, content, "alles.log"), received_at=RECEIVED))
    assert [item.number for item in found] == [1, 2, 3, 4, 5]
    assert [getattr(item, "kind", None) for item in found] == ["linux.auth", "cef.event", None, "", "web.access"]
    assert all(item.time == MOMENT for item in found if isinstance(item, Event))


def test_the_year_that_lines_lack_follows_from_the_file(tmp_path):
    path = write(tmp_path, b"Dec 31 23:05:00 vrr su[1]: mislukt", "auth.log")
    os.utime(path, (MOMENT.timestamp(), MOMENT.timestamp()))
    (found,) = read_events(path)
    assert found.time == datetime(2025, 12, 31, 23, 5, tzinfo=UTC)


def test_json_over_more_than_one_line_and_in_a_wrapper(tmp_path):
    record = {"eventSource": "a", "eventName": "b", "awsRegion": "c"}
    for content in (json.dumps({"Records": [record, record]}), json.dumps({"Records": [record, record]}, indent=2)):
        found = list(read_events(write(tmp_path, content.encode(), "trail.json")))
        assert [(item.number, item.kind) for item in found] == [(1, "aws.cloudtrail"), (2, "aws.cloudtrail")]
    azure = [{"records": [record, record]}, {"records": [record]}, record]
    assert [item.number for item in read_events(write(tmp_path, lines(*azure), "hub.json"))] == [1, 2, 3, 4]
    log = b"[Sun Nov 22 14:05:00.5 2026] [core:error] [pid 1] x"
    assert [item.kind for item in read_events(write(tmp_path, log, "error.log"))] == ["web.apache_error"]


def test_what_auditd_keeps_back_comes_at_the_end(tmp_path):
    text = b'type=EXECVE msg=audit(1795352700.123:99): argc=1 a0="id"\n'
    (found,) = read_events(write(tmp_path, text * 2, "audit.log"))
    assert (found.kind, found.number, found.fields["CommandLine"]) == ("linux.auditd", 1, "id")
    packed = gzip.compress(text + b"x" * 100_000, mtime=0)
    found = list(read_events(write(tmp_path, packed[:-60], "audit.log.gz")))
    assert isinstance(found[0], Event)


def test_a_huge_line_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINE", 300)
    found = list(read_events(write(tmp_path, lines(FLAT, {"x": "y" * 2000}, FLAT))))
    assert [type(item) for item in found] == [Event, BadRecord, Event]
    last = list(read_events(write(tmp_path, lines(FLAT, {"x": "y" * 2000}))))
    assert [type(item) for item in last] == [Event, BadRecord]


def test_a_small_file_that_unpacks_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 100_000)
    bomb = gzip.compress(lines(FLAT) + b"\n" + b" " * 5_000_000, mtime=0)
    with pytest.raises(UnreadableFile, match="in delen"):
        list(read_events(write(tmp_path, bomb, "bom.jsonl.gz")))
    monkeypatch.setattr(reading, "MAX_ARRAY", 1000)
    with pytest.raises(UnreadableFile, match="JSON-regels"):
        list(read_events(write(tmp_path, b"[" + b"1," * 5000 + b"1]", "lijst.json")))


def test_a_truncated_packed_file_gives_what_it_has(tmp_path):
    packed = gzip.compress(b"\n".join(lines({**FLAT, "n": str(n * 7919 % 10007)}) for n in range(3000)))
    found = list(read_events(write(tmp_path, packed[: len(packed) // 2], "half.jsonl.gz")))
    assert len(found) > 100
    assert isinstance(found[0], Event)
    assert isinstance(found[-1], BadRecord)
    assert "afgekapt" in found[-1].reason


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leeg.jsonl", b"", "leeg"),
        ("leeg.evtx", b"", "leeg"),
        ("blanco.jsonl", b"\n \n", "geen enkele"),
        ("vals.evtx", lines(FLAT), "geen Windows-logboek"),
        ("plaat.json", b"\x89PNG\r\n\x1a\n\x00\x00", "geen bekend"),
        ("tekst.jsonl", b"zomaar\ntekst", "geen enkele"),
        ("lijst.json", b'[{"a": 1}, ', "lijst"),
        ("kapot.jsonl.gz", b"\x1f\x8b\x08\x00rommel", "uitgepakt"),
        ("log.evtx.gz", gzip.compress(b"ElfFile\x00" + bytes(100), mtime=0), "Pak het eerst uit"),
        ("kop.evtx", b"ElfFile\x00" + b"\xff" * 5000, "logboek|leesbare"),
        ("kort.evtx", b"ElfFile\x00", "logboek|leesbare"),
        ("zonder.evtx", b"ElfFile\x00" + bytes(34) + b"\x01\x00" + bytes(70000), "logboek|leesbare"),
    ],
)
def test_a_broken_file_says_what_and_how_to_mend(tmp_path, name, content, words):
    with pytest.raises(UnreadableFile, match=words) as error:
        list(read_events(write(tmp_path, content, name)))
    assert error.value.reason.endswith(".")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UnreadableFile, match="geopend"):
        read_events(tmp_path / "weg.jsonl")
    with pytest.raises(UnreadableFile, match="geopend"):
        read_events(tmp_path)


def test_a_file_of_only_bad_lines_is_refused_soon(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PATIENCE", 5)
    with pytest.raises(UnreadableFile, match="Record 1"):
        list(read_events(write(tmp_path, b"x\n" * 100 + lines(FLAT))))


# Whatever a file holds, the outcome is events, bad records or one clear refusal.

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "Event",
                    "System",
                    "EventData",
                    "UserData",
                    "winlog",
                    "event_data",
                    "event",
                    "#text",
                    "#attributes",
                    "Provider",
                    "EventID",
                    "Channel",
                    "Name",
                    "Data",
                    "@timestamp",
                    "TimeCreated",
                    "_source",
                    "host",
                    "log",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(record=st.dictionaries(st.sampled_from(["Event", "winlog", "event", "_source", "x"]), JSON))
def test_any_object_becomes_an_event(record):
    found = event_from_record(1, record)
    assert found.raw == record
    assert isinstance(found.channel, str)
    assert all(name for name in found.fields)
    json.dumps(found.fields)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text('{}[]":,\\ntrue01 \n', max_size=60).map(str.encode),
        st.binary(max_size=60).map(lambda tail: gzip.compress(lines(FLAT), mtime=0)[:50] + tail),
        st.binary(max_size=300).map(lambda tail: b"ElfFile\x00" + tail),
        st.lists(JSON, max_size=4).map(lambda records: lines(*records)),
    ),
    suffix=st.sampled_from([".evtx", ".jsonl", ".json.gz"]),
)
def test_any_file_has_an_outcome(tmp_path, content, suffix):
    try:
        found = list(read_events(write(tmp_path, content, f"x{suffix}")))
    except UnreadableFile:
        return
    assert any(isinstance(item, Event) for item in found)
    numbers = [item.number for item in found]
    assert numbers == sorted(numbers)
