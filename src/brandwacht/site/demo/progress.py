"""The demo's progress reports: fictitious answers of the other regions, and what they released at two moments."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import AnswerChange, AnswerState, ControlAnswer
from brandwacht.baseline.progress.content import content, mark
from brandwacht.baseline.queries import open_measures
from brandwacht.baseline.queries.national import HEAVY
from brandwacht.baseline.services.costs import set_costs
from brandwacht.baseline.services.progress import agree_to_comparison, release, save_draft
from brandwacht.baseline.services.progress_reminders import ask
from brandwacht.engines.norms import load_framework
from brandwacht.engines.norms.progress import Moment, load_dataset, moments
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.site.demo.stage import REGION, Stage

SILENT = frozenset({"VR02", "VR14", "VR19"})
"""These have not reported on the last moment; the region of the demo does it by hand."""
EARLIER = frozenset({"VR03", "VR05", "VR08", "VR09", "VR17", "VR21", "VR24", "NIPV"})
"""These reported on the moment before as well, so that there is something to see over time."""
BODIES = ("regios", "loket", "poi", "rcdv", "bac-iv")
KNOTS = ("mensen", "leveranciers", "techniek", "kennis", "geld")


def fill(stage: Stage) -> Iterator[str]:
    """Let every region but a few report on the last moment, and some on the one before."""
    dice = random.Random(20261122)  # noqa: S311 - a made-up country, the same every time
    last = moments(load_dataset(), timezone.localdate(stage.now))[-2:]
    reported = 0
    for organisation in Organisation.objects.filter(kind__in=HEAVY).order_by("code"):
        strength = dice.uniform(0.35, 0.9)
        with stage.as_system(organisation.code) as actor:
            if not AnswerChange.objects.filter(organisation=organisation).exists():
                _answer(actor, last, strength, dice)
            for place, moment in enumerate(last):
                if moment != last[-1] and organisation.code not in EARLIER:
                    continue
                if moment == last[-1] and (organisation.code in SILENT or organisation.code == REGION):
                    ask(actor, moment)
                    continue
                at = _noon(moment.day) + timedelta(days=dice.randrange(5, 50))
                _report(actor.at(min(at, stage.now)), moment, place, strength, dice)
                reported += 1
            if organisation.code in ("VR05", "VR09", "VR21"):
                agree_to_comparison(actor)
            if organisation.code == REGION:
                _price(actor)
    yield f"Voortgang: {reported} rapportages over {len(last)} peilmomenten; {len(SILENT) + 1} regio's nog niet."


def _answer(actor: Actor, last: list[Moment], strength: float, dice: random.Random) -> None:
    """Answer the whole norm in two waves, each before one of the moments: as rows, since there are thousands."""
    changes = []
    for control in load_framework(load_dataset().framework).controls:
        luck = dice.random()
        state = AnswerState.MET if luck < strength else AnswerState.PARTLY if luck < 0.9 else AnswerState.NOT_MET
        before = last[dice.random() > 0.7].day - timedelta(days=dice.randrange(2, 90))
        facts = {"control": control.number, "state": state, "reason": "Verzonnen (demo)", "answered_by": actor.name}
        changes.append(AnswerChange(organisation_id=actor.organisation_id, answered_at=_noon(before), **facts))
    names = ("organisation_id", "control", "state", "reason", "answered_by", "answered_at")
    AnswerChange.objects.bulk_create(changes)
    ControlAnswer.objects.bulk_create(ControlAnswer(**{n: getattr(row, n) for n in names}) for row in changes)


def _report(actor: Actor, moment: Moment, place: int, strength: float, dice: random.Random) -> None:
    now = round(dice.choice((0.2, 0.2, 0.2, 0.4, 0.5, 1.0)) + 0.1 * place, 1)
    said: dict[str, Any] = {
        "phase": ("plannen", "uitvoeren", "uitvoeren", "controleren")[int(strength * 4)],
        "fte_now": now,
        "fte_needed": round(now + dice.uniform(0.3, 1.2), 1),
        "budget_now": dice.randrange(40, 250) * 1000,
        "cycle": dice.random() < strength,
        "policy_on": (moment.day - timedelta(days=dice.randrange(30, 500))).isoformat(),
    }
    if dice.random() < strength:
        said["review_on"] = (moment.day - timedelta(days=dice.randrange(60, 900))).isoformat()
    knots = [{"kind": kind, "category": "", "text": "Verzonnen (demo)"} for kind in dice.sample(KNOTS, 2)]
    draft = save_draft(actor, moment, said=said, explained={}, bottlenecks=knots)
    shown = content(actor, load_dataset(), moment, draft)
    release(actor, moment, bodies=BODIES, seen=mark(shown))


def _price(actor: Actor) -> None:
    """Give the first measures of the region of the demo a range of costs."""
    for number, measure in enumerate(open_measures(actor).filter(organisation_id=actor.organisation_id)[:4], start=1):
        once = (number * 4000, number * 9000)
        ranges = {"once": once, "yearly": (0, number * 1500), "days": (number, 4 * number)}
        set_costs(actor, measure.public_id, ranges=ranges, source="Eigen schatting (demo)")


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
