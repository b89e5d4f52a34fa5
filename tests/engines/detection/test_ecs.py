"""The normal form, and what indicators are about."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import event_from_record, read_events
from brandwacht.engines.detection.ecs import MAX_SHAPE, ecs_of, ecs_part, observables
from tests.engines.detection.support import SYSMON, event, received

STAMP = "2026-11-22T13:05:00Z"
MD5, SHA256 = "ab" * 16, "CD" * 32


def test_a_program_of_sysmon():
    found = event(
        {
            "Image": "C:\\Windows\\System32\\cmd.exe",
            "CommandLine": "cmd /c curl http://a.test/x,http://b.test:8080/y.",
            "ProcessId": 77,
            "ParentImage": "C:\\a.exe",
            "User": "VRR\\jan",
            "Hashes": f"MD5={MD5},SHA256={SHA256},IMPHASH={MD5}",
        },
        SYSMON,
        1,
    )
    assert ecs_of(found) == {
        "event.dataset": SYSMON,
        "@timestamp": "2026-11-22T13:05:00.500000+00:00",
        "host.name": "VRR-DC01",
        "event.code": "1",
        "event.provider": "Proef",
        "event.action": "process-start",
        "user.name": "jan",
        "user.domain": "VRR",
        "process.executable": "C:\\Windows\\System32\\cmd.exe",
        "process.command_line": "cmd /c curl http://a.test/x,http://b.test:8080/y.",
        "process.pid": 77,
        "process.parent.executable": "C:\\a.exe",
        "file.hash.md5": MD5,
        "file.hash.sha256": SHA256.lower(),
    }
    assert {("md5", MD5), ("sha256", SHA256.lower()), ("domain", "a.test")} <= set(observables(found))
    assert not any(kind == "sha1" for kind, _value in observables(found))


def test_logging_on_in_the_security_log():
    fields = {
        "SubjectUserName": "DC01$",
        "TargetUserName": "jan",
        "TargetDomainName": "VRR",
        "IpAddress": "::ffff:192.0.2.9",
        "IpPort": "0",
    }
    normal = ecs_of(event(fields, "Security", 4625))
    assert (normal["user.name"], normal["user.domain"], normal["source.ip"]) == ("jan", "VRR", "192.0.2.9")
    assert (normal["event.action"], normal["event.outcome"]) == ("logon-failed", "failure")
    assert "source.ip" not in ecs_of(event({"IpAddress": "-"}, "Security", 4624))
    started = ecs_of(
        event({"NewProcessName": "C:\\a.exe", "NewProcessId": "0x1f4", "SubjectUserName": "jan"}, "Security", 4688)
    )
    assert (started["process.executable"], started["process.pid"], started["user.name"]) == ("C:\\a.exe", 500, "jan")


@pytest.mark.parametrize(
    ("payload", "expected", "seen"),
    [
        (
            "Nov 22 14:05:00 vrr sshd[99]: Failed password for jan from 2001:db8::7 port 5022 ssh2",
            {
                "user.name": "jan",
                "source.ip": "2001:db8::7",
                "source.port": 5022,
                "event.outcome": "failure",
                "host.name": "vrr",
            },
            {("ipv6", "2001:db8::7")},
        ),
        (
            '192.0.2.9 - - [22/Nov/2026:14:05:00 +0100] "GET http://A.test/x?y HTTP/1.1" 404 5 "https://b.test/" "P"',
            {
                "url.full": "http://A.test/x?y",
                "url.domain": "a.test",
                "http.request.method": "GET",
                "http.response.status_code": 404,
                "user_agent.original": "P",
                "event.outcome": "failure",
            },
            {("url", "http://A.test/x?y"), ("domain", "a.test"), ("url", "https://b.test/"), ("ipv4", "192.0.2.9")},
        ),
        (
            {
                "timestamp": STAMP,
                "flow_id": 1,
                "event_type": "dns",
                "src_ip": "10.0.0.1",
                "dns": {"rrname": "A.test.", "answers": [{"rdata": "192.0.2.7"}, {"rdata": "c.test"}]},
            },
            {"dns.question.name": "A.test.", "source.ip": "10.0.0.1", "event.dataset": "suricata.dns"},
            {("domain", "a.test"), ("ipv4", "192.0.2.7"), ("domain", "c.test"), ("ipv4", "10.0.0.1")},
        ),
        (
            "CEF:0|L|P|1|2|N|5|src=10.0.0.1 dst=192.0.2.9 dpt=443 suser=Jan@VR.test fileHash="
            + MD5
            + " request=https://[2001:db8::7]:8443/a",
            {"destination.ip": "192.0.2.9", "destination.port": 443, "file.hash.md5": MD5, "url.domain": "2001:db8::7"},
            {("email", "jan@vr.test"), ("md5", MD5), ("ipv6", "2001:db8::7")},
        ),
        (
            {
                "eventSource": "iam.amazonaws.com",
                "eventName": "CreateUser",
                "awsRegion": "c",
                "sourceIPAddress": "192.0.2.9",
                "errorCode": "AccessDenied",
                "userIdentity": {"userName": "jan"},
            },
            {
                "event.action": "CreateUser",
                "event.provider": "iam.amazonaws.com",
                "event.outcome": "failure",
                "user.name": "jan",
            },
            {("ipv4", "192.0.2.9")},
        ),
        (
            {
                "@timestamp": STAMP,
                "event": {"category": ["file"], "code": "x"},
                "file": {"path": "/a", "hash": {"sha1": "EF" * 20}},
                "user": {"email": "A@b.test"},
            },
            {"file.path": "/a", "file.hash.sha1": "ef" * 20, "event.code": "x", "event.dataset": "ecs.linux.file"},
            {("sha1", "ef" * 20), ("email", "a@b.test")},
        ),
        (
            {"a": 1, "ip": "192.0.2.9:443", "url": ["https://c.test/z"], "message": "zie https://d.test/q)."},
            {"url.full": "https://c.test/z", "event.dataset": "json.line"},
            {("ipv4", "192.0.2.9"), ("url", "https://c.test/z"), ("url", "https://d.test/q"), ("domain", "d.test")},
        ),
    ],
)
def test_the_same_names_whatever_the_log(payload, expected, seen):
    found = received(payload)
    normal = ecs_of(found)
    assert expected.items() <= normal.items()
    assert seen <= set(observables(found))
    assert len(list(observables(found))) == len(set(observables(found)))
    json.dumps(normal)


def test_what_looks_like_an_indicator_and_is_none():
    found = received(
        {"a": 1, "ip": "999.1.1.1", "domain": "localhost", "md5": "zz" * 16, "email": "jan@", "url": "geen adres"}
    )
    assert set(observables(found)) == set()


def test_made_up_logs_and_numbers_cost_no_more_than_known_ones():
    for number in range(3000):
        assert ecs_of(event({"CommandLine": "x"}, f"Log {number % 1500}", number))["process.command_line"] == "x"


FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "User",
            "Hashes",
            "SourceIp",
            "SourcePort",
            "ProcessId",
            "Image",
            "CommandLine",
            "QueryName",
            "url",
            "IpAddress",
        ]
    ),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(max_size=20),
        st.lists(st.text(max_size=5), max_size=3),
        st.sampled_from(
            [
                "MD5=x",
                "http://",
                "http://[",
                "https://a@b:c/d",
                "a.b:",
                "::",
                "1.2.3.4:5:6",
                "a@b.cd",
                ";;",
                "x;10.0.0.1",
            ]
        ),
    ),
)


@given(FIELDS, st.sampled_from([SYSMON, "Security", ""]), st.sampled_from([1, 3, 4624, 4688, 9999]))
def test_any_values_have_a_normal_form(fields, channel, number):
    found = event_from_record(1, {"Channel": channel, "EventID": number, **fields})
    for value in ecs_of(found).values():
        assert isinstance(value, (str, int)) or all(isinstance(item, str) for item in value)
    for kind, value in observables(found):
        assert kind in ("ipv4", "ipv6", "domain", "url", "md5", "sha1", "sha256", "email")
        assert value


PART = frozenset(("user.name", "source.ip", "destination.port", "process.executable", "url.full", "file.hash.md5"))


@given(FIELDS, st.sampled_from([SYSMON, "Security", ""]), st.sampled_from([1, 3, 4624, 4688, 9999]), st.booleans())
def test_a_part_says_the_same_as_the_whole(fields, channel, number, many):
    more = {f"Ander{n}": "x" for n in range(MAX_SHAPE)} if many else {}
    found = event_from_record(1, {"Channel": channel, "EventID": number, **fields, **more})
    whole, part = ecs_of(found), ecs_part(found, PART)
    assert {name: part.get(name) for name in PART} == {name: whole.get(name) for name in PART}


def test_real_events(shared_data):
    files = sorted((shared_data / "evtx" / "Lateral_Movement").rglob("*.evtx"))[:15]
    normal = [ecs_of(item) for path in files for item in read_events(path)]
    assert len(normal) > 100
    assert all({"@timestamp", "host.name", "event.dataset", "event.code"} <= item.keys() for item in normal)
    assert sum("user.name" in item for item in normal) > len(normal) / 4
