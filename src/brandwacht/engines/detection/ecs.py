"""The normal form of events: names of ECS beside the original, the same whichever log an event is from.

`ecs_of` gives what an analyst searches and groups by, `observables` what indicators are about. The table is data
(`data/ecs.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import yaml

from brandwacht.engines.detection.events import Event, json_text
from brandwacht.engines.detection.logsources import ANY_CHANNEL, Place
from brandwacht.engines.detection.observing import (
    ADDRESS,
    AUTHORITY,
    MAX_ITEMS,
    MAX_VALUE,
    Observable,
    hashes_in,
    observables_in,
)

Value = str | int | list[str]

MAX_SHAPE: Final = 64
"""Fields of an event whose names are remembered together."""
_NUMBERS: Final = frozenset({"source.port", "destination.port", "process.pid", "http.response.status_code"})
_NOTHING: Final = (None, "", "-")
_HEX_NUMBER: Final = re.compile(r"0[xX][0-9a-fA-F]{1,8}")

Convert = Callable[[object], Value | None]
Wanted = tuple[tuple[str, Sequence[str], Convert], ...]
Plan = tuple[Wanted, Mapping[str, str], tuple[tuple[str, str], ...]]


class _Section(NamedTuple):
    """One entry of `data/ecs.yaml`."""

    logs: tuple[Place, ...]
    events: frozenset[int] | None
    fields: Mapping[str, Sequence[str]]
    constants: Mapping[str, str]


@cache
def _sections() -> tuple[_Section, ...]:
    return tuple(
        _Section(
            tuple(Place(ANY_CHANNEL if log == "windows" else log) for log in entry["logs"]),
            frozenset(entry["events"]) if "events" in entry else None,
            entry.get("fields", {}),
            entry.get("constants", {}),
        )
        for entry in _data()["sections"]
    )


@cache
def _numbers() -> frozenset[int]:
    return frozenset(number for section in _sections() for number in section.events or ())


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((files(__package__) / "data" / "ecs.yaml").read_text(encoding="utf-8"))
    return data


@cache
def _outcomes() -> dict[str, str]:
    return {str(word).lower(): outcome for outcome, words in _data()["outcomes"].items() for word in words}


@lru_cache(maxsize=4096)
def _plan(log: str, event_id: int | None) -> Plan:
    # Most numbers are in no section: those of one log share one plan, so that made-up numbers cost nothing.
    return _plan_of(_sections_of(log), event_id if event_id in _numbers() else None)


@lru_cache(maxsize=1024)
def _sections_of(log: str) -> tuple[int, ...]:
    return tuple(n for n, section in enumerate(_sections()) if any(place.covers(log, None) for place in section.logs))


@lru_cache(maxsize=4096)
def _plan_of(sections: tuple[int, ...], event_id: int | None) -> Plan:
    """What to look up for events of this log and number: names in ECS, constants, and where indicators may stand."""
    sources: dict[str, list[str]] = {}
    constants: dict[str, str] = {}
    for section in (_sections()[number] for number in sections):
        if section.events is None or event_id in section.events:
            for target, names in section.fields.items():
                known = sources.setdefault(target, [])
                known += [name for name in names if name not in known]
            for target, value in section.constants.items():
                constants.setdefault(target, value)
    return (
        tuple(
            (target, names, _converter(target))
            for target, names in sources.items()
            if not target.startswith("related.")
        ),
        constants,
        tuple(
            dict.fromkeys(
                (name, how) for target, names in sources.items() if (how := _LOOKED_AT.get(target)) for name in names
            )
        ),
    )


def ecs_of(event: Event) -> dict[str, Value]:
    """The normal form of `event`: names of ECS with their values, only those that have one.

    Always there: `event.dataset` (the kind of log, or the Windows channel). A value is a text, a whole number (ports,
    process numbers, status codes), or a list of texts where the log has more than one. `@timestamp` is ISO 8601 in UTC.
    """
    log = event.kind or event.channel
    wanted, constants, _places = _plan(log.lower(), event.event_id)
    found: dict[str, Value] = {"event.dataset": log}
    if event.time is not None:
        found["@timestamp"] = event.time.isoformat()
    if event.host:
        found["host.name"] = event.host
    if event.event_id is not None:
        found["event.code"] = str(event.event_id)
    if event.provider:
        found["event.provider"] = event.provider
    _fill(found, event.fields, wanted)
    for target, constant in constants.items():
        found.setdefault(target, constant)
    _complete(found)
    return found


def ecs_part(event: Event, names: frozenset[str]) -> dict[str, Value]:
    """What `ecs_of` gives of the payload under these names, in less time than all of it takes; it may give more.

    Not the envelope, and not what follows from other names (such as `event.outcome`, `url.domain`). A name that begins
    with "file.hash." stands for every hash.
    """
    found: dict[str, Value] = {}
    fields = event.payload
    log = event.origin.log
    if len(fields) <= MAX_SHAPE:
        wanted, constants = _shape(log, event.event_id, tuple(fields), names)
    else:
        wanted, constants, _places = _plan(log, event.event_id)
    _fill(found, fields, wanted)
    for target, constant in constants.items():
        found.setdefault(target, constant)
    _complete(found)
    return found


def _fill(found: dict[str, Value], fields: Mapping[str, object], wanted: Wanted) -> None:
    for target, names, convert in wanted:
        for name in names:
            value = fields.get(name)
            if value is not None and value != "" and value != "-":
                converted = convert(value)
                if converted is not None:
                    found[target] = converted
                    break


@lru_cache(maxsize=1024)
def _shape(
    log: str, event_id: int | None, fields: tuple[str, ...], names: frozenset[str]
) -> tuple[Wanted, Mapping[str, str]]:
    """The part of a plan that gives these names from events with these fields: events of one kind have the same."""
    wanted, constants, _places = _plan(log, event_id)
    there = frozenset(fields)
    hashes = any(name.startswith("file.hash.") for name in names)
    kept = (
        (target, tuple(name for name in sources if name in there), convert)
        for target, sources, convert in wanted
        if target in names or (hashes and target.startswith("file.hash"))
    )
    return (
        tuple(entry for entry in kept if entry[1]),
        {target: constant for target, constant in constants.items() if target in names},
    )


def _complete(found: dict[str, Value]) -> None:
    user = found.get("user.name")
    if isinstance(user, str) and "\\" in user:
        domain, _, found["user.name"] = user.rpartition("\\")
        found.setdefault("user.domain", domain)
    hashes = found.pop("file.hash", None)
    if hashes is not None:
        for value in hashes if isinstance(hashes, list) else [hashes]:
            for kind, digest in hashes_in(str(value)[:MAX_VALUE]):
                found.setdefault(f"file.hash.{kind}", digest)
    url = found.get("url.full")
    if isinstance(url, str) and "url.domain" not in found and (authority := AUTHORITY.match(url)):
        found["url.domain"] = authority[1].strip("[]").lower()
    status = found.get("http.response.status_code")
    if isinstance(status, int) and "event.outcome" not in found:
        found["event.outcome"] = "failure" if status >= 400 else "success"
    if "error.code" in found:
        found.setdefault("event.outcome", "failure")


def _converter(target: str) -> Convert:
    if target in _NUMBERS:
        return _number
    if target.endswith(".ip"):
        return _addresses
    if target == "url.full":
        return _whole_url
    if target == "event.outcome":
        return _outcome
    if target.startswith("file.hash."):
        return lambda value: value.lower() if isinstance(value, str) else None
    return _text


def _text(value: object) -> Value | None:
    if isinstance(value, str):
        return value if len(value) <= MAX_VALUE else value[:MAX_VALUE]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [text for item in value[:MAX_ITEMS] if isinstance(text := _text(item), str)] or None
    return str(value) if isinstance(value, (int, float)) else json_text(value)[:MAX_VALUE]


def _number(value: object) -> int | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        if value.isdecimal() and len(value) < 19:
            return int(value)
        if _HEX_NUMBER.fullmatch(value):
            return int(value, 16)
    return None


def _addresses(value: object) -> Value | None:
    if isinstance(value, str):
        plain = value.removeprefix("::ffff:")
        return plain if ADDRESS.fullmatch(plain) and ("." in plain or ":" in plain) else None
    if isinstance(value, list):
        return [text for item in value[:MAX_ITEMS] if isinstance(text := _addresses(item), str)] or None
    return None


def _whole_url(value: object) -> Value | None:
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str) and item]
        return next((_text(text) for text in texts if "://" in text), _text(texts[0]) if texts else None)
    return _text(value)


def _outcome(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return _outcomes().get(str(value).lower())


_LOOKED_AT: Final = {
    "source.ip": "value",
    "destination.ip": "value",
    "dns.question.name": "value",
    "url.domain": "value",
    "url.full": "value",
    "file.hash": "value",
    "file.hash.md5": "value",
    "file.hash.sha1": "value",
    "file.hash.sha256": "value",
    "user.email": "value",
    "process.command_line": "text",
    "related.ip": "value",
    "related.hosts": "value",
    "related.hash": "value",
    "related.url": "value",
    "related.mail": "value",
    "related.text": "text",
}
"""Under which names indicators may stand: as the value itself, or somewhere in a text."""


def observables(event: Event) -> Iterator[Observable]:
    """What indicators may be about: (kind, value), each once, by the names of the normal form.

    Addresses as `ipaddress` writes them, domains, hashes and mail addresses in lower case (a domain without a last
    dot), URLs as they stand. A URL gives its host as well, and a list of hashes as Sysmon writes it each of them.
    """
    seen: set[Observable] = set()
    fields = event.fields
    for name, how in observed_fields(event.origin.log, event.event_id):
        value = fields.get(name)
        if not value:
            continue
        for item in value[:MAX_ITEMS] if isinstance(value, list) else (value,):
            if isinstance(item, str):
                for observable in observables_in(item, how):
                    if observable not in seen:
                        seen.add(observable)
                        yield observable


def observed_fields(kind: str, event_id: int | None) -> Sequence[tuple[str, str]]:
    """The fields of events of a kind (or channel, in lower case) in which indicators may stand: (name, how).

    `how` is "value" where the value is one as a whole, and "text" where one may stand somewhere in it.
    """
    return _plan(kind, event_id)[2]
