"""Rows of questions that are put to a colleague, and of the first hour."""

from __future__ import annotations

from brandwacht.baseline.first_hour import first_questions
from tests.matrix.rows import act, make, part, thing, within

_ASK = {"control": "8.13", "person": "K. Bakker", "email": "bakker@lijn.example", "due": within(9)}
_BEGIN = {f"v-{asked.control.number.replace('.', '-')}": "nee" for asked in first_questions()}
_TAKE = {"state": "deels", "reason": "Volgens K. Bakker"}
QUESTIONS = (
    part("baseline:begin", word=False),
    make("baseline:begin", data=_BEGIN),
    part("baseline:asked-list"),
    part("baseline:ask", word=False),
    make("baseline:ask", data=_ASK),
    thing("baseline:asked", "said"),
    act("baseline:asked-remind", "asked"),
    act("baseline:asked-withdraw", "asked"),
    act("baseline:asked-take", "said", data=lambda w: _TAKE | {"seen": w.things["answer"].answered_at.isoformat()}),
    act("baseline:asked-refuse", "said", data={"word": "Klopt niet"}),
    thing("baseline:asked-file", "question_file"),
)
