"""Frames: one received batch as bytes.

    magic   4 bytes, "BWF1"
    length  4 bytes, of the body
    check   4 bytes, CRC-32 of all that follows
    moment  8 bytes, when it was received: microseconds since 1970
    count   4 bytes, payloads in it
    body    per payload an identity (8 bytes, 0 for none), per payload a length (4 bytes, the highest bit for a payload
            that was cut), and the payloads themselves

All numbers are little-endian and unsigned.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Final, NamedTuple

MAGIC: Final = b"BWF1"
HEAD: Final = struct.Struct("<4sII")
REST: Final = struct.Struct("<QI")
MAX_BODY: Final = 256 * 1024 * 1024
"""No frame is larger: a length beyond it is damage."""
MAX_COUNT: Final = 1_000_000
CUT: Final = 1 << 31


class Payload(NamedTuple):
    """One event as it was received. ``identity`` is 0 where its source gives none; ``cut``: it was too long."""

    data: bytes
    identity: int = 0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """A batch: when it was received (microseconds since 1970), and its payloads."""

    moment: int
    payloads: Sequence[Payload]

    def pack(self) -> bytes:
        """The frame as it stands in a segment."""
        count = len(self.payloads)
        identities = struct.pack(f"<{count}Q", *(payload.identity for payload in self.payloads))
        lengths = struct.pack(f"<{count}I", *(len(p.data) | (CUT if p.cut else 0) for p in self.payloads))
        body = b"".join((identities, lengths, *(payload.data for payload in self.payloads)))
        if len(body) > MAX_BODY or count > MAX_COUNT:
            raise ValueError(f"A frame of {len(body)} bytes and {count} payloads is larger than a spool takes.")
        rest = REST.pack(self.moment, count)
        return b"".join((HEAD.pack(MAGIC, len(body), zlib.crc32(body, zlib.crc32(rest))), rest, body))


@dataclass(frozen=True, slots=True)
class Damage:
    """From ``start`` to ``end`` (bytes) a segment holds no whole frame."""

    start: int
    end: int


class Torn(Exception):
    """The bytes at ``offset`` are no whole frame; ``short`` when there are simply too few of them."""

    def __init__(self, offset: int, *, short: bool) -> None:
        super().__init__(f"no whole frame at byte {offset}")
        self.offset = offset
        self.short = short


def identity(*parts: bytes) -> int:
    """A number for what makes a payload the same as an earlier one; never 0.

    64 bits: among the half million that are remembered a wrong "seen before" has a chance of one in 10^13 per event.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        digest.update(len(part).to_bytes(4, "little"))
        digest.update(part)
    return int.from_bytes(digest.digest(), "little") or 1


def frames_in(stream: IO[bytes], offset: int) -> Iterator[tuple[Frame, int]]:
    """The whole frames from ``offset`` on, each with the offset after it; raises ``Torn`` where no whole one follows.

    Ends without an error when the stream ends exactly after a frame.
    """
    stream.seek(offset)
    while head := stream.read(HEAD.size):
        if len(head) < HEAD.size:
            raise Torn(offset, short=True)
        magic, length, check = HEAD.unpack(head)
        if magic != MAGIC or length > MAX_BODY:
            raise Torn(offset, short=False)
        data = stream.read(REST.size + length)
        if len(data) < REST.size + length:
            raise Torn(offset, short=True)
        if zlib.crc32(data) != check:
            raise Torn(offset, short=False)
        frame = _unpack(data, offset)
        offset += HEAD.size + len(data)
        yield frame, offset


def _unpack(data: bytes, offset: int) -> Frame:
    moment, count = REST.unpack_from(data)
    begin = REST.size + 12 * count
    if count > MAX_COUNT or begin > len(data):
        raise Torn(offset, short=False)
    identities = struct.unpack_from(f"<{count}Q", data, REST.size)
    lengths = struct.unpack_from(f"<{count}I", data, REST.size + 8 * count)
    payloads = []
    for each, marked in zip(identities, lengths, strict=True):
        end = begin + (marked & ~CUT)
        payloads.append(Payload(data[begin:end], each, bool(marked & CUT)))
        begin = end
    if begin != len(data):
        raise Torn(offset, short=False)
    return Frame(moment, payloads)


def next_frame(stream: IO[bytes], offset: int) -> int | None:
    """The offset of the first whole frame after ``offset``, or ``None``: what lies between is damage."""
    step, keep = 1 << 20, len(MAGIC) - 1
    at = offset + 1
    while True:
        stream.seek(at)
        piece = stream.read(step)
        found = piece.find(MAGIC)
        if found >= 0:
            try:
                next(frames_in(stream, at + found))
            except (Torn, StopIteration):
                at += found + 1
                continue
            return at + found
        if len(piece) < step:
            return None
        at += len(piece) - keep
