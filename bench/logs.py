"""Made-up Windows logs for the benches: JSON lines of about 2.2 KB in the shape of Winlogbeat, the same for a seed.

Kinds of event are mixed as a workstation and a server with Sysmon give them (see `KINDS`, weights out of 100). A text
value is number so many of its pool (`POOLS`: how many different values there are). With `recurring` low numbers come
more often, as in real logs; without, every value is one that never came before, also the paths and names. Process
numbers, identifiers of processes and times differ in every event, either way. One event in 200 is an attack that
well-known rules are about.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import orjson

SYSMON = "Microsoft-Windows-Sysmon/Operational"
SIZE = 2200
"""Bytes of a line, about."""
ATTACKS = 200
"""One event in so many is an attack."""

POOLS = {
    "image": 400,
    "command": 4000,
    "user": 300,
    "host": 500,
    "hashes": 400,
    "dll": 1500,
    "registry": 5000,
    "file": 6000,
    "ip": 3000,
    "domain": 2000,
    "detail": 800,
    "pipe": 60,
    "share": 40,
    "port": 200,
}

PROCESS = {"ProcessGuid": "guid", "ProcessId": "pid", "Image": "image", "User": "user", "UtcTime": "time"}
SUBJECT = {"SubjectUserSid": "sid", "SubjectUserName": "user", "SubjectDomainName": "=VR", "SubjectLogonId": "pid"}
Kind = tuple[int, str, int, dict[str, str]]
"""Weight, channel, event number, and per field its pool, or its one value after an equals sign."""
KINDS: list[Kind] = [
    (
        9,
        SYSMON,
        1,
        {
            **PROCESS,
            "CommandLine": "command",
            "CurrentDirectory": "=C:\\Windows\\System32\\",
            "Hashes": "hashes",
            "ParentImage": "image",
            "ParentCommandLine": "command",
            "ParentProcessGuid": "guid",
            "IntegrityLevel": "=Medium",
            "OriginalFileName": "=proef.exe",
            "Company": "=Microsoft Corporation",
            "Description": "detail",
        },
    ),
    (
        12,
        SYSMON,
        3,
        {
            **PROCESS,
            "Protocol": "=tcp",
            "Initiated": "=true",
            "SourceIp": "ip",
            "SourcePort": "port",
            "DestinationIp": "ip",
            "DestinationHostname": "domain",
            "DestinationPort": "port",
        },
    ),
    (3, SYSMON, 5, PROCESS),
    (
        18,
        SYSMON,
        7,
        {
            **PROCESS,
            "ImageLoaded": "dll",
            "Hashes": "hashes",
            "Signed": "=true",
            "Signature": "=Microsoft Windows",
            "SignatureStatus": "=Valid",
            "OriginalFileName": "=proef.dll",
            "Company": "=Microsoft Corporation",
        },
    ),
    (
        9,
        SYSMON,
        10,
        {
            "SourceProcessGUID": "guid",
            "SourceProcessId": "pid",
            "SourceImage": "image",
            "TargetImage": "image",
            "TargetProcessGUID": "guid",
            "TargetProcessId": "pid",
            "GrantedAccess": "=0x1000",
            "CallTrace": "detail",
        },
    ),
    (9, SYSMON, 11, {**PROCESS, "TargetFilename": "file", "CreationUtcTime": "time"}),
    (4, SYSMON, 12, {**PROCESS, "EventType": "=CreateKey", "TargetObject": "registry"}),
    (10, SYSMON, 13, {**PROCESS, "EventType": "=SetValue", "TargetObject": "registry", "Details": "detail"}),
    (2, SYSMON, 17, {**PROCESS, "EventType": "=CreatePipe", "PipeName": "pipe"}),
    (6, SYSMON, 22, {**PROCESS, "QueryName": "domain", "QueryStatus": "=0", "QueryResults": "ip"}),
    (
        7,
        "Security",
        4624,
        {
            **SUBJECT,
            "TargetUserName": "user",
            "TargetDomainName": "=VR",
            "LogonType": "=3",
            "IpAddress": "ip",
            "IpPort": "port",
            "WorkstationName": "host",
            "AuthenticationPackageName": "=Kerberos",
            "ProcessName": "image",
        },
    ),
    (
        4,
        "Security",
        4688,
        {
            **SUBJECT,
            "NewProcessId": "pid",
            "NewProcessName": "image",
            "ProcessId": "pid",
            "CommandLine": "command",
            "ParentProcessName": "image",
            "MandatoryLabel": "=S-1-16-8192",
        },
    ),
    (
        3,
        "Security",
        4663,
        {**SUBJECT, "ObjectName": "file", "ObjectType": "=File", "AccessMask": "=0x1", "ProcessName": "image"},
    ),
    (
        4,
        "Security",
        5145,
        {**SUBJECT, "IpAddress": "ip", "IpPort": "port", "ShareName": "share", "RelativeTargetName": "file"},
    ),
]
ATTACK_FIELDS: dict[int, list[dict[str, str]]] = {
    1: [
        {"Image": "C:\\Windows\\System32\\whoami.exe", "CommandLine": "whoami /all", "OriginalFileName": "whoami.exe"},
        {"CommandLine": "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQA"},
        {"Image": "C:\\Windows\\System32\\vssadmin.exe", "CommandLine": "vssadmin delete shadows /all /quiet"},
    ],
    10: [
        {
            "TargetImage": "C:\\Windows\\System32\\lsass.exe",
            "GrantedAccess": "0x1fffff",
            "SourceImage": "C:\\Temp\\x.exe",
        }
    ],
    11: [{"TargetFilename": "C:\\Windows\\Temp\\mimikatz.exe"}],
    13: [
        {
            "TargetObject": "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\x",
            "Details": "C:\\Users\\Public\\x.vbs",
        }
    ],
}
_FOLDERS = [
    "C:\\Windows\\System32",
    "C:\\Program Files\\Common Files",
    "C:\\Program Files (x86)\\Leverancier",
    "C:\\Users\\gebruiker\\AppData\\Local",
]
_NAMES = ["svchost", "chrome", "explorer", "msedge", "teams", "outlook", "services", "taskhostw", "winword", "agent"]


def text(pool: str, number: int) -> str:
    """Value `number` of a pool; other numbers give other texts."""
    name, folder = f"{_NAMES[number % 10]}{number // 10 or ''}", _FOLDERS[number // 10 % 4]
    match pool:
        case "image":
            return f"{folder}\\{name}.exe"
        case "command":
            return f'"{folder}\\{name}.exe" --type=renderer --handle={number * 7919 % 100003} /prefetch:{number % 9}'
        case "dll":
            return f"{folder}\\{name}.dll"
        case "file":
            return f"{folder}\\Map {number % 97}\\{name}-{number}.tmp"
        case "registry":
            return f"HKLM\\SOFTWARE\\Leverancier\\{name}\\Instelling{number % 89}\\Waarde{number}"
        case "hashes":
            return f"SHA1={number * 2654435761:040x},MD5={number * 40503:032x},SHA256={number * 97 + 5:064x}"
        case "ip":
            return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        case "domain":
            return f"{name}.dienst{number % 61}.example"
        case "port":
            return str(1024 + number % 64000)
        case "share":
            return f"\\\\*\\Map{number}"
    return f"{pool} {name} {number}"


def lines(count: int, *, seed: int = 2026, recurring: bool = True, first: int = 0) -> Iterator[bytes]:
    """`count` events as JSON lines, without line ends; with `first` those from that one on, of a longer log."""
    chance = random.Random(seed)
    weights = [weight for weight, *_ in KINDS]
    for serial, kind in enumerate(chance.choices(KINDS, weights, k=count), start=first):
        yield orjson.dumps(_record(chance, serial, kind, recurring))


def _record(
    chance: random.Random, serial: int, kind: tuple[int, str, int, dict[str, str]], recurring: bool
) -> dict[str, Any]:
    _, channel, event_id, shape = kind
    new = serial * 20 + 10_000  # no event has twenty fields with a pool
    moment = f"2026-11-22T{serial // 3600 % 24:02d}:{serial // 60 % 60:02d}:{serial % 60:02d}.{serial % 1000:03d}Z"
    data: dict[str, str] = {}
    for position, (field, pool) in enumerate(shape.items()):
        if pool.startswith("="):
            data[field] = pool[1:]
        elif pool in POOLS:
            data[field] = text(pool, int(POOLS[pool] * chance.random() ** 3) if recurring else new + position)
        elif pool == "time":
            data[field] = moment.replace("T", " ").rstrip("Z")
        else:
            data[field] = (
                f"{{{chance.getrandbits(128):032x}}}" if pool == "guid" else str(chance.randrange(400, 40_000))
            )
    if chance.randrange(ATTACKS) == 0 and event_id in ATTACK_FIELDS:
        data |= chance.choice(ATTACK_FIELDS[event_id])
    provider = "Microsoft-Windows-Sysmon" if channel == SYSMON else "Microsoft-Windows-Security-Auditing"
    host = text("host", int(POOLS["host"] * chance.random() ** 3) if recurring else new + 19)
    record: dict[str, Any] = {
        "@timestamp": moment,
        "agent": {
            "type": "winlogbeat",
            "version": "8.15.0",
            "name": host,
            "id": "0b7d6c1e-3f5a-4b7c-9d1e-2a4f6b8c0d1e",
        },
        "ecs": {"version": "8.0.0"},
        "event": {"code": str(event_id), "kind": "event", "provider": provider, "created": moment, "action": "Proef"},
        "host": {"name": host, "os": {"family": "windows", "name": "Windows 11 Enterprise", "version": "10.0"}},
        "log": {"level": "information"},
        "winlog": {
            "channel": channel,
            "computer_name": host,
            "event_id": str(event_id),
            "provider_name": provider,
            "record_id": serial + 1,
            "version": 5,
            "opcode": "Info",
            "task": "Proef",
            "user": {"identifier": "S-1-5-18"},
            "process": {"pid": 3016, "thread": {"id": 4120}},
            "event_data": data,
        },
        "message": "Proef:\n" + "\n".join(f"{name}: {value}" for name, value in data.items()),
    }
    short = SIZE - len(orjson.dumps(record))
    record["message"] += "\n" + "Toelichting bij deze gebeurtenis. " * (short // 34) if short > 0 else ""
    return record
