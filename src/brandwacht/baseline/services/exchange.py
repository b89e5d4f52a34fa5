"""The exchange as OSCAL: documents out, and documents in, of which nothing counts until somebody chose it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.baseline.models import FRAMEWORK, AnswerImport, AnswerState, ControlAnswer, Evidence
from brandwacht.baseline.queries import exchange, frameworks
from brandwacht.baseline.queries.exchange import Line
from brandwacht.baseline.queries.plan_exchange import pack_measure
from brandwacht.baseline.services import keeping, reminders
from brandwacht.baseline.services.plan_exchange import take_measures
from brandwacht.engines.norms import FRAMEWORKS, State, load_framework, oscal
from brandwacht.engines.norms.oscal import (
    KINDS,
    Applicability,
    Assessed,
    Assessment,
    InvalidOscal,
    export_catalog,
    export_poam,
    export_profile,
    export_results,
    kind_of,
    parse,
    read_poam,
    read_profile,
    read_results,
)
from brandwacht.engines.norms.oscal.reading import Node
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case

CATALOG, PROFILE, RESULTS, POAM = KINDS
APPLIED = "verwerkt"
LONGEST_NAME, LONGEST_ANALYSIS, LONGEST_TITLE, LONGEST_PLACE, HASH = 120, 200, 200, 500, 64


def export(actor: Actor, kind: str, framework: str = FRAMEWORK) -> bytes:
    """An OSCAL document about the actor's own organisation; the catalog is that of the norm, with our own words.

    Raises ``NotFound`` for a kind or framework that there is not, and ``Denied``.
    """
    known = FRAMEWORKS if kind == CATALOG else frameworks.ANSWERABLE
    if kind not in KINDS or framework not in known:
        raise NotFound
    norm = load_framework(framework)
    with use_case(actor, exchange.EXPORT) as case:
        case.require(Owner(actor.organisation_id))
        if kind == CATALOG:
            return export_catalog(norm, actor.now)
        if kind == POAM:
            content = export_poam(norm, exchange.party(actor), exchange.plan(actor, framework), actor.now)
        else:
            making = export_profile if kind == PROFILE else export_results
            content = making(norm, exchange.assessment(actor, framework), actor.now)
        detail = {"soort": kind, "kader": framework, "sha256": hashlib.sha256(content).hexdigest()}
        audit.write(actor, [audit.Fact(actor.organisation_id, exchange.EXPORT, "oscal", kind, detail=detail)])
    return content


def offer(actor: Actor, filename: str, content: bytes) -> AnswerImport:
    """Read a document and keep what it says, to be compared and chosen from; nothing else changes.

    Takes assessment results, profiles and plans of action. Raises ``Refused`` with the place when it can not be read.
    """
    with use_case(actor, exchange.IMPORT) as case:
        case.require(Owner(actor.organisation_id))
        try:
            offered = _read(actor, parse(content))
        except InvalidOscal as error:
            raise Refused(_("Dit bestand is niet te lezen. %(error)s") % {"error": error}, "file") from error
        offered.filename = filename[:200]
        offered.sha256 = hashlib.sha256(content).hexdigest()
        offered.save()
        case.audit(offered, {"soort": offered.kind, "bestand": offered.filename, "antwoorden": len(offered.lines)})
    return offered


def _read(actor: Actor, document: Node) -> AnswerImport:
    """What a document offers, not kept yet."""
    kind = kind_of(document)
    offered = AnswerImport(
        organisation_id=actor.organisation_id, kind=kind, offered_at=actor.now, offered_by=actor.name
    )
    unknown: Sequence[str]
    if kind == POAM:
        plan = read_poam(document)
        if not plan.measures:
            raise Refused(_("In dit verbeterplan staan geen maatregelen."), "file")
        offered.framework, offered.party, unknown = FRAMEWORK, plan.organisation.name[:200], plan.unknown
        offered.lines = [pack_measure(each) for each in plan.measures]
    elif kind in (RESULTS, PROFILE):
        said, unknown = _answers(actor, document, kind)
        offered.framework, offered.party = said.framework, said.organisation.name[:200]
        offered.lines = [exchange.pack(_fitting(each)) for each in said.answers]
    else:
        raise Refused(_("Dit is een catalogus: de tekst van een norm. Die leest u in bij ‘Tekst van de norm’."), "file")
    offered.unknown = list(unknown[:200])
    return offered


def _answers(actor: Actor, document: Node, kind: str) -> tuple[Assessment, tuple[str, ...]]:
    if kind == RESULTS:
        results = read_results(document)
        said, unknown = results.assessment, results.unknown
    else:
        statement = read_profile(document)
        said, unknown = _from_statement(actor, statement), statement.unknown
    if said.framework not in frameworks.ANSWERABLE:
        norm = load_framework(said.framework)
        raise Refused(
            _("Dit gaat over %(norm)s. Die antwoorden volgen uit die op de BIO2; u leest ze niet apart in.")
            % {"norm": norm.title},
            "file",
        )
    if not said.answers:
        raise Refused(_("In dit bestand staat geen antwoord dat wij kennen."), "file")
    return said, unknown


def apply(actor: Actor, public_id: Any, chosen: Collection[str], seen: str | None = None) -> AnswerImport:
    """Take over the chosen controls (or measures, by key) of an offered document, all of them or none.

    An answer keeps its day and name when it is younger than the one that is there; an older one that is chosen all the
    same counts from now. ``seen`` is the fingerprint of what the person looked at. Raises ``Refused``.
    """
    with use_case(actor, exchange.IMPORT) as case:
        offered = case.get(AnswerImport, public_id)
        if offered.state == APPLIED:
            raise Refused(_("Dit bestand is al verwerkt."))
        if offered.kind == POAM:
            offered.state, offered.applied_at, offered.applied_by = APPLIED, actor.now, actor.name
            offered.taken = take_measures(actor, offered, chosen, seen)
            offered.save()
            case.audit(offered, {"bestand": offered.filename, "maatregelen": offered.taken})
            return offered
        found = exchange.compare(actor, offered)
        if seen is not None and seen != found.fingerprint:
            raise Refused(_("De antwoorden zijn intussen gewijzigd. Bekijk de lijst nog een keer."))
        lines = {line.control.number: line for line in found.lines}
        if wrong := sorted(number for number in chosen if number not in lines or not lines[number].choosable):
            raise Refused(_("Dit kan niet worden overgenomen: %(numbers)s.") % {"numbers": ", ".join(wrong)})
        taking = [line for number, line in lines.items() if number in chosen]
        if not taking:
            raise Refused(_("Vink minstens één antwoord aan."))
        new = [_row(actor, offered, line) for line in taking if line.present is None]
        changed = [_row(actor, offered, line) for line in taking if line.present is not None]
        keeping.keep_new(new)
        keeping.keep_changed(changed)
        _keep_evidence(actor, offered, taking)
        offered.state, offered.applied_at, offered.applied_by = APPLIED, actor.now, actor.name
        offered.taken = [line.control.number for line in taking]
        offered.save()
        case.audit(offered, {"bestand": offered.filename, "kader": offered.framework, "vragen": offered.taken})
        if offered.framework == FRAMEWORK:
            reminders.after_answers(actor, [*new, *changed])
            reminders.renew(actor)
    return offered


def _row(actor: Actor, offered: AnswerImport, line: Line) -> ControlAnswer:
    said, row = line.offered, line.present
    if row is None:
        row = ControlAnswer(
            organisation_id=actor.organisation_id, framework=offered.framework, control=line.control.number
        )
    row.state = AnswerState(said.state)
    row.reason, row.risk_analysis = said.reason, said.risk_analysis
    if offered.kind == RESULTS:
        named = [piece for piece in said.evidence if not storable(actor, piece)]
        row.evidence = "\n".join(piece.description for piece in named if piece.description)
        row.evidence_valid_to = max((piece.valid_to for piece in named if piece.valid_to), default=None)
        row.design, row.existence, row.operation = str(said.design), str(said.existence), str(said.operation)
        row.maturity = said.maturity
    by = said.answered_by or offered.party or actor.name
    row.answered_at, row.answered_by = said.answered_at, by[:LONGEST_NAME]
    if line.older:
        row.answered_at, row.answered_by = actor.now, actor.name
    return row


def storable(actor: Actor, piece: oscal.Evidence) -> bool:
    """Whether a piece has all that evidence has here: a name, its days in order, and a receipt that is past."""
    if not (piece.description.strip() and piece.valid_from and piece.valid_to and piece.received_on):
        return False
    return piece.valid_from <= piece.valid_to and piece.received_on <= actor.today


def _keep_evidence(actor: Actor, offered: AnswerImport, lines: Sequence[Line]) -> None:
    """Add the offered evidence that is not there yet: as a line with its days, without the document itself."""
    if offered.kind != RESULTS:
        return
    present = exchange.pieces_on(actor, offered.framework)
    rows = []
    for line in lines:
        for piece in line.offered.evidence:
            if not storable(actor, piece) or piece in present.get(line.control.number, ()):
                continue
            facts: dict[str, Any] = {
                "control": line.control.number,
                "title": piece.description,
                "where": piece.where,
                "sha256": piece.sha256,
                "valid_from": piece.valid_from,
                "valid_to": piece.valid_to,
                "received_on": piece.received_on,
            }
            rows.append(
                Evidence(
                    organisation_id=actor.organisation_id,
                    framework=offered.framework,
                    added_at=actor.now,
                    added_by=actor.name,
                    **facts,
                )
            )
    Evidence.objects.bulk_create(rows)


def _from_statement(actor: Actor, statement: Applicability) -> Assessment:
    """A statement of applicability as answers: what it leaves out does not apply, from now, with its reason."""
    out = State.NOT_APPLICABLE
    answers = (
        Assessed(number, out, actor.now, actor.name, reason=reason) for number, reason in statement.excluded.items()
    )
    return Assessment(statement.framework, statement.organisation, tuple(answers))


def _fitting(said: Assessed) -> Assessed:
    """The same within what we keep."""
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
