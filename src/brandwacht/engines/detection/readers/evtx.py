"""Windows event logs (EVTX)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson
from evtx import PyEvtxParser

from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile
from brandwacht.engines.detection.evtx_records import evtx_text
from brandwacht.engines.detection.records import event_from_record

MAGIC: Final = b"ElfFile\x00"
BROKEN_IN_A_ROW: Final = 1000
"""Damaged events in a row after which the rest of a file is left."""

_EVTX_CHUNK_MAGIC: Final = b"ElfChnk\x00"
_EVTX_HEADER: Final = 4096
_EVTX_CHUNK: Final = 65536


def read_evtx(path: Path) -> Iterator[Event | BadRecord]:
    """Yield the events of a Windows log, numbered from 1. Raises `UnreadableFile` when its head is damaged."""
    try:
        records = PyEvtxParser(str(path), number_of_threads=1).records_json()
    except BaseException as error:
        _reraise_unless_parser(error)
        raise UnreadableFile(
            f"De kop van Windows-logboek {path.name} is beschadigd. Kopieer of exporteer het logboek opnieuw."
        ) from error
    number, broken_in_a_row = 0, 0
    while broken_in_a_row < BROKEN_IN_A_ROW:
        number += 1
        try:
            record: Any = next(records)
            text = record["data"]
            event = evtx_text(number, text)
            raw = orjson.loads(text) if event is None else {}
        except StopIteration:
            break
        except BaseException as error:
            _reraise_unless_parser(error)
            broken_in_a_row += 1
            yield BadRecord(number, "Deze gebeurtenis is beschadigd en kan niet worden gelezen.")
            continue
        broken_in_a_row = 0
        yield event_from_record(number, raw) if event is None else event
    if broken_in_a_row == BROKEN_IN_A_ROW:
        yield BadRecord(number + 1, "Te veel beschadigde gebeurtenissen achter elkaar: de rest is niet gelezen.")
    elif lost := _lost_chunks(path):
        yield BadRecord(
            number,
            f"Het bestand is afgekapt of beschadigd: {lost} blok(ken) met gebeurtenissen ontbreken. "
            "Kopieer of exporteer het logboek opnieuw.",
        )


def _lost_chunks(path: Path) -> int:
    """How many of the chunks that the file header counts are absent or lack their signature; the parser skips those."""
    with path.open("rb") as stream:
        count = int.from_bytes(stream.read(_EVTX_HEADER)[42:44], "little")
        lost = 0
        for chunk in range(count):
            stream.seek(_EVTX_HEADER + chunk * _EVTX_CHUNK)
            lost += stream.read(len(_EVTX_CHUNK_MAGIC)) != _EVTX_CHUNK_MAGIC
        size = stream.seek(0, 2)
    return max(lost, count - (size - _EVTX_HEADER) // _EVTX_CHUNK)


def _reraise_unless_parser(error: BaseException) -> None:
    """The EVTX parser is Rust: its panics are no `Exception`. Everything else that ends a program must go on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
