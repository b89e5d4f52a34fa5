"""From one version of a norm to the next: what carries over, what changed, and what is asked again and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .answers import Answer, RefusedByNorm, check_answer
from .crosswalk import Crosswalk
from .framework import Control, Framework
from .judgement import UNJUDGED
from .states import State


class Change(StrEnum):
    """What happened to a control between two frameworks; the value is stable."""

    SAME = "gelijk"
    MOVED = "verplaatst"
    TEXT = "tekst_gewijzigd"
    MERGED = "samengevoegd"
    SPLIT = "gesplitst"
    NEW = "nieuw"

    @property
    def dutch(self) -> str:
        """The words to show."""
        return {
            Change.SAME: "Ongewijzigd",
            Change.MOVED: "Ander nummer",
            Change.TEXT: "Inhoud gewijzigd",
            Change.MERGED: "Samengevoegd",
            Change.SPLIT: "Gesplitst",
            Change.NEW: "Nieuw",
        }[self]


@dataclass(frozen=True, slots=True)
class Step:
    """One control of the new framework: where it comes from, and what becomes of the answer.

    `carried` is the answer that goes over as it is (to the new number). Without one the control is asked, with
    `earlier`, the old answers, as a help. `why` says in Dutch what changed.
    """

    control: Control
    change: Change
    sources: tuple[str, ...]
    why: str
    carried: Answer | None
    earlier: tuple[Answer, ...]

    @property
    def ask(self) -> bool:
        """Whether somebody has to answer this control."""
        return self.carried is None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A control of the old framework that does not go on, with its answer; that is kept with the old framework."""

    control: Control
    answer: Answer | None
    why: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """The whole step: one `Step` for each control of the new framework, and what was `dropped` of the old."""

    old: str
    new: str
    steps: tuple[Step, ...]
    dropped: tuple[Dropped, ...]

    @property
    def carried(self) -> tuple[Answer, ...]:
        """The answers that go over, under their new numbers."""
        return tuple(step.carried for step in self.steps if step.carried is not None)

    @property
    def asked(self) -> tuple[Step, ...]:
        """What is asked again, or for the first time."""
        return tuple(step for step in self.steps if step.ask)


def plan_upgrade(old: Framework, new: Framework, walk: Crosswalk, answers: Iterable[Answer]) -> Upgrade:
    """Plan the step from `old` to `new`; `walk` goes from old to new. Nothing is written, nothing asks the time.

    An answer carries over when it must be as true for the new control as it was for the old:

    - unchanged, or another number only: always;
    - fewer government measures: "voldoet" and "niet van toepassing"; other answers may have become better;
    - split: "voldoet" and "niet van toepassing" of the whole hold for its parts;
    - merged: when all old answers are the same, with the oldest day, the first end of evidence, and the findings where
      those are the same too;
    - more or rewritten government measures, or new: never.

    An answer that the new norm does not allow is asked again. Each control of the new framework has one step; each old
    answer is in a step or in what was dropped. Raises ValueError when `walk` is not from old to new.
    """
    if (walk.source, walk.target) != (old.key, new.key):
        raise ValueError(f"crosswalk {walk.source} to {walk.target} does not lead from {old.key} to {new.key}")
    given = {answer.control: answer for answer in answers if answer.state is not State.UNANSWERED}
    steps = tuple(_step(control, old, walk, given) for control in new.controls)
    used = {number for step in steps for number in step.sources}
    return Upgrade(
        old.key,
        new.key,
        steps,
        tuple(
            Dropped(control, given.get(control.number), f"{new.title} {new.version} vraagt dit niet meer.")
            for control in old.controls
            if control.number not in used
        ),
    )


def _step(control: Control, old: Framework, walk: Crosswalk, given: Mapping[str, Answer]) -> Step:
    sources = walk.sources_of(control.number)
    known = {each.number: each for each in old.controls}
    before = [known[number] for number in sources]
    earlier = tuple(given[number] for number in sources if number in given)
    change, why, lasting = _change(control, before, walk)
    carried = _carried(control, earlier, lasting) if len(earlier) == len(sources) else None
    if carried is not None:
        try:
            check_answer(control, carried)
        except RefusedByNorm as error:
            carried, why = None, f"{why} {error}"
    elif earlier and change is Change.MERGED and len(earlier) == len(sources):
        why += " De antwoorden waren niet gelijk, of de overheidsmaatregelen zijn vernieuwd."
    elif earlier and len(earlier) < len(sources):
        why += " Nog niet elk deel was beantwoord."
    return Step(control, change, sources, why, carried, earlier)


_ALL = frozenset(State) - {State.UNANSWERED}
_WHOLE = frozenset({State.MET, State.NOT_APPLICABLE})
_NONE: frozenset[State] = frozenset()


def _change(control: Control, before: list[Control], walk: Crosswalk) -> tuple[Change, str, frozenset[State]]:
    """What changed, why in Dutch, and which answers last through it."""
    if not before:
        return Change.NEW, "Deze vraag is nieuw.", _NONE
    same = next((each for each in before if (each.number, each.title) == (control.number, control.title)), None)
    if same is not None:
        return _version(control, same, before, walk)
    names = ", ".join(each.number for each in before)
    measured = bool(control.active_measures) or any(each.active_measures for each in before)
    if len(before) > 1:
        return Change.MERGED, f"Komt samen uit {names}.", _NONE if control.active_measures else _ALL
    parts = walk.targets_of(before[0].number)
    if len(parts) > 1:
        why = f"{names} is verdeeld over {', '.join(parts)}."
        return Change.SPLIT, why, _NONE if control.active_measures else _WHOLE
    if measured:
        return Change.TEXT, f"Was {names}. De overheidsmaatregelen zijn vernieuwd.", _NONE
    return Change.MOVED, f"Was {names}.", _ALL


def _version(
    control: Control, same: Control, before: list[Control], walk: Crosswalk
) -> tuple[Change, str, frozenset[State]]:
    """The same number in another version of one norm: its government measures decide."""
    was = {measure.number for measure in same.active_measures}
    now = {measure.number for measure in control.active_measures}
    if was == now:
        return Change.SAME, "Er is niets veranderd.", _ALL
    parts = []
    if added := sorted(now - was):
        others = ", ".join(each.number for each in before if each is not same)
        parts.append(f"Erbij: {', '.join(added)}{f' (stond bij {others})' if others else ''}.")
    if gone := sorted(was - now):
        parts.append(f"Weg: {', '.join(gone)}.")
    return Change.TEXT, " ".join(parts), _NONE if now - was else _WHOLE


def _carried(control: Control, earlier: tuple[Answer, ...], lasting: frozenset[State]) -> Answer | None:
    states = {answer.state for answer in earlier}
    if len(states) != 1 or not states <= lasting:
        return None
    if len(earlier) == 1:
        return replace(earlier[0], control=control.number)
    return Answer(
        control=control.number,
        state=earlier[0].state,
        answered_on=min(answer.answered_on for answer in earlier),
        reason=" ".join(f"{answer.control}: {answer.reason}" for answer in earlier if answer.reason),
        evidence_valid_to=min((a.evidence_valid_to for a in earlier if a.evidence_valid_to), default=None),
        risk_analysis="; ".join(dict.fromkeys(answer.risk_analysis for answer in earlier if answer.risk_analysis)),
        judgement=earlier[0].judgement if len({answer.judgement for answer in earlier}) == 1 else UNJUDGED,
    )
