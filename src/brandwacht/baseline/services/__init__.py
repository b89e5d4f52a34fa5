"""The use cases of the room: answering the norm, and the measures that follow."""

from brandwacht.baseline.services.answers import answer_control
from brandwacht.baseline.services.measures import change_measure, make_measure, move_measure

__all__ = ["answer_control", "change_measure", "make_measure", "move_measure"]
