"""The log of Linux auditd: records of one happening are joined by their serial number.

The fields of a joined event hold what its records say, a list where several say something else; `type` names all the
records. A call's own registers (a0 to a3 of SYSCALL) are left out where EXECVE gives the arguments, which rules ask
under the same names. Source: the field dictionary of the audit project.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from ipaddress import ip_address
from typing import Any, Final

import yaml

from brandwacht.engines.detection.events import BadRecord, Event, parse_time
from brandwacht.engines.detection.readers.text import Parsed, pairs

KIND: Final = "linux.auditd"
MAX_RECORDS: Final = 256
"""Records joined into one event; what comes after them begins another."""
MAX_BYTES: Final = 2 * 1024 * 1024
"""Characters joined into one event."""
REACH: Final = 64
"""Lines after its last record at which an event counts as complete."""
MAX_WAITING: Final = 256
"""Lines and events kept back for their turn."""

_RECORD: Final = re.compile(
    r"(?:node=(\S{1,255}) )?(?:type=(\S{1,64}) )?(?:msg=)?audit\((\d{9,11})\.(\d{1,9}):(\d{1,20})\): ?(.*)", re.S
)
_MARK: Final = re.compile(r"(?:node=\S{1,255} )?(?:type=\S{1,64} (?:msg=)?)?audit\(\d{9,11}\.\d{1,9}:\d")
_TYPES: Final = {
    "1300": "SYSCALL",
    "1302": "PATH",
    "1306": "SOCKADDR",
    "1307": "CWD",
    "1309": "EXECVE",
    "1320": "EOE",
    "1327": "PROCTITLE",
}
"""The kernel writes numbers where auditd writes names."""
_ENRICHED: Final = "\x1d"
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_ARGUMENT: Final = re.compile(r"a(\d{1,4})(?:\[(\d{1,6})\])?")
_ENCODED: Final = frozenset(
    [
        "acct",
        "cmd",
        "comm",
        "cwd",
        "data",
        "dev",
        "dir",
        "exe",
        "file",
        "grp",
        "key",
        "name",
        "new",
        "new_disk",
        "new-disk",
        "ocomm",
        "old",
        "old_disk",
        "old-disk",
        "op",
        "path",
        "proctitle",
        "root_dir",
        "sw",
        "terminal",
        "unit",
        "vm",
        "watch",
    ]
)
"""Fields that auditd writes in hexadecimal when they hold a blank, a quote or an odd character."""


@dataclass(slots=True)
class Record:
    """One record: when and with which number, of what type, and what it says."""

    node: str
    type: str
    time: datetime | None
    serial: str
    fields: dict[str, str]
    line: str


def looks_like(text: str) -> bool:
    """Whether a line is a record of auditd."""
    return _MARK.match(text) is not None


def parse_record(text: str) -> Record | None:
    """The record that a line is; None when it is no record."""
    found = _RECORD.match(text)
    if not found:
        return None
    node, kind, seconds, fraction, serial, body = found.groups()
    body, _, enriched = body.partition(_ENRICHED)
    said: dict[str, str] = {}
    for name, value in pairs(body):
        if name == "msg" and "=" in value:
            # Records of user space put their own pairs, between single quotes, in a field called msg.
            for inner, plain in pairs(value):
                said.setdefault(inner, _decoded(inner, plain, body))
        else:
            said.setdefault(name, _decoded(name, value, body))
    for name, value in _long_arguments(body).items():
        said[name] = value
    for name, value in pairs(enriched):
        said.setdefault(name, value)
    kind = _TYPES.get(kind or "", kind or "UNKNOWN")
    return Record(node or "", kind, parse_time(float(f"{seconds}.{fraction}")), f"{seconds}:{serial}", said, text)


def _decoded(name: str, value: str, body: str) -> str:
    if name not in _ENCODED and not _ARGUMENT.fullmatch(name):
        return value
    if not value or f'{name}="' in body or not _HEX.fullmatch(value):
        return value
    if name.startswith("a") and name[1:].isdigit() and "argc=" not in body:
        return value  # registers of a call, which are numbers
    return _text(value)


def _text(encoded: str) -> str:
    return bytes.fromhex(encoded).rstrip(b"\x00").replace(b"\x00", b" ").decode("utf-8", "backslashreplace")


def _long_arguments(body: str) -> dict[str, str]:
    """Arguments that were too long for one record: a1[0]=..., a1[1]=..., put together again."""
    if "[" not in body or ("argc=" not in body and "_len=" not in body):
        return {}
    parts: dict[str, str] = {}
    for found in re.finditer(r"\b(a\d{1,4})\[\d{1,6}\]=(\"[^\"]*+\"|\S++)", body):
        value = found[2]
        quoted = value.startswith('"')
        parts[found[1]] = parts.get(found[1], "") + (
            value.strip('"') if quoted or not _HEX.fullmatch(value) else _text(value)
        )
    return parts


def join(records: list[Record]) -> Parsed:
    """One event of the records of one happening."""
    gathered: dict[str, list[str]] = {}
    has_arguments = any(record.type == "EXECVE" for record in records)
    for record in records:
        gathered.setdefault("type", []).append(record.type)
        for name, value in record.fields.items():
            if has_arguments and record.type == "SYSCALL" and _ARGUMENT.fullmatch(name):
                continue
            values = gathered.setdefault(name, [])
            if value not in values:
                values.append(value)
    fields: dict[str, object] = {name: values[0] if len(values) == 1 else values for name, values in gathered.items()}
    _complete(fields, records)
    first = records[0]
    return Parsed(KIND, fields, first.time, first.node, "auditd")


def _complete(fields: dict[str, object], records: list[Record]) -> None:
    """What rules about processes, files and connections on Linux ask for, as far as the records tell."""
    call = next((record.fields for record in records if record.type == "SYSCALL"), None)
    if call:
        name = _call_name(call.get("arch", ""), call.get("syscall", ""))
        if name:
            fields.setdefault("SYSCALL", name)
        for target, source in (("Image", "exe"), ("ProcessId", "pid"), ("ParentProcessId", "ppid")):
            if source in call:
                fields[target] = call[source]
        user = next((call[name] for name in ("UID", "uid") if name in call), None)
        if user is not None:
            fields["User"] = user
    arguments = next((record.fields for record in records if record.type == "EXECVE"), None)
    if arguments:
        # A command of many arguments is spread over more than one EXECVE record.
        said = {name: value for record in records if record.type == "EXECVE" for name, value in record.fields.items()}
        numbers = sorted(int(name[1:]) for name in said if re.fullmatch(r"a\d{1,4}", name))
        fields["CommandLine"] = " ".join(said[f"a{number}"] for number in numbers)
    elif "proctitle" in fields and "CommandLine" not in fields:
        fields["CommandLine"] = fields["proctitle"]
    folder = next((record.fields.get("cwd") for record in records if record.type == "CWD"), None)
    if folder:
        fields["CurrentDirectory"] = folder
    made = [
        path if path.startswith("/") or not folder else f"{folder.rstrip('/')}/{path}"
        for record in records
        if record.type == "PATH" and record.fields.get("nametype") == "CREATE" and (path := record.fields.get("name"))
    ]
    if made:
        fields["TargetFilename"] = made[0] if len(made) == 1 else made
    for record in records:
        if record.type == "SOCKADDR" and (peer := _peer(record.fields.get("saddr", ""))):
            fields["DestinationIp"], fields["DestinationPort"] = peer
            fields["Initiated"] = "true"


def _peer(saddr: str) -> tuple[str, int] | None:
    """Address and port of a socket address in hexadecimal; None when it is not of the internet."""
    if not _HEX.fullmatch(saddr):
        return None
    raw = bytes.fromhex(saddr)
    family = int.from_bytes(raw[:2], "little")
    if family == 2 and len(raw) >= 8:
        return str(ip_address(raw[4:8])), int.from_bytes(raw[2:4], "big")
    if family == 10 and len(raw) >= 24:
        return str(ip_address(raw[8:24])), int.from_bytes(raw[2:4], "big")
    return None


@cache
def _calls() -> dict[str, dict[str, str]]:
    text = (files("brandwacht.engines.detection") / "data" / "syscalls.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return {arch: {str(number): name for name, number in calls.items()} for arch, calls in data["calls"].items()}


def _call_name(arch: str, number: str) -> str:
    return _calls().get(arch.lower(), {}).get(number, "")


@dataclass(slots=True)
class _Waiting:
    number: int
    done: Event | BadRecord | None = None
    records: list[Record] = field(default_factory=list)
    size: int = 0
    last: int = 0


class Joiner:
    """Joins records as they come. What it gives is in the order of first lines, each with the number of its first line;
    other lines wait their turn behind events that are not complete.
    """

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._open: dict[tuple[str, str], _Waiting] = {}

    @property
    def idle(self) -> bool:
        """Whether nothing is kept back."""
        return not self._queue

    def add(self, number: int, record: Record) -> list[Event | BadRecord]:
        """Take in a record; gives what is complete by now."""
        key = (record.node, record.serial)
        event = self._open.get(key)
        if event is None or len(event.records) >= MAX_RECORDS or event.size >= MAX_BYTES:
            event = self._open[key] = _Waiting(number)
            self._queue.append(event)
        if record.type != "EOE":
            event.records.append(record)
        event.size += len(record.line)
        event.last = number
        if record.type == "EOE":
            self._close(key)
        return self._ready(number)

    def put(self, number: int, item: Event | BadRecord) -> list[Event | BadRecord]:
        """Let something else wait its turn."""
        self._queue.append(_Waiting(number, item))
        return self._ready(number)

    def finish(self) -> list[Event | BadRecord]:
        """All that is left."""
        for key in list(self._open):
            self._close(key)
        return self._ready(0)

    def _close(self, key: tuple[str, str]) -> None:
        event = self._open.pop(key)
        event.done = event_of(event.number, event.records)

    def _ready(self, number: int) -> list[Event | BadRecord]:
        if self._open and (len(self._queue) > MAX_WAITING or len(self._open) > 1 or self._queue[0].done is None):
            for key, event in list(self._open.items()):
                if number - event.last >= REACH or len(self._queue) > MAX_WAITING:
                    self._close(key)
        # A part of an event that grew too large stays in the queue without being open.
        ready: list[Event | BadRecord] = []
        while self._queue:
            event = self._queue[0]
            if event.done is None:
                if any(event is other for other in self._open.values()):
                    break
                event.done = event_of(event.number, event.records)
            self._queue.popleft()
            ready.append(event.done)
        return ready


def event_of(number: int, records: list[Record]) -> Event | BadRecord:
    """The event of records that belong together, with all their lines as its original."""
    if not records:
        return BadRecord(number, "Deze regel sluit een gebeurtenis van auditd af waarvan de regels ontbreken.")
    return join(records).line_event(number, "\n".join(record.line for record in records))
