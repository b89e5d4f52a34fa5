"""A logo: what another tool makes comes through dot by dot, what is more than a picture does not."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from brandwacht.network.errors import Refused
from brandwacht.network.png import MAX_BYTES, SIGNATURE, clean_png

PASSES = ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk with its check."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*, head: bytes = b"", body: bytes | None = None, extra: bytes = b"", tail: bytes = b"") -> bytes:
    """A grey picture of 20 by 20 dots, or something that claims to be one."""
    head = head or struct.pack(">IIBBBBB", 20, 20, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\x00" + bytes(range(20)) for _row in range(20))) if body is None else body
    return SIGNATURE + chunk(b"IHDR", head) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"") + tail


def saved(image: Image.Image, **more: object) -> bytes:
    """A picture as Pillow writes it."""
    out = io.BytesIO()
    image.save(out, "PNG", **more)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_picture_stays_the_same(mode: str) -> None:
    image = Image.linear_gradient("L").resize((37, 21)).convert("RGB" if mode == "P" else "L")
    image = image.quantize(7) if mode == "P" else image.convert(mode)
    content = saved(image, **({"transparency": 3} if mode == "P" else {}))
    clean = clean_png(content)
    before, after = (Image.open(io.BytesIO(each)).convert("RGBA").tobytes() for each in (content, clean))
    assert before == after
    assert clean_png(clean) == clean


def test_an_interlaced_picture_too() -> None:
    dots = [[(7 * x + 3 * y) % 256 for x in range(19)] for y in range(17)]
    body = b"".join(
        b"\x00" + bytes(row[left::across])
        for left, across, top, down in PASSES
        for row in dots[top::down]
        if row[left::across]
    )
    clean = clean_png(png(head=struct.pack(">IIBBBBB", 19, 17, 8, 0, 0, 0, 1), body=zlib.compress(body)))
    image = Image.open(io.BytesIO(clean))
    assert list(image.tobytes()) == [dot for row in dots for dot in row]


def test_only_the_picture_stays() -> None:
    info = PngInfo()
    info.add_text("Author", "geheim-woord", zip=False)
    image = Image.new("RGB", (20, 20), "red")
    content = saved(image, pnginfo=info, icc_profile=b"geheim-woord" * 20, dpi=(300, 300))
    clean = clean_png(content)
    kinds = [
        clean[at : at + 4] for at in range(len(clean)) if clean[at : at + 4] in (b"tEXt", b"iCCP", b"pHYs", b"iTXt")
    ]
    assert (b"geheim-woord" in content, b"geheim-woord" in clean, kinds) == (True, False, [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b"\xff\xd8\xff\xe0 JPEG", "geen PNG"),
        (b"", "geen PNG"),
        (SIGNATURE, "beschadigd"),
        (png() + b"<script>", "nog iets anders"),
        (png(tail=chunk(b"IDAT", b"x")), "nog iets anders"),
        (png(head=struct.pack(">IIBBBBB", 5000, 5000, 8, 0, 0, 0, 0)), "5000 bij 5000"),
        (png(head=struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)), "8 bij 8"),
        (png(head=struct.pack(">IIBBBBB", 20, 20, 3, 0, 0, 0, 0)), "beschadigd"),
        (png(body=zlib.compress(b"\x00" * 50_000_000)), "beschadigd"),
        (png(body=zlib.compress(b"\x00" * 419)), "beschadigd"),
        (png(body=zlib.compress(b"\x09" + b"\x00" * 419)), "beschadigd"),
        (png(body=zlib.compress(b"\x00" * 420) + b"meer"), "beschadigd"),
        (png(body=b"geen zlib"), "beschadigd"),
        (png(extra=chunk(b"ABCD", b"onbekend")), "beschadigd"),
        (png(extra=chunk(b"PLTE", b"\x00" * 3)), "beschadigd"),
        (png()[:-1], "beschadigd"),
        (png().replace(b"IDAT", b"IDAX", 1), "beschadigd"),
        (SIGNATURE + chunk(b"IDAT", b"x") + chunk(b"IEND", b""), "beschadigd"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * (MAX_BYTES + 1), "500 kB"),
    ],
)  # fmt: skip
def test_what_is_no_plain_picture_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        clean_png(content)
    assert refused.value.field == "logo"


@settings(deadline=None)
@given(st.data())
def test_a_damaged_picture_is_a_picture_or_refused(data: st.DataObject) -> None:
    content = bytearray(png())
    for _hit in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content += data.draw(st.binary(max_size=3))
    try:
        clean = clean_png(bytes(content))
    except Refused:
        return
    Image.open(io.BytesIO(clean)).load()
