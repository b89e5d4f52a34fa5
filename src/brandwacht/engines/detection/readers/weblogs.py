"""Logs of web servers and proxies: combined and common (Apache, nginx), their error logs, W3C extended (IIS), Squid.

Rules about web servers ask `cs-uri-query` for the path with the query as well as for the query alone, and rules about
proxies ask `c-uri` for the whole address as well as for its path: both fields hold both, as a list.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from brandwacht.engines.detection.events import parse_time
from brandwacht.engines.detection.readers.text import Parsed, integer, moment, month_number
from brandwacht.engines.detection.readers.zeek import uri_extension

_QUOTED: Final = r'"((?:[^"\\]|\\.)*+)"'
_ACCESS: Final = re.compile(
    r"(?:([^\s\[\"]{1,255}) )??([^\s\[\"]{1,255}) ([\w-]{1,64}) ([^\[\"]{1,255}?) "
    rf"\[(\d\d)/([A-Z][a-z]{{2}})/(\d{{4}}):(\d\d:\d\d:\d\d)(?:\.\d+)? ?([+-]\d{{4}})?\] {_QUOTED} (\d{{3}}|-) (\d+|-)"
    rf"(?: {_QUOTED} {_QUOTED})?"
)
_ACCESS_START: Final = re.compile(r"(?:[^\s\[\"]{1,255} ){3,4}[^\[\"]{0,255}\[\d\d/[A-Z][a-z]{2}/\d{4}:")
_ESCAPED: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|(.))", re.S)
_APACHE_ERROR: Final = re.compile(
    r"\[(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4})\] "
    r"\[(?:([\w.]*):)?(\w+)\] (?:\[pid ([\d:tid ]+)\] )?(?:\[client ([^\]]{1,80})\] )?(.*)",
    re.S,
)
_NGINX_ERROR: Final = re.compile(r"(\d{4})/(\d\d)/(\d\d) (\d\d:\d\d:\d\d) \[(\w+)\] (\d+)#(\d+): (?:\*\d+ )?(.*)", re.S)
_NGINX_CLIENT: Final = re.compile(r", client: ([^,\s]{1,64})")
_SQUID: Final = re.compile(
    r"(\d{9,11}\.\d{1,6}) +(\d+) (\S+) ([A-Z_]+)/(\d{3}) (\d+) ([A-Z_]+) (\S+) (\S+) ([A-Z_]+)/(\S+) (\S+)"
)
_COLUMN: Final = re.compile(r'"([^"]*+)"|(\S+)')
_HEADER_NAME: Final = re.compile(r"(\w{1,3})\(([\w-]+)\)")


def looks_like_web(text: str) -> bool:
    """Whether a line is of one of the logs that `parse_web` reads."""
    return any(form.match(text) for form in (_ACCESS_START, _APACHE_ERROR, _NGINX_ERROR, _SQUID))


def parse_web(text: str, reference: datetime | None) -> Parsed | None:
    """One line of a log of access or errors of a web server, or of Squid."""
    return _parse_access(text) or _parse_error_log(text, reference) or _parse_squid(text)


def _parse_access(text: str) -> Parsed | None:
    """One line of an access log in the common or combined format, also with the virtual host in front."""
    found = _ACCESS.match(text)
    if not found:
        return None
    host, client, _ident, user, day, month, year, clock, zone, request, status, size, referer, agent = found.groups()
    number = month_number(month)
    time = moment(int(year), number, int(day), clock, zone=zone or "+0000") if number else None
    fields: dict[str, object] = {"c-ip": client}
    fields["cs-username"] = None if user == "-" else user
    fields["sc-status"] = integer(status)
    fields["sc-bytes"] = integer(size)
    if referer is not None:
        fields["cs-referer"] = _value(referer)
        fields["cs-user-agent"] = fields["c-useragent"] = _value(agent)
    # The name of the virtual host may carry the port that Apache adds with %p.
    site = host.rpartition(":")[0] or host if host and host.rpartition(":")[2].isdigit() else host
    if site:
        fields["cs-host"] = site
    words = _unescaped(request).split(" ")
    if len(words) >= 2:
        fields["cs-method"] = words[0]
        version = words[-1] if len(words) > 2 and words[-1].startswith("HTTP/") else None
        fields["cs-version"] = version
        _put_target(fields, " ".join(words[1:-1] if version else words[1:]), site or "")
    else:
        fields["cs-uri-query"] = fields["c-uri"] = words[0]
    return Parsed("web.access", fields, time)


def _put_target(fields: dict[str, object], target: str, host: str) -> None:
    if "://" in target[:12]:
        address = target
        target = "/" + target.partition("://")[2].partition("/")[2]
    else:
        address = f"http://{host}{target}" if host else ""
    stem, _, query = target.partition("?")
    fields["cs-uri-stem"] = stem
    fields["cs-uri-query"] = [target, query] if query else [target]
    fields["c-uri"] = fields["cs-uri"] = [address, target] if address else [target]
    fields["c-uri-query"] = query or None
    fields["c-uri-stem"] = stem
    fields["c-uri-extension"] = uri_extension(stem)


def _value(text: str) -> str | None:
    return None if text == "-" else _unescaped(text)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else found[2] if found[2] in '"\\' else found[0], text
    )


def _parse_error_log(text: str, reference: datetime | None) -> Parsed | None:
    """One line of the error log of Apache or nginx."""
    if found := _APACHE_ERROR.match(text):
        month, day, clock, year, module, level, pid, client, message = found.groups()
        number = month_number(month)
        time = moment(int(year), number, int(day), clock, reference=reference) if number else None
        fields: dict[str, object] = {"message": message, "module": module, "level": level, "pid": pid}
        if client:
            fields["c-ip"] = client.rpartition(":")[0] if client.rpartition(":")[2].isdigit() else client
        return Parsed("web.apache_error", fields, time, provider="apache")
    if found := _NGINX_ERROR.match(text):
        year, month, day, clock, level, pid, _thread, message = found.groups()
        time = moment(int(year), int(month), int(day), clock, reference=reference)
        fields = {"message": message, "level": level, "pid": pid}
        if seen := _NGINX_CLIENT.search(message[:4096]):
            fields["c-ip"] = seen[1]
        return Parsed("web.nginx_error", fields, time, provider="nginx")
    return None


def _parse_squid(text: str) -> Parsed | None:
    """One line of Squid's native access log."""
    found = _SQUID.match(text)
    if not found:
        return None
    seconds, took, client, result, status, size, method, url, user, _how, peer, content = found.groups()
    fields: dict[str, object] = {
        "c-ip": client,
        "cs-method": method,
        "sc-status": integer(status),
        "sc-bytes": integer(size),
        "time-taken": integer(took),
        "s-action": result,
        "cs-username": None if user == "-" else user,
        "rs-content-type": None if content == "-" else content,
    }
    if peer != "-":
        fields["dst_ip"] = peer
    authority = url.partition("://")[2].partition("/")[0] if "://" in url else url
    fields["cs-host"] = authority.rpartition(":")[0] if authority.rpartition(":")[2].isdigit() else authority
    if "://" in url:
        _put_target(fields, url, "")
    else:
        fields["c-uri"] = fields["cs-uri"] = [url]
    return Parsed("proxy.squid", fields, parse_time(float(seconds)), provider="squid")


class W3cTable:
    """The header of a W3C extended log as far as it has been read."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.software = ""
        self.date = ""

    def header(self, line: str) -> None:
        """Take in one header line: `#Fields: ...`, `#Software: ...`, `#Date: ...`."""
        name, _, rest = line.partition(":")
        match name.lower():
            case "#fields":
                self.names = [_column_name(column) for column in rest.split()]
            case "#software":
                self.software = rest.strip()
            case "#date":
                self.date = rest.split()[0] if rest.split() else ""

    def parse(self, line: str) -> Parsed | None:
        """What one line says; None when it has not as many columns as the header. Times are in UTC, as the format says;
        the Windows firewall, which writes local time, is no exception that a reader could see.
        """
        values = [quoted or plain for quoted, plain in _COLUMN.findall(line)]
        if len(values) != len(self.names):
            return None
        columns = dict(zip(self.names, values, strict=True))
        fields: dict[str, object] = {name: None if value == "-" else value for name, value in columns.items()}
        date = columns.get("date", self.date)
        time = parse_time(f"{date}T{columns['time']}") if date and "time" in columns else None
        if "src-ip" in fields and "dst-ip" in fields:
            return Parsed("windows.firewall_log", fields, time, provider=self.software)
        if iis := "Internet Information" in self.software or "s-sitename" in fields or "s-ip" in fields:
            for name in ("cs-user-agent", "cs-cookie"):
                if isinstance(value := fields.get(name), str):
                    fields[name] = value.replace("+", " ")
        self._complete(fields)
        host = columns.get("s-computername", "-")
        kind = "web.iis" if iis else "proxy.w3c"
        return Parsed(kind, fields, time, "" if host == "-" else host, self.software)

    @staticmethod
    def _complete(fields: dict[str, object]) -> None:
        stem = fields.get("cs-uri-stem", fields.get("cs-uri-path"))
        query = fields.get("cs-uri-query")
        query = query.removeprefix("?") if isinstance(query, str) else ""
        if isinstance(stem, str):
            host = fields.get("cs-host")
            _put_target(fields, f"{stem}?{query}" if query else stem, host if isinstance(host, str) else "")
        if "cs-user-agent" in fields:
            fields.setdefault("c-useragent", fields["cs-user-agent"])


def _column_name(column: str) -> str:
    """`cs(User-Agent)` as rules write it: cs-user-agent."""
    found = _HEADER_NAME.fullmatch(column)
    return f"{found[1]}-{found[2].lower()}" if found else column
