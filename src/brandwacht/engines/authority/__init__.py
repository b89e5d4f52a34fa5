"""Who is empowered to do what, when to scale up, and which legal clocks run. See README.md."""

from .clocks import AMSTERDAM, KNOWN, Clock, Clocks, RunningClock, add_months, load_clocks, start_clocks
from .escalation import Escalation, Level, NormTime, load_escalation
from .powers import GENERAL, Power, Powers, Role, load_powers
from .reading import Header, InvalidData, Source

__all__ = [
    "AMSTERDAM",
    "GENERAL",
    "KNOWN",
    "Clock",
    "Clocks",
    "Escalation",
    "Header",
    "InvalidData",
    "Level",
    "NormTime",
    "Power",
    "Powers",
    "Role",
    "RunningClock",
    "Source",
    "add_months",
    "load_clocks",
    "load_escalation",
    "load_powers",
    "start_clocks",
]
