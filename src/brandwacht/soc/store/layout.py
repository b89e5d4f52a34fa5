"""Where the events lie: a folder per organisation, day and source, with Parquet files and at times a manifest.

    events/VR17/2026-11-22/dc-log/1f0c...9a.parquet     one batch, named after a hash of its name
    events/VR17/2026-11-22/dc-log/c-8b...2e.parquet     many batches made into one
    events/VR17/2026-11-22/dc-log/manifest.json         which of those count, and which batches are in them

What counts in a folder: the merged files that the manifest names, and every batch file whose batch is not in the
manifest. So the moment at which the manifest is replaced is the moment at which a merged file takes over from its
batches; no reader sees both or neither, provided that it reads the manifest before it lists the folder and that
replaced files stay a while.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import uuid4

import orjson
from django.conf import settings

MANIFEST: Final = "manifest.json"
DAMAGED: Final = ".damaged"
"""What is put behind the name of a file that cannot be read, so that it no longer counts."""
TEMPORARY: Final = ".tmp-"
_BATCH: Final = re.compile(r"[0-9a-f]{32}\.parquet")
_MERGED: Final = re.compile(r"c-[0-9a-f]{32}\.parquet")
_OWNER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """The events of one organisation, day and source; ``source`` is the name of its folder."""

    day: date
    owner: str
    source: str

    @property
    def folder(self) -> Path:
        """Its folder, whether or not it exists."""
        return owner_folder(self.owner) / self.day.isoformat() / self.source


@dataclass(frozen=True, slots=True)
class Manifest:
    """The merged files that count, and the batches (hashes of their names) that are in them."""

    files: tuple[str, ...] = ()
    batches: frozenset[str] = frozenset()


def root() -> Path:
    """The folder of all stored events."""
    return Path(settings.DATA) / "events"


def owner_folder(owner_code: str) -> Path:
    """The folder of one organisation. Raises ``ValueError`` when the code could be anything but a name."""
    if not _OWNER.fullmatch(owner_code):
        raise ValueError(f"{owner_code!r} is not the code of an organisation.")
    return root() / owner_code


def source_folder(source_key: str) -> str:
    """The name of a source's folder: its key when that is a plain name, else a hash of it."""
    if _PLAIN.fullmatch(source_key):
        return source_key
    return f"x-{hashlib.sha256(source_key.encode(errors='replace')).hexdigest()[:24]}"


def batch_key(batch: str) -> str:
    """The hash under which a batch is known."""
    return hashlib.sha256(batch.encode(errors="replace")).hexdigest()[:32]


def owners_stored() -> list[str]:
    """The codes of the organisations that have stored events."""
    return sorted(name for name in _names(root()) if _OWNER.fullmatch(name))


def partitions(
    owner_code: str, first: date | None = None, last: date | None = None, sources: Iterable[str] | None = None
) -> list[Partition]:
    """The partitions of an organisation from day ``first`` up to and with ``last``, in order of day."""
    wanted = None if sources is None else {source_folder(key) for key in sources}
    folder = owner_folder(owner_code)
    found = []
    for name in _names(folder):
        if not _DAY.fullmatch(name):
            continue
        try:
            day = date.fromisoformat(name)
        except ValueError:
            continue
        if (first and day < first) or (last and day > last):
            continue
        found += [Partition(day, owner_code, s) for s in _names(folder / name) if wanted is None or s in wanted]
    return sorted(found)


def days_between(since: datetime, until: datetime) -> tuple[date, date]:
    """The first and the last day (UTC) that hold a moment from ``since`` up to but not with ``until``."""
    return since.date(), (until - timedelta(microseconds=1)).date()


def live_files(folder: Path) -> list[Path]:
    """The files of a partition that count now, the merged ones first."""
    manifest = read_manifest(folder)  # before the listing: see above
    names = set(_names(folder))
    merged = [name for name in manifest.files if name in names]
    batches = sorted(n for n in names if _BATCH.fullmatch(n) and n.removesuffix(".parquet") not in manifest.batches)
    return [folder / name for name in (*merged, *batches)]


def replaced_files(folder: Path) -> list[Path]:
    """The files of a partition that no longer count: batches that were merged, and merged files that nobody names."""
    manifest = read_manifest(folder)
    names = _names(folder)
    old = [n for n in names if _BATCH.fullmatch(n) and n.removesuffix(".parquet") in manifest.batches]
    loose = [n for n in names if _MERGED.fullmatch(n) and n not in manifest.files]
    return [folder / name for name in (*old, *loose, *(n for n in names if n.startswith(TEMPORARY)))]


def damaged_files(folder: Path) -> list[Path]:
    """The files of a partition that were set aside."""
    return sorted(folder / name for name in _names(folder) if name.endswith(DAMAGED))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a partition; an empty one when there is none."""
    try:
        found = orjson.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return Manifest()
    return Manifest(tuple(found["files"]), frozenset(found["batches"]))


def known_batches(folder: Path) -> frozenset[str]:
    """The batches that are in merged files, as of the manifest of this moment.

    Asked with every batch; after a busy day it names many thousands, so what it said is remembered until it changes.
    """
    try:
        found = (folder / MANIFEST).stat()
    except FileNotFoundError:
        return frozenset()
    return _batches_as_of(folder, found.st_ino, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=32)
def _batches_as_of(folder: Path, inode: int, changed: int, size: int) -> frozenset[str]:
    return read_manifest(folder).batches


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest of a partition in one step."""
    content = orjson.dumps({"files": list(manifest.files), "batches": sorted(manifest.batches)})
    temporary = temporary_file(folder)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(content)
    settle(temporary, folder / MANIFEST)


def temporary_file(folder: Path) -> Path:
    """A new name in a partition, for what is not yet whole."""
    return folder / f"{TEMPORARY}{uuid4().hex}"


def merged_file(folder: Path) -> Path:
    """A new name in a partition for a merged file."""
    return folder / f"c-{uuid4().hex}.parquet"


def settle(temporary: Path, final: Path) -> None:
    """Give a whole file its name, so that it is there after a power cut as well."""
    with temporary.open("rb") as stream:
        os.fsync(stream.fileno())
    temporary.replace(final)
    _sync(final.parent)


def make_folder(folder: Path) -> None:
    """Make a partition's folder, with the folders above it, so that they are there after a power cut as well."""
    if folder.is_dir():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for above in list(folder.parents)[:4]:
        _sync(above)


def set_aside(path: Path) -> bool:
    """Let a damaged file no longer count; ``False`` when it was gone already."""
    try:
        path.replace(path.with_name(path.name + DAMAGED))
    except FileNotFoundError:
        return False
    return True


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Hold a partition for merging or removal; gives ``False`` when somebody else does."""
    try:
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
