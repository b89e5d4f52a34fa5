"""The door for received logs: into the spool of their source, or refused with a reason; never dropped in silence."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from brandwacht.soc.models import LogSource
from brandwacht.soc.spool import Frame, Payload, SpoolFailed, Writer, size_of

LOOK_EVERY: Final = 1.0
"""Seconds between two looks at how full it is."""
WAIT: Final = 30
"""Seconds after which a sender that was refused should try again."""


class Full(Exception):
    """Nothing is taken now; the message (Dutch) says why. The sender keeps what it has and tries again."""


@dataclass(slots=True)
class _Room:
    """How full a spool was: when that was seen (seconds, monotonic), and why it takes nothing ("" if it does)."""

    looked: float
    reason: str


class Intake:
    """The spools of one process: a writer per source, made when it is first needed. For any number of threads."""

    def __init__(self, make: Callable[[Path], Writer] = Writer, monotonic: Callable[[], float] = monotonic) -> None:
        self._make, self._monotonic = make, monotonic
        self._lock = threading.Lock()
        self._writers: dict[Path, Writer] = {}
        self._rooms: dict[Path, _Room] = {}

    def take(self, source: LogSource, payloads: Sequence[Payload], received_at: datetime) -> None:
        """Keep payloads; returns when they are on the disk. Raises ``Full`` when they are not, and then none is."""
        self.require_room(source)
        if not payloads:
            return
        try:
            self._writer(source).append(Frame(int(received_at.timestamp() * 1_000_000), payloads))
        except SpoolFailed as error:
            self._rooms.pop(spool_of(source), None)
            raise Full(disk_full() if error.full else _("De schijf van Brandwacht geeft fouten.")) from error

    def require_room(self, source: LogSource) -> None:
        """Raise ``Full`` when the source has too much waiting or the disk is nearly full."""
        now = self._monotonic()
        room = self._rooms.get(spool_of(source))
        if room is None or not 0 <= now - room.looked < LOOK_EVERY:
            room = self._rooms[spool_of(source)] = _Room(now, why_full(source))
        if room.reason:
            raise Full(room.reason)

    def close(self) -> None:
        """Let go of every segment."""
        with self._lock:
            for writer in self._writers.values():
                writer.close()
            self._writers.clear()

    def forget(self, source: LogSource) -> None:
        """Let go of the segment of a source that ended."""
        with self._lock:
            writer = self._writers.pop(spool_of(source), None)
        if writer is not None:
            writer.close()

    def _writer(self, source: LogSource) -> Writer:
        with self._lock:
            folder = spool_of(source)
            writer = self._writers.get(folder)
            if writer is None:
                writer = self._writers[folder] = self._make(folder)
            return writer


def spools() -> Path:
    """The folder of all spools."""
    return Path(settings.DATA) / "spool"


def spool_of(source: LogSource) -> Path:
    """The folder of a source's spool."""
    return spools() / str(source.public_id)


def free_space() -> int:
    """Bytes that received logs may still take of the disk."""
    folder = Path(settings.DATA)
    return max(0, shutil.disk_usage(folder).free - int(settings.DISK_RESERVE))


def why_full(source: LogSource) -> str:
    """Why nothing of this source is taken now, in Dutch; "" when it is."""
    if not free_space():
        return disk_full()
    if size_of(spool_of(source)) >= settings.SPOOL_LIMIT:
        return _("Er wacht te veel van deze bron op verwerking. Probeer het later opnieuw.")
    return ""


def disk_full() -> str:
    """What a sender is told when the disk is (nearly) full."""
    return _("De schijf van Brandwacht is bijna vol. Bewaar de logs en probeer het later opnieuw.")
