"""Logs of web servers and proxies."""

import pytest

from brandwacht.engines.detection import BadRecord, Event
from brandwacht.engines.detection.readers import LineReader
from tests.engines.detection.support import MOMENT, fits, received, refused

STAMP = "[22/Nov/2026:14:05:00 +0100]"
WEB = {"category": "webserver"}


def read(*texts: str) -> list[Event | BadRecord]:
    reader = LineReader()
    return [item for number, text in enumerate(texts, start=1) for item in reader.feed(number, text.encode())]


def test_combined():
    found = received(
        f'2001:db8::9 - jan {STAMP} "GET /a/b.php?x=\\"1\\"&y=%3Cscript%3E HTTP/1.1" 404 512 "-" "Proef \\x5c/1"'
    )
    assert (found.kind, found.time) == ("web.access", MOMENT)
    assert found.fields["c-ip"] == "2001:db8::9"
    assert found.fields["cs-referer"] is None
    assert found.fields["cs-user-agent"] == "Proef \\/1"
    assert found.fields["cs-uri-query"] == ['/a/b.php?x="1"&y=%3Cscript%3E', 'x="1"&y=%3Cscript%3E']
    assert fits(WEB, {"cs-method": "GET", "sc-status": 404, "cs-uri-stem": "/a/b.php", "cs-username": "jan"}, found)
    assert fits(WEB, {"cs-uri-query|startswith": "x="}, found)
    assert fits(WEB, {"cs-uri-query|contains": "/b.php?"}, found)
    assert fits(WEB, {"cs-referer": None}, found)


def test_common_with_a_virtual_host_and_a_request_that_is_none():
    found = received(f'vrr.test:443 192.0.2.9 - - {STAMP} "\\x16\\x03" 400 -')
    assert (found.fields["cs-host"], found.fields["sc-bytes"], found.fields["cs-uri-query"]) == (
        "vrr.test",
        None,
        "\x16\x03",
    )
    assert "cs-method" not in found.fields
    assert received(f'192.0.2.9 - Jan de Vries {STAMP} "GET / HTTP/1.0" 200 5').fields["cs-username"] == "Jan de Vries"
    assert fits(WEB, {"cs-uri-query": "/a b"}, received(f'192.0.2.9 - - {STAMP} "GET /a b HTTP/1.0" 200 5'))


def test_a_log_in_the_name_of_a_browser_stays_what_it_is():
    found = received(
        f'192.0.2.9 - - {STAMP} "GET / HTTP/1.0" 200 5 "-" "date=2026-01-01 devid=1 logid=2 type=event CEF:0|a|b|"'
    )
    assert found.kind == "web.access"


@pytest.mark.parametrize(
    "text", ['192.0.2.9 - - [22/Nov/2026:14:05:00 +0100] "GET /', "192.0.2.9 - - [22/Nov/2026:14:05"]
)
def test_half_a_line(text):
    assert "vorm" in refused(text)


def test_logs_of_errors():
    found = received(
        "[Sun Nov 22 14:05:00.000000 2026] [core:notice] [pid 1] [client 192.0.2.9:5000] exit signal Segmentation Fault"
    )
    assert (found.kind, found.time, found.fields["c-ip"]) == ("web.apache_error", MOMENT, "192.0.2.9")
    assert fits({"service": "apache"}, ["exit signal Segmentation Fault"], found)
    assert fits({"product": "django", "category": "application"}, ["segmentation fault"], found)
    found = received(
        "2026/11/22 14:05:00 [alert] 12#12: worker process 5 exited on signal 6 (core dumped), client: 192.0.2.9, x"
    )
    assert (found.kind, found.time, found.fields["c-ip"]) == ("web.nginx_error", MOMENT, "192.0.2.9")
    assert fits({"service": "nginx"}, ["exited on signal 6 (core dumped)"], found)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22 14:05:00,000 ERROR proef.module: org.apache.commons.ognl.OgnlException",
        "2026-11-22 14:05:00.000 [main] WARN com.proef - org.apache.commons.ognl.OgnlException",
        "[2026-11-22 13:05:00 +0000] [12] [ERROR] org.apache.commons.ognl.OgnlException",
        "2026-11-22T13:05:00Z INFO org.apache.commons.ognl.OgnlException",
    ],
)
def test_the_log_of_a_program(text):
    found = received(text)
    assert (found.kind, found.time, found.host) == ("app.line", MOMENT, "")
    assert fits({"product": "jvm", "category": "application"}, ["OgnlException"], found)


def test_a_web_server_that_logs_to_syslog():
    found = received(f'<190>Nov 22 14:05:00 vrr-web01 nginx: 192.0.2.9 - - {STAMP} "GET /a HTTP/1.1" 200 5 "-" "x"')
    assert (found.kind, found.host, found.fields["cs-uri-stem"]) == ("web.access", "vrr-web01", "/a")


IIS = [
    "#Software: Microsoft Internet Information Services 10.0",
    "#Version: 1.0",
    "#Date: 2026-11-22 13:00:00",
    (
        "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip"
        " cs(User-Agent) cs(Referer) sc-status"
    ),
]


def test_iis():
    found, other = read(
        *IIS,
        "2026-11-22 13:05:00 10.0.0.2 POST /owa/a.aspx b=1 443 VRR\\jan 192.0.2.9 Proef/1+(x) - 200",
        "2026-11-22 13:05:00 10.0.0.2 GET /owa/a.aspx - 443 - 192.0.2.9 - - 500",
    )
    assert isinstance(found, Event)
    assert (found.kind, found.time, found.number) == ("web.iis", MOMENT, 5)
    assert (found.fields["cs-user-agent"], found.fields["cs-referer"]) == ("Proef/1 (x)", None)
    assert fits(WEB, {"cs-uri-query|contains": "/owa/a.aspx?b", "cs-uri-stem": "/owa/a.aspx", "sc-status": 200}, found)
    assert other.fields["cs-uri-query"] == ["/owa/a.aspx"]
    assert other.fields["cs-username"] is None


def test_a_line_that_does_not_fit_the_header_is_bad_and_the_rest_goes_on():
    bad, good = read(*IIS, "2026-11-22 13:05:00", "2026-11-22 13:05:00 10.0.0.2 GET / - 443 - 192.0.2.9 - - 200")
    assert isinstance(bad, BadRecord)
    assert "kolommen" in bad.reason
    assert isinstance(good, Event)


def test_proxies_and_the_firewall_of_windows():
    fields = "#Fields: date time c-ip cs-method cs-host cs-uri-path cs-uri-query cs(User-Agent) sc-status s-action"
    (found,) = read(fields, '2026-11-22 13:05:00 10.0.0.1 GET a.test /b.exe ?c=1 "Proef 1" 200 TCP_MISS')
    assert found.kind == "proxy.w3c"
    proxy = {
        "c-uri": "http://a.test/b.exe?c=1",
        "c-useragent": "Proef 1",
        "cs-host": "a.test",
        "c-uri-extension": "exe",
    }
    assert fits({"category": "proxy"}, proxy, found)
    stamp = f"{MOMENT.timestamp():.3f}"
    found = received(
        f"{stamp}    45 10.0.0.1 TCP_MISS/200 1234 GET http://a.test/b.exe?c=1 jan HIER_DIRECT/198.51.100.7 text/html"
    )
    assert (found.kind, found.time) == ("proxy.squid", MOMENT)
    assert fits(
        {"category": "proxy"}, {"c-uri": "http://a.test/b.exe?c=1", "cs-host": "a.test", "sc-status": 200}, found
    )
    assert (
        received(f"{stamp} 45 10.0.0.1 TCP_TUNNEL/200 12 CONNECT a.test:443 - HIER_DIRECT/198.51.100.7 -").fields[
            "cs-host"
        ]
        == "a.test"
    )
    fields = "#Fields: date time action protocol src-ip dst-ip src-port dst-port size"
    (found,) = read(
        "#Software: Microsoft Windows Firewall", fields, "2026-11-22 13:05:00 DROP TCP 192.0.2.9 10.0.0.1 5000 23 0"
    )
    assert fits({"category": "firewall"}, {"dst_port": 23, "src_ip": "192.0.2.9"}, found)
