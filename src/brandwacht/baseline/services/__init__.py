"""The use cases of the room: answering the norm, and the measures that follow."""

from brandwacht.baseline.services.answers import answer_control
from brandwacht.baseline.services.evidence import add_evidence, mark_seen, withdraw_evidence
from brandwacht.baseline.services.measures import change_measure, make_measure, move_measure

__all__ = [
    "add_evidence",
    "answer_control",
    "change_measure",
    "make_measure",
    "mark_seen",
    "move_measure",
    "withdraw_evidence",
]
