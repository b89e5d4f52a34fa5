"""Writing to the spool: nothing is acknowledged before it is on the disk.

Threads that append at the same moment share one write and one ``fdatasync`` (a group commit): the first of them does it
for all that came meanwhile.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Final

from brandwacht.soc.spool.frames import Frame

SUFFIX: Final = ".seg"
MAX_SIZE: Final = 64 * 1024 * 1024
MAX_AGE: Final = 3600.0
"""A segment takes no more frames once it has this many bytes, or seconds."""


class SpoolFailed(Exception):
    """The disk did not take it: nothing of this batch was kept. ``full``: there is no room."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.full = error.errno in {28, 122}  # ENOSPC, EDQUOT


@dataclass(eq=False, slots=True)
class _Waiting:
    data: bytes
    done: bool = False
    error: SpoolFailed | None = None


class Writer:
    """Appends frames to segments in one folder; one per process and source, for any number of threads.

    ``write`` and ``sync`` do what ``os.write`` and ``os.fdatasync`` do: a test may let them fail.
    """

    def __init__(
        self,
        folder: Path,
        *,
        max_size: int = MAX_SIZE,
        max_age: float = MAX_AGE,
        write: Callable[[int, memoryview], int] = os.write,
        sync: Callable[[int], None] = os.fdatasync,
    ) -> None:
        self.folder = folder
        self._max_size, self._max_age = max_size, max_age
        self._write, self._sync = write, sync
        self._turn = threading.Condition()
        self._queue: list[_Waiting] = []
        self._busy = False
        self._file: int | None = None
        self._path = folder
        self._size = 0
        self._born = 0.0

    def append(self, frame: Frame) -> None:
        """Keep a frame; returns when it is on the disk. Raises ``SpoolFailed``, and then nothing of it is kept."""
        mine = _Waiting(frame.pack())
        with self._turn:
            self._queue.append(mine)
            while self._busy and not mine.done:
                self._turn.wait()
            if not mine.done:
                self._busy = True
                group, self._queue = self._queue, []
        if not mine.done:
            self._commit(group)
        if mine.error is not None:
            raise mine.error

    def close(self) -> None:
        """Let go of the segment, so that a reader takes it for finished."""
        with self._turn:
            while self._busy:
                self._turn.wait()
            self._abandon()

    def _commit(self, group: list[_Waiting]) -> None:
        error: SpoolFailed | None = None
        try:
            self._put(b"".join(each.data for each in group))
        except OSError as failure:
            error = SpoolFailed(failure)
        finally:
            with self._turn:
                for each in group:
                    each.done, each.error = True, error
                self._busy = False
                self._turn.notify_all()

    def _put(self, data: bytes) -> None:
        file = self._segment()
        try:
            view = memoryview(data)
            while view:
                view = view[self._write(file, view) :]
            self._sync(file)
        except OSError:
            self._take_back()
            raise
        self._size += len(data)

    def _segment(self) -> int:
        old = self._size >= self._max_size or monotonic() - self._born >= self._max_age
        if self._file is not None and old and self._size:
            self._abandon()
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            last = max((_number(path) for path in self.folder.glob(f"*{SUFFIX}")), default=0)
            self._path = self.folder / f"{last + 1:012d}-{uuid.uuid4().hex[:12]}{SUFFIX}"
            self._file = _locked(self._path)
            self._size, self._born = 0, monotonic()
            _sync_folder(self.folder)
        return self._file

    def _take_back(self) -> None:
        """Cut off what was half written, and go on in another segment: a reader may have seen some of it already.

        When even cutting fails, the reader finds the segment torn.
        """
        assert self._file is not None  # noqa: S101 - tells the type checker
        with contextlib.suppress(OSError):
            os.ftruncate(self._file, self._size)
            if not self._size:
                self._path.unlink()
        self._abandon()

    def _abandon(self) -> None:
        if self._file is not None:
            os.close(self._file)  # the lock goes with it
            self._file = None


def _number(path: Path) -> int:
    digits = path.name.partition("-")[0]
    return int(digits) if digits.isdecimal() else 0


def _locked(path: Path) -> int:
    """A new segment, open and locked. It gets its name last: a reader must never find it without its lock."""
    unnamed = path.with_suffix(".new")
    file = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        unnamed.rename(path)
    except OSError:
        os.close(file)
        unnamed.unlink(missing_ok=True)
        raise
    return file


def _sync_folder(folder: Path) -> None:
    """Without this a new file may be gone after a power cut, though what is in it was synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
