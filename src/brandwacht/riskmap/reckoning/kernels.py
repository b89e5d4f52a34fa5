"""The compiled kernel of the cascade engine: made by the worker, taken from disk by whoever runs cascades.

Until it is there, and wherever it can not be made, the same functions run in pure Python. No page waits for it.
"""

from __future__ import annotations

import subprocess
import sys
import time

import structlog
from django.conf import settings

from brandwacht.engines.cascade import PURE, load
from brandwacht.engines.cascade.compiled import current

log = structlog.get_logger(__name__)
PAUSE = 5.0
"""Seconds between two looks whether the worker is done."""


def compiling() -> subprocess.Popen[bytes] | None:
    """A process that compiles into the data folder, which takes some ten seconds the first time and none later.

    A process of its own, so that the memory that compiling takes is given back. None when it is turned off.
    """
    if settings.KERNELS is None:
        return None
    return subprocess.Popen([sys.executable, "-m", "brandwacht.engines.cascade", str(settings.KERNELS)])


def use_compiled() -> bool:
    """From now on use what the worker compiled; for background work, which may wait a second for it. False: not yet."""
    if settings.KERNELS is None:
        return False
    return load(settings.KERNELS)


def is_compiled() -> bool:
    """Whether runs are played with the compiled kernel now, so that there is time for many."""
    return current() is not PURE


def use_if_there() -> bool:
    """As `use_compiled`, but what cannot be read is left alone: pure Python gives the same, later."""
    try:
        return use_compiled()
    except Exception:
        log.warning("kernels.unusable", folder=str(settings.KERNELS), exc_info=True)
        return False


def follow(pause: float = PAUSE) -> None:
    """Wait until there is something compiled and use it; for a thread beside the web server."""
    try:
        while settings.KERNELS is not None and not use_compiled():
            time.sleep(pause)
    except Exception:  # of another machine, damaged, not to be read: pure Python gives the same
        log.warning("kernels.unusable", folder=str(settings.KERNELS), exc_info=True)
