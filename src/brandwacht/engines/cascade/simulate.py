"""Play outages on a map, from event to event.

The rules, their formulas and why they are these: README.md and docs/decisions/0005-cascade-semantics.md. How they are
played: kernel.py.
"""

from collections.abc import Iterable

from .compiled import Kernel, current
from .flat import Flat
from .model import Map, Outage, check_outages
from .run import Run


def simulate(network: Map, outages: Iterable[Outage], horizon: int = 4320) -> Run:
    """The changes that `outages` cause in minutes 0 up to, not including, `horizon` (default 72 hours).

    Deterministic; raises `InvalidOutage`. Of a horizon beyond 2,000 years the rest stays as it was then.
    """
    return Simulator(network).run(outages, horizon)


class Simulator:
    """A map made ready for many runs. Unchanged by running; several threads may run at once."""

    def __init__(self, network: Map, kernel: Kernel | None = None) -> None:
        self.network = network
        self._kernel = kernel
        self._flat = Flat.of(network)

    def run(self, outages: Iterable[Outage], horizon: int = 4320) -> Run:
        """As `simulate`. Costs are proportional to what changes, not to the size of the map."""
        outages = tuple(outages)
        check_outages(self.network, outages, horizon)
        numbers = [number for outage in outages for number in self._flat.outage(outage)]
        desk = self._flat.desk(self._kernel or current())
        log, providers = desk.trace(numbers, horizon)
        self._flat.give_back(desk)
        return Run(self.network, horizon, log, providers)
