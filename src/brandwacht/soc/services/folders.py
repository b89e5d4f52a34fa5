"""Following a folder: text files that grow are read on from where they were left, closed files are read whole.

A file that grows is known by device, inode and its first line, so that it may be renamed (log rotation) but is another
file once it was emptied and written anew. A packed file that begins with the first line of one that was followed is
that file after rotation: what was not read of it yet is read from there.
"""

from __future__ import annotations

import gzip
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, cast

from django.db.models import F

from brandwacht.network.actor import Actor
from brandwacht.soc.models import IngestFile, IngestState, LogSource
from brandwacht.soc.services.ingest import LOG_SUFFIXES, FileResult, Outcome, Step, read_file
from brandwacht.soc.services.rulebook import Rulebook
from brandwacht.soc.services.tails import MOST_BYTES, Taken
from brandwacht.soc.spool import Payload

MAX_LINE: Final = 1024 * 1024
HEAD: Final = 4096
"""Bytes of the first line that tell one file from another."""
QUIET: Final = 5.0
"""Seconds in which a closed file must not have changed before it is read."""
LOOK_EVERY: Final = 1.0
MOST_FILES: Final = 2000
TURNED: Final = re.compile(r"[.-]\d{1,14}$")
"""What log rotation puts behind a name."""
_WHOLE: Final = (b"ElfFile\x00", b"[", b"\x1f\x8b")
"""How a file begins that is read as a whole: a Windows log, a JSON list, a packed file."""


@dataclass(eq=False, slots=True)
class _Followed:
    """A text file that is read line by line. ``scan`` runs ahead of ``offset`` within a line that is too long."""

    path: Path
    stream: IO[bytes]
    ledger: IngestFile
    size: int = -1
    scan: int = 0
    cut: bytes = b""
    packed: bool = False


@dataclass(eq=False, slots=True)
class _Closed:
    """A file that is read as a whole once it stopped changing."""

    path: Path
    seen: tuple[int, float]
    since: float
    steps: Iterator[Step | FileResult] | None = None
    done: bool = False


@dataclass(slots=True)
class FolderTail:
    """The log files below one folder. ``rules`` gives the rules for files that are read as a whole.

    ``heard`` is called when such a file was read: it brings no payloads that anybody else would notice.
    """

    source: LogSource
    monotonic: Callable[[], float]
    clock: Callable[[], datetime]
    rules: Callable[[], Rulebook]
    heard: Callable[[], None]
    _followed: dict[tuple[int, int], _Followed] = field(default_factory=dict)
    _closed: dict[tuple[int, int], _Closed] = field(default_factory=dict)
    _looked: float = float("-inf")
    _last: _Followed | None = None

    def read(self, actor: Actor, limit: int) -> Taken | None:
        """See ``Tail``."""
        if self.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = self.monotonic()
            self._look(actor)
        for each in list(self._followed.values()):
            if taken := self._lines(each, limit, actor.now):
                self._last = each
                return taken
        for closed in self._closed.values():
            if self._whole(closed, actor):
                break
        return None

    def accounted(self, ledger: IngestFile, taken: Taken) -> None:
        """See ``Tail``."""
        if self._last is not None:
            self._last.ledger, self._last.cut = ledger, b""
            self._last.scan = taken.offset

    def rewind(self) -> None:
        """See ``Tail``."""
        self.close()
        self._followed.clear()
        self._closed.clear()
        self._looked = float("-inf")

    def tidy(self, now: datetime) -> None:
        """Forget files that are gone, and packed ones that were read to the end."""
        for key, each in list(self._followed.items()):
            gone = each.packed or os.fstat(each.stream.fileno()).st_nlink == 0
            if gone and each.scan == each.size:
                each.stream.close()
                del self._followed[key]

    def close(self) -> None:
        """See ``Tail``."""
        for each in self._followed.values():
            each.stream.close()

    def _look(self, actor: Actor) -> None:
        folder = Path(self.source.folder)
        for path, facts in _log_files(folder):
            key = (facts.st_dev, facts.st_ino)
            if key in self._followed:
                self._look_again(self._followed[key], path, facts.st_size, actor)
            elif key in self._closed:
                closed = self._closed[key]
                if closed.seen != (facts.st_size, facts.st_mtime):
                    closed.seen, closed.since = (facts.st_size, facts.st_mtime), self.monotonic()
                    closed.done, closed.steps = False, None
            elif len(self._followed) + len(self._closed) < MOST_FILES and facts.st_size:
                self._meet(key, path, facts, actor)

    def _meet(self, key: tuple[int, int], path: Path, facts: os.stat_result, actor: Actor) -> None:
        try:
            stream = path.open("rb")
        except OSError:
            return
        head = stream.read(HEAD)
        if head.startswith(_WHOLE) or path.suffix.lower() == ".evtx":
            stream.close()
            if head.startswith(b"\x1f\x8b") and (known := self._rotated(path, actor)):
                self._followed[key] = known
                return
            self._closed[key] = _Closed(path, (facts.st_size, facts.st_mtime), self.monotonic())
            return
        mark = _first_line(head)
        if mark is None:
            stream.close()  # its first line is still being written
            return
        ledger = self._ledger(path, key, mark, actor)
        self._followed[key] = _Followed(path, stream, ledger, scan=ledger.offset)

    def _look_again(self, each: _Followed, path: Path, size: int, actor: Actor) -> None:
        """A file that was renamed goes on; one that was emptied and written anew is another file."""
        each.path = path
        if each.packed or size == each.size:
            return
        each.stream.seek(0)
        mark = _first_line(each.stream.read(HEAD))
        if size < each.ledger.offset or (mark is not None and mark != each.ledger.head):
            if mark is None:
                return
            facts = os.fstat(each.stream.fileno())
            each.ledger = self._ledger(path, (facts.st_dev, facts.st_ino), mark, actor)
            each.scan, each.cut = each.ledger.offset, b""
        each.size = size

    def _ledger(self, path: Path, key: tuple[int, int], mark: str, actor: Actor) -> IngestFile:
        name = path.relative_to(self.source.folder).as_posix()
        text = f"follow:{self.source.public_id}:{key[0]}:{key[1]}:{mark}"
        row, _made = IngestFile.objects.get_or_create(
            organisation_id=self.source.organisation_id,
            sha256=sha256(text.encode()).hexdigest(),
            defaults={
                "source": self.source,
                "head": mark,
                "name": name.replace("\x00", "")[-255:],
                "size": 0,
                "started_at": actor.now,
                "seen_at": actor.now,
            },
        )
        found: IngestFile = row
        return found

    def _rotated(self, path: Path, actor: Actor) -> _Followed | None:
        """A packed file that continues one that was followed, set at the place where that was left."""
        try:
            stream = cast(IO[bytes], gzip.open(path, "rb"))  # noqa: SIM115 - followed from here on
            mark = _first_line(stream.read(HEAD))
            rows = IngestFile.objects.filter(source=self.source, head=mark or "-", state=IngestState.RUNNING)
            ledger = rows.order_by("-pk").first()
            if ledger is None:
                stream.close()
                return None
            return _Followed(path, stream, ledger, scan=ledger.offset, packed=True)
        except (OSError, EOFError, zlib.error):
            return None

    def _lines(self, each: _Followed, limit: int, now: datetime) -> Taken | None:
        if each.scan == each.size:
            return None
        try:
            each.stream.seek(each.scan)
            data = each.stream.read(MOST_BYTES)
        except (OSError, EOFError, zlib.error):
            each.size = each.scan
            return None
        number, offset = each.ledger.position, each.scan
        payloads: list[tuple[int, Payload, datetime]] = []
        begin = 0
        while len(payloads) < limit and (end := data.find(b"\n", begin)) >= 0:
            number += 1
            line = data[begin:end].rstrip(b"\r")
            if each.cut or len(line) > MAX_LINE:
                payloads.append((number, Payload((each.cut or line)[:2000], cut=True), now))
                each.cut = b""
            else:
                payloads.append((number, Payload(line), now))
            begin = end + 1
        if payloads:
            more = len(payloads) >= limit or len(data) >= MOST_BYTES
            return Taken(each.ledger, payloads, offset + begin, more)
        if len(data) > MAX_LINE:  # a line without an end: go past what there is of it, and keep how it began
            each.cut = each.cut or data[:2000]
            each.scan += len(data)
        else:
            each.size = each.scan
        return None

    def _whole(self, each: _Closed, actor: Actor) -> bool:
        """Do a step of reading a closed file; whether it did anything."""
        if each.done or self.monotonic() - each.since < QUIET:
            return False
        if each.steps is None:
            name = each.path.relative_to(self.source.folder).as_posix()
            each.steps = read_file(actor, each.path, name, self.rules(), clock=self.clock)
        step = next(each.steps, None)
        if isinstance(step, FileResult):
            each.done, each.steps = True, None
            if step.outcome is Outcome.READ:
                self.heard()
                rows = LogSource.objects.filter(pk=self.source.pk)
                rows.update(seen_at=actor.now, events=F("events") + step.events, errors=F("errors") + step.bad_records)
        return True


def _log_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """The plain log files below a folder; links are not followed, so that nothing outside it is read."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or Path(TURNED.sub("", name)).suffix.lower() not in LOG_SUFFIXES:
                continue
            path = Path(place, name)
            try:
                facts = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode):
                yield path, facts


def _first_line(head: bytes) -> str | None:
    """The hash of the first line, or of as much of it as counts; ``None`` while it is not complete."""
    line, newline, _rest = head.partition(b"\n")
    return sha256(line).hexdigest() if newline or len(head) >= HEAD else None
