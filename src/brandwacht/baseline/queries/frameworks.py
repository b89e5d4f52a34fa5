"""Reads of the frameworks: the answers to the one norm as they look through another, and the texts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, AnswerState, ControlAnswer, NormText, OwnGrouping
from brandwacht.baseline.queries import answers as present
from brandwacht.baseline.queries.answers import require_see
from brandwacht.baseline.queries.controls import find_control
from brandwacht.baseline.queries.grounds import SEE, findings_of
from brandwacht.engines.norms import (
    FRAMEWORKS,
    GROUPINGS,
    Answer,
    Crosswalk,
    Framework,
    Grouping,
    Judgement,
    Row,
    Score,
    Seen,
    State,
    answers_through,
    crosswalk,
    grouping_of,
    load_framework,
    load_grouping,
    score,
    seen_through,
    to_grouping,
)
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import visible

SELF_ASSESSMENT = GROUPINGS[0]
VIEWS = (*(key for key in FRAMEWORKS if key != FRAMEWORK), SELF_ASSESSMENT)
"""The frameworks that are not answered themselves: what is answered is looked at through them."""
ANSWERABLE = (FRAMEWORK, "bio2-1.2", "bio-1.04")
"""The frameworks that answers can be kept on: the present one and those that it can be reached from."""
CBW = "cbw"


@dataclass(frozen=True, slots=True)
class Through:
    """The answers of an organisation seen through one framework. ``own`` is the division it brought itself, if any."""

    framework: Framework
    seen: Sequence[Seen]
    score: Score
    together: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    own: OwnGrouping | None = None

    @property
    def name(self) -> str:
        """What people call it: with the version where there are more."""
        norm = self.framework
        return f"{norm.title} {norm.version}" if norm.key in ANSWERABLE else norm.title

    @property
    def answered(self) -> int:
        """How many of its controls are answered."""
        return self.score.based_on


@dataclass(frozen=True, slots=True)
class ThroughFilters:
    """Which rows to show."""

    theme: str = ""
    state: str = ""
    text: str = ""

    def keeps(self, row: Seen) -> bool:
        """Whether this row is wanted."""
        control, text = row.control, self.text.casefold()
        parts = (control.number, control.title, control.question, *row.sources)
        return (
            (not self.theme or control.theme == self.theme)
            and (not self.state or row.state == self.state)
            and (not text or any(text in part.casefold() for part in parts))
        )


def through(actor: Actor, key: str) -> Through:
    """The actor's own organisation seen through one of ``VIEWS``. Raises ``Denied``, and ``NotFound`` for another key.

    Four queries at most.
    """
    require_see(actor, actor.organisation_id)
    if key not in VIEWS:
        raise NotFound
    own = own_grouping(actor) if key == SELF_ASSESSMENT else None
    return _through(key, present_answers(actor), actor.today, own)


def through_all(actor: Actor, answers: Sequence[Answer]) -> list[Through]:
    """The same through each of ``VIEWS``, from the ``present_answers``; one query."""
    require_see(actor, actor.organisation_id)
    own = own_grouping(actor)
    return [_through(key, answers, actor.today, own if key == SELF_ASSESSMENT else None) for key in VIEWS]


def _through(key: str, answers: Sequence[Answer], today: date, own: OwnGrouping | None) -> Through:
    if key != SELF_ASSESSMENT:
        return _looked(load_framework(key), crosswalk(FRAMEWORK, key), answers, today)
    grouping = read_grouping(own) if own else load_grouping(key)
    found = _looked(grouping.framework, to_grouping(grouping, FRAMEWORK), answers, today)
    return replace(found, together=grouping.together, left_out=grouping.left_out, own=own)


def _looked(framework: Framework, walk: Crosswalk, answers: Sequence[Answer], today: date) -> Through:
    seen = seen_through(framework, walk, answers, today)
    return Through(framework, seen, score(framework, answers_through(seen), today))


def present_answers(actor: Actor) -> list[Answer]:
    """The answers of the actor's own organisation on the present norm, with all that they rest on. Three queries."""
    return present.answers_on(actor, actor.organisation_id, [actor.today])[0]


def rows_on(actor: Actor, framework: str) -> list[ControlAnswer]:
    """The present answers of the actor's own organisation on a framework, in the order of the norm. One query."""
    rows = ControlAnswer.objects.filter(
        visible(actor, SEE), organisation_id=actor.organisation_id, framework=framework
    ).exclude(state=AnswerState.OPEN)
    order = {control.number: place for place, control in enumerate(load_framework(framework).controls)}
    return sorted((row for row in rows if row.control in order), key=lambda row: order[row.control])


def as_engine(row: ControlAnswer) -> Answer:
    """An answer as the engine has it, with its findings."""
    return Answer(
        row.control,
        State(row.state),
        row.answered_on,
        row.reason,
        row.evidence_valid_to,
        row.risk_analysis,
        Judgement(**findings_of(row)),
    )


def own_grouping(actor: Actor) -> OwnGrouping | None:
    """The division that the actor's own organisation loaded, if any."""
    found: OwnGrouping | None = OwnGrouping.objects.filter(
        visible(actor, SEE), organisation_id=actor.organisation_id
    ).first()
    return found


def read_grouping(own: OwnGrouping) -> Grouping:
    """A loaded division as the engine has it."""
    rows = [Row(row["category"], row["category"], tuple(row["numbers"]), row["title"]) for row in own.rows]
    return frame_grouping(rows, own.source)


def frame_grouping(rows: Sequence[Row], source: str) -> Grouping:
    """A division out of the rows of a table. Raises ``InvalidFramework``."""
    ours = load_grouping(SELF_ASSESSMENT)
    base = load_framework(ours.base)
    frame = replace(
        ours.framework,
        version=_("eigen werkmap"),
        source=_("Ingelezen uit %(file)s") % {"file": source},
        licence=_("De indeling komt uit een bestand van uw organisatie."),
    )
    return grouping_of(frame, base, rows, name=source)


def norm_texts(actor: Actor, number: str) -> list[NormText]:
    """The loaded text of a control of the answered norm and of its government measures; one query."""
    control = find_control(number)
    numbers = [control.number, *(measure.number for measure in control.measures)]
    rows = NormText.objects.filter(
        visible(actor, SEE), organisation_id=actor.organisation_id, framework=FRAMEWORK, number__in=numbers
    )
    return sorted(rows, key=lambda row: numbers.index(row.number))


def falls_under_cbw(actor: Actor) -> bool:
    """Whether the actor's organisation said that it falls under the Cyberbeveiligingswet."""
    return CBW in Organisation.objects.values_list("regimes", flat=True).get(pk=actor.organisation_id)
