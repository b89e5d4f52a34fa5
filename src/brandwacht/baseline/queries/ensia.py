"""Reads of the yearly account (ENSIA): where a year stands, and the facts of a statement from the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from brandwacht.baseline.models import FRAMEWORK, AnswerState, EnsiaStatement, EnsiaYear, StatementKind
from brandwacht.baseline.queries.answers import ControlRow
from brandwacht.baseline.queries.measures import open_measures
from brandwacht.engines import norms
from brandwacht.engines.norms.ensia import Calendar, Recipient, calendar_of, load_scheme
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.policy import visible

ENSIA_SEE = "baseline.ensia.see"
MOST_MEASURES = 100


def years(actor: Actor) -> QuerySet[EnsiaYear]:
    """The years in which the own organisation takes part, the last first."""
    return EnsiaYear.objects.filter(visible(actor, ENSIA_SEE), organisation_id=actor.organisation_id)


def year(actor: Actor, number: int) -> EnsiaYear:
    """One year; raises ``NotFound``."""
    found: EnsiaYear | None = years(actor).filter(year=number).first()
    if found is None:
        raise NotFound
    return found


def statements(found: EnsiaYear) -> list[EnsiaStatement]:
    """The statements of a year that the actor was already allowed to see, the newest version of each first."""
    return list(EnsiaStatement.objects.filter(year=found).order_by("kind", "recipient", "-version"))


def statement(actor: Actor, public_id: Any) -> EnsiaStatement:
    """One statement that was laid down; raises ``NotFound``."""
    rows = EnsiaStatement.objects.filter(visible(actor, ENSIA_SEE), laid_down_at__isnull=False, public_id=public_id)
    found: EnsiaStatement | None = rows.select_related("year", "organisation").first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """One account of a year: to whom, how many questions are open, its draft and the version that counts."""

    kind: StatementKind
    recipient: Recipient | None
    unanswered: tuple[str, ...]
    draft: EnsiaStatement | None
    laid: EnsiaStatement | None
    versions: int


def parts(said: Sequence[EnsiaStatement], rows: Sequence[ControlRow]) -> list[Part]:
    """The horizontal account of a year and one for every recipient, from its ``statements`` and the answers."""
    by_key: dict[tuple[str, str], list[EnsiaStatement]] = {}
    for each in said:
        by_key.setdefault((each.kind, each.recipient), []).append(each)
    open_now = [row.control.number for row in rows if row.answer is None]
    made = [_part(StatementKind.HORIZONTAL, None, open_now, by_key.get((StatementKind.HORIZONTAL, ""), []))]
    for recipient in load_scheme().recipients:
        unanswered = [number for number in open_now if number in recipient.controls]
        mine = by_key.get((StatementKind.VERTICAL, recipient.key), [])
        made.append(_part(StatementKind.VERTICAL, recipient, unanswered, mine))
    return made


def _part(
    kind: StatementKind, recipient: Recipient | None, unanswered: Sequence[str], mine: Sequence[EnsiaStatement]
) -> Part:
    laid = [each for each in mine if each.laid_down_at]
    draft = next((each for each in mine if not each.laid_down_at), None)
    return Part(kind, recipient, tuple(unanswered), draft, laid[0] if laid else None, len(laid))


def facts(actor: Actor, recipient: Recipient | None, rows: Sequence[ControlRow]) -> dict[str, Any]:
    """What the answers of the own organisation (``rows``) say today, as goes in a statement: never evidence."""
    if recipient is not None:
        wanted = [row for row in rows if row.control.number in recipient.controls]
        return {"answers": [_fact(row) for row in wanted]}
    given = [row.judged for row in rows if row.answer is not None]
    score = norms.score(norms.load_framework(FRAMEWORK), given, actor.today)
    measures = open_measures(actor).filter(organisation_id=actor.organisation_id)[:MOST_MEASURES]
    return {
        "percent": score.percent,
        "word": score.word,
        "answered": score.based_on,
        "controls": score.controls,
        "realised": [_fact(row) for row in rows if row.state == AnswerState.MET],
        "deviations": [_fact(row) for row in rows if row.state in _DEVIATIONS],
        "risks": [_fact(row) | {"analysis": _analysis(row)} for row in rows if row.state == AnswerState.ACCEPTED],
        "improvements": [
            {"control": each.control, "title": each.title, "by": each.owner_name, "due": each.due.isoformat()}
            for each in measures
        ],
    }


_DEVIATIONS = (AnswerState.PARTLY, AnswerState.NOT_MET, AnswerState.NOT_APPLICABLE, AnswerState.OPEN)


def _fact(row: ControlRow) -> dict[str, str]:
    return {
        "number": row.control.number,
        "title": row.control.title,
        "state": row.state.value,
        "label": str(row.state.label),
        "reason": row.answer.reason if row.answer else "",
        "on": row.answer.answered_on.isoformat() if row.answer else "",
    }


def _analysis(row: ControlRow) -> str:
    return row.answer.risk_analysis if row.answer else ""


def with_days(content: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a statement with their days as dates, for a page."""
    shown: dict[str, Any] = dict(content)
    for name in ("answers", "realised", "deviations", "risks"):
        shown[name] = [each | {"on": _day(each["on"])} for each in content.get(name, [])]
    shown["improvements"] = [each | {"due": _day(each["due"])} for each in content.get("improvements", [])]
    return shown


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def calendar(number: int) -> Calendar:
    """The calendar of a year."""
    return calendar_of(load_scheme(), number)
