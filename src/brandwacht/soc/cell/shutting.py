"""Shutting the door behind oneself: limits of the operating system on this process, which it cannot lift again.

Landlock (https://docs.kernel.org/userspace-api/landlock.html) lets a process without rights give up access to files,
the network and other processes. Where the kernel lacks it the other walls stand: DuckDB's own locks, the check of the
statement, and a limit of zero bytes on every file that is written.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Iterable
from typing import Final

_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""System call numbers, the same on every architecture since they were added together."""
_PARENT_DIED, _NOT_DUMPABLE, _NO_NEW_PRIVILEGES = 1, 4, 38
"""Options of prctl(2)."""
_READ_FILE: Final = 1 << 2


def limit(*, memory: int, cpu: int, wall: int, files: int) -> None:
    """Set limits: ``memory`` in bytes of address space, ``cpu`` and ``wall`` in seconds, ``files`` open at once.

    Beyond ``cpu`` or ``wall`` the kernel ends this process, also in the middle of a query.
    """
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_NOFILE, files),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL, 0, 0, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write to a file fails then, instead of ending the process
    signal.setitimer(signal.ITIMER_REAL, wall)


def lock(readable: Iterable[str]) -> int:
    """Give up everything but reading these files; returns the version of Landlock, 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    version = int(libc.syscall(_CREATE, None, 0, 1))
    if version < 1:
        return 0
    rights = (1 << 13) - 1
    rights |= (1 << 13 if version >= 2 else 0) | (1 << 14 if version >= 3 else 0) | (1 << 15 if version >= 5 else 0)
    network, scope = 3 if version >= 4 else 0, 3 if version >= 6 else 0
    attributes = struct.pack("=QQQ", rights, network, scope)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = int(libc.syscall(_CREATE, attributes, len(attributes), 0))
    if rules < 0:
        return 0
    try:
        for path in readable:
            try:
                place = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except OSError:
                continue
            libc.syscall(_ADD, rules, 1, struct.pack("=Qi", _READ_FILE, place), 0)
            os.close(place)
        return version if libc.syscall(_RESTRICT, rules, 0) == 0 else 0
    finally:
        os.close(rules)
