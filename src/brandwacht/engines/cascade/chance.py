"""When things fail by themselves in the runs of Monte Carlo, and for how long.

Only what numba can compile stands here; see `compiled.py`.
"""

import math
from typing import Any, Final

from .draws import quantile, scramble

Numbers = Any
"""A list or an array of numbers."""

FOREVER: Final = -1
"""The kind of spread of what is not repaired."""
STRIKE: Final = 4
"""Numbers in a record of a failure: run, what fails, first minute, end."""
RUNS_AT_ONCE: Final = 8
"""One draw gives a byte to each of so many runs."""
_BYTES: Final = 0
_FIRST: Final = 1  # addresses of draws; the draws of one run follow on this one
_NEVER: Final = 1 << 30


def lasting(kind: int, low: float, mode: float, high: float, word: int) -> int:
    """Minutes for a word of 32 random bits."""
    if kind == FOREVER:
        return _NEVER
    return quantile(kind, low, mode, high, (word + 0.5) / 4294967296.0)


def failures(
    k0: Numbers, k1: Numbers, rate: Numbers, kind: Numbers, spread: Numbers, horizon: int, first: int, end: int,
    found: Numbers,
) -> int:  # fmt: skip
    """What fails when, in the runs from `first` up to `end`; `first` is a multiple of `RUNS_AT_ONCE`.

    By what can fail: the key of its draws, failures a minute, and the kind and three numbers of its repair time. It
    works until it fails, is repaired, works on. One uniform number says whether and when it first fails, so that a
    lower rate leaves out failures or has them later. Of that number a first byte is enough to know, for most runs,
    that nothing fails. Gives the length of what was `found`, or -1 when that was too short.
    """
    length = 0
    for item in range(len(rate)):
        limit = 1.0 - math.exp(-rate[item] * horizon)
        highest = int(limit * 256.0)
        for block in range(first // RUNS_AT_ONCE, (end + RUNS_AT_ONCE - 1) // RUNS_AT_ONCE):
            left, right = scramble(k0[item], k1[item], block, _BYTES)
            for place in range(RUNS_AT_ONCE):
                word = left if place < 4 else right
                byte = (word >> (8 * (place & 3))) & 255
                run = block * RUNS_AT_ONCE + place
                if byte > highest or run >= end:
                    continue
                rest, repair = scramble(k0[item], k1[item], run, _FIRST)
                u = (byte + (rest + 0.5) / 4294967296.0) / 256.0
                if u >= limit:
                    continue
                minute = int(-math.log(1.0 - u) / rate[item])
                address = _FIRST
                while minute < horizon:
                    lasts = lasting(kind[item], spread[3 * item], spread[3 * item + 1], spread[3 * item + 2], repair)
                    if length + STRIKE > len(found):
                        return -1
                    found[length] = run
                    found[length + 1] = item
                    found[length + 2] = minute
                    found[length + 3] = min(minute + lasts, _NEVER)
                    length += STRIKE
                    address += 1
                    again, repair = scramble(k0[item], k1[item], run, address)
                    works = -math.log(1.0 - (again + 0.5) / 4294967296.0) / rate[item]
                    minute += max(lasts, 1) + int(min(works, 1e9))
    return length
