"""Making many small files into few, and removing what is past its term."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq
import structlog

from brandwacht.soc.store import layout
from brandwacht.soc.store.engine import engine
from brandwacht.soc.store.layout import Manifest, Partition
from brandwacht.soc.store.reading import damaged_among

log = structlog.get_logger(__name__)

FULL: Final = 64 * 1024 * 1024
"""A file of this size is left as it is."""
GROUP: Final = 256 * 1024 * 1024
"""Bytes of small files that become one file."""
MANY: Final = 32
"""A day that is not over is merged when it has more small files than this."""
GRACE: Final = timedelta(hours=2)
"""Replaced files stay this long, for readers that have begun."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds of one organisation; ``size`` in bytes, ``damaged`` counts files that were set aside."""

    owner_code: str
    size: int = 0
    files: int = 0
    events: int = 0
    days: int = 0
    first: date | None = None
    last: date | None = None
    damaged: tuple[str, ...] = ()


def merge(partition: Partition, now: datetime) -> int:
    """Make the small files of a partition into few; returns how many files were replaced. Also clears what is old.

    Readers see the small files until the manifest is replaced, and the merged file from then on.
    """
    folder = partition.folder
    with layout.alone(folder) as ours:
        if not ours:
            return 0
        _clear(folder, now)
        small = [path for path in layout.live_files(folder) if path.stat().st_size < FULL]
        over = partition.day < now.astimezone(UTC).date() - timedelta(days=1)
        if len(small) < 2 or not (over or len(small) > MANY):
            return 0
        replaced = 0
        for group in _groups(small):
            try:
                _replace(folder, group, now)
            except (duckdb.Error, OSError) as error:
                bad = damaged_among(group)
                if not bad:
                    raise
                names = [str(path) for path in bad]
                log.warning("stored events are damaged and set aside", files=names, error=str(error)[:200])
            else:
                replaced += len(group)
        return replaced


def kept(owner_code: str) -> Kept:
    """What the store holds of an organisation. Reads the foot of every file, none of the events."""
    size = files = events = 0
    days: set[date] = set()
    damaged: list[str] = []
    for partition in layout.partitions(owner_code):
        damaged += [str(path.relative_to(layout.root())) for path in layout.damaged_files(partition.folder)]
        for path in layout.live_files(partition.folder):
            try:
                size += path.stat().st_size
                events += pq.read_metadata(path).num_rows
            except FileNotFoundError:
                continue
            except Exception:  # its foot cannot be read: the next search sets it aside
                damaged.append(str(path.relative_to(layout.root())))
                continue
            files += 1
            days.add(partition.day)
    return Kept(
        owner_code, size, files, events, len(days), min(days, default=None), max(days, default=None), tuple(damaged)
    )  # fmt: skip


def past_term(owner_code: str, before: date) -> list[Partition]:
    """The partitions of days before ``before`` of which nothing was received since either.

    An old log that was read in yesterday for an investigation is not removed tomorrow because of the age of its events.
    """
    found = []
    for partition in layout.partitions(owner_code, last=before - timedelta(days=1)):
        newest = max((path.stat().st_mtime for path in layout.live_files(partition.folder)), default=0.0)
        if datetime.fromtimestamp(newest, UTC).date() < before:
            found.append(partition)
    return found


def remove(partition: Partition) -> int:
    """Remove a partition with all that is in it; returns the number of bytes that it held."""
    folder = partition.folder
    size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    shutil.rmtree(folder)
    for above in (folder.parent, folder.parent.parent):
        try:
            above.rmdir()
        except OSError:
            break  # another source or day is in it
    return size


def _groups(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in groups of about ``GROUP`` bytes, at least two in each, so that merging costs bounded work."""
    group: list[Path] = []
    size = 0
    for path in paths:
        group.append(path)
        size += path.stat().st_size
        if size >= GROUP:
            if len(group) > 1:
                yield group
            group, size = [], 0
    if len(group) > 1:
        yield group


def _replace(folder: Path, group: Sequence[Path], now: datetime) -> None:
    """Write one file for a group of files and let it take over from them."""
    final, temporary = layout.merged_file(folder), layout.temporary_file(folder)
    newest = max(path.stat().st_mtime for path in group)
    try:
        with engine() as connection:
            # Files that DuckDB writes have Bloom filters, so that a rare address skips most of them.
            connection.execute(
                "COPY (SELECT * FROM read_parquet($files) ORDER BY time, number) TO $target"
                " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)",
                {"files": [str(path) for path in group], "target": str(temporary)},
            )
        os.utime(temporary, (newest, newest))  # the age of what is in it, for the term
        layout.settle(temporary, final)
    finally:
        temporary.unlink(missing_ok=True)
    manifest = layout.read_manifest(folder)
    gone = {path.name for path in group}
    batches = {name.removesuffix(".parquet") for name in gone} - {Path(name).stem for name in manifest.files}
    files = tuple(name for name in manifest.files if name not in gone)
    layout.write_manifest(folder, Manifest((*files, final.name), manifest.batches | batches))
    os.utime(folder / layout.MANIFEST, (now.timestamp(), now.timestamp()))


def _clear(folder: Path, now: datetime) -> None:
    """Remove files that were replaced a while ago, and what a killed process left half-written."""
    try:
        changed = (folder / layout.MANIFEST).stat().st_mtime
    except FileNotFoundError:
        changed = 0.0
    for path in layout.replaced_files(folder):
        try:
            since = max(path.stat().st_mtime, changed if not path.name.startswith(layout.TEMPORARY) else 0.0)
            if now.timestamp() - since > GRACE.total_seconds():
                path.unlink()
        except FileNotFoundError:
            continue
