"""The assessment as a workbook: offered, read by the worker, shown, and taken over in one act or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline import queries
from brandwacht.baseline.assessment import export, reading
from brandwacht.baseline.assessment.columns import BY_KEY, given
from brandwacht.baseline.assessment.judging import CHANGE, CLASH, FILE, HERE, WRONG, Row, again, judge
from brandwacht.baseline.assessment.reading import Typed
from brandwacht.baseline.models import (
    FRAMEWORK,
    AnswerChange,
    AssessmentImport,
    ControlAnswer,
    ImportState,
    ImportStep,
)
from brandwacht.baseline.services.answering_many import answer_many, refusal
from brandwacht.baseline.services.keeping import CONTENT
from brandwacht.engines.norms import load_framework
from brandwacht.network import long_work
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Denied, Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.services.sheets import MAX_BYTES, read_book
from brandwacht.network.tables import saved_book
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import demand, use_case

ACTION: Final = "baseline.workbook"
KEPT: Final = 50
"""So many offered workbooks are kept; one that was taken over stays, since answers in the history point at it."""
MOST_MEASURES: Final = 2000
TELL_EVERY: Final = 10
Clock = Callable[[], datetime]


def made_book(actor: Actor) -> bytes:
    """The assessment of the actor's organisation as it is now, as XLSX. Raises ``Denied``."""
    owner = Organisation.objects.get(pk=actor.organisation_id)
    rows = queries.control_rows(actor)
    measures = list(queries.open_measures(actor).filter(organisation_id=owner.pk)[:MOST_MEASURES])
    return saved_book(export.workbook(owner, load_framework(FRAMEWORK), rows, measures, actor.today), actor.now)


def offer(actor: Actor, filename: str, content: bytes) -> AssessmentImport:
    """Keep an offered workbook and have it read; nothing changes yet. Raises ``Refused`` for what is far too large."""
    with use_case(actor, ACTION) as case:
        case.require(Owner(actor.organisation_id))
        if len(content) > MAX_BYTES:
            raise Refused(_("Het bestand is groter dan 5 MB. Bewaar alleen de beantwoording."), "file")
        row = AssessmentImport(
            organisation_id=actor.organisation_id,
            filename=filename[:200],
            sha256=hashlib.sha256(content).hexdigest(),
            file=content,
            user_id=actor.user_id,
            asked_by=actor.name,
            asked_at=actor.now,
            seen_at=actor.now,
        )
        row.save()
        own = AssessmentImport.objects.filter(organisation_id=actor.organisation_id)
        kept = list(own.order_by("-asked_at", "-pk").values_list("pk", flat=True)[:KEPT])
        own.filter(state__in=(ImportState.READ, ImportState.FAILED)).exclude(pk__in=kept).delete()
        case.audit(row, {"bestand": row.filename, "sha256": row.sha256})
        _enqueue(actor, row)
    return row


def ask_take(actor: Actor, public_id: Any, choices: Mapping[str, str], *, skip: bool) -> AssessmentImport:
    """Have what was read taken over. ``choices``: by number, "bestand" or "hier" for each clash.

    ``skip``: that the rows which can not be taken are left out is understood. Raises ``Refused`` with what is missing.
    """
    with use_case(actor, ACTION) as case:
        row = case.get(AssessmentImport, public_id)
        if row.state != ImportState.READ:
            raise Refused(_("Dit bestand kan nu niet worden overgenomen. Laad de pagina opnieuw."))
        for each in row.rows:
            if each["kind"] == CLASH:
                each["choice"] = choices.get(each["number"], "")
                if each["choice"] not in (FILE, HERE):
                    raise Refused(
                        _("Kies bij vraag %(number)s wat er geldt.") % {"number": each["number"]}, each["number"]
                    )
        if any(each["kind"] == WRONG for each in row.rows) and not skip:
            raise Refused(
                _("Vink aan dat de rijen die niet kunnen, worden overgeslagen, of verbeter het bestand."), "skip"
            )
        if not _taken(row.rows):
            raise Refused(_("Er is niets om over te nemen."))
        row.state, row.step = ImportState.WAITING, ImportStep.TAKE
        row.done, row.total, row.seen_at, row.user_id = 0, 0, actor.now, actor.user_id
        row.save()
        _enqueue(actor, row)
    return row


def run(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Do the work for the person who asked, with the rights that this person has now; returns how it ended."""
    organisation = Organisation.objects.get(code=organisation_code)
    system = system_actor(organisation, clock(), "werker")
    with tenancy_scope(system.tenancy()):
        row = long_work.take(AssessmentImport, public_id, clock())
        if row is None:
            return "niet nodig"
        try:
            actor = long_work.asker(row.user_id, row.asked_by, organisation, clock())
            if row.step == ImportStep.READ:
                _read(actor, row, clock)
            else:
                return _take(actor, row, clock)
        except (Refused, Denied) as error:
            return _end(row, ImportState.FAILED, str(error), clock)
        except Exception as error:
            _end(row, ImportState.FAILED, _("Er ging iets mis (%(what)s).") % {"what": type(error).__name__}, clock)
            raise
        return _end(row, ImportState.READ, "", clock)


def again_if_stopped(now: datetime) -> str:
    """Offer work whose worker died to a worker again."""
    from brandwacht.baseline.tasks import work_on_workbook

    again_now = long_work.offer_again(AssessmentImport, now, work_on_workbook.enqueue)
    return _("%(n)d bestanden opnieuw aangeboden") % {"n": again_now} if again_now else ""


def undo(actor: Actor, public_id: Any) -> AssessmentImport:
    """Put back every answer that a workbook changed; refused when one of them was answered again since."""
    from brandwacht.baseline.services.putting_back import put_back

    with use_case(actor, ACTION) as case:
        row = case.get(AssessmentImport, public_id)
        if row.state != ImportState.TAKEN:
            raise Refused(_("Alleen wat is overgenomen, kan worden teruggezet."))
        put_back(actor, row)
        row.state, row.finished_at = ImportState.UNDONE, actor.now
        row.save()
        case.audit(row, {"bestand": row.filename, "vragen": len(row.undo), "teruggezet": True})
    return row


def _enqueue(actor: Actor, row: AssessmentImport) -> None:
    from brandwacht.baseline.tasks import work_on_workbook

    work_on_workbook.enqueue(actor.organisation_code, str(row.public_id))


def _end(row: AssessmentImport, state: str, reason: str, clock: Clock) -> str:
    row.file = b""
    return long_work.end(
        row, state, reason, clock(), "file", "rows", "faults", "untouched", "done", "total", "undo", "step"
    )


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(actor: Actor, row: AssessmentImport, clock: Clock) -> None:
    found = reading.read(read_book(bytes(row.file)))
    row.faults = found.notes
    _judge_all(actor, row, found.rows, clock)


def _judge_all(actor: Actor, row: AssessmentImport, typed: Iterable[Typed], clock: Clock) -> None:
    """Hold every row against the answers of now, by the rules of the use case that answers. Raises ``Denied``."""
    demand(actor, "baseline.answer", Owner(row.organisation_id))
    framework = load_framework(FRAMEWORK)
    present = {answer.control: answer for answer in queries.answers_of(actor, row.organisation_id)}
    resting = queries.grounds(actor, row.organisation_id)
    everything = list(typed)
    row.rows, row.total = [], len(everything)
    for place, each in enumerate(everything, start=1):
        judged = judge(each, framework, present)
        if judged is not None:
            if judged["kind"] != WRONG:
                _try(actor, judged, resting)
            row.rows.append(judged)
        if place % TELL_EVERY == 0:
            AssessmentImport.objects.filter(pk=row.pk).update(done=place, total=row.total, seen_at=clock())
    row.done, row.untouched = row.total, row.total - len(row.rows)


def _try(actor: Actor, judged: Row, resting: queries.Grounds) -> None:
    error = refusal(actor, judged["number"], given(judged["mine"]), resting)
    if error is not None:
        column = BY_KEY.get(error.field or "")
        judged["faults"].append([column.title if column else "", error.message])
        judged["kind"] = WRONG


# --- taking over ------------------------------------------------------------------------------------------------------


def _taken(rows: Iterable[Row]) -> list[Row]:
    """The rows that are taken over."""
    return [row for row in rows if row["kind"] == CHANGE or (row["kind"] == CLASH and row["choice"] == FILE)]


class _Moved(Exception):
    """An answer was given here since the workbook was read, so that everything is rolled back."""


def _take(actor: Actor, row: AssessmentImport, clock: Clock) -> str:
    try:
        with use_case(actor, ACTION) as case:
            case.require(row)
            row.undo = _take_all(actor, _taken(row.rows))
            numbers = [each["number"] for each in row.undo]
            given_now = AnswerChange.objects.filter(
                organisation_id=row.organisation_id, control__in=numbers, answered_at=actor.now
            )
            given_now.update(import_ref=row.public_id)
            case.audit(row, {"bestand": row.filename, "vragen": numbers})
            return _end(row, ImportState.TAKEN, "", clock)
    except (_Moved, Refused):
        wrong, untouched = [each for each in row.rows if each["kind"] == WRONG], row.untouched
        _judge_all(actor, row, [again(each) for each in row.rows if each["kind"] != WRONG], clock)
        row.undo, row.rows, row.untouched = [], [*row.rows, *wrong], untouched
        told = _(
            "Er is niets overgenomen: intussen werd hier een antwoord gegeven. Bekijk de botsingen en kies opnieuw."
        )
        return _end(row, ImportState.READ, told, clock)


def _take_all(actor: Actor, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Take over these rows; returns what is needed to put them back."""
    numbers = [each["number"] for each in rows]
    own = ControlAnswer.objects.select_for_update().filter(
        organisation_id=actor.organisation_id, framework=FRAMEWORK, control__in=numbers
    )
    present = {answer.control: answer for answer in own}
    undo = []
    for each in rows:
        before = present.get(each["number"])
        seen = parse_datetime(each["seen"]) if each["seen"] else None
        if (before.answered_at if before else None) != seen:
            raise _Moved
        kept = _kept(before) if before else None
        undo.append({"number": each["number"], "before": kept, "after": actor.now.isoformat()})
    answer_many(actor, {each["number"]: given(each["mine"]) for each in rows}, present)
    return undo


def _kept(answer: ControlAnswer) -> dict[str, str | None]:
    values = {name: getattr(answer, name) for name in CONTENT}
    return {name: None if value is None else str(value) for name, value in values.items()}


def told(row: AssessmentImport) -> str:
    """One sentence about what was taken over."""
    count = len(row.undo)
    return ngettext("%(n)d antwoord is overgenomen.", "%(n)d antwoorden zijn overgenomen.", count) % {"n": count}
