"""Starting the process of a search, following it, and ending it in time."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from brandwacht.soc.store import results
from brandwacht.soc.store.results import DONE, FAILED, STOPPED, Standing

SOURCE: Final = Path(__file__).resolve().parents[3]
"""The folder that the package is in."""
START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); from brandwacht.soc.cell.main import main; main()"
)  # fmt: skip
LIMITS: Final = {"memory": 2 << 30, "cpu": 60, "wall": 120, "files": 256}
"""Bytes of address space, seconds of processor and of time, files open at once."""
MEMORY: Final = "384MB"
"""What DuckDB may use for a query."""
ANSWER: Final = 48 * 1024 * 1024
"""Bytes of answer that are taken from the process; beyond that it is ended."""
LATE: Final = 10
"""Seconds after which a process that should have ended itself is ended."""
TELL_SECONDS: Final = 0.4


def follow(folder: Path, task: Mapping[str, Any], *, limits: Mapping[str, int] = LIMITS) -> Standing:
    """Run a search and write its rows and how far it is into ``folder``; returns how it ended.

    ``task`` is what ``cell.searching.Task`` holds. The process gets nothing of this one's environment.
    """
    standing = Standing(total=len(task["files"]), step=task["step"], at=time.time())
    results.note(folder, standing)
    given = orjson.dumps({**task, "limits": dict(limits), "memory": MEMORY})
    with (
        subprocess.Popen(
            [sys.executable, "-I", "-c", START, str(SOURCE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        ) as process,
        results.rows_file(folder).open("wb") as rows,
    ):
        try:
            _listen(process, given, _Notes(folder, standing, rows), limits["wall"] + LATE)
        finally:
            process.kill()
            process.wait()
    if not task["sql"]:
        results.newest_on_top(folder)
    if standing.state == results.RUNNING:
        standing.state = FAILED
        standing.error = standing.error or ["grens", ""]
    standing.at = time.time()
    results.note(folder, standing)
    return standing


class _Notes:
    """What the process told, as it is written down."""

    def __init__(self, folder: Path, standing: Standing, rows: BinaryIO) -> None:
        self.folder = folder
        self.standing = standing
        self.rows = rows
        self.told = time.monotonic()

    def take(self, line: bytes) -> None:
        """One message."""
        message = orjson.loads(line)
        standing = self.standing
        match message["k"]:
            case "row":
                self.rows.write(orjson.dumps(message["row"]) + b"\n")
                standing.rows += 1
            case "columns":
                standing.columns = message["columns"]
            case "counts":
                for owner, bar, count in message["counts"]:
                    results.counted(standing.owners, str(owner), count)
                    results.counted(standing.bars, str(bar), count)
            case "state":
                standing.done, standing.found = message["done"], message["found"]
            case "bad":
                standing.damaged.append(message["file"])
            case "error":
                standing.state, standing.error = FAILED, [message["kind"], message["message"]]
            case "end":
                standing.state, standing.full = DONE, message["full"]

    def tell(self) -> None:
        """Write down how far it is, now and then."""
        if time.monotonic() - self.told > TELL_SECONDS:
            self.told = time.monotonic()
            self.standing.at = time.time()
            self.rows.flush()
            results.note(self.folder, self.standing)


def _listen(process: subprocess.Popen[bytes], given: bytes, notes: _Notes, wall: float) -> None:
    """Give the task and take what the process tells, until it ends, is asked to stop, or goes beyond a limit."""
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(given)
        process.stdin.close()
    except BrokenPipeError:
        return
    out = process.stdout.fileno()
    rest, size, began = b"", 0, time.monotonic()
    while True:
        if results.is_asked_to_stop(notes.folder):
            notes.standing.state = STOPPED
            return
        if time.monotonic() - began > wall or size > ANSWER:
            notes.standing.error = ["grens", ""]
            return
        notes.tell()
        ready, _w, _x = select.select([out], [], [], 0.2)
        if not ready:
            continue
        piece = os.read(out, 1 << 18)
        if not piece:
            return
        size += len(piece)
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            notes.take(line)


Runner = Callable[[Path, Mapping[str, Any]], Standing]


def newest_first(files: Sequence[tuple[str, Path]]) -> list[tuple[str, str]]:
    """Files with their day, the latest day first, as a task has them."""
    return [(day, str(path)) for day, path in sorted(files, key=lambda pair: pair[0], reverse=True)]
