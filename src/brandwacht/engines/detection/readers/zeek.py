"""Zeek's own format: columns between tabs, described by header lines that start with a hash mark.

Source: Zeek's documentation of its ASCII log writer.
"""

from __future__ import annotations

import re
from typing import Final

from brandwacht.engines.detection.events import parse_time
from brandwacht.engines.detection.readers.text import Parsed, kind_of

_ESCAPED: Final = re.compile(r"\\x([0-9a-fA-F]{2})")
HEADERS: Final = (
    b"#separator",
    b"#set_separator",
    b"#empty_field",
    b"#unset_field",
    b"#path",
    b"#open",
    b"#close",
    b"#fields",
    b"#types",
)


class ZeekTable:
    """The header of a Zeek log as far as it has been read; `parse` makes sense of the lines that follow it."""

    def __init__(self) -> None:
        self.separator, self.between, self.empty, self.unset = "\t", ",", "(empty)", "-"
        self.kind = "zeek.other"
        self.names: list[str] = []
        self.types: list[str] = []

    def header(self, line: str) -> None:
        """Take in one header line. A `#separator` begins a new table."""
        if line.startswith("#separator"):
            self.__init__()  # type: ignore[misc]
            self.separator = _unescaped(line.partition(" ")[2]) or "\t"
            return
        name, *values = line.split(self.separator)
        match name:
            case "#fields":
                self.names, self.types = values, []
            case "#types":
                self.types = values
            case "#path" if values:
                self.kind = kind_of("zeek", values[0])
            case "#set_separator" if values:
                self.between = _unescaped(values[0]) or ","
            case "#empty_field" if values:
                self.empty = values[0]
            case "#unset_field" if values:
                self.unset = values[0]

    def parse(self, line: str) -> Parsed | None:
        """What one line of the table says; None when its columns are not those of the header. Unset ones are absent."""
        values = line.split(self.separator)
        if len(values) != len(self.names):
            return None
        types = self.types if len(self.types) == len(self.names) else ["string"] * len(values)
        fields = {
            name: self._value(value, kind)
            for name, value, kind in zip(self.names, values, types, strict=True)
            if value != self.unset and name
        }
        return zeek_parsed(self.kind, fields)

    def _value(self, value: str, kind: str) -> object:
        if kind.startswith(("set[", "vector[")):
            inner = kind[kind.index("[") + 1 : -1]
            if value == self.empty:
                return []
            return [self._single(part, inner) if part != self.unset else None for part in value.split(self.between)]
        return self._single("" if value == self.empty else value, kind)

    def _single(self, value: str, kind: str) -> object:
        try:
            match kind:
                case "bool":
                    return value == "T"
                case "count" | "int" | "port":
                    return int(value) if len(value) < 20 else value
                case "time" | "interval" | "double":
                    return float(value) if len(value) < 40 else value
        except ValueError:
            return value
        return _unescaped(value)


def zeek_parsed(kind: str, fields: dict[str, object]) -> Parsed:
    """An event of Zeek with these fields, under its own names and those that rules for proxies use."""
    if kind == "zeek.http":
        uri, host = fields.get("uri"), fields.get("host")
        if isinstance(uri, str):
            fields.setdefault("c-uri", [f"http://{host}{uri}", uri] if isinstance(host, str) else uri)
            fields.setdefault("c-uri-query", uri.partition("?")[2] or None)
            fields.setdefault("c-uri-extension", uri_extension(uri))
        for alias, name in (("c-useragent", "user_agent"), ("cs-host", "host"), ("cs-method", "method")):
            if name in fields:
                fields.setdefault(alias, fields[name])
        if "status_code" in fields:
            fields.setdefault("sc-status", fields["status_code"])
    sensor = fields.get("_system_name")
    return Parsed(kind, fields, parse_time(fields.get("ts")), sensor if isinstance(sensor, str) else "", "zeek")


def uri_extension(uri: str) -> str | None:
    """What follows the last dot of the last part of a path, in lower case."""
    last = uri.partition("?")[0].rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else None


def _unescaped(value: str) -> str:
    if "\\x" not in value:
        return value
    raw = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    try:
        # Zeek escapes bytes; together they may be UTF-8.
        return raw.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return raw
