"""Zeek: its own columns and its JSON."""

import json

from brandwacht.engines.detection import BadRecord, Event
from brandwacht.engines.detection.readers import LineReader
from tests.engines.detection.support import MOMENT, fits, received

TS = f"{MOMENT.timestamp():.6f}"
HEADER = [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    "#path\tdns",
    "#open\t2026-11-22-13-05-00",
    "#fields\tts\tuid\tid.orig_h\tid.resp_p\tquery\tanswers\trejected\tZ\trtt",
    "#types\ttime\tstring\taddr\tport\tstring\tvector[string]\tbool\tcount\tinterval",
]


def read(*texts: str) -> list[Event | BadRecord]:
    reader = LineReader()
    found = [item for number, text in enumerate(texts, start=1) for item in reader.feed(number, text.encode())]
    return [*found, *reader.finish()]


def test_columns_with_their_types():
    (found,) = read(*HEADER, f"{TS}\tC1\t2001:db8::7\t53\tx\\x2d\\xc3\\xa9.test\ta.test,-,b\tF\t0\t-", "#close\t2026")
    assert isinstance(found, Event)
    assert (found.kind, found.time, found.number) == ("zeek.dns", MOMENT, 9)
    assert found.fields == {
        "ts": MOMENT.timestamp(),
        "uid": "C1",
        "id.orig_h": "2001:db8::7",
        "id.resp_p": 53,
        "query": "x-é.test",
        "answers": ["a.test", None, "b"],
        "rejected": False,
        "Z": 0,
    }
    assert fits({"product": "zeek", "service": "dns"}, {"query|endswith": ".test", "Z": 0, "rejected": "false"}, found)
    assert fits({"category": "dns"}, {"answer": "b"}, found)


def test_empty_is_not_unset():
    (found,) = read(*HEADER, f"{TS}\tC1\t-\t53\t(empty)\t(empty)\tT\t-\t-")
    assert (found.fields["query"], found.fields["answers"], found.fields["rejected"]) == ("", [], True)
    assert "Z" not in found.fields


def test_other_separators_and_a_second_table():
    table = ["#separator ,", "#set_separator,|", "#path,conn", "#fields,ts,uid,tags", "#types,time,string,set[string]"]
    found = read(*table, f"{TS},C1,a|b", *HEADER, f"{TS}\tC2\t10.0.0.1\t53\ta.test\t-\tF\t0\t-")
    assert [(item.kind, item.fields["uid"]) for item in found] == [("zeek.conn", "C1"), ("zeek.dns", "C2")]
    assert found[0].fields["tags"] == ["a", "b"]


def test_a_line_that_lacks_a_column():
    bad, good = read(*HEADER, "1\t2", f"{TS}\tC2\t10.0.0.1\t53\ta.test\t-\tF\tx\t-")
    assert isinstance(bad, BadRecord)
    assert "kolommen" in bad.reason
    assert good.fields["Z"] == "x"


def test_json_with_and_without_its_path():
    http = {
        "ts": TS,
        "uid": "C1",
        "trans_depth": 1,
        "id.orig_h": "10.0.0.1",
        "method": "PUT",
        "host": "a.test",
        "uri": "/b.exe?c=1",
        "user_agent": "Microsoft-WebDAV",
        "status_code": 200,
    }
    for record in (http, {**http, "_path": "http"}):
        found = received(record)
        assert (found.kind, found.provider) == ("zeek.http", "zeek")
        assert fits(
            {"product": "zeek", "service": "http"}, {"c-useragent|contains": "WebDAV", "c-uri|contains": "b.exe"}, found
        )
        assert fits({"category": "proxy"}, {"c-uri": "http://a.test/b.exe?c=1", "c-uri-extension": "exe"}, found)
        assert fits({"category": "webserver"}, {"cs-uri-query": "/b.exe?c=1", "cs-method": "PUT"}, found)
    assert received({"ts": 1.5, "_path": "../dns"}).kind == "zeek.other"
    assert (
        received({"ts": 1.5, "uid": "C", "id": {"orig_h": "10.0.0.1"}, "conn_state": "S0"}).fields["id.orig_h"]
        == "10.0.0.1"
    )
    assert received({"ts": "2026-11-22T13:05:00Z", "uid": "C", "query": "a", "qtype_name": "A"}).time == MOMENT
    assert json.dumps(received(http).raw)
