"""What upper rooms may hang their panels on: a control of one organisation."""

from dataclasses import dataclass

CONTROL = "baseline.Control"
"""Panels of this kind get a ``ControlRef``; ``baseline.Measure`` panels get the ``Measure``."""
MEASURE = "baseline.Measure"


@dataclass(frozen=True, slots=True)
class ControlRef:
    """A control as one organisation has it. ``techniques`` are the ATT&CK numbers it helps against."""

    owner_id: int
    number: str
    techniques: tuple[str, ...] = ()
