"""What all readers of text lines share: what a line says, how it becomes an event, key=value pairs, moments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from brandwacht.engines.detection.events import Event, parse_time

MAX_TEXT: Final = 1024 * 1024
"""Bytes in one line of a text log; a line of JSON may be longer."""
MAX_PAIRS: Final = 2_000
"""Names with a value that are taken from one line."""

_KIND_PART: Final = re.compile(r"[a-z0-9_]{1,32}")
_PAIR: Final = re.compile(r'(?<![\w.-])([A-Za-z_][\w.-]{0,63})=("(?:[^"\\]|\\.)*+"|\'[^\']*+\'|[^\s"\'][^\s]*+|)')
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
    )
}
_LEAP: Final = 8
"""Years that lie at most between one 29 February and the next."""


HEAD: Final = ("facility", "severity", "program", "pid", "msgid")
"""Fields that say what the head of a syslog line says; nothing in its message may replace them."""


@dataclass(slots=True)
class Parsed:
    """What one line or object says. `fields` has the names that Sigma rules use for `kind`; `host`, `provider`, `time`
    and `event_id` are the envelope, taken from the place where the format keeps it and from nowhere else.
    """

    kind: str
    fields: dict[str, object]
    time: datetime | None = None
    host: str = ""
    provider: str = ""
    event_id: int | None = None

    def event(self, number: int, raw: dict[str, Any]) -> Event:
        """The event that this says, with `raw` as its original."""
        return Event(
            number=number,
            record_id=None,
            time=self.time,
            host=self.host,
            channel="",
            provider=self.provider,
            event_id=self.event_id,
            fields=self.fields,
            raw=raw,
            kind=self.kind,
        )

    def with_message(self, inner: Mapping[str, object]) -> dict[str, object]:
        """The fields with those that were found in the message; what the head of the line says stays."""
        return {**self.fields, **inner, **{name: self.fields[name] for name in HEAD if name in self.fields}}

    def line_event(self, number: int, line: str) -> Event:
        """The event of a line of text; its raw form holds all that `event_from_stored` needs to make it again."""
        raw = {
            "line": line,
            "kind": self.kind,
            "time": self.time.isoformat() if self.time else None,
            "host": self.host,
            "provider": self.provider,
            "event_id": self.event_id,
            "parsed": self.fields,
        }
        return self.event(number, raw)


def parsed_again(raw: dict[str, Any], kind: str) -> Parsed | None:
    """What `Parsed.line_event` wrote in `raw`; None when `raw` is something else or not of this kind."""
    if not kind or raw.get("kind") != kind or not isinstance(raw.get("line"), str):
        return None
    fields, host, provider, event_id = (raw.get(name) for name in ("parsed", "host", "provider", "event_id"))
    if not isinstance(fields, dict):
        return None
    return Parsed(
        kind,
        fields,
        parse_time(raw.get("time")),
        host if isinstance(host, str) else "",
        provider if isinstance(provider, str) else "",
        event_id if isinstance(event_id, int) else None,
    )


def as_text(line: bytes) -> str:
    """The line as text; a byte that is no UTF-8 is shown as an escape, so that nothing of the line is lost."""
    return line.decode("utf-8", "backslashreplace")


def kind_of(family: str, part: object, otherwise: str = "other") -> str:
    """`family.part`, with a part that a sender made up kept from becoming a kind of its own."""
    text = part.lower() if isinstance(part, str) else ""
    return f"{family}.{text if _KIND_PART.fullmatch(text) else otherwise}"


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """The `name=value` pairs in a text; a value with blanks stands in single or double quotes."""
    for count, found in enumerate(_PAIR.finditer(text)):
        if count >= MAX_PAIRS:
            return
        name, value = found.groups()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            inner = value[1:-1]
            yield name, re.sub(r"\\(.)", r"\1", inner, flags=re.S) if value[0] == '"' and "\\" in inner else inner
        else:
            yield name, value


def month_number(name: str) -> int | None:
    """1 to 12 for the English short name of a month."""
    return _MONTHS.get(name[:3].capitalize())


def moment(
    year: int | None, month: int, day: int, clock: str, *, zone: str = "", reference: datetime | None = None
) -> datetime | None:
    """A moment in UTC. `clock` is hh:mm:ss with an optional fraction, `zone` is +hhmm, +hh:mm or Z.

    Without a zone the zone of `reference` holds. Without a year it is the last such moment that is no more than a day
    after `reference` (a sender's clock may be ahead); without a reference there is no telling, and the answer is None.
    """
    try:
        hours, minutes, seconds = clock.split(":")
        whole, _, fraction = seconds.partition(".")
        time = (int(hours), int(minutes), min(int(whole), 59), int(fraction[:6].ljust(6, "0")) if fraction else 0)
        known = _zone(zone) if zone else None
        tzinfo = known or (reference.tzinfo if reference else None) or UTC
        if year is not None:
            return datetime(year, month, day, *time, tzinfo=tzinfo).astimezone(UTC)
        if reference is None:
            return None
        latest = reference + timedelta(days=1)
        for earlier in range(_LEAP + 1):
            try:
                found = datetime(latest.year - earlier, month, day, *time, tzinfo=tzinfo)
            except ValueError:
                if (month, day) != (2, 29):
                    return None
                continue
            if found <= latest:
                return found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        pass
    return None


def _zone(text: str) -> Any:
    return datetime.strptime(text, "%z").tzinfo


def integer(text: str | None) -> int | None:
    """The whole number that `text` is, or None."""
    return int(text) if text and len(text) < 19 and text.isascii() and text.isdigit() else None
