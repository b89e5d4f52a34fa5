"""How long something lasts when nobody knows exactly: a distribution of whole minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Literal, get_args

from .draws import LONGEST, quantile

SpreadKind = Literal["fixed", "exponential", "triangular", "lognormal"]


@dataclass(frozen=True, slots=True)
class Spread:
    """A distribution of minutes.

    `fixed`: always `mode`. `exponential`: `mode` is the mean. `triangular`: from `low` over the likeliest `mode` to
    `high`. `lognormal`: `mode` is the median and `high` is exceeded 5 times in 100.
    """

    kind: SpreadKind
    low: float = 0
    mode: float = 0
    high: float = 0

    def sample(self, u: float) -> int:
        """Whole minutes for a uniform number in (0, 1), which a share `u` of the distribution stays below.

        The inverse of the distribution function, rounded; at most a hundred years. So one `u` gives a longer time when
        the distribution gets longer, and what is compared on the same numbers differs by its own change only.
        """
        return quantile(get_args(SpreadKind).index(self.kind), self.low, self.mode, self.high, u)

    def problems(self) -> Iterator[str]:
        """What is wrong with the numbers, in Dutch, as the end of a sentence that starts with its place."""
        if self.kind not in get_args(SpreadKind):
            yield f"heeft als verdeling '{self.kind}'; kies uit {', '.join(get_args(SpreadKind))}."
            return
        numbers = (self.low, self.mode, self.high)
        if not all(isfinite(number) and 0 <= number <= LONGEST for number in numbers):
            yield "heeft een tijd die niet kan; neem 0 tot en met 52.560.000 minuten (honderd jaar)."
        elif self.kind == "exponential" and self.mode == 0:
            yield "heeft een gemiddelde van 0 minuten; neem meer dan 0."
        elif self.kind == "triangular" and not self.low <= self.mode <= self.high:
            yield (
                f"loopt van {self.low:g} over {self.mode:g} naar {self.high:g} minuten; "
                "neem kortste, waarschijnlijkste en langste tijd in die volgorde."
            )
        elif self.kind == "lognormal" and not 0 < self.mode <= self.high:
            yield (
                f"heeft {self.mode:g} minuten als middelste tijd en {self.high:g} als lange tijd; neem een middelste "
                "tijd boven 0 en een lange tijd die niet korter is."
            )
