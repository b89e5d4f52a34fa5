"""From one received payload to events, or to the reason why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.engines.detection import BadRecord, Event, parse_payload, parse_syslog
from brandwacht.soc.models import SourceKind
from brandwacht.soc.spool import Payload

INSIDE: Final = 1 << 40
"""What is added to the number for each next event in one payload: numbers of payloads stay far below it."""


def events_of(kind: str, number: int, payload: Payload, received_at: datetime) -> list[Event | BadRecord]:
    """The events in a payload from a source of this kind; ``number`` is its place in the ledger row.

    One, as a rule; more when the payload wraps records, none for the header of a log file. The first has the number of
    the payload.
    """
    if payload.cut:
        return [BadRecord(number, _("Deze regel is langer dan is toegestaan en is niet verwerkt."))]
    if kind == SourceKind.SYSLOG and payload.data.lstrip()[:1] != b"{":
        return [parse_syslog(payload.data, received_at, number=number)]
    form = "json" if kind == SourceKind.BULK else ""
    found = parse_payload(payload.data, form=form, number=number, received_at=received_at)
    if not found and kind != SourceKind.FOLDER:
        return [BadRecord(number, _("Dit bericht is leeg."))]
    if len(found) == 1 and found[0].number == number:
        return found
    return [_numbered(each, number + place * INSIDE) for place, each in enumerate(found)]


def _numbered(record: Event | BadRecord, number: int) -> Event | BadRecord:
    if isinstance(record, BadRecord):
        return replace(record, number=number)
    record.number = number
    return record
