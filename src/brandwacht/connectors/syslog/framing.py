"""Where one message ends and the next begins, in a stream of bytes that a stranger chooses.

RFC 6587: either the length in digits and a blank stands before each message (3.4.1), or a newline ends it (3.4.2). Both
may come in one stream; a digit at the beginning of a message tells which.
"""

from __future__ import annotations

from typing import Final

from brandwacht.soc.spool import Payload

MAX_MESSAGE: Final = 64 * 1024
"""Bytes of one message; of a longer one the beginning is kept, marked as cut."""
KEPT: Final = 2000
_DIGITS: Final = 10


class Splitter:
    """Takes pieces of a stream and gives whole messages; never holds more than one message and a piece."""

    def __init__(self, most: int = MAX_MESSAGE) -> None:
        self._most = most
        self._rest = b""
        self._beyond: int | None = None
        """Bytes still to pass over of a message that is too long; -1: up to the next newline."""

    @property
    def waits(self) -> bool:
        """Whether a message has begun that is not complete."""
        return bool(self._rest) or self._beyond is not None

    def feed(self, piece: bytes) -> list[Payload]:
        """The messages that are complete with this piece, in order."""
        found: list[Payload] = []
        data = self._rest + piece
        at = 0
        while at < len(data):
            if self._beyond is not None:
                at = self._pass_over(data, at)
                continue
            start = data[at : at + 1]
            if start in (b"\n", b"\r", b"\x00"):
                at += 1
                continue
            after = self._counted(data, at, found) if start.isdigit() else self._line(data, at, found)
            if after is None:
                break
            at = after
        self._rest = data[at:]
        return found

    def end(self) -> list[Payload]:
        """The last message, when the stream ended without a newline after it."""
        rest, self._rest, self._beyond = self._rest, b"", None
        return [Payload(rest)] if rest.strip() and not rest[:1].isdigit() else []

    def _counted(self, data: bytes, at: int, found: list[Payload]) -> int | None:
        blank = data.find(b" ", at, at + _DIGITS + 1)
        if blank < 0:
            # Ten digits without a blank are no length; fewer may go on in the next piece.
            digits = data[at : at + _DIGITS + 1]
            return None if digits.isdigit() and len(digits) <= _DIGITS else self._line(data, at, found)
        if not data[at:blank].isdigit():
            return self._line(data, at, found)
        size, begin = int(data[at:blank]), blank + 1
        if size > self._most:
            found.append(Payload(data[begin : begin + min(size, KEPT)], cut=True))
            self._beyond = size
            return begin
        if len(data) - begin < size:
            return None
        if size:
            found.append(Payload(data[begin : begin + size]))
        return begin + size

    def _line(self, data: bytes, at: int, found: list[Payload]) -> int | None:
        end = data.find(b"\n", at)
        size = (len(data) if end < 0 else end) - at
        if size > self._most:
            found.append(Payload(data[at : at + KEPT], cut=True))
            self._beyond = -1
            return at
        if end < 0:
            return None
        found.append(Payload(data[at:end].rstrip(b"\r\x00")))
        return end + 1

    def _pass_over(self, data: bytes, at: int) -> int:
        assert self._beyond is not None  # noqa: S101 - tells the type checker
        if self._beyond < 0:
            end = data.find(b"\n", at)
            if end < 0:
                return len(data)
            self._beyond = None
            return end + 1
        step = min(self._beyond, len(data) - at)
        self._beyond = self._beyond - step or None
        return at + step
