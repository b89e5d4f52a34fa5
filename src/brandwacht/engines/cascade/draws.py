"""Chance in whole numbers and plain sums, so that compiled and in pure Python it gives the same bits.

Only what numba can compile stands here; see `compiled.py`.
"""

import math
from typing import Any, Final

Word = Any
"""A whole number of 32 bits without a sign, or an array of them: sums and turns of words go for all at once."""

FIXED: Final = 0
EXPONENTIAL: Final = 1
TRIANGULAR: Final = 2
LOGNORMAL: Final = 3

LONGEST: Final = 100 * 525_600
"""No drawn time is longer: a hundred years, in minutes."""

WORD: Final = 0xFFFFFFFF
_PARITY: Final = 0x1BD11BDA
_Q95: Final = 1.6448536269514722
"""The standard normal distribution stays below this 95 times in 100."""


def scramble(k0: Word, k1: Word, x0: Word, x1: Word) -> tuple[Word, Word]:
    """Two words of 32 random bits for the key (k0, k1) and the address (x0, x1), all of 32 bits.

    Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
    """
    k2 = k0 ^ k1 ^ _PARITY
    x0 = (x0 + k0) & WORD
    x1 = (x1 + k1) & WORD
    for group in range(5):
        if group & 1:
            x0, x1 = _mixed(x0, x1, 17)
            x0, x1 = _mixed(x0, x1, 29)
            x0, x1 = _mixed(x0, x1, 16)
            x0, x1 = _mixed(x0, x1, 24)
        else:
            x0, x1 = _mixed(x0, x1, 13)
            x0, x1 = _mixed(x0, x1, 15)
            x0, x1 = _mixed(x0, x1, 26)
            x0, x1 = _mixed(x0, x1, 6)
        k0, k1, k2 = k1, k2, k0
        x0 = (x0 + k0) & WORD
        x1 = (x1 + k1 + group + 1) & WORD
    return x0, x1


def _mixed(x0: Word, x1: Word, turn: int) -> tuple[Word, Word]:
    x0 = (x0 + x1) & WORD
    return x0, (((x1 << turn) | (x1 >> (32 - turn))) & WORD) ^ x0


def quantile(kind: int, low: float, mode: float, high: float, u: float) -> int:
    """Whole minutes below which a share `u`, in (0, 1), of a distribution lies; `Spread` says what the numbers mean."""
    if kind == EXPONENTIAL:
        minutes = -mode * math.log(1.0 - u)
    elif kind == TRIANGULAR:
        width = high - low
        if u * width < mode - low:
            minutes = low + math.sqrt(u * width * (mode - low))
        else:
            minutes = high - math.sqrt((1.0 - u) * width * (high - mode))
    elif kind == LOGNORMAL:
        minutes = mode * math.exp(math.log(high / mode) / _Q95 * normal_quantile(u))
    else:
        minutes = mode
    return int(min(minutes, float(LONGEST)) + 0.5)


def normal_quantile(u: float) -> float:
    """The inverse of the standard normal distribution function: AS 241, Wichura, Applied Statistics 37 (1988)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return (
            q
            * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
            / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0)
        )  # fmt: skip
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r -= 1.6
        found = (
            (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
            / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0)
        )  # fmt: skip
    else:
        r -= 5.0
        found = (
            (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                + 0.59983220655588793769) * r + 1.0)
        )  # fmt: skip
    return -found if q < 0.0 else found
