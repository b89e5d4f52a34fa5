"""Answers that come in: assessment results, and what a statement of applicability says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.exchange.incoming import (
    NEW,
    OTHER,
    REFUSED,
    SAME,
    Comparison,
    Incoming,
    Line,
    Offer,
    Side,
    Words,
    comparison,
)
from brandwacht.baseline.exchange.packing import LONGEST_NAME, pack_answer, unpack_answer
from brandwacht.baseline.models import FRAMEWORK, AnswerImport, AnswerState, ControlAnswer, Evidence
from brandwacht.baseline.queries.exchange import as_assessed, pieces_on
from brandwacht.baseline.queries.frameworks import ANSWERABLE, rows_on
from brandwacht.baseline.services import keeping, reminders
from brandwacht.baseline.wording.tones import answer_tone
from brandwacht.engines.norms import Control, RefusedByNorm, State, check_answer, load_framework, oscal
from brandwacht.engines.norms.oscal import Assessed, read_profile, read_results
from brandwacht.engines.norms.oscal.reading import Node
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused

_SHOWN_REASON, _SHOWN_TITLE = 160, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine(Line):
    """One control in an offered document. ``older``: what is there now is younger than what is offered."""

    control: Control
    offered: Assessed
    present: ControlAnswer | None
    older: bool


class AnswersIn(Incoming[AnswerLine]):
    """Answers with their evidence, as assessment results hold them."""

    things = "antwoorden"

    def read(self, actor: Actor, document: Node) -> Offer:
        """The answers in assessment results."""
        found = read_results(document)
        said = found.assessment
        return _offer(said.framework, said.organisation.name, said.answers, found.unknown)

    def compare(self, actor: Actor, offered: AnswerImport) -> Comparison[AnswerLine]:
        """Each offered answer beside the present one."""
        present = {row.control: row for row in rows_on(actor, offered.framework)}
        pieces = pieces_on(actor, offered.framework)
        norm = load_framework(offered.framework)
        lines = []
        for entry in offered.lines:
            said = unpack_answer(entry)
            row = present.get(said.control)
            lines.append(self._line(actor, norm.control(said.control), said, row, pieces.get(said.control, ())))
        seen = [(number, row.answered_at.isoformat()) for number, row in sorted(present.items())]
        return comparison(offered, lines, seen)

    def _line(
        self,
        actor: Actor,
        control: Control,
        said: Assessed,
        present: ControlAnswer | None,
        pieces: Sequence[oscal.Evidence],
    ) -> AnswerLine:
        why = _refusal(actor, control, said)
        if why:
            kind = REFUSED
        elif present is None:
            kind = NEW
        else:
            kind = SAME if self._agrees(said, present, pieces) else OTHER
        older = kind == OTHER and present is not None and present.answered_at > said.answered_at
        return AnswerLine(
            key=control.number,
            name=control.number,
            about=control.title,
            kind=kind,
            now=_present_side(present) if present else None,
            then=_offered_side(said, older=older),
            why=why,
            control=control,
            offered=said,
            present=present,
            older=older,
        )

    def _agrees(self, said: Assessed, present: ControlAnswer, pieces: Sequence[oscal.Evidence]) -> bool:
        return as_assessed(present, pieces) == said

    def take(self, actor: Actor, offered: AnswerImport, lines: Sequence[AnswerLine]) -> None:
        """Keep the answers and their evidence.

        An answer keeps its day and name when it is younger than the one that is there; an older one counts from now.
        """
        rows = [self._row(actor, offered, line) for line in lines]
        keeping.keep_new([row for row in rows if row.pk is None])
        keeping.keep_changed([row for row in rows if row.pk is not None])
        _keep_evidence(actor, offered, lines)
        if offered.framework == FRAMEWORK:
            reminders.after_answers(actor, rows)

    def _row(self, actor: Actor, offered: AnswerImport, line: AnswerLine) -> ControlAnswer:
        said = line.offered
        row = line.present or ControlAnswer(
            organisation_id=actor.organisation_id, framework=offered.framework, control=line.control.number
        )
        row.state, row.reason, row.risk_analysis = AnswerState(said.state), said.reason, said.risk_analysis
        self._fill(actor, row, said)
        row.answered_at = said.answered_at
        row.answered_by = (said.answered_by or offered.party or actor.name)[:LONGEST_NAME]
        if line.older:
            row.answered_at, row.answered_by = actor.now, actor.name
        return row

    def _fill(self, actor: Actor, row: ControlAnswer, said: Assessed) -> None:
        """What an answer holds beside its state and reason."""
        named = [piece for piece in said.evidence if not storable(actor, piece)]
        row.evidence = "\n".join(piece.description for piece in named if piece.description)
        row.evidence_valid_to = max((piece.valid_to for piece in named if piece.valid_to), default=None)
        row.design, row.existence, row.operation = str(said.design), str(said.existence), str(said.operation)
        row.maturity = said.maturity

    def words(self, offered: AnswerImport, compared: Comparison[AnswerLine]) -> Words:
        """What the page of offered answers says; those on an older norm lead to the step to the present one."""
        norm, count = load_framework(offered.framework), len(offered.lines)
        other, new, same = (len(compared.of(kind)) for kind in (OTHER, NEW, SAME))
        lead = ngettext(
            "%(file)s heeft %(n)d antwoord op de %(norm)s.", "%(file)s heeft %(n)d antwoorden op de %(norm)s.", count
        )
        notice, onward = "", None
        if offered.framework != FRAMEWORK:
            onward = (reverse("baseline:passage", args=[norm.key]), _("Bekijk de overgang naar de nieuwe versie"))
            notice = _(
                "Deze antwoorden gaan over een oudere versie. Na het overnemen ziet u op de pagina van de overgang"
                " welke mee kunnen."
            )
        return Words(
            lead=lead % {"file": offered.filename, "n": count, "norm": f"{norm.title} {norm.version}"},
            column=_("Vraag"),
            notice=notice,
            other=ngettext(
                "%(n)d antwoord is anders dan het uwe", "%(n)d antwoorden zijn anders dan de uwe", other
            ) % {"n": other},
            other_help=_(
                "Vink alleen aan wat u wilt vervangen. Uw oude antwoord blijft in de geschiedenis staan."
            ),
            new=ngettext(
                "%(n)d vraag heeft nu nog geen antwoord", "%(n)d vragen hebben nu nog geen antwoord", new
            ) % {"n": new},
            refused=_("Dit staat de norm niet toe"),
            same=ngettext("%(n)d antwoord is gelijk aan het uwe.", "%(n)d antwoorden zijn gelijk aan de uwe.", same)
            % {"n": same},
            unknown=_("Deze nummers uit het bestand kennen wij niet en zijn overgeslagen:"),
            onward=onward,
        )  # fmt: skip

    def taken(self, count: int) -> str:
        """How many answers were taken over."""
        said = ngettext("%(n)d antwoord is overgenomen", "%(n)d antwoorden zijn overgenomen", count)
        return said % {"n": count}


class StatementIn(AnswersIn):
    """A statement of applicability (a profile): only what does not apply; the rest of an answer is not at stake."""

    def read(self, actor: Actor, document: Node) -> Offer:
        """What the statement leaves out does not apply, from now, with its reason."""
        found = read_profile(document)
        said = [
            Assessed(number, State.NOT_APPLICABLE, actor.now, actor.name, reason=reason)
            for number, reason in found.excluded.items()
        ]
        return _offer(found.framework, found.organisation.name, said, found.unknown)

    def _agrees(self, said: Assessed, present: ControlAnswer, pieces: Sequence[oscal.Evidence]) -> bool:
        return State(present.state) is said.state

    def _fill(self, actor: Actor, row: ControlAnswer, said: Assessed) -> None:
        """Nothing: evidence and findings stay what they were."""


RESULTS_IN: Final = AnswersIn()
STATEMENT_IN: Final = StatementIn()


def _offer(framework: str, party: str, said: Sequence[Assessed], unknown: Sequence[str]) -> Offer:
    if framework not in ANSWERABLE:
        raise Refused(
            _("Dit gaat over %(norm)s. Die antwoorden volgen uit die op de BIO2; u leest ze niet apart in.")
            % {"norm": load_framework(framework).title},
            "file",
        )
    if not said:
        raise Refused(_("In dit bestand staat geen antwoord dat wij kennen."), "file")
    return Offer(framework, party, [pack_answer(each) for each in said], unknown)


def _refusal(actor: Actor, control: Control, said: Assessed) -> str:
    if said.answered_at > actor.now:
        return _("Dit antwoord heeft een tijdstip in de toekomst.")
    try:
        check_answer(control, said.answer(timezone.localdate(said.answered_at)))
    except RefusedByNorm as error:
        return str(error)
    return ""


def _present_side(row: ControlAnswer) -> Side:
    byline = f"{date_format(row.answered_on, 'j F Y')}, {row.answered_by}"
    return _side(AnswerState(row.state), byline, [_short(row.reason, _SHOWN_REASON)])


def _offered_side(said: Assessed, *, older: bool) -> Side:
    byline = f"{date_format(timezone.localtime(said.answered_at), 'j F Y')}, {said.answered_by}"
    if older:
        byline += ". " + _("Ouder dan uw antwoord: neemt u het over, dan telt het vanaf nu.")
    return _side(AnswerState(said.state), byline, [_short(said.reason, _SHOWN_REASON), *map(_piece, said.evidence)])


def _side(state: AnswerState, byline: str, texts: Sequence[str]) -> Side:
    return Side(state.value, str(state.label), answer_tone(state), byline, [text for text in texts if text])


def _piece(piece: oscal.Evidence) -> str:
    text = _("Bewijs: %(what)s") % {"what": _short(piece.description, _SHOWN_TITLE)}
    if piece.valid_to:
        text += " " + _("(tot en met %(day)s)") % {"day": date_format(piece.valid_to, "j F Y")}
    return text


def _short(text: str, most: int) -> str:
    return Truncator(text).chars(most)


def storable(actor: Actor, piece: oscal.Evidence) -> bool:
    """Whether a piece has all that evidence has here: a name, its days in order, and a receipt that is past."""
    if not (piece.description.strip() and piece.valid_from and piece.valid_to and piece.received_on):
        return False
    return piece.valid_from <= piece.valid_to and piece.received_on <= actor.today


def _content(piece: oscal.Evidence) -> dict[str, Any]:
    names = ("where", "sha256", "valid_from", "valid_to", "received_on")
    return {"title": piece.description} | {name: getattr(piece, name) for name in names}


def _keep_evidence(actor: Actor, offered: AnswerImport, lines: Sequence[AnswerLine]) -> None:
    """Add the offered evidence that is not there yet: as a line with its days, without the document itself."""
    present = pieces_on(actor, offered.framework)
    Evidence.objects.bulk_create(
        Evidence(
            organisation_id=actor.organisation_id,
            framework=offered.framework,
            control=line.control.number,
            added_at=actor.now,
            added_by=actor.name,
            **_content(piece),
        )
        for line in lines
        for piece in line.offered.evidence
        if storable(actor, piece) and piece not in present.get(line.control.number, ())
    )
