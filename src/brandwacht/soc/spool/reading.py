"""Reading the spool while it is written: segments in order, frames as soon as they are whole."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from brandwacht.soc.spool.frames import Damage, Frame, Torn, frames_in, next_frame
from brandwacht.soc.spool.writing import SUFFIX


class Segment:
    """One segment as a reader follows it. ``number`` counts the payloads that were handed out, from 1."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.offset = 0
        self.number = 0
        self.finished = False
        self.damage: list[Damage] = []
        self._stream: IO[bytes] | None = None

    def frames(self) -> Iterator[tuple[Frame, int]]:
        """The whole frames that stand there now and were not handed out yet, each with the number of its first payload.

        Sets ``finished`` once the writer is gone and all was read. A torn tail of a writer that is gone is cut off: it
        was never acknowledged. Damage in the middle is noted in ``damage`` and skipped.
        """
        while not self.finished:
            gone = self._writer_is_gone()  # asked before reading: what is there by now is all there will be
            try:
                for frame, after in frames_in(self._open(), self.offset):
                    self.offset = after
                    first, self.number = self.number + 1, self.number + len(frame.payloads)
                    yield frame, first
            except Torn as torn:
                if not gone:
                    return
                self._mend(torn)
                continue
            if not gone:
                return
            self.finished = True
            self.close()

    def close(self) -> None:
        """Let go of the file; reading on opens it again."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _open(self) -> IO[bytes]:
        if self._stream is None:
            self._stream = self.path.open("rb")
        return self._stream

    def _writer_is_gone(self) -> bool:
        try:
            fcntl.flock(self._open(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(self._open(), fcntl.LOCK_UN)
        return True

    def _mend(self, torn: Torn) -> None:
        onward = next_frame(self._open(), torn.offset)
        if onward is None:
            os.truncate(self.path, torn.offset)
            return
        self.damage.append(Damage(torn.offset, onward))
        self.offset = onward


def segments(folder: Path) -> list[Path]:
    """The segments in a folder, oldest first."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except FileNotFoundError:
        return []


def size_of(folder: Path) -> int:
    """Bytes that the segments in a folder take."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIX):
                    try:
                        total += entry.stat().st_size
                    except FileNotFoundError:
                        continue  # removed meanwhile
    except FileNotFoundError:
        return 0
    return total


def remove(path: Path) -> None:
    """Remove a segment that was processed; no error when it is gone."""
    path.unlink(missing_ok=True)
