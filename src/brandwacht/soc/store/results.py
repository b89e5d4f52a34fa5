"""The result of a search in the data folder: how far it is, and the rows, while it runs and for some days after."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from django.conf import settings

KEPT: Final = timedelta(days=7)
"""Results hold events of people; they stay no longer than this."""
SILENT: Final = timedelta(seconds=30)
"""A search that has given no sign of life for so long is no longer running."""
RUNNING, DONE, STOPPED, FAILED = "bezig", "klaar", "gestopt", "mislukt"


@dataclass(slots=True)
class Standing:
    """How far a search is. ``bars`` and ``owners`` count what was found per bar of the timeline and organisation.

    A bar is the number of steps of ``step`` seconds since 1970. ``error`` is why it failed: a kind and a text.
    """

    state: str = RUNNING
    done: int = 0
    total: int = 0
    found: int = 0
    rows: int = 0
    full: bool = False
    step: int = 3600
    columns: list[str] = field(default_factory=list)
    bars: dict[str, int] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    error: list[str] = field(default_factory=list)
    at: float = 0.0

    def is_silent(self, now: datetime) -> bool:
        """Whether it should be running but gives no sign of life."""
        return self.state == RUNNING and now.timestamp() - self.at > SILENT.total_seconds()


def home() -> Path:
    """The folder of all results."""
    return Path(settings.DATA) / "hunts"


def folder_of(public_id: UUID) -> Path:
    """The folder of one search."""
    return home() / str(public_id)


def rows_file(folder: Path) -> Path:
    """The rows of a result: a JSON list per line."""
    return folder / "rows.jsonl"


def note(folder: Path, standing: Standing) -> None:
    """Write how far a search is, in one step."""
    temporary = folder / f".{uuid4().hex}"
    temporary.write_bytes(orjson.dumps(asdict(standing)))
    temporary.replace(folder / "state.json")


def standing_of(public_id: UUID) -> Standing | None:
    """How far a search is; ``None`` when nothing is left of it."""
    try:
        return Standing(**orjson.loads((folder_of(public_id) / "state.json").read_bytes()))
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None


def rows_of(public_id: UUID, start: int = 0, stop: int | None = None) -> Iterator[list[Any]]:
    """The rows of a result from number ``start`` (from 0) up to but not with ``stop``; nothing when they are gone."""
    try:
        with rows_file(folder_of(public_id)).open("rb") as stream:
            for line in islice(stream, start, stop):
                if line.endswith(b"\n"):  # the last line may be on its way
                    yield orjson.loads(line)
    except FileNotFoundError:
        return


def newest_on_top(folder: Path) -> None:
    """Sort the rows of a result by their first value, a moment, from late to early: chunks of a day came apart."""
    path = rows_file(folder)
    lines = path.read_bytes().splitlines(keepends=True)
    moments = [orjson.loads(line)[0] or "" for line in lines]
    order = sorted(range(len(lines)), key=lambda number: moments[number], reverse=True)
    temporary = folder / f".{uuid4().hex}"
    temporary.write_bytes(b"".join(lines[number] for number in order))
    temporary.replace(path)


def ask_to_stop(public_id: UUID) -> None:
    """Let the one that follows a search end it."""
    folder = folder_of(public_id)
    if folder.is_dir():
        (folder / "stop").touch()


def is_asked_to_stop(folder: Path) -> bool:
    """Whether somebody asked for the end of a search."""
    return (folder / "stop").exists()


def running_now(now: datetime) -> int:
    """How many searches run on this installation."""
    try:
        names = os.listdir(home())
    except FileNotFoundError:
        return 0
    found = (standing_of(UUID(name)) for name in names if _is_id(name))
    return sum(1 for s in found if s is not None and s.state == RUNNING and not s.is_silent(now))


def forget(public_id: UUID) -> None:
    """Remove a result."""
    shutil.rmtree(folder_of(public_id), ignore_errors=True)


def forget_old(now: datetime) -> int:
    """Remove the results that are past ``KEPT``; returns how many."""
    gone = 0
    for path in list(home().iterdir()) if home().is_dir() else []:
        if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > KEPT:
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    return gone


def counted(into: dict[str, int], key: str, count: int) -> None:
    """Add to a count by name."""
    into[key] = into.get(key, 0) + count


def _is_id(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True
