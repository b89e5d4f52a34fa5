"""Records in ECS (Elastic Common Schema) as Elastic Agent, Filebeat and Winlogbeat write them.

The kind of such an event is `ecs.<system>.<what>`: "ecs.windows.process", "ecs.linux.file", "ecs.macos.dns".
Source: the public field reference of ECS.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from brandwacht.engines.detection.events import parse_time
from brandwacht.engines.detection.readers.flat import at, flat_fields
from brandwacht.engines.detection.readers.text import Parsed

SECTIONS: Final = ("process", "file", "registry", "dll", "dns", "destination", "source", "url", "http")
"""Parts of a record that say what happened; a record without any of them is a line of text on its way."""

_HASHES: Final = ("md5", "sha1", "sha256")
_MAC: Final = ("/Applications/", "/System/", "/Users/", "/Library/", "/usr/libexec/")
_SYSMON: Final = "Microsoft-Windows-Sysmon/Operational"


@cache
def ecs_names() -> Mapping[str, str]:
    """The name in a rule (Sysmon's): the name in ECS."""
    text = (files("brandwacht.engines.detection") / "data" / "logsources-ecs.yaml").read_text(encoding="utf-8")
    names: dict[str, str] = yaml.safe_load(text)["fields"]
    return names


def is_ecs(record: dict[str, Any]) -> bool:
    """Whether the record says in ECS what happened."""
    if not ("@timestamp" in record or "ecs" in record or "event.category" in record):
        return False
    if any(isinstance(record.get(name), dict) for name in SECTIONS):
        return True
    return "event.category" in record


def parse_ecs(record: dict[str, Any]) -> Parsed:
    """What a record in ECS says."""
    fields = flat_fields(record)
    what = _what(fields)
    _complete(fields, what)
    host = next(
        (v for name in ("host.name", "host.hostname", "agent.hostname") if isinstance(v := fields.get(name), str)), ""
    )
    provider = fields.get("event.provider") or fields.get("event.module") or fields.get("agent.type")
    return Parsed(
        f"ecs.{_system(fields)}.{what}",
        fields,
        parse_time(fields.get("@timestamp")),
        host,
        provider if isinstance(provider, str) else "",
    )


def _words(value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {item.lower() for item in values if isinstance(item, str)}


def _system(fields: Mapping[str, object]) -> str:
    told = " ".join(
        value.lower()
        for name in ("host.os.type", "host.os.family", "host.os.platform", "host.os.name")
        if isinstance(value := fields.get(name), str)
    )
    if "windows" in told:
        return "windows"
    if "macos" in told or "darwin" in told:
        return "macos"
    if told:
        return "linux"
    path = fields.get("process.executable") or fields.get("file.path") or ""
    if not isinstance(path, str) or not path:
        return "windows" if "registry.path" in fields else "other"
    if path.startswith("/"):
        return "macos" if path.startswith(_MAC) else "linux"
    return "windows"


def _what(fields: Mapping[str, object]) -> str:
    category, kind, action = (_words(fields.get(f"event.{name}")) for name in ("category", "type", "action"))
    if category & {"registry"} or (not category and "registry.path" in fields):
        if kind & {"deletion"} or any("delet" in word for word in action):
            return "registry_delete"
        if any("rename" in word for word in action):
            return "registry_rename"
        if kind & {"creation"} and "registry.value" not in fields:
            return "registry_add"
        return "registry"
    if category & {"driver"}:
        return "driver"
    if category & {"library"} or (not category and "dll.path" in fields):
        return "library"
    if "dns.question.name" in fields:
        return "dns"
    if category & {"web"} or "http.request.method" in fields:
        return "web"
    if category & {"file"}:
        if kind & {"deletion"} or any("delet" in word for word in action):
            return "file_delete"
        if any("rename" in word for word in action):
            return "file_rename"
        return "file" if kind & {"creation", "change"} or not kind else "file_access"
    if category & {"network"}:
        return "network"
    if category & {"process"}:
        if kind & {"end"}:
            return "process_end"
        return "process" if kind & {"start"} or not kind or action & {"exec", "start", "fork"} else "process_other"
    if category & {"authentication", "session", "iam"}:
        return "authentication"
    if category:
        return "other"
    for name, what in (("process.executable", "process"), ("file.path", "file"), ("destination.ip", "network")):
        if name in fields:
            return what
    return "other"


def _complete(fields: dict[str, object], what: str) -> None:
    """What rules ask and ECS spreads over more than one field."""
    for part in ("process", "process.parent"):
        arguments = fields.get(f"{part}.args")
        if isinstance(arguments, list) and f"{part}.command_line" not in fields:
            fields[f"{part}.command_line"] = " ".join(map(str, arguments))
    name, domain = fields.get("user.name"), fields.get("user.domain")
    if isinstance(name, str):
        fields["user.qualified"] = f"{domain}\\{name}" if isinstance(domain, str) and domain else name
    owner = {"library": "dll", "driver": "dll"}.get(what, "process")
    if owner == "dll":
        for part in ("path", "name"):
            if f"file.{part}" in fields:
                fields.setdefault(f"dll.{part}", fields[f"file.{part}"])
        if not any(f"dll.hash.{kind}" in fields for kind in _HASHES):
            owner = "file"
    hashes = [
        f"{kind.upper()}={fields[f'{owner}.hash.{kind}']}" for kind in _HASHES if f"{owner}.hash.{kind}" in fields
    ]
    if imphash := fields.get(f"{owner}.pe.imphash"):
        hashes.append(f"IMPHASH={imphash}")
    if hashes:
        fields["hashes"] = ",".join(hashes)


def sysmon_data(record: dict[str, Any], winlog: dict[str, Any]) -> dict[str, object] | None:
    """The fields that a pipeline took out of the data of a Sysmon event and put in ECS; None when it took none."""
    data = winlog.get("event_data")
    known = data if isinstance(data, dict) else {}
    if winlog.get("channel") != _SYSMON or "Image" in known or "SourceImage" in known:
        return None
    if not any(isinstance(record.get(name), dict) for name in SECTIONS):
        return None
    flat = flat_fields({name: record[name] for name in (*SECTIONS, "user", "network") if name in record})
    _complete(flat, "library" if "dll.path" in flat else "process")
    found = {name: flat[source] for name, source in ecs_names().items() if name not in known and source in flat}
    return {**known, **found} if found else None


def place_of(record: dict[str, Any]) -> str:
    """The machine that a shipper says a record is from, or ""."""
    for name in ("host.name", "host.hostname", "agent.hostname", "beat.hostname"):
        if isinstance(value := at(record, name), str) and value:
            return value
    return ""
