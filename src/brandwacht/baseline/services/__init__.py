"""The use cases of the room: answering the norm, the evidence under it, and the measures that follow."""

from brandwacht.baseline.services.answers import answer_control
from brandwacht.baseline.services.applicability import answer_government, decide_level
from brandwacht.baseline.services.evidence import add_evidence, mark_seen, open_document, withdraw_evidence
from brandwacht.baseline.services.measures import change_measure, make_measure, move_measure
from brandwacht.baseline.services.rhythms import mark_done, undo_done

__all__ = [
    "add_evidence",
    "answer_control",
    "answer_government",
    "change_measure",
    "decide_level",
    "make_measure",
    "mark_done",
    "mark_seen",
    "move_measure",
    "open_document",
    "undo_done",
    "withdraw_evidence",
]
