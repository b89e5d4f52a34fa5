"""The warning lists that indicators are held against, read once and then used as they lie in the data folder.

The lists come with the package ``pymispwarninglists`` (or stand in the folder of ``WARNING_LISTS``). They hold millions
of entries: a worker packs them, which takes some seconds, and every process maps the same file.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import structlog
from django.conf import settings

from brandwacht.engines.intel import Indicator
from brandwacht.engines.intel.warninglists import InvalidList, WarningList, WarningLists, read_warning_list

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listed:
    """An indicator that stands on lists of what is almost never bad, by their names."""

    indicator: Indicator
    names: tuple[str, ...]


def listed(indicators: Iterable[Indicator]) -> list[Listed]:
    """Those of the indicators that stand on a list. Packs the lists first when no worker did so yet."""
    wanted = list(indicators)
    if not wanted:
        return []
    lists = _lists(str(prepared()))
    found = []
    for each in wanted:
        names = dict.fromkeys(hit.found.name for hit in lists.hits(each) if hit.found.false_positives)
        if names:
            found.append(Listed(each, tuple(names)))
    return found


def prepare(_now: datetime) -> str:
    """The periodic job: pack the lists when they are new."""
    before = _packed().exists()
    prepared()
    return "" if before else "waarschuwingslijsten ingepakt"


def prepared() -> Path:
    """Where the packed lists stand; packs them when they are not there yet."""
    path = _packed()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(WarningLists(_read()).packed())
        beside.replace(path)
        for old in path.parent.glob("*.bin"):
            if old != path:
                old.unlink(missing_ok=True)
    return path


def _folder() -> Path:
    chosen = getattr(settings, "WARNING_LISTS", "")
    if chosen:
        return Path(chosen)
    spec = find_spec("pymispwarninglists")  # not imported: only its data is of use
    if spec is None or spec.origin is None:
        raise RuntimeError("pymispwarninglists is not installed")
    return Path(spec.origin).parent / "data" / "misp-warninglists" / "lists"


@lru_cache(maxsize=4)
def _print_of(folder: str) -> str:
    """Changes with the lists: names, sizes and times of the files."""
    facts = hashlib.sha256()
    for path in sorted(Path(folder).glob("*/list.json")):
        stat = path.stat()
        facts.update(f"{path.parent.name} {stat.st_size} {stat.st_mtime_ns};".encode())
    return facts.hexdigest()[:16]


def _packed() -> Path:
    return Path(settings.DATA) / "warninglists" / f"{_print_of(str(_folder()))}.bin"


def _read() -> Iterator[WarningList]:
    for path in sorted(_folder().glob("*/list.json")):
        try:
            yield read_warning_list(path.read_bytes())
        except (OSError, InvalidList) as error:
            log.warning("a warning list is left out", file=str(path), why=str(error))


@lru_cache(maxsize=2)
def _lists(path: str) -> WarningLists:
    with Path(path).open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    return WarningLists.unpacked(memoryview(mapped))
