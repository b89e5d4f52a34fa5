"""A picture that somebody offers (a logo): a PNG, checked to the bit, and written anew with only the picture in it.

Of a file from outside we keep the size, the palette, what is see-through, and the dots. Texts, profiles, thumbnails
and whatever stands after the end are left behind or refused (PNG specification, third edition).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.network.errors import Refused

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MAX_BYTES: Final = 500_000
SMALLEST, LARGEST = 16, 2000
"""Dots, in width and in height."""
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""The bits per sample that go with each colour type."""
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES: Final = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
"""The passes of an interlaced picture: first column and step, first row and step."""


def clean_png(content: bytes) -> bytes:
    """The same picture as a PNG of our own making. Raises ``Refused`` (field "logo") with the mend."""
    if len(content) > MAX_BYTES:
        raise _refused(_("Het logo is groter dan 500 kB. Maak de afbeelding kleiner."))
    if not content.startswith(SIGNATURE):
        raise _refused(_("Dit is geen PNG. Bewaar het logo als PNG; een SVG of JPEG nemen wij niet aan."))
    header, palette, clear, packed = _parts(content)
    if len(header) != 13:
        raise _broken()
    width, height, depth, colour, packing, filtering, interlaced = struct.unpack(">IIBBBBB", header)
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        words = {"w": width, "h": height, "low": SMALLEST, "high": LARGEST}
        raise _refused(_("Het logo is %(w)d bij %(h)d beeldpunten. Kies van %(low)d tot en met %(high)d.") % words)
    if depth not in _DEPTHS.get(colour, ()) or packing or filtering or interlaced > 1:
        raise _broken()
    if (colour == 3) != bool(palette) and colour not in (2, 6):
        raise _broken()
    if len(palette) % 3 or len(palette) > 768 or len(clear) > 256 or (clear and colour in (4, 6)):
        raise _broken()
    dots = _unpacked(packed, list(_lines(width, height, depth * _SAMPLES[colour], interlaced)))
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"tRNS", clear), (b"IDAT", zlib.compress(dots, 9)), (b"IEND", b"")]
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts if data or kind == b"IEND")


def _parts(content: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Header, palette, transparency and packed dots, from chunks in the order that the format asks for."""
    found: dict[bytes, bytes] = {}
    packed: list[bytes] = []
    last = b""
    for kind, data in _chunks(content):
        if (kind == b"IHDR") != (not last):
            raise _broken()
        if kind == b"IDAT":
            if packed and last != b"IDAT":
                raise _broken()
            packed.append(data)
        elif kind in (b"IHDR", b"PLTE", b"tRNS"):
            if kind in found or packed:
                raise _broken()
            found[kind] = data
        elif kind != b"IEND" and not kind[0] & 0x20:  # a critical chunk that we do not know
            raise _broken()
        last = kind
    if last != b"IEND" or not packed:
        raise _broken()
    return found[b"IHDR"], found.get(b"PLTE", b""), found.get(b"tRNS", b""), b"".join(packed)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(content):
        if len(content) < at + 12:
            raise _broken()
        length = struct.unpack_from(">I", content, at)[0]
        kind, end = content[at + 4 : at + 8], at + 8 + length
        if len(content) < end + 4 or zlib.crc32(content[at + 4 : end]) != struct.unpack_from(">I", content, end)[0]:
            raise _broken()
        yield kind, content[at + 8 : end]
        at = end + 4
        if kind == b"IEND":
            if length or at != len(content):
                raise _refused(_("Achter de afbeelding staat nog iets anders in het bestand. Bewaar haar opnieuw."))
            return


def _lines(width: int, height: int, bits: int, interlaced: int) -> Iterator[tuple[int, int]]:
    """How many lines of how many bytes each pass has, the filter byte included."""
    passes = _PASSES if interlaced else ((0, 1, 0, 1),)
    for left, across, top, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            yield rows, 1 + (columns * bits + 7) // 8


def _unpacked(packed: bytes, lines: list[tuple[int, int]]) -> bytes:
    """The dots, of exactly the stated size: a small file can not unpack to a large one."""
    size = sum(rows * length for rows, length in lines)
    inflate = zlib.decompressobj()
    try:
        dots = inflate.decompress(packed, size + 1)
    except zlib.error as error:
        raise _broken() from error
    if len(dots) != size or not inflate.eof or inflate.unused_data:
        raise _broken()
    at = 0
    for rows, length in lines:
        if any(dots[at + row * length] > 4 for row in range(rows)):
            raise _broken()
        at += rows * length
    return dots


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _refused(message: str) -> Refused:
    return Refused(message, "logo")


def _broken() -> Refused:
    return _refused(
        _("Deze PNG is beschadigd of anders dan de standaard. Open hem in een tekenprogramma en bewaar opnieuw.")
    )
