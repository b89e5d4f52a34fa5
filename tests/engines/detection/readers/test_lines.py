"""The contract of the readers, and what hostile input makes of it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandwacht.engines.detection import BadRecord, Event
from brandwacht.engines.detection.ecs import ecs_of, observables
from brandwacht.engines.detection.readers import LineReader, parse_payload, parse_syslog, stored_event
from brandwacht.engines.detection.readers.parsing import FORMS
from tests.engines.detection.support import RECEIVED, received, refused

SAMPLES = [
    b'<34>1 2026-11-22T14:05:00.003+01:00 vrr su 123 ID47 [a@1 naam="O\\"x\\" \\] y"][b@1 c="d"] su mislukt',
    b"<34>Nov 22 14:05:00 vrr sshd[99]: Failed password for invalid user x from 2001:db8::7 port 5022 ssh2",
    b"Nov 22 14:05:00 vrr sudo: jan : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh",
    b"<189>45: *Nov 22 13:05:00.123: %SYS-5-CONFIG_I: Configured from console",
    b"<164>Nov 22 2026 14:05:00 fw : %ASA-4-106023: Deny tcp src a:198.51.100.7/5022 dst b:10.0.0.5/22",
    b"CEF:0|L|P\\|x|1|2|N|5|src=10.0.0.1 msg=een \\= twee\\nregel cs1=7 cs1Label=Regel rt=Nov 22 2026 14:05:00",
    b"LEEF:2.0|L|P|1|42|0x5e|src=10.0.0.1^dst=10.0.0.2^devTime=1795352700000",
    b'192.0.2.9 - jan [22/Nov/2026:14:05:00 +0100] "GET /a?b=\\"1\\" HTTP/1.1" 404 512 "-" "Proef \\x5c"',
    b"[Sun Nov 22 14:05:00.123456 2026] [core:error] [pid 12:tid 34] [client 192.0.2.7:5000] AH00037: iets",
    b"2026/11/22 14:05:00 [error] 12#12: *1 open() failed, client: 192.0.2.7, server: x",
    b"1795352700.123 45 10.0.0.1 TCP_MISS/200 1234 GET http://x.test/a.exe?q=1 jan DIRECT/198.51.100.7 text/html",
    b'type=EXECVE msg=audit(1795352700.123:99): argc=3 a0="sh" a1="-c" a2=6C73202D6C61',
    b"type=SOCKADDR msg=audit(1795352700.123:99): saddr=02001F90C6336407",
    b'type=USER_LOGIN msg=audit(1795352700.123:98): msg=\'op=login acct="jan"\'\x1dUID="root"',
    b'date=2026-11-22 time=14:05:00 devname="FG" devid="1" logid="2" type="event" tz="+0100" action="Add"',
    b"<14>Nov 22 14:05:00 pa 1,2026/11/22 14:05:00,0123,TRAFFIC,end,2,2026/11/22 14:05:00,10.0.0.1,198.51.100.7,,",
    b'<14>Nov 22 14:05:00 vrr sysmon: <Event><EventID>1</EventID><Data Name="Image">/bin/sh</Data></Event>',
    b"2026-11-22 14:05:00,123 [main] WARN com.proef - iets",
    b"#separator \\x09",
    b"#fields\tts\tquery\tanswers",
    b"#types\ttime\tstring\tvector[string]",
    b"1795352700.1\tx\\x2d.test\ta,b",
    b"#Fields: date time cs-method cs-uri-stem cs(User-Agent)",
    b'2026-11-22 13:05:00 GET /a "x y"',
    b'{"timestamp":"2026-11-22T14:05:00+0100","flow_id":1,"event_type":"dns","dns":{"rrname":"a.test"}}',
    b'{"@timestamp":"2026-11-22T13:05:00Z","event":{"category":["process"]},"process":{"args":["a",1],"hash":{"md5":"x"}}}',
    b'{"@timestamp":"2026-11-22T13:05:00Z","message":"Nov 22 14:05:00 vrr su: x","host":{"name":"a"}}',
    b'{"Records":[{"eventSource":"a","eventName":"b","awsRegion":"c","eventTime":1}]}',
    b'{"AuditData":"{\\"Operation\\":\\"x\\",\\"Workload\\":\\"y\\",\\"Parameters\\":[{\\"Name\\":1}]}"}',
    b'{"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational"},"process":{"executable":["x"]},"user":{"name":1}}',
    b'{"__REALTIME_TIMESTAMP":"1795352700000000","MESSAGE":[1,2,300],"SYSLOG_IDENTIFIER":"su"}',
]


def check(items: list[Event | BadRecord]) -> None:
    """What holds of everything that a reader gives."""
    numbers = [item.number for item in items]
    assert numbers == sorted(set(numbers))
    for item in items:
        if isinstance(item, BadRecord):
            assert item.reason.endswith(".")
            continue
        assert isinstance(item.host, str)
        assert item.kind == item.kind.lower()
        assert item.time is None or item.time.utcoffset() == timedelta(0)
        assert all(isinstance(name, str) for name in item.fields)
        again = stored_event(item.number, item.raw, item.kind)
        assert (again.kind, again.fields, again.host, again.channel) == (
            item.kind,
            item.fields,
            item.host,
            item.channel,
        )
        for name, value in ecs_of(item).items():
            assert isinstance(value, (str, int, list)), name
        assert all(kind and value for kind, value in observables(item))


def read(lines: list[bytes]) -> list[Event | BadRecord]:
    reader = LineReader(RECEIVED)
    found = [item for number, line in enumerate(lines, start=1) for item in reader.feed(number, line)]
    return [*found, *reader.finish()]


def test_the_samples_themselves():
    items = read(SAMPLES)
    assert not [item for item in items if isinstance(item, BadRecord)]
    assert len(items) == len(SAMPLES) - 5  # four lines are headers, two others one event
    check(items)


@settings(max_examples=300)
@given(st.lists(st.binary(max_size=80), max_size=4))
def test_any_bytes(lines):
    check(read(lines))
    for line in lines:
        check(parse_payload(line, received_at=RECEIVED))


@settings(max_examples=600)
@given(data=st.data())
def test_damaged_lines(data):
    lines = []
    for sample in data.draw(st.lists(st.sampled_from(SAMPLES), min_size=1, max_size=4)):
        line = bytearray(sample)
        for _turn in range(data.draw(st.integers(0, 4))):
            place = data.draw(st.integers(0, len(line)))
            match data.draw(st.integers(0, 3)):
                case 0:
                    del line[place:]
                case 1:
                    line[place : place + 1] = data.draw(st.binary(max_size=3))
                case 2:
                    line[place:place] = data.draw(
                        st.sampled_from([b'"', b"\\", b"=", b"|", b" ", b"\t", b"[", b"\xff", b"\x00", b"9" * 30])
                    )
                case 3:
                    line += line[place:]
        lines.append(bytes(line))
    check(read(lines))


WORDS = st.sampled_from(
    [
        *("Records", "records", "value", "AuditData", "Operation", "Workload", "eventSource", "eventName", "awsRegion"),
        *(
            "category",
            "properties",
            "time",
            "event",
            "type",
            "process",
            "executable",
            "args",
            "hash",
            "md5",
            "path",
            "dns",
        ),
        *(
            "registry",
            "question",
            "name",
            "file",
            "dll",
            "user",
            "domain",
            "@timestamp",
            "message",
            "log",
            "json",
            "host",
        ),
        *(
            "os",
            "agent",
            "winlog",
            "channel",
            "event_data",
            "_path",
            "ts",
            "uid",
            "query",
            "answers",
            "event_type",
            "kind",
        ),
        *(
            "flow_id",
            "protoPayload",
            "methodName",
            "verb",
            "auditID",
            "apiVersion",
            "objectRef",
            "MESSAGE",
            "line",
            "id",
        ),
        *("__REALTIME_TIMESTAMP", "parsed", "riskEventType", "applicationName", "events", "parameters"),
    ]
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=6), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=15,
)


@settings(max_examples=400)
@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_any_object(record):
    items = parse_payload(record, received_at=RECEIVED)
    assert items
    check(items)
    check(parse_payload(json.dumps(record).encode(), received_at=RECEIVED))
    nested = {"@timestamp": 1, "message": json.dumps({"message": json.dumps({"message": json.dumps(record)})})}
    check(parse_payload(nested, received_at=RECEIVED))


@pytest.mark.parametrize(
    "text", ["a" * 900_000, "a=" * 400_000, "<1>" * 300_000, "a b " * 200_000, '"' * 900_000, "a." * 400_000]
)
def test_long_lines_take_time_in_proportion(text):
    for head in (
        "",
        "CEF:0|a|b|c|d|e|f|",
        "Nov 22 14:05:00 vrr sshd: ",
        "type=EXECVE msg=audit(1795352700.1:1): ",
        "<13>",
    ):
        started = datetime.now(UTC)
        check(parse_payload((head + text).encode(), received_at=RECEIVED))
        assert (datetime.now(UTC) - started).total_seconds() < 20


def test_what_is_too_long_or_not_text():
    assert "langer" in refused(b"x" * (1024 * 1024 + 1))
    assert "UTF-8" in refused(b"\xff\xfe\xfd")
    assert "JSON" in refused(b"{kapot")
    assert "UTF-8" in refused(b'{"a": "\xff"}')
    assert "velden" in refused(b"[1]")
    assert parse_payload(b"\n") == []
    assert received(b"<13>Nov 22 14:05:00 vrr p: caf\xe9").fields["message"] == "caf\\xe9"


def test_a_source_of_one_form_takes_no_other():
    for form, sample in (
        ("syslog", SAMPLES[1]),
        ("cef", SAMPLES[5]),
        ("web", SAMPLES[7]),
        ("auditd", SAMPLES[11]),
        ("json", next(sample for sample in SAMPLES if sample.startswith(b"{"))),
    ):
        (found,) = parse_payload(sample, form=form, received_at=RECEIVED)
        assert isinstance(found, Event)
        for other in set(FORMS) - {form}:
            (bad,) = parse_payload(sample, form=other, received_at=RECEIVED)
            assert isinstance(bad, BadRecord)
            assert "afgesproken" in bad.reason
    with pytest.raises(ValueError, match="unknown form"):
        parse_payload(b"x", form="evtx")


def test_what_is_wrong_with_a_line_depends_on_the_lines_before_it():
    (_event, bad) = read([SAMPLES[-1], b"kapot"])
    assert isinstance(bad, BadRecord)
    assert "JSON" in bad.reason
    (_event, bad) = read([SAMPLES[0], b"kapot"])
    assert isinstance(bad, BadRecord)
    assert "vorm" in bad.reason


def test_single_payloads_remember_nothing():
    assert parse_payload(b"#fields\tts\tquery") == []
    (bad,) = parse_payload(b"1\ta.test")
    assert isinstance(bad, BadRecord)
    assert isinstance(parse_syslog(SAMPLES[11], RECEIVED), Event)


def test_a_record_can_not_say_that_it_is_a_line_of_another_kind():
    forged = {"line": "x", "kind": "linux.auditd", "parsed": {"type": "EXECVE"}, "host": "vals"}
    found = received(forged)
    assert found.kind == "json.line"
    assert "type" not in stored_event(1, forged, found.kind).fields
