"""Ready-made configuration for the programs that send logs; see docs/operator.md for which versions were tried."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from brandwacht.soc.models import LogSource, SourceKind

_BEATS = """\
output.elasticsearch:
  hosts: ["{url}"]
  api_key: "bron:{token}"
  compression_level: 3
setup.template.enabled: false
setup.ilm.enabled: false
"""
_FLUENT_BIT = """\
[OUTPUT]
    Name               es
    Match              *
    Host               {host}
    Port               {port}
    TLS                {on_off}
    Path               {path}
    HTTP_User          bron
    HTTP_Passwd        {token}
    Suppress_Type_Name On
    Generate_ID        On
    Retry_Limit        False
"""
_RSYSLOG = """\
module(load="omelasticsearch")
template(name="brandwacht" type="list" option.jsonf="on") {{
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="host" name="hostname" format="jsonf")
  property(outname="program" name="programname" format="jsonf")
  property(outname="severity" name="syslogseverity-text" caseConversion="lower" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
}}
action(type="omelasticsearch" template="brandwacht"
       server="{url}" searchIndex="syslog" searchType="" bulkmode="on"
       uid="bron" pwd="{token}" action.resumeRetryCount="-1"
       queue.type="LinkedList" queue.filename="brandwacht" queue.maxDiskSpace="1g"
       queue.dequeueBatchSize="500" queue.saveOnShutdown="on")
"""
_SYSLOG_NG = """\
destination d_brandwacht {{
  http(url("{url}/_bulk") method("POST")
       headers("Content-Type: application/x-ndjson") user("bron") password("{token}")
       delimiter("\\n") body-suffix("\\n") batch-lines(500) batch-timeout(1000)
       body("{{\\"create\\":{{}}}}\\n$(format-json --scope rfc5424 --key ISODATE @timestamp=$ISODATE)")
       response-action(429 => retry, 413 => drop, 503 => retry)
       retries(1000000) disk-buffer(reliable(yes) disk-buf-size(1073741824)));
}};
"""
_RSYSLOG_TCP = """\
action(type="omfwd" target="{host}" port="{port}" protocol="tcp"
       TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"{secure}
       action.resumeRetryCount="-1" queue.type="LinkedList"
       queue.filename="brandwacht" queue.maxDiskSpace="1g" queue.saveOnShutdown="on")
"""
_RSYSLOG_TLS = """
       StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="x509/name\""""
_SYSLOG_NG_TCP = """\
destination d_brandwacht {{
  syslog("{host}" port({port}) transport("{transport}"){secure}
         disk-buffer(reliable(yes) disk-buf-size(1073741824)));
}};
"""
_SYSLOG_NG_TLS = """
         tls(ca-dir("/etc/ssl/certs"))"""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Configuration for one program: its name, the file that it goes in, and the text."""

    program: str
    file: str
    text: str


def snippets(source: LogSource, site: str, token: str = "") -> list[Snippet]:
    """What to put where, for a source; ``site`` is our address, and without ``token`` its place is marked."""
    found = urlsplit(site)
    secure = found.scheme == "https"
    host, port = found.hostname or "localhost", found.port or (443 if secure else 80)
    if source.kind == SourceKind.SYSLOG:
        transport = "tls" if source.tls else "tcp"
        lines = {"host": host, "port": source.port, "transport": transport}
        return [
            Snippet(
                "rsyslog",
                "/etc/rsyslog.d/brandwacht.conf",
                _RSYSLOG_TCP.format(**lines, secure=_RSYSLOG_TLS if source.tls else ""),
            ),
            Snippet(
                "syslog-ng",
                "/etc/syslog-ng/conf.d/brandwacht.conf",
                _SYSLOG_NG_TCP.format(**lines, secure=_SYSLOG_NG_TLS if source.tls else ""),
            ),
        ]
    if source.kind == SourceKind.FOLDER:
        return []
    path = f"{found.path.rstrip('/')}/ingest/elastic"
    facts = {
        "url": f"{found.scheme}://{host}:{port}{path}",
        "host": host,
        "port": port,
        "path": path,
        "on_off": "On" if secure else "Off",
        "token": token or _("HIER-HET-TOKEN"),
    }
    return [
        Snippet("Filebeat", "filebeat.yml", _BEATS.format(**facts)),
        Snippet("Winlogbeat", "winlogbeat.yml", _BEATS.format(**facts)),
        Snippet("Fluent Bit", "fluent-bit.conf", _FLUENT_BIT.format(**facts)),
        Snippet("rsyslog", "/etc/rsyslog.d/brandwacht.conf", _RSYSLOG.format(**facts)),
        Snippet("syslog-ng", "/etc/syslog-ng/conf.d/brandwacht.conf", _SYSLOG_NG.format(**facts)),
    ]
