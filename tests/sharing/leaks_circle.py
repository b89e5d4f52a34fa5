"""The leak suite's rows of the circle itself: meetings, questions, seats and guidelines."""

from __future__ import annotations

from brandwacht.sharing.models import CircleQuestion, CircleSeat, Guideline, Meeting
from brandwacht.sharing.services import questions, seats
from tests.sharing.leaking import LABELS, NO_RED, Kind, Way, World, members_but_red, page, word
from tests.world import acting

_WRITER = frozenset({"writer"})
KINDS = (
    Kind("overleg", members_but_red({"named", "writer"})),
    Kind("vraag", members_but_red(set()), tuple(label for label in LABELS if label in NO_RED)),
)
WAYS = (
    Way("sharing:circle", "overleg", page("sharing:circle"), whole=True),
    Way("sharing:meeting", "overleg", page("sharing:meeting", "overleg")),
    Way("sharing:meeting-edit", "overleg", page("sharing:meeting-edit", "overleg"), _WRITER),
    Way("sharing:questions", "vraag", page("sharing:questions"), whole=True),
    Way("sharing:question", "vraag", page("sharing:question", "vraag")),
)
ELSEWHERE = {
    "sharing:guideline", "sharing:guideline-new", "sharing:seat-end", "sharing:meeting-new",
    "sharing:question-new", "sharing:question-answer", "sharing:question-close",
}  # fmt: skip
MODELS = {"guideline": Guideline, "seat": CircleSeat, "meeting": Meeting, "question": CircleQuestion}
THROUGH_ANOTHER = {"Attendee", "GuidelineSignature", "QuestionAnswer"}


def fill(world: World) -> None:
    """A meeting per label, which who is named attended, and a question per label but RED."""
    with acting(world.circle.writer.actor) as me:
        for label in LABELS:
            secret = word("overleg", label)
            world.things["overleg"][label] = seats.write_meeting(
                me, None, title=secret, on=me.today, tlp=label, agenda=secret, decisions=secret,
                attendee_ids=world.named,
            )  # fmt: skip
    with acting(world.people["author"].actor) as me:
        for label in LABELS:
            if label in NO_RED:
                world.things["vraag"][label] = questions.ask(
                    me, text=word("vraag", label), tlp=label, topic="phishing", indicators=""
                )
