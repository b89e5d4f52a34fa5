"""Syslog in both forms, what equipment makes of it, and what is inside its messages."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.engines.detection import BadRecord, Event
from brandwacht.engines.detection.readers import parse_payload, parse_syslog
from brandwacht.engines.detection.readers.text import moment
from tests.engines.detection.support import MOMENT, RECEIVED, fits, received, refused


def test_rfc5424_with_structured_data():
    found = received(
        '<34>1 2026-11-22T14:05:00.003+01:00 vrr su 123 ID47 [a@1 naam="O\\"x\\" \\] y"][b@1 c="d"] \ufeffsu mislukt'
    )
    assert (found.kind, found.host, found.provider) == ("linux.auth", "vrr", "su")
    assert found.time == MOMENT + timedelta(milliseconds=3)
    assert found.fields == {
        "facility": "auth",
        "severity": 2,
        "a@1.naam": 'O"x" ] y',
        "b@1.c": "d",
        "msgid": "ID47",
        "message": "su mislukt",
        "program": "su",
        "pid": "123",
    }


def test_rfc5424_with_nothing_known_is_from_the_moment_of_receipt():
    found = received("<13>1 - - - - - -")
    assert (found.time, found.host, found.fields["message"]) == (MOMENT, "", "")
    assert found.time.tzinfo == UTC


@pytest.mark.parametrize(
    ("head", "host"),
    [
        ("<86>Nov 22 14:05:00 vrr-web01 ", "vrr-web01"),
        ("Nov 22 14:05:00 vrr-web01 ", "vrr-web01"),
        ("Nov 22 14:05:00 2001:db8::7 ", "2001:db8::7"),
        ("<86>Nov 22 14:05:00 ", ""),
        ("2026-11-22T14:05:00+01:00 vrr-web01 ", "vrr-web01"),
        ("2026-11-22T13:05:00Z vrr-web01 ", "vrr-web01"),
    ],
)
def test_the_heads_in_use(head, host):
    found = received(head + "sshd[99]: Failed password for invalid user beheer from 2001:db8::7 port 5022 ssh2")
    assert (found.kind, found.host, found.time) == ("linux.sshd", host, MOMENT)
    wanted = {"program": "sshd", "pid": "99", "user": "beheer", "src_ip": "2001:db8::7", "src_port": 5022}
    assert wanted.items() <= found.fields.items()


@pytest.mark.parametrize(
    ("reference", "text", "expected"),
    [
        (datetime(2027, 1, 1, 0, 5, tzinfo=UTC), "Dec 31 23:59:58", datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "Jan  1 00:00:01", datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)),
        (datetime(2026, 3, 1, tzinfo=UTC), "Feb 29 12:00:00", datetime(2024, 2, 29, 12, tzinfo=UTC)),
        (RECEIVED, "Jul  1 14:05:00", datetime(2026, 7, 1, 12, 5, tzinfo=UTC)),
        (RECEIVED, "Nov 31 14:05:00", None),
        (RECEIVED, "Nov 22 2025 14:05:00", datetime(2025, 11, 22, 13, 5, tzinfo=UTC)),
        (RECEIVED, "Nov 22 13:05:00 UTC", MOMENT),
        (RECEIVED, "Nov 22 14:05:60", datetime(2026, 11, 22, 13, 5, 59, tzinfo=UTC)),
    ],
)
def test_the_year_and_the_zone_that_a_line_lacks(reference, text, expected):
    found = parse_syslog(f"<13>{text} vrr proef: x".encode(), reference)
    assert isinstance(found, Event)
    assert found.time == expected


def test_without_a_moment_of_receipt_there_is_no_year():
    (found,) = parse_payload(b"Nov 22 14:05:00 vrr proef: x")
    assert isinstance(found, Event)
    assert found.time is None


@given(
    stamp=st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda naive: naive.replace(microsecond=0)),
    later=st.timedeltas(timedelta(0), timedelta(days=300)),
)
def test_a_moment_without_a_year_is_found_again(stamp, later):
    clock = stamp.strftime("%H:%M:%S")
    reference = (stamp + later).replace(tzinfo=UTC)
    assert moment(None, stamp.month, stamp.day, clock, reference=reference) == stamp.replace(tzinfo=UTC)


def test_any_text_with_a_priority_is_a_message():
    found = received("<13>zomaar iets")
    assert (found.kind, found.fields["message"], found.time) == ("linux.syslog", "zomaar iets", MOMENT)
    assert "facility" not in received("<999>zomaar iets").fields
    assert "vorm" in refused("zomaar iets")
    empty = parse_syslog(b"\r\n", RECEIVED)
    assert isinstance(empty, BadRecord)
    assert "leeg" in empty.reason


def test_sudo_says_who_as_whom_and_what():
    found = received(
        "Nov 22 14:05:00 vrr sudo:     jan : TTY=pts/0 ; PWD=/tmp ; USER=#-1 ; COMMAND=/bin/sh -c a ; USER=b"
    )
    assert found.fields["USER"] == "#-1"
    assert found.fields["COMMAND"] == "/bin/sh -c a ; USER=b"
    assert fits({"product": "linux", "service": "sudo"}, {"USER": "#-*"}, found)


def test_what_programs_write():
    found = received("Nov 22 14:05:00 vrr clamd[7]: /srv/www/a b.php: Php.Webshell-1(0a:12) FOUND")
    assert (found.fields["Filename"], found.fields["Signature"]) == ("/srv/www/a b.php", "Php.Webshell-1")
    assert fits({"category": "antivirus"}, {"Signature|contains": "Webshell"}, found)
    found = received(
        "Nov 22 14:05:00 vrr named[7]: client @0x7f 10.0.0.1#53 (a.test): query: a.test IN TXT +E (10.0.0.2)"
    )
    assert fits({"category": "dns"}, {"query": "a.test", "record_type": "TXT"}, found)
    found = received("Nov 22 14:05:00 vrr dnsmasq[7]: query[A] b.test from 10.0.0.1")
    assert fits({"category": "dns"}, {"query|endswith": ".test", "src_ip|cidr": "10.0.0.0/8"}, found)
    found = received(
        "Nov 22 14:05:00 vrr kernel: [12.3] [UFW BLOCK] IN=eth0 OUT= SRC=192.0.2.9 DST=10.0.0.2 PROTO=TCP DPT=23"
    )
    assert fits({"category": "firewall"}, {"dst_port": 23, "blocked": "true", "src_ip": "192.0.2.9"}, found)


def test_sysmon_for_linux():
    text = (
        "<14>Nov 22 14:05:00 vrr sysmon: <Event><System><EventID>1</EventID>"
        '<TimeCreated SystemTime="2026-11-22T13:05:00Z"/><Computer>vrr</Computer></System><EventData>'
        '<Data Name="Image">/usr/bin/bash</Data><Data Name="CommandLine">bash -c &quot;a &amp; b&quot;</Data>'
        '<Data Name="program">vals</Data></EventData></Event>'
    )
    found = received(text)
    assert (found.kind, found.event_id, found.time, found.fields["program"]) == ("linux.sysmon", 1, MOMENT, "sysmon")
    assert fits({"product": "linux", "category": "process_creation"}, {"CommandLine": 'bash -c "a & b"'}, found)


def test_network_equipment():
    found = received("<189>45: *Nov 22 14:05:00.123: %SYS-5-CONFIG_P: Configured by cisco_support")
    assert (found.kind, found.fields["mnemonic"]) == ("cisco.ios", "CONFIG_P")
    assert found.time == MOMENT + timedelta(milliseconds=123)
    assert fits({"product": "cisco", "service": "syslog"}, ["%SYS-5-CONFIG_P:"], found)
    found = received(
        "<164>Nov 22 2026 14:05:00 fw01 : %ASA-4-106023: Deny tcp src buiten:198.51.100.7/5022 dst binnen:10.0.0.5/22"
    )
    assert fits({"category": "firewall"}, {"dst_ip": "10.0.0.5", "dst_port": 22, "action": "deny"}, found)
    found = received("<190>Nov 22 2026 14:05:00 hw01 %%01BGP/3/BGP_AUTH_FAILED(l)[0]: BGP session (10.0.0.1:179)")
    assert fits({"product": "huawei", "service": "bgp"}, {"|all": [":179", "BGP_AUTH_FAILED"]}, found)
    found = received("<28>Nov 22 14:05:00 mx01 rpd[12]: tcp_auth_ok: 10.0.0.1:179 missing MD5 digest")
    assert fits({"product": "juniper", "service": "bgp"}, {"|all": [":179", "missing MD5 digest"]}, found)
    found = received(
        '<14>1 2026-11-22T13:05:00Z srx RT_FLOW - RT_FLOW_SESSION_DENY [junos@2636.1.1 source-address="10.0.0.1"] x'
    )
    assert (found.kind, found.fields["source-address"]) == ("juniper.syslog", "10.0.0.1")


def test_fortigate_and_palo_alto():
    text = (
        'date=2026-11-22 time=14:05:00 devname="FG 1" devid="FG100" logid="0100044547" type="event" subtype="system" '
        'tz="+0100" cfgpath="system.admin" action="Add" msg="a \\"b\\" devname=vals"'
    )
    for found in (received(text), received(f"<13>{text}")):
        assert (found.kind, found.time, found.host) == ("fortinet.event", MOMENT, "FG 1")
        assert found.fields["msg"] == 'a "b" devname=vals'
        assert fits({"product": "fortigate", "service": "event"}, {"action": "Add", "cfgpath": "system.admin"}, found)
    columns = (
        "1,2026/11/22 14:05:00,01,TRAFFIC,end,2,2026/11/22 14:05:00,10.0.0.1,198.51.100.7,,,r,jan,,web,v,a,b,c,d,e,,1,1"
    )
    found = received(f"<14>Nov 22 14:05:00 pa01 {columns},5000,443,0,0,0x0,tcp,allow")
    assert (found.kind, found.host) == ("paloalto.traffic", "pa01")
    assert fits({"category": "firewall"}, {"dst_ip": "198.51.100.7", "dst_port": 443, "action": "allow"}, found)


@pytest.mark.parametrize(
    "account",
    [
        "CEF:0|L|P|1|2|N|5|act=x",
        "%SYS-5-CONFIG_P:",
        "type=EXECVE msg=audit(1795352700.123:99): a0=x",
        "devid=1 logid=2 type=event",
        '{"Event":{"System":{"Channel":"Security"}}}',
        "%%01BGP/3/X",
    ],
)
def test_what_a_stranger_gives_does_not_make_another_log_of_a_line(account):
    found = received(
        f"Nov 22 14:05:00 vrr sshd[99]: Failed password for invalid user {account} from 192.0.2.9 port 5022 ssh2"
    )
    assert (found.kind, found.host, found.provider) == ("linux.sshd", "vrr", "sshd")


def test_json_in_a_message_keeps_the_envelope_of_the_line():
    inner = '{"timestamp":"2026-11-22T14:05:00.5+0100","flow_id":1,"event_type":"alert","program":"x","facility":"x"}'
    found = received(f"<14>Nov 22 14:05:00 ids01 suricata[12]: {inner}")
    assert (found.kind, found.host, found.fields["program"]) == ("suricata.alert", "ids01", "suricata")
    assert found.fields["facility"] == "user"
    windows = received('<14>Nov 22 14:05:00 col nxlog: {"Channel":"Security","EventID":4624,"Hostname":"VRR-DC01"}')
    assert (windows.kind, windows.channel, windows.event_id, windows.host) == ("", "Security", 4624, "VRR-DC01")
    plain = received('<14>Nov 22 14:05:00 app1 mijnapp: @cee: {"gebruiker":"jan","message":"vals"}')
    assert (plain.kind, plain.fields["gebruiker"]) == ("linux.syslog", "jan")
