"""The yearly account (ENSIA): taking part, drafts, statements that are laid down, and what the calendar asks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brandwacht.baseline.models import ControlAnswer, EnsiaStatement, EnsiaYear, StatementKind
from brandwacht.baseline.queries import ensia as queries
from brandwacht.baseline.queries.answers import ControlRow, control_rows
from brandwacht.baseline.services.reminders import due_at
from brandwacht.baseline.weighing import MINUTES_PER_ANSWER
from brandwacht.engines.norms.ensia import Calendar, Phase, Recipient, current_year, load_scheme
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import NotFound, Refused
from brandwacht.network.models import Organisation, OrganisationKind
from brandwacht.network.periodic import Job
from brandwacht.network.policy import Owner
from brandwacht.network.services import actions
from brandwacht.network.services.actions import Todo
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case

TEXTS = ("realised", "deviations", "risks", "improvements")
MOST_TEXT = 6000
TAKES_PART = (OrganisationKind.MUNICIPALITY, OrganisationKind.REGION)
"""A municipality accounts every year; a region may choose to."""


def start(actor: Actor) -> EnsiaYear:
    """Take part in the year that asks for work today; the same year again gives the one that is there."""
    with use_case(actor, "baseline.ensia.write") as case:
        case.require(Owner(actor.organisation_id))
        if Organisation.objects.get(pk=actor.organisation_id).kind not in TAKES_PART:
            raise Refused(_("Deze verantwoording is voor gemeenten; een veiligheidsregio kan ervoor kiezen."))
        scheme = load_scheme()
        number = current_year(scheme, actor.today)
        row, made = EnsiaYear.objects.get_or_create(
            organisation_id=actor.organisation_id,
            year=number,
            defaults={"scheme": scheme.version, "started_at": actor.now, "started_by": actor.name},
        )
        if made:
            case.audit(row, {"jaar": number, "indeling": scheme.version})
        actions.complete(actor.organisation_id, f"ensia:{number}:begin", actor)
        _ask(actor, row, control_rows(actor, owner_id=row.organisation_id))
    found: EnsiaYear = row
    return found


def write(actor: Actor, number: int, recipient: str, texts: dict[str, str]) -> EnsiaStatement:
    """Keep the draft of a statement; ``recipient`` is empty for the horizontal one.

    Raises ``NotFound`` for a year or recipient that is not there and ``Refused`` on the field.
    """
    with use_case(actor, "baseline.ensia.write") as case:
        row = queries.year(actor, number)
        case.require(row)
        draft = _draft(actor, row, _known(recipient))
        for name in TEXTS:
            text = texts.get(name, "").strip()
            if len(text) > MOST_TEXT:
                raise Refused(_("Maak deze tekst korter dan %(n)d tekens.") % {"n": MOST_TEXT}, name)
            setattr(draft, name, text)
        draft.made_at, draft.made_by = actor.now, actor.name
        draft.save()
        case.audit(draft, {"jaar": number, "aan": recipient, "versie": draft.version})
    return draft


def lay_down(actor: Actor, number: int, recipient: str) -> EnsiaStatement:
    """Lay a statement down with the facts of today; from then on it does not change. Raises ``Refused``.

    A vertical statement needs an answer to every question of the recipient; the horizontal one needs its four texts.
    """
    with use_case(actor, "baseline.ensia.lay") as case:
        row = queries.year(actor, number)
        case.require(row)
        known = _known(recipient)
        phase = queries.calendar(number).phase(actor.today)
        if phase == Phase.BEFORE:
            raise Refused(_("Deze jaargang is nog niet open."))
        draft = _existing(row, known)
        if draft is None:
            raise Refused(_("Schrijf eerst een concept."))
        if known is None:
            empty = [name for name in TEXTS if not getattr(draft, name)]
            if empty:
                raise Refused(_("Schrijf dit eerst; het hoort in de verantwoording."), empty[0])
        rows = control_rows(actor, owner_id=actor.organisation_id)
        content = queries.facts(actor, known, rows)
        if known is not None:
            missing = [each["number"] for each in content["answers"] if not each["on"]]
            if missing:
                raise Refused(_("Nog niet beantwoord: %(numbers)s.") % {"numbers": ", ".join(missing)})
        draft.content = content | {"scheme": load_scheme().version, "scheme_status": load_scheme().status}
        draft.sha256 = fingerprint(draft)
        draft.laid_down_at, draft.laid_down_by = actor.now, actor.name
        draft.save()
        case.audit(draft, {"jaar": number, "aan": recipient, "versie": draft.version, "sha256": draft.sha256})
        _ask(actor, row, rows)
    return draft


def fingerprint(statement: EnsiaStatement) -> str:
    """The hash (SHA-256, hexadecimal) of the texts and the facts of a statement."""
    said = {name: getattr(statement, name) for name in TEXTS} | {"facts": statement.content}
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _known(recipient: str) -> Recipient | None:
    if not recipient:
        return None
    try:
        return load_scheme().recipient(recipient)
    except KeyError as error:
        raise NotFound from error


def _mine(row: EnsiaYear, recipient: Recipient | None) -> Any:
    kind = StatementKind.VERTICAL if recipient else StatementKind.HORIZONTAL
    return EnsiaStatement.objects.filter(year=row, kind=kind, recipient=recipient.key if recipient else "")


def _existing(row: EnsiaYear, recipient: Recipient | None) -> EnsiaStatement | None:
    found: EnsiaStatement | None = _mine(row, recipient).select_for_update().filter(laid_down_at__isnull=True).first()
    return found


def _draft(actor: Actor, row: EnsiaYear, recipient: Recipient | None) -> EnsiaStatement:
    draft = _existing(row, recipient)
    if draft is not None:
        return draft
    last = _mine(row, recipient).order_by("-version").first()
    return EnsiaStatement(
        organisation_id=row.organisation_id, year=row, recipient=recipient.key if recipient else "",
        kind=StatementKind.VERTICAL if recipient else StatementKind.HORIZONTAL,
        version=last.version + 1 if last else 1, made_at=actor.now, made_by=actor.name,
    )  # fmt: skip


# --- what the calendar asks -----------------------------------------------------------------------------------------


def _todo(row: EnsiaYear, step: str, title: str, why: str, minutes: int, due: datetime) -> Todo:
    return Todo(
        key=f"ensia:{row.year}:{step}", title=title, why=why, room="baseline", risk=2, effort=minutes, due=due,
        path=reverse("baseline:ensia-year", args=[row.year]),
    )  # fmt: skip


def _ask(actor: Actor, row: EnsiaYear, rows: Sequence[ControlRow]) -> None:
    """Put or end the actions of one year, by where it stands today."""
    calendar = queries.calendar(row.year)
    phase = calendar.phase(actor.today)
    asked = load_scheme().controls
    unanswered = sum(each.answer is None and each.control.number in asked for each in rows)
    left = sum(part.laid is None for part in queries.parts(queries.statements(row), rows))
    _put(actor, _to_answer(row, calendar, unanswered), phase == Phase.OPEN and unanswered > 0)
    _put(actor, _to_account(row, calendar, left), phase in (Phase.OPEN, Phase.ACCOUNT) and left > 0)


def _put(actor: Actor, todo: Todo, wanted: bool) -> None:
    if wanted:
        actions.put(actor.organisation_id, todo, actor.now)
    else:
        actions.complete(actor.organisation_id, todo.key, actor)


def _to_answer(row: EnsiaYear, calendar: Calendar, count: int) -> Todo:
    title = ngettext("ENSIA %(year)d: beantwoord nog %(n)d vraag", "ENSIA %(year)d: beantwoord nog %(n)d vragen", count)
    why = _("De vragenlijst sluit op %(day)s.") % {"day": date_format(calendar.closes, "j F Y")}
    words = {"year": row.year, "n": count}
    return _todo(row, "invullen", title % words, why, MINUTES_PER_ANSWER * count, due_at(calendar.closes))


def _to_account(row: EnsiaYear, calendar: Calendar, count: int) -> Todo:
    title = ngettext(
        "ENSIA %(year)d: stel %(n)d verklaring vast", "ENSIA %(year)d: stel %(n)d verklaringen vast", count
    )
    why = _("De verantwoording is uiterlijk op %(day)s bij raad of bestuur en bij de toezichthouders.")
    day = date_format(calendar.account, "j F Y")
    words = {"year": row.year, "n": count}
    return _todo(row, "verantwoorden", title % words, why % {"day": day}, 60 * count, due_at(calendar.account))


def _run(now: datetime) -> str:
    scheme = load_scheme()
    count = 0
    taking = set(EnsiaYear._base_manager.order_by().values_list("organisation_id", flat=True).distinct())
    answering = set(
        ControlAnswer._base_manager.filter(organisation__kind=OrganisationKind.MUNICIPALITY)
        .order_by()
        .values_list("organisation_id", flat=True)
        .distinct()
    )
    for organisation in Organisation.objects.filter(pk__in=taking | answering).order_by("pk"):
        actor = system_actor(organisation, now, "werker")
        number = current_year(scheme, actor.today)
        with tenancy_scope(actor.tenancy()):
            row = queries.years(actor).filter(year=number).first()
            if row is not None:
                _ask(actor, row, control_rows(actor, owner_id=row.organisation_id))
                count += 1
            elif organisation.pk in answering and queries.calendar(number).phase(actor.today) == Phase.OPEN:
                _ask_to_start(actor, number)
                count += 1
    return ngettext("%(n)d organisatie nagelopen", "%(n)d organisaties nagelopen", count) % {"n": count}


def _ask_to_start(actor: Actor, number: int) -> None:
    todo = Todo(
        key=f"ensia:{number}:begin", title=_("Begin met ENSIA %(year)d") % {"year": number}, room="baseline",
        why=_("De vragenlijst is open. Uw antwoorden op de BIO2 staan er al in."), risk=2, effort=5,
        path=reverse("baseline:ensia"), due=due_at(queries.calendar(number).closes),
    )  # fmt: skip
    actions.put(actor.organisation_id, todo, actor.now)


CALENDAR = Job("baseline.ensia", "dag", _run)
