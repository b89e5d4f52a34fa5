"""The demo's answers to the norm and its measures: fictitious, and given on the days they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import yaml
from django.utils import timezone

from brandwacht.baseline.models import AnswerState
from brandwacht.baseline.services import answer_control, make_measure, move_measure
from brandwacht.baseline.services.measures import ORDER
from brandwacht.baseline.services.reminders import renew
from brandwacht.network.actor import Actor
from brandwacht.network.models import User
from brandwacht.site.demo import baseline_evidence
from brandwacht.site.demo.stage import REGION, Stage

CISOS = {REGION: "ciso@demo.example", "VR15": "isac@demo.example"}
MARK = " (demo)"
_DATA = files(__package__) / "data" / "baseline"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of the file: what, how many days ago, and until when its evidence counts."""

    number: str
    state: str
    days_ago: int
    valid_days: int | None
    reason: str
    evidence: str
    risk_analysis: str = ""

    def give(self, actor: Actor, findings: Sequence[Any] = ("", "", "", None)) -> None:
        """Answer, on the day that the file names; ``findings`` are opzet, bestaan, werking and the maturity."""
        design, existence, operation, maturity = findings
        at = _morning(actor.now, -self.days_ago)
        valid_to = None if self.valid_days is None else _morning(actor.now, self.valid_days).date()
        answer_control(
            actor.at(at),
            self.number,
            state=self.state,
            reason=_marked(self.reason),
            evidence=_marked(self.evidence),
            evidence_valid_to=valid_to,
            risk_analysis=_marked(self.risk_analysis),
            design=design,
            existence=existence,
            operation=operation,
            maturity=maturity,
        )


def fill(stage: Stage) -> Iterator[str]:
    """Answer the norm for two regions and plan their measures."""
    answers, measures, proven = _read("answers.yaml"), _read("measures.yaml"), _read("evidence.yaml")
    for code, email in CISOS.items():
        given = [
            Given(number, *row) for part in (answers, answers["earlier"]) for number, row in part.get(code, {}).items()
        ]
        more = ""
        earlier, found = answers["earlier"].get(code, {}), proven["findings"] if code == REGION else {}
        with stage.as_person(email, code) as actor:
            for answer in sorted(given, key=lambda g: -g.days_ago):
                was = earlier.get(answer.number)
                if answer.number in found and (was is None or was[1] != answer.days_ago):
                    answer.give(actor, found[answer.number])
                else:
                    answer.give(actor)
            for entry in measures[code]:
                _plan(actor, entry)
            if code == REGION:
                more = baseline_evidence.fill(actor, proven)
        with stage.as_system(code) as system:
            expiring = renew(system)
        unmet = sum(row[0] == AnswerState.NOT_MET for row in answers[code].values())
        yield (
            f"Basis op orde {code}: {len(answers[code])} antwoorden, waarvan {unmet} voldoen niet, "
            f"{len(measures[code])} maatregelen, {expiring} bewijzen die (bijna) verlopen. {more}"
        ).rstrip()


def _plan(actor: Actor, entry: dict[str, Any]) -> None:
    made = actor.at(_morning(actor.now, -entry["made"]))
    owner = User.objects.filter(email=entry["owner"]).first()
    measure = make_measure(
        made,
        title=_marked(entry["title"]),
        control=entry["control"],
        owner_name="" if owner else _marked(entry["owner"]),
        owner_id=owner.pk if owner else None,
        due=_morning(actor.now, entry["due"]).date(),
        description=_marked(entry["description"]),
        cost=entry.get("cost"),
        for_board=entry.get("for_board", False),
    )
    for step, state in enumerate(ORDER[1 : ORDER.index(entry["to"]) + 1], start=1):
        move_measure(made.at(made.now + timedelta(days=4 * step)), measure.public_id, state)


def _morning(now: datetime, days: int) -> datetime:
    """Half past nine in the morning, so many days from now."""
    return timezone.localtime(now + timedelta(days=days)).replace(hour=9, minute=30, second=0, microsecond=0)


def _marked(text: str) -> str:
    return text + MARK if text else ""


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))
    return data
