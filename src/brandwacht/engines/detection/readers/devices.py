"""What is inside the message of a syslog line: the ways of writing of programs and of network equipment."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from brandwacht.engines.detection.events import parse_time
from brandwacht.engines.detection.readers.text import Parsed, integer, kind_of, moment, pairs

_CISCO: Final = re.compile(r"%([A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*)-(\d)-([A-Z0-9_]+): ?(.*)", re.S)
_CISCO_FLOW: Final = re.compile(
    r"\b(?:src|for|from) [\w.-]{1,64}:([0-9a-fA-F.:]{2,45})/(\d{1,5}).{0,200}? (?:dst|to) "
    r"[\w.-]{1,64}:([0-9a-fA-F.:]{2,45})/(\d{1,5})"
)
_CISCO_ACTION: Final = re.compile(r"(?:^|\s)(Deny|denied|permitted|Built|Teardown)\b")
_HUAWEI: Final = re.compile(r"%%\d{2}([A-Za-z0-9_]+)/(\d)/([A-Za-z0-9_]+)")
_FORTINET: Final = re.compile(r"(?:logver=|timestamp=|date=\d{4}-|itime=|devname=|devid=|tz=)")
_JUNIPER: Final = frozenset({"RT_FLOW", "RT_IDS", "mgd", "rpd", "chassisd", "dcd", "jlaunchd", "eswd"})
_PALOALTO: Final = re.compile(
    r"\d*,\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,\w+,"
    r"(TRAFFIC|THREAT|GLOBALPROTECT|SYSTEM|CONFIG|URL|USERID|DECRYPTION|HIPMATCH),"
)
_PALOALTO_COLUMNS: Final = {
    7: "src_ip",
    8: "dst_ip",
    11: "rule",
    12: "src_user",
    14: "app",
    24: "src_port",
    25: "dst_port",
}
_PALOALTO_MORE: Final = {29: "protocol", 30: "action", 31: "misc", 32: "threat_id", 33: "category"}
_SYSMON: Final = re.compile(r"<Data Name=\"([\w.-]{1,64})\">([^<]*+)</Data>")
_SYSMON_PART: Final = {
    "event_id": re.compile(r"<EventID[^>]{0,64}>(\d{1,5})</EventID>"),
    "host": re.compile(r"<Computer>([^<]{0,255})</Computer>"),
    "time": re.compile(r"<TimeCreated SystemTime=\"([^\"]{0,64})\""),
}
_SUDO: Final = re.compile(r"\s*(\S{1,256}) : (.*)", re.S)
_SUDO_PART: Final = re.compile(r"(?:^|; )(TTY|PWD|USER|GROUP|COMMAND|ENV|TSID)=")
_SSHD: Final = re.compile(
    r"(Accepted|Failed|Invalid|Disconnected|Connection closed|Postponed)\b.{0,64}?"
    r"(?: (?:for|user|by)(?: invalid user)? (\S{1,256}))? "
    r"from (?:invalid user )?([0-9a-fA-F.:]{2,45})(?: port (\d{1,5}))?"
)
_BIND: Final = re.compile(
    r"client (?:@\S{1,32} )?([0-9a-fA-F.:]{2,45})#\d{1,5}.{0,300}?: query: (\S{1,255}) IN (\S{1,16})"
)
_DNSMASQ: Final = re.compile(r"(?:\S{1,64} )?query\[(\w{1,16})\] (\S{1,255}) from ([0-9a-fA-F.:]{2,45})")
_CLAMAV: Final = re.compile(r"(?:.{0,40}-> )?(.{1,4096}?): (\S{1,256}?)(?:\([0-9a-f:]+\))? FOUND")


def looks_like_fortinet(text: str) -> bool:
    """Whether a text is a line of FortiOS: pairs, of which the first tell the moment and the device."""
    return _FORTINET.match(text) is not None and "logid=" in text and " type=" in text


def refine(program: str, message: str, kind: str, said: Mapping[str, object], time: datetime | None) -> Parsed | None:
    """What a message says beyond its text; None when its way of writing is not known. The caller keeps the envelope.

    `kind` is what the name of the program says, `said` what the syslog line says, `time` the moment of the line.
    """
    # Each of these begins the message: further on in it stands what others wrote, such as the name of an account.
    if (cisco := _CISCO.match(message)) is not None:
        return _cisco(message, cisco)
    if _PALOALTO.match(message):
        return _paloalto(message, time)
    if not program and looks_like_fortinet(message):
        return _fortinet(message)
    if huawei := _HUAWEI.match(message):
        return Parsed("huawei.syslog", {"module": huawei[1], "severity": huawei[2], "mnemonic": huawei[3]})
    if program in _JUNIPER or any(name.startswith("junos@") for name in said):
        flat = {name.rpartition(".")[2]: value for name, value in said.items() if name.startswith("junos@")}
        return Parsed("juniper.syslog", {name: value for name, value in flat.items() if name})
    if program.lower() == "sysmon" and "<Event" in message:
        return _sysmon(message)
    match kind:
        case "linux.sudo":
            return _sudo(message)
        case "linux.sshd":
            return _sshd(message)
        case "linux.dns":
            return _dns(message)
        case "linux.clamav" if found := _CLAMAV.match(message):
            return Parsed(kind, {"Filename": found[1], "Signature": found[2]})
        case "linux.kernel" if "SRC=" in message and "DST=" in message:
            return _netfilter(message)
    return None


def _cisco(message: str, found: re.Match[str]) -> Parsed:
    facility, severity, mnemonic, _text = found.groups()
    fields: dict[str, object] = {"facility_name": facility, "severity": int(severity), "mnemonic": mnemonic}
    if facility not in ("ASA", "FTD", "PIX"):
        return Parsed("cisco.ios", fields, provider=facility)
    if flow := _CISCO_FLOW.search(message[:4096]):
        fields |= {"src_ip": flow[1], "src_port": int(flow[2]), "dst_ip": flow[3], "dst_port": int(flow[4])}
    if action := _CISCO_ACTION.search(message[:4096]):
        refused = action[1] in ("Deny", "denied")
        fields |= {"action": "deny" if refused else "accept", "blocked": "true" if refused else "false"}
    return Parsed("cisco.asa", fields, provider=facility)


def _fortinet(message: str) -> Parsed:
    fields: dict[str, object] = {}
    for name, value in pairs(message):
        fields.setdefault(name, value)
    time = None
    date, clock, zone = (str(fields.get(name, "")) for name in ("date", "time", "tz"))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        time = moment(int(date[:4]), int(date[5:7]), int(date[8:]), clock, zone=zone)
    for name, source in (("src_ip", "srcip"), ("dst_ip", "dstip"), ("src_port", "srcport"), ("dst_port", "dstport")):
        if source in fields:
            fields.setdefault(name, fields[source])
    return Parsed(kind_of("fortinet", fields.get("type")), fields, time, str(fields.get("devname", "")), "FortiGate")


def _paloalto(message: str, time: datetime | None) -> Parsed | None:
    try:
        columns = next(csv.reader([message[:65536]]))
    except (csv.Error, StopIteration):
        return None
    kind = kind_of("paloalto", columns[3])
    fields: dict[str, object] = {"serial": columns[2], "type": columns[3]}
    if len(columns) > 4:
        fields["subtype"] = columns[4]
    if kind in ("paloalto.traffic", "paloalto.threat"):
        for number, name in (_PALOALTO_COLUMNS | _PALOALTO_MORE).items():
            if number < len(columns):
                value = columns[number]
                fields[name] = integer(value) if name.endswith("_port") else value
    written = columns[6] if len(columns) > 6 and columns[6] else columns[1]
    zone = time.tzinfo if time else None
    found = parse_time(written.replace("/", "-"))
    return Parsed(kind, fields, time or (found.replace(tzinfo=zone) if found and zone else found), provider="PAN-OS")


def _sysmon(message: str) -> Parsed:
    """Sysmon for Linux writes the XML of a Windows event, without nesting."""
    head = message[:4096]
    part = {name: found[1] for name, pattern in _SYSMON_PART.items() if (found := pattern.search(head))}
    fields: dict[str, object] = {}
    for name, value in _SYSMON.findall(message):
        fields.setdefault(name, html.unescape(value))
    return Parsed(
        "linux.sysmon",
        fields,
        parse_time(part.get("time")),
        html.unescape(part.get("host", "")),
        "Linux-Sysmon",
        integer(part.get("event_id")),
    )


def _sudo(message: str) -> Parsed | None:
    found = _SUDO.match(message)
    if not found:
        return None
    fields: dict[str, object] = {"user": found[1]}
    rest = found[2]
    marks = list(_SUDO_PART.finditer(rest))[:16]
    for position, mark in enumerate(marks):
        # The command comes last and may hold anything.
        last = mark[1] == "COMMAND" or position + 1 == len(marks)
        value = rest[mark.end() :] if last else rest[mark.end() : marks[position + 1].start()]
        fields.setdefault(mark[1], value.strip())
        if last:
            break
    return Parsed("linux.sudo", fields)


def _sshd(message: str) -> Parsed | None:
    found = _SSHD.match(message)
    if not found:
        return None
    result, user, address, port = found.groups()
    fields: dict[str, object] = {"src_ip": address, "src_port": integer(port), "result": result}
    if user:
        fields["user"] = user
    return Parsed("linux.sshd", {name: value for name, value in fields.items() if value is not None})


def _dns(message: str) -> Parsed | None:
    if found := _BIND.search(message[:4096]):
        return Parsed("linux.dns", {"src_ip": found[1], "query": found[2], "record_type": found[3]})
    if found := _DNSMASQ.match(message):
        return Parsed("linux.dns", {"record_type": found[1], "query": found[2], "src_ip": found[3]})
    return None


def _netfilter(message: str) -> Parsed:
    said = dict(pairs(message))
    fields: dict[str, object] = dict(said)
    for name, source in (("src_ip", "SRC"), ("dst_ip", "DST"), ("src_port", "SPT"), ("dst_port", "DPT")):
        if source in said:
            fields[name] = integer(said[source]) if name.endswith("port") else said[source]
    word = message.upper()[:128]
    if any(mark in word for mark in ("BLOCK", "DROP", "REJECT", "DENY")):
        fields |= {"action": "deny", "blocked": "true"}
    elif "ALLOW" in word or "ACCEPT" in word:
        fields |= {"action": "accept", "blocked": "false"}
    return Parsed("linux.netfilter", fields)
