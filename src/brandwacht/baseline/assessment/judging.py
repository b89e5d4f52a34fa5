"""What each row of a workbook would change, held against the answers as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.baseline.assessment.columns import NUMBER, Cells, cells_of
from brandwacht.baseline.assessment.reading import Typed
from brandwacht.baseline.models import AnswerState, ControlAnswer
from brandwacht.engines.norms import Framework, UnknownControl
from brandwacht.network.tables import mark

CHANGE, CLASH, WRONG = "wijziging", "botsing", "fout"
FILE, HERE = "bestand", "hier"
"""What can be chosen for a clash: what the workbook says, or what stands here."""
NEVER: Final = ""
Row = dict[str, Any]
"""{"sheet", "row", "number", "title", "kind", "mine", "there", "seen", "by", "mark", "faults", "choice"}."""


def judge(typed: Typed, framework: Framework, present: Mapping[str, ControlAnswer]) -> Row | None:
    """What a row would do; ``None`` when it changes nothing.

    A row that somebody edited while somebody else answered here (by its mark), and one without a mark that differs from
    the answer here, is a clash: which of both counts is for a person to choose.
    """
    answer = present.get(typed.number)
    there = cells_of(answer)
    mine: Cells = there | typed.cells
    row: Row = {
        "sheet": typed.sheet, "row": typed.row, "number": typed.number, "title": "", "kind": WRONG, "mine": mine,
        "there": there, "seen": answer.answered_at.isoformat() if answer else NEVER, "mark": typed.mark,
        "by": answer.answered_by if answer else "", "faults": [list(fault) for fault in typed.faults], "choice": "",
    }  # fmt: skip
    try:
        row["title"] = framework.control(typed.number).title if typed.number else ""
    except UnknownControl as error:
        row["faults"].append([str(NUMBER), str(error)])
    if row["faults"]:
        return row
    if mine == there or mark(mine) == typed.mark:
        return None
    if mine["state"] == AnswerState.OPEN:
        row["faults"].append(
            [
                _("Antwoord"),
                _("Kies een antwoord. Een antwoord dat er al is, kan niet leeg worden gemaakt.")
                if answer
                else _("Kies een antwoord; anders wordt deze rij niet overgenomen."),
            ]
        )
        return row
    row["kind"] = CHANGE if mark(there) == typed.mark or answer is None else CLASH
    return row


def again(row: Row) -> Typed:
    """A judged row as it was typed, to judge it anew."""
    return Typed(row["sheet"], row["row"], row["number"], row["mark"], dict(row["mine"]))


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows of each kind."""
    return {kind: sum(row["kind"] == kind for row in rows) for kind in (CHANGE, CLASH, WRONG)}
