"""Reads of the fixed tasks of the norm."""

from __future__ import annotations

from dataclasses import dataclass

from brandwacht.baseline.models import FRAMEWORK, RhythmDone
from brandwacht.baseline.queries.answers import SEE, require_see
from brandwacht.engines.norms import Beat, Pace, Rhythm, beat, load_rhythms
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

_FIRST = (Pace.LATE, Pace.SOON, Pace.NEVER, Pace.ON_TIME)


@dataclass(frozen=True, slots=True)
class RhythmRow:
    """A fixed task: where it stands, and when it was done last, by whose word."""

    beat: Beat
    done: RhythmDone | None


def rhythm(number: str) -> Rhythm:
    """The fixed task of this government measure; raises ``NotFound``."""
    found = next((each for each in load_rhythms(FRAMEWORK) if each.number == number), None)
    if found is None:
        raise NotFound
    return found


def last_done(actor: Actor) -> dict[str, RhythmDone]:
    """When the actor's own organisation did each fixed task last, by its number. One query."""
    rows = RhythmDone.objects.filter(visible(actor, SEE), organisation_id=actor.organisation_id, framework=FRAMEWORK)
    return {done.number: done for done in rows.order_by("done_on", "pk")}


def rhythms(actor: Actor) -> list[RhythmRow]:
    """The fixed tasks of the actor's own organisation, what is late or due soon first. Raises ``Denied``. One query."""
    require_see(actor, actor.organisation_id)
    last = last_done(actor)
    found = []
    for each in load_rhythms(FRAMEWORK):
        done_last = last.get(each.number)
        found.append(RhythmRow(beat(each, done_last.done_on if done_last else None, actor.today), done_last))
    return sorted(found, key=lambda row: (_FIRST.index(row.beat.pace), row.beat.due or actor.today))


def rhythms_at(actor: Actor, control: str) -> list[RhythmRow]:
    """Those that belong to one control."""
    if not any(each.control == control for each in load_rhythms(FRAMEWORK)):
        return []
    return [row for row in rhythms(actor) if row.beat.rhythm.control == control]
