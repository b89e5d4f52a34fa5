"""What a progress report says: put together from answers, measures and what was written; never evidence.

The content is plain data, fit for JSON, and closed: these fields and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from brandwacht.baseline import queries
from brandwacht.baseline.models import FRAMEWORK, ReportDraft
from brandwacht.baseline.queries.investment import proposals
from brandwacht.engines.norms import Answer, State, count_government, load_framework
from brandwacht.engines.norms.conditions import Shown
from brandwacht.engines.norms.investment import Range, by_theme
from brandwacht.engines.norms.national import Reported
from brandwacht.engines.norms.progress import DataSet, Moment, category_scores, counted
from brandwacht.network.actor import Actor
from brandwacht.network.models import Organisation
from brandwacht.network.signing import canonical

FORM: Final = "brandwacht-voortgang-1"
"""The form of the body; a reader that does not know it does not guess."""
_NOTHING = Range(0, 0)


def figures(actor: Actor, dataset: DataSet, moment: Moment) -> dict[str, Any]:
    """What is reckoned for the own organisation: answers as on the day of the moment, measures as they are now."""
    found, today, cycle = _reckoned(actor, dataset, moment)
    return {
        **found,
        "investment": [
            {
                "category": each.theme,
                "measures": each.measures,
                "unpriced": each.unpriced,
                "once": [each.once.low, each.once.high],
                "yearly": [each.yearly.low, each.yearly.high],
                "days": [each.days.low, each.days.high],
            }
            for each in by_theme(proposals(actor, dataset, today, cycle.open))
        ],
    }


def _reckoned(actor: Actor, dataset: DataSet, moment: Moment) -> tuple[dict[str, Any], list[Answer], queries.Cycle]:
    """The figures but for what it costs, the answers as they are today, and the measures. Five queries."""
    resting = queries.grounds(actor, actor.organisation_id)
    answers, today = queries.answers_on(actor, actor.organisation_id, [moment.day, actor.today], resting)
    found = category_scores(dataset, answers, moment.day)
    counts = counted(dataset, answers, moment.day)
    framework = load_framework(FRAMEWORK)
    cycle = queries.cycle(actor)
    out = {answer.control for answer in answers if answer.state is State.NOT_APPLICABLE}
    said = [each for control in framework.controls for each in resting.government_on(control.number, moment.day)]
    reckoned = {
        "framework": {"key": framework.key, "version": framework.version, "fingerprint": framework.fingerprint},
        "scores": {
            "percent": found.percent,
            "word": found.word,
            "oldest": found.oldest.isoformat() if found.oldest else None,
            "counts": counts,
            "government": count_government(framework, out, said),
            "categories": [
                {
                    "key": each.key,
                    "percent": found.by_theme[each.key].percent,
                    "applicable": found.by_theme[each.key].applicable,
                    "answered": found.by_theme[each.key].based_on,
                }
                for each in dataset.categories
            ],
        },
        "measures": {**cycle.states, "late": cycle.late, "moved": cycle.moved, "tasks": cycle.tasks},
    }
    return reckoned, today, cycle


def content(
    actor: Actor, dataset: DataSet, moment: Moment, draft: ReportDraft | None, owner: Organisation | None = None
) -> dict[str, Any]:
    """All that would be released for the own organisation now. Six queries at most, five when its row is given."""
    owner = owner or Organisation.objects.get(pk=actor.organisation_id)
    return {
        "form": FORM,
        "dataset": {"key": dataset.key, "fingerprint": dataset.fingerprint},
        "organisation": {"code": owner.code, "name": owner.full_name},
        "moment": moment.key,
        "measured_on": moment.day.isoformat(),
        **figures(actor, dataset, moment),
        "said": _said(dataset, draft),
        "explained": {key: draft.explained[key] for key in dataset.explained if draft and draft.explained.get(key)},
        "bottlenecks": [
            {key: row.get(key, "") for key in ("kind", "category", "text")}
            for row in (draft.bottlenecks if draft else [])
        ],
    }


def _said(dataset: DataSet, draft: ReportDraft | None) -> dict[str, Any]:
    return {question.key: draft.said.get(question.key) if draft else None for question in dataset.questions}


def would_show(actor: Actor, dataset: DataSet, moment: Moment, draft: ReportDraft | None) -> Shown:
    """What the conditions for connecting would read if the own organisation released now. Five queries."""
    found, _today, _cycle = _reckoned(actor, dataset, moment)
    return shown({"measured_on": moment.day.isoformat(), "said": _said(dataset, draft), **found})


def mark(said: Mapping[str, Any]) -> str:
    """A mark of exactly this content: what somebody saw before they released it."""
    return hashlib.sha256(canonical(said)).hexdigest()


def reported(said: Mapping[str, Any]) -> Reported:
    """What the national figures read from the content of a snapshot."""
    total = {"once": _NOTHING, "yearly": _NOTHING, "days": _NOTHING}
    for row in said["investment"]:
        for key in total:
            total[key] += Range(*row[key])
    answers = said["said"]
    return Reported(
        code=said["organisation"]["code"],
        moment=said["moment"],
        percent=said["scores"]["percent"],
        categories={each["key"]: each["percent"] for each in said["scores"]["categories"] if each["applicable"]},
        phase=answers.get("phase") or "",
        fte_now=answers.get("fte_now"),
        fte_needed=answers.get("fte_needed"),
        bottlenecks=frozenset(row["kind"] for row in said["bottlenecks"]),
        invested=total,
    )


def shown(said: Mapping[str, Any]) -> Shown:
    """What the conditions for connecting read from the content of a snapshot."""
    scores, measures = said["scores"], said["measures"]
    government = {f"government_{key}": count for key, count in scores["government"].items()}
    moved = {"measures_moved": measures["moved"], "tasks_done": measures["tasks"]}
    return Shown(date.fromisoformat(said["measured_on"]), {**said["said"], **scores["counts"], **government, **moved})
