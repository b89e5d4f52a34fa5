"""Read events from a file, whichever log it is: EVTX, lines of text or JSON, JSON as a whole; packed with gzip or zstd.

Whatever a file holds, the result is events, bad records with a reason, or one `UnreadableFile` for the whole.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, cast

import orjson
import zstandard

from brandwacht.engines.detection.events import BadRecord, Event, UnreadableFile
from brandwacht.engines.detection.readers import LineReader
from brandwacht.engines.detection.readers.evtx import MAGIC as EVTX_MAGIC
from brandwacht.engines.detection.readers.evtx import read_evtx
from brandwacht.engines.detection.readers.parsing import NO_OBJECT

MAX_LINE: Final = 8 * 1024 * 1024
"""Bytes in one line."""
MAX_UNPACKED: Final = 1024 * 1024 * 1024
"""Bytes that a packed file may unpack to."""
MAX_ARRAY: Final = 32 * 1024 * 1024
"""Bytes of JSON that has to be read in one piece: in memory hostile JSON takes forty times its size."""
MAX_WINDOW: Final = 128 * 1024 * 1024
"""Bytes that a file packed with zstd may ask to keep in memory while it is unpacked."""
PATIENCE: Final = 1000
"""Bad records in a row, before the first good one, after which the file as a whole is called unreadable."""

_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_UTF16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8_BOM: Final = b"\xef\xbb\xbf"
_DAMAGED: Final = (OSError, EOFError, zlib.error, zstandard.ZstdError)
_ONE_PIECE: Final = re.compile(rb"""\[\s*(?:[\[{\]"tfn0-9-]|$)|\{\s*\r?\n|\{\s*"(?:Records|records|value)"\s*:\s*\[""")
"""How JSON begins that is not one record to a line: a list, a wrapped list, an object over more than one line."""


def read_events(path: Path, *, received_at: datetime | None = None) -> Iterator[Event | BadRecord]:
    """Yield what `path` holds, in file order; the number of an event in lines is that of its (first) line.

    The kind of file follows from its content. `received_at` (aware) gives the year and the zone to moments that lack
    them, as those of RFC 3164: the last such moment up to a day after it; when it is left out, the moment at which the
    file was last written counts. Raises `UnreadableFile`, at the call or while reading, when nothing can be made of the
    file or when it grows beyond its limits.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
        written = path.stat().st_mtime
    except OSError as error:
        raise UnreadableFile(
            f"Het bestand {path.name} kan niet worden geopend ({error.strerror}). "
            "Controleer of het bestaat en of u het mag lezen."
        ) from error
    if not head:
        raise UnreadableFile(f"Het bestand {path.name} is leeg. Exporteer het logboek opnieuw.")
    if head.startswith(EVTX_MAGIC):
        return _patiently(read_evtx(path), path)
    if path.suffix.lower() == ".evtx":
        raise UnreadableFile(
            f"Het bestand {path.name} heet .evtx, maar is geen Windows-logboek. "
            "Exporteer het logboek opnieuw met Logboeken (Event Viewer) of wevtutil."
        )
    return _read_text(path, received_at or datetime.fromtimestamp(written, tz=UTC))


def _read_text(path: Path, received_at: datetime) -> Iterator[Event | BadRecord]:
    with _open(path) as stream:
        head = _head(stream, path)
    if head.startswith(EVTX_MAGIC):
        raise UnreadableFile(f"Het bestand {path.name} is een ingepakt Windows-logboek. Pak het eerst uit.")
    encoding = _UTF16.get(head[:2], "")
    if b"\x00" in head and not encoding:
        raise UnreadableFile(
            f"Het bestand {path.name} is geen bekend logbestand. Lever een .evtx-bestand, JSON-regels of een andere "
            "bekende logvorm aan."
        )
    start = head[2:].decode(encoding, "ignore").encode() if encoding else head.removeprefix(_UTF8_BOM)
    reader = LineReader(received_at)
    items = None
    if _ONE_PIECE.match(start.lstrip()):
        with _recoded(path, encoding) as stream:
            items = _in_one_piece(stream, path, must=start.lstrip().startswith(b"["))
    if items is not None:
        yield from _patiently(_read_items(items, reader), path)
        return
    with _recoded(path, encoding) as stream:
        yield from _patiently(_lines(stream, path, reader), path)


class _Recoded(io.RawIOBase):
    """The bytes of a stream in UTF-16 as UTF-8."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._stream.read(2)
        self._decode = codecs.getincrementaldecoder(encoding)("replace").decode
        self._left = b""

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._left:
            piece = self._stream.read(65536)
            self._left = self._decode(piece, final=not piece).encode("utf-8", "replace")
            if not piece:
                break
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


def _open(path: Path) -> IO[bytes]:
    stream = path.open("rb")
    head = stream.read(4)
    stream.seek(0)
    if head.startswith(_GZIP_MAGIC):
        stream.close()
        return cast(IO[bytes], gzip.open(path, "rb"))
    if head.startswith(_ZSTD_MAGIC):
        unpacking = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
        raw = unpacking.stream_reader(stream, read_across_frames=True, closefd=True)
        return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, raw)))
    return stream


def _recoded(path: Path, encoding: str) -> IO[bytes]:
    stream = _open(path)
    return io.BufferedReader(_Recoded(stream, encoding)) if encoding else stream


def _head(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.read(4096)
    except _DAMAGED as error:
        raise UnreadableFile(
            f"Het ingepakte bestand {path.name} is beschadigd en kan niet worden uitgepakt. Pak het opnieuw in."
        ) from error


def _lines(stream: IO[bytes], path: Path, reader: LineReader) -> Iterator[Event | BadRecord]:
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
        except _DAMAGED:
            yield from reader.finish()
            yield BadRecord(number, "Het ingepakte bestand is afgekapt of beschadigd: wat hierna kwam, ontbreekt.")
            return
        _check_size(size, path)
        if too_long:
            yield from reader.put(
                BadRecord(number, f"Deze regel is langer dan {MAX_LINE // 1024 // 1024} MB en is overgeslagen.")
            )
        elif not line:
            yield from reader.finish()
            return
        elif stripped := line.removeprefix(_UTF8_BOM).strip(b"\r\n \t"):
            yield from reader.feed(number, stripped)


def _check_size(size: int, path: Path) -> None:
    if size > MAX_UNPACKED:
        raise UnreadableFile(
            f"Het bestand {path.name} is uitgepakt groter dan {MAX_UNPACKED // 1024**3} GB. Lever het in delen aan."
        )


def _in_one_piece(stream: IO[bytes], path: Path, *, must: bool) -> list[Any] | None:
    """The records of a file that is one piece of JSON; None when it is none and need not be: lines can begin so."""
    try:
        content = stream.read(MAX_ARRAY + 1)
        if len(content) > MAX_ARRAY and must:
            raise UnreadableFile(
                f"De JSON-lijst in {path.name} is groter dan {MAX_ARRAY // 1024**2} MB. Lever het aan als JSON-regels."
            )
        found = orjson.loads(content.removeprefix(_UTF8_BOM))
    except (*_DAMAGED, orjson.JSONDecodeError, RecursionError) as error:
        if not must:
            return None
        raise UnreadableFile(
            f"De JSON-lijst in {path.name} is niet compleet of niet geldig. Exporteer het logboek opnieuw."
        ) from error
    return found if isinstance(found, list) else [found]


def _read_items(items: list[Any], reader: LineReader) -> Iterator[Event | BadRecord]:
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield from reader.record(number, item)
        else:
            yield from reader.put(BadRecord(number, NO_OBJECT))


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
