"""What Brandwacht proposes for a hand-over: indicators out of the events, and what was done according to the story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from django.utils import timezone

from brandwacht.engines.detection import stored_event
from brandwacht.soc.models import AlertEntry, EntryKind, MatchedEvent

ADDRESSES: Final = ("IpAddress", "SourceIp", "DestinationIp", "src_ip", "dest_ip", "ClientIP")
NAMES: Final = ("QueryName", "DestinationHostname", "WorkstationName")
HASHES: Final = ("Hashes", "Hash", "sha256")
_HASH: Final = re.compile(r"\b[0-9A-Fa-f]{64}\b")
MOST: Final = 50
TOLD: Final = (EntryKind.NOTE, EntryKind.STEP, EntryKind.ANSWER)


def suggested_indicators(events: Iterable[MatchedEvent]) -> list[str]:
    """Addresses, names and SHA-256 hashes in these events, each once, in order; a person chooses among them."""
    found: dict[str, None] = {}
    for event in events:
        fields = stored_event(event.number, event.raw, event.kind).fields
        for name in ADDRESSES:
            if address := _address(fields.get(name)):
                found[address] = None
        for name in NAMES:
            value = fields.get(name)
            if isinstance(value, str) and value.strip(" -"):
                found[value.strip()[:255]] = None
        for name in HASHES:
            found |= dict.fromkeys(each.lower() for each in _HASH.findall(str(fields.get(name, ""))))
    return list(found)[:MOST]


def _address(value: object) -> str:
    """An address that says something: not empty, not of the machine itself."""
    try:
        address = ip_address(str(value).strip())
    except ValueError:
        return ""
    return "" if address.is_loopback or address.is_unspecified else str(address)


def done_so_far(entries: Iterable[AlertEntry]) -> str:
    """The lines of the story that say what was done, one a line with time and name."""
    lines = (
        f"{timezone.localtime(entry.at):%d-%m %H:%M} {entry.author}: {' '.join(entry.text.split())}"
        for entry in entries
        if entry.kind in TOLD
    )
    return "\n".join(lines)[:4000]
