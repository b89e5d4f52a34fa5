"""Read events from a file: EVTX, JSON lines (also packed with gzip) and JSON arrays.

Whatever a file holds, the result is events, bad records with a reason, or one `UnreadableFile` for the whole.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson
from evtx import PyEvtxParser

from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile, event_from_record

MAX_LINE: Final = 8 * 1024 * 1024
"""Bytes in one line of JSON."""
MAX_UNPACKED: Final = 1024 * 1024 * 1024
"""Bytes that a packed file may unpack to."""
MAX_ARRAY: Final = 32 * 1024 * 1024
"""Bytes of a JSON array, which has to be read in one piece: in memory hostile JSON takes forty times its size."""
PATIENCE: Final = 1000
"""Bad records in a row, before the first good one, after which the file as a whole is called unreadable."""

_EVTX_MAGIC: Final = b"ElfFile\x00"
_EVTX_CHUNK_MAGIC: Final = b"ElfChnk\x00"
_EVTX_HEADER: Final = 4096
_EVTX_CHUNK: Final = 65536
_GZIP_MAGIC: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_BOM: Final = b"\xef\xbb\xbf"


def read_events(path: Path) -> Iterator[Event | BadRecord]:
    """Yield what `path` holds, in file order; the number of a JSON line is its line number.

    The kind of file follows from its content. Raises `UnreadableFile`, at the call or while reading, when nothing can
    be made of the file or when it grows beyond its limits.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as error:
        raise UnreadableFile(
            f"Het bestand {path.name} kan niet worden geopend ({error.strerror}). "
            "Controleer of het bestaat en of u het mag lezen."
        ) from error
    if not head:
        raise UnreadableFile(f"Het bestand {path.name} is leeg. Exporteer het logboek opnieuw.")
    if head.startswith(_EVTX_MAGIC):
        return _patiently(_read_evtx(path), path)
    if path.suffix.lower() == ".evtx":
        raise UnreadableFile(
            f"Het bestand {path.name} heet .evtx, maar is geen Windows-logboek. "
            "Exporteer het logboek opnieuw met Logboeken (Event Viewer) of wevtutil."
        )
    return _read_json(path, packed=head.startswith(_GZIP_MAGIC))


def _read_evtx(path: Path) -> Iterator[Event | BadRecord]:
    try:
        records = PyEvtxParser(str(path), number_of_threads=1).records_json()
    except BaseException as error:
        _reraise_unless_parser(error)
        raise UnreadableFile(
            f"De kop van Windows-logboek {path.name} is beschadigd. Kopieer of exporteer het logboek opnieuw."
        ) from error
    number, broken_in_a_row = 0, 0
    while broken_in_a_row < PATIENCE:
        number += 1
        try:
            record: Any = next(records)
            raw = orjson.loads(record["data"])
        except StopIteration:
            break
        except BaseException as error:
            _reraise_unless_parser(error)
            broken_in_a_row += 1
            yield BadRecord(number, "Deze gebeurtenis is beschadigd en kan niet worden gelezen.")
            continue
        broken_in_a_row = 0
        yield event_from_record(number, raw)
    if broken_in_a_row == PATIENCE:
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


def _read_json(path: Path, *, packed: bool) -> Iterator[Event | BadRecord]:
    with _open(path, packed=packed) as stream:
        head = _peek(stream, path)
        if head.startswith(_EVTX_MAGIC):
            raise UnreadableFile(f"Het bestand {path.name} is een ingepakt Windows-logboek. Pak het eerst uit.")
        if head.startswith(_UTF16):
            raise UnreadableFile(f"Het bestand {path.name} is opgeslagen als UTF-16. Sla het op als UTF-8.")
        if b"\x00" in head:
            raise UnreadableFile(
                f"Het bestand {path.name} is geen bekend logbestand. Lever een .evtx-bestand of JSON-regels aan."
            )
        start = head.removeprefix(_UTF8_BOM).lstrip()
        records = _json_array(stream, path) if start.startswith(b"[") else _json_lines(stream, path)
        yield from _patiently(records, path)


def _open(path: Path, *, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if packed else path.open("rb")


def _peek(stream: IO[bytes], path: Path) -> bytes:
    try:
        head = stream.read(4096)
        stream.seek(0)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(
            f"Het ingepakte bestand {path.name} is beschadigd en kan niet worden uitgepakt. Pak het opnieuw in."
        ) from error
    return head


def _json_lines(stream: IO[bytes], path: Path) -> Iterator[Event | BadRecord]:
    number, size = 0, 0
    while True:
        number += 1
        try:
            line = stream.readline(MAX_LINE + 1)
            size += len(line)
            too_long = len(line) > MAX_LINE
            while too_long and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE)
                size += len(line)
                _check_size(size, path)
                if not line:
                    break
        except (OSError, EOFError, zlib.error):
            yield BadRecord(number, "Het ingepakte bestand is afgekapt of beschadigd: wat hierna kwam, ontbreekt.")
            return
        _check_size(size, path)
        if too_long:
            yield BadRecord(number, f"Deze regel is langer dan {MAX_LINE // 1024 // 1024} MB en is overgeslagen.")
        elif not line:
            return
        elif stripped := line.removeprefix(_UTF8_BOM).strip():
            yield _parse_line(number, stripped)


def _check_size(size: int, path: Path) -> None:
    if size > MAX_UNPACKED:
        raise UnreadableFile(
            f"Het bestand {path.name} is uitgepakt groter dan {MAX_UNPACKED // 1024**3} GB. Lever het in delen aan."
        )


def _parse_line(number: int, line: bytes) -> Event | BadRecord:
    try:
        raw = orjson.loads(line)
    except (orjson.JSONDecodeError, RecursionError):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return BadRecord(number, "Deze regel is geen UTF-8-tekst. Sla het bestand op als UTF-8.")
        return BadRecord(number, "Deze regel is geen geldige JSON. Iedere regel moet één compleet JSON-object zijn.")
    return _event_or_bad(number, raw)


def _json_array(stream: IO[bytes], path: Path) -> Iterator[Event | BadRecord]:
    try:
        content = stream.read(MAX_ARRAY + 1)
        if len(content) > MAX_ARRAY:
            raise UnreadableFile(
                f"De JSON-lijst in {path.name} is groter dan {MAX_ARRAY // 1024**2} MB. Lever het aan als JSON-regels."
            )
        items = orjson.loads(content.removeprefix(_UTF8_BOM))
    except (OSError, EOFError, zlib.error, orjson.JSONDecodeError, RecursionError) as error:
        raise UnreadableFile(
            f"De JSON-lijst in {path.name} is niet compleet of niet geldig. Exporteer het logboek opnieuw."
        ) from error
    for number, item in enumerate(items, start=1):
        yield _event_or_bad(number, item)


def _event_or_bad(number: int, raw: Any) -> Event | BadRecord:
    if isinstance(raw, dict):
        return event_from_record(number, raw)
    return BadRecord(number, "Dit is geen JSON-object met velden.")


def _patiently(records: Iterator[Event | BadRecord], path: Path) -> Iterator[Event | BadRecord]:
    """Hold back bad records until the first good one, so that a file without any good one is refused as a whole."""
    held: list[BadRecord] = []
    for record in records:
        if isinstance(record, Event):
            yield from held
            yield record
            yield from records
            return
        held.append(record)
        if len(held) >= PATIENCE:
            break
    first = f" Record {held[0].number}: {held[0].reason}" if held else ""
    raise UnreadableFile(f"In het bestand {path.name} staat geen enkele leesbare gebeurtenis.{first}")
