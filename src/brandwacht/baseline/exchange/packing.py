"""Answers and measures as an ``AnswerImport`` keeps them (JSON), within what we keep, and the same the other way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from brandwacht.baseline.models import FRAMEWORK
from brandwacht.engines.norms import Finding, State, load_framework
from brandwacht.engines.norms.oscal import Assessed, Evidence, PlannedMeasure

LONGEST_NAME, LONGEST_ANALYSIS, LONGEST_TITLE, LONGEST_PLACE, HASH = 120, 200, 200, 500, 64


def pack_answer(said: Assessed) -> dict[str, Any]:
    """An answer as it is kept. Raises nothing: what is too long is cut."""
    said = _fitting(said)
    return {
        "control": said.control,
        "state": str(said.state),
        "answered_at": said.answered_at.isoformat(),
        "answered_by": said.answered_by,
        "reason": said.reason,
        "risk_analysis": said.risk_analysis,
        "design": str(said.design),
        "existence": str(said.existence),
        "operation": str(said.operation),
        "maturity": said.maturity,
        "evidence": [
            {
                "description": piece.description,
                "valid_from": _iso(piece.valid_from),
                "valid_to": _iso(piece.valid_to),
                "received_on": _iso(piece.received_on),
                "sha256": piece.sha256,
                "where": piece.where,
            }
            for piece in said.evidence
        ],
    }


def unpack_answer(entry: Mapping[str, Any]) -> Assessed:
    """The same the other way."""
    return Assessed(
        control=entry["control"],
        state=State(entry["state"]),
        answered_at=datetime.fromisoformat(entry["answered_at"]),
        answered_by=entry["answered_by"],
        reason=entry["reason"],
        risk_analysis=entry["risk_analysis"],
        design=Finding(entry["design"]),
        existence=Finding(entry["existence"]),
        operation=Finding(entry["operation"]),
        maturity=entry["maturity"],
        evidence=tuple(
            Evidence(
                description=piece["description"],
                valid_from=_day(piece["valid_from"]),
                valid_to=_day(piece["valid_to"]),
                received_on=_day(piece["received_on"]),
                sha256=piece["sha256"],
                where=piece["where"],
            )
            for piece in entry["evidence"]
        ),
    )


def _fitting(said: Assessed) -> Assessed:
    return replace(
        said,
        answered_by=said.answered_by[:LONGEST_NAME],
        risk_analysis=said.risk_analysis[:LONGEST_ANALYSIS],
        answered_at=timezone.localtime(said.answered_at),
        evidence=tuple(
            replace(
                piece,
                description=piece.description[:LONGEST_TITLE] if piece.received_on else piece.description,
                where=piece.where[:LONGEST_PLACE],
                sha256=piece.sha256 if len(piece.sha256) == HASH else "",
            )
            for piece in said.evidence
        ),
    )


def pack_measure(said: PlannedMeasure) -> dict[str, Any]:
    """A measure as it is kept; one at a control that the present norm does not have stands on its own."""
    known = {control.number for control in load_framework(FRAMEWORK).controls}
    return {
        "key": said.key,
        "title": said.title[:LONGEST_TITLE],
        "description": said.description,
        "control": said.control if said.control in known else "",
        "state": said.state,
        "owner": said.owner[:LONGEST_NAME],
        "due": said.due.isoformat(),
        "cost": said.cost,
        "done_at": said.done_at.isoformat() if said.done_at else None,
    }


def unpack_measure(entry: Mapping[str, Any]) -> PlannedMeasure:
    """The same the other way."""
    done = entry["done_at"]
    return PlannedMeasure(
        **{name: entry[name] for name in ("key", "title", "description", "control", "state", "owner", "cost")},
        due=date.fromisoformat(entry["due"]),
        done_at=datetime.fromisoformat(done) if done else None,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
