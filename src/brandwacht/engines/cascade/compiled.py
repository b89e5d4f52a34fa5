"""The kernel in pure Python, and the same functions compiled by numba.

Nothing compiles by itself. `warm(folder)` compiles for that folder, which takes some ten seconds, and is meant for a
background process: `python -m brandwacht.engines.cascade FOLDER`. `load(folder)` takes what stands there,
within a second, and makes it what `Simulator` and all others use from then on; until then they use pure Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Any

from . import chance, draws, kernel, records

_MODULES = (draws, records, kernel, chance)
_ENTRIES = ("trace", "batch", "failures")
_READY = "ready"


@dataclass(frozen=True, eq=False)
class Kernel:
    """The functions of `kernel.py` and `chance.py` that are called from outside, and the arrays that they take."""

    name: str
    trace: Callable[..., bool]
    batch: Callable[..., tuple[int, int]]
    failures: Callable[..., int]
    ints: Callable[[Sequence[int]], Any]
    """From numbers that fit in 32 bits."""
    few: Callable[[Sequence[int]], Any]
    """The same for a short list, which is made in less time and read in more."""
    longs: Callable[[Sequence[int]], Any]
    """From whole numbers of 64 bits."""
    floats: Callable[[Sequence[float]], Any]
    int_room: Callable[[int], Any]
    """So many zeros that can become numbers of 32 bits."""
    long_room: Callable[[int], Any]


def plain(values: Any) -> list[Any]:
    """Plain numbers: those of numpy are slow one by one."""
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _zeros(size: int) -> list[int]:
    return [0] * size


PURE = Kernel("pure Python", kernel.trace, kernel.batch, chance.failures, plain, plain, plain, plain, _zeros, _zeros)

_current = PURE
_lock = Lock()


def current() -> Kernel:
    """What runs are played with unless they ask for another."""
    return _current


def home(folder: Path) -> Path:
    """Where in this folder the compiled functions of these very files, by this numba on this Python, are kept."""
    files = [Path(str(module.__file__)) for module in (*_MODULES, sys.modules[__name__])]
    # numba looks at the times too, and at each file alone; one that calls into another would go on with the old one.
    text = b"".join(b"%d %b" % (file.stat().st_mtime_ns, file.read_bytes()) for file in files)
    return folder / f"{sys.implementation.cache_tag}-{version('numba')}-{sha256(text).hexdigest()[:16]}"


def warm(folder: Path) -> Kernel:
    """Compile into this folder, or take what stands there. OSError when it cannot be written."""
    place = home(folder)
    place.mkdir(parents=True, exist_ok=True)
    found = _compile(place)
    (place / _READY).touch()
    return found


def load(folder: Path) -> bool:
    """From now on use what was compiled into this folder. False when there is nothing yet, and nothing changes."""
    global _current
    place = home(folder)
    if not (place / _READY).exists():
        return False
    with _lock:
        if _current is PURE:
            _current = _compile(place)
    return True


def _compile(place: Path) -> Kernel:
    import numba
    import numpy as np

    def int_room(size: int) -> Any:
        # From the start of a line of the processor's cache, so that a record of 16 numbers is one line and not two.
        room = np.zeros(size + 16, dtype=np.int32)
        start = -room.ctypes.data % 64 // 4
        return room[start : start + size]

    def ints(values: Sequence[int]) -> Any:
        found = int_room(len(values))
        found[:] = np.asarray(values, dtype=np.int64).astype(np.int32)  # by way of 64 bits, for words without a sign
        return found

    settings: Any = numba.config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(place)
    try:
        space: dict[str, Any] = {}
        for module in _MODULES:
            space.update(vars(module))
        for module in _MODULES:
            for name, function in vars(module).items():
                if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                    # Finds the other compiled ones where the original finds the plain ones.
                    copy = FunctionType(function.__code__, space, name)
                    copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
                    # A call costs seven registers for every array; what is only called from within becomes part of it.
                    inner = name not in _ENTRIES
                    space[name] = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=inner)(copy)
        int64, words, longs, reals = numba.int64, numba.int32[::1], numba.int64[::1], numba.float64[::1]
        state = (words, words, words, words, longs)
        space["trace"].compile((*state, words, words, words, words, int64))
        space["batch"].compile((*state, words, longs, int64, int64, int64, words))
        space["failures"].compile((longs, longs, reals, longs, reals, int64, int64, int64, words))
    finally:
        settings.CACHE_DIR = before
    return Kernel(
        "numba",
        space["trace"],
        space["batch"],
        space["failures"],
        ints,
        lambda values: np.array(values, dtype=np.int32),
        lambda values: np.array(values, dtype=np.int64),
        lambda values: np.array(values, dtype=np.float64),
        int_room,
        lambda size: np.zeros(size, dtype=np.int64),
    )
