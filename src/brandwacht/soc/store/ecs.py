"""The names that people search by, as the Elastic Common Schema (ECS) has them, from an event.

The one place that knows how a log calls things; the field names of Windows, Sysmon, Zeek and Suricata are their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from brandwacht.engines.detection import Event

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "user.name": ("User", "TargetUserName", "SubjectUserName", "SourceUser", "AccountName"),
    "source.ip": ("SourceIp", "IpAddress", "SourceAddress", "ClientAddress", "id.orig_h", "src_ip"),
    "source.port": ("SourcePort", "IpPort", "id.orig_p", "src_port"),
    "destination.ip": ("DestinationIp", "DestAddress", "id.resp_h", "dest_ip"),
    "destination.port": ("DestinationPort", "DestPort", "id.resp_p", "dest_port"),
    "process.executable": ("Image", "NewProcessName", "SourceImage", "ProcessName", "Application"),
    "process.command_line": ("CommandLine", "ProcessCommandLine", "ScriptBlockText"),
    "process.parent.executable": ("ParentImage", "ParentProcessName"),
    "process.parent.command_line": ("ParentCommandLine",),
    "file.path": ("TargetFilename", "ImageLoaded", "ObjectName", "TargetImage"),
    "file.hash": ("Hashes", "Hash", "SHA256", "MD5"),
    "registry.path": ("TargetObject", "RegistryKey"),
    "dns.question.name": ("QueryName", "query", "dns.rrname"),
    "url.full": ("Url", "url", "http.url"),
}
_HEX: Final = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
_NOTHING: Final = ("", "-")
"""What Windows writes where there is no value."""


def ecs_of(event: Event) -> dict[str, object]:
    """The values of an event by ECS name; a name without a value is left out. ``file.hash`` holds every hash."""
    fields = event.fields
    found: dict[str, object] = {}
    for name, keys in _places(tuple(fields)):
        for key in keys:
            value = fields[key]
            if value is not None and value not in _NOTHING:
                found[name] = value
                break
    user = found.get("user.name")
    if isinstance(user, str) and "\\" in user:
        found["user.name"] = user.rpartition("\\")[2]
    if "file.hash" in found:
        found["file.hash"] = _HEX.findall(str(found["file.hash"])) or found["file.hash"]
    return found


@lru_cache(maxsize=4096)
def _places(fields: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which fields of an event with these names may hold the value of which ECS name; events of one sort look alike."""
    found = ((name, tuple(key for key in (name, *others) if key in fields)) for name, others in NAMES.items())
    return tuple((name, keys) for name, keys in found if keys)
