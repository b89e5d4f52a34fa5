"""Progress reports: writing one, releasing it as a signed snapshot to chosen bodies, correcting and withdrawing it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from brandwacht.baseline.models import NamedComparison, ReportDraft, Snapshot, SnapshotKind
from brandwacht.baseline.progress import content as progress_content
from brandwacht.baseline.queries import progress as queries
from brandwacht.baseline.services import progress_reminders
from brandwacht.engines.norms.progress import TEXT_MOST, DataSet, Moment, check_said, load_dataset
from brandwacht.network.actor import Actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.services import access
from brandwacht.network.signing import canonical, sign
from brandwacht.network.usecase import use_case

READABLE: Final = timedelta(days=6 * 366)
"""So long the readers may see a snapshot: five years over which the progress is followed, and a margin."""
WHY_MOST: Final = 600


def save_draft(
    actor: Actor,
    moment: Moment,
    *,
    said: Mapping[str, Any],
    explained: Mapping[str, str],
    bottlenecks: Sequence[Mapping[str, str]],
) -> ReportDraft:
    """Keep what the own organisation wrote for a moment. Raises ``Refused`` on the field."""
    dataset = load_dataset()
    with use_case(actor, "baseline.progress.write") as case:
        case.require(Owner(actor.organisation_id))
        for key, fault in check_said(dataset, said, actor.today):
            raise Refused(fault[:1].upper() + fault[1:], key)
        draft = queries.draft_of(actor, moment)
        draft = draft or ReportDraft(organisation_id=actor.organisation_id, moment=moment.key)
        draft.dataset = dataset.key
        draft.said = {key: value for key, value in said.items() if value is not None}
        draft.explained = _explained(dataset, explained)
        draft.bottlenecks = _bottlenecks(dataset, bottlenecks)
        draft.changed_at, draft.changed_by = actor.now, actor.name
        draft.save()
        case.audit(draft, {"peilmoment": moment.key})
    return draft


def _text(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > TEXT_MOST:
        raise Refused(_("Maak deze tekst korter dan %(n)d tekens.") % {"n": TEXT_MOST}, field)
    if "\x00" in text:
        raise Refused(_("In deze tekst staat een teken dat niet kan. Typ de tekst opnieuw."), field)
    return text


def _explained(dataset: DataSet, explained: Mapping[str, str]) -> dict[str, str]:
    unknown = set(explained) - set(dataset.explained)
    if unknown:
        raise Refused(_("Dit onderdeel hoort niet bij de rapportage."))
    texts = {key: _text(text, f"explained-{key}") for key, text in explained.items()}
    return {key: text for key, text in texts.items() if text}


def _bottlenecks(dataset: DataSet, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    kinds = {kind.key for kind in dataset.bottlenecks}
    categories = {category.key for category in dataset.categories} | {""}
    if len(rows) > dataset.bottlenecks_most:
        raise Refused(_("Noem hoogstens %(n)d knelpunten.") % {"n": dataset.bottlenecks_most})
    found = []
    for number, row in enumerate(rows, start=1):
        if row.get("kind") not in kinds:
            raise Refused(_("Kies wat voor knelpunt dit is."), f"kind-{number}")
        if row.get("category", "") not in categories:
            raise Refused(_("Kies een thema uit de lijst, of laat het leeg."), f"category-{number}")
        text = _text(row.get("text", ""), f"text-{number}")
        found.append({"kind": row["kind"], "category": row.get("category", ""), "text": text})
    return found


# --- release ----------------------------------------------------------------------------------------------------------


def release(actor: Actor, moment: Moment, *, bodies: Collection[str], seen: str, why: str = "") -> Snapshot:
    """Release what the own organisation reports for a moment to these bodies (keys of the data set).

    ``seen`` is the mark (``progress_content.mark``) of what the person saw: when anything changed since, nothing goes.
    When something was released for this moment before, this is a correction: it says ``why`` and goes to everybody who
    may read the version before it as well. Raises ``Refused``.
    """
    dataset = load_dataset()
    with use_case(actor, "baseline.progress.release") as case:
        case.require(Owner(actor.organisation_id))
        said = progress_content.content(actor, dataset, moment, queries.draft_of(actor, moment))
        if progress_content.mark(said) != seen:
            raise Refused(_("De cijfers zijn veranderd sinds u ze bekeek. Bekijk ze opnieuw en geef ze dan vrij."))
        before = queries.last_released(actor, moment)
        readers = _readers(actor, dataset, bodies, before)
        if not readers:
            raise Refused(_("Kies aan wie u de rapportage vrijgeeft."), "bodies")
        if before is not None:
            _needed(why)
        kind = SnapshotKind.RELEASE if before is None else SnapshotKind.CORRECTION
        row = _make(actor, kind, said, before, why)
        _open(actor, row, readers)
        case.audit(row, {"peilmoment": moment.key, "versie": row.version, "aan": [r.code for r in readers],
                         "sha256": row.sha256})  # fmt: skip
        progress_reminders.after_release(actor, moment)
    return row


def withdraw(actor: Actor, public_id: Any, why: str) -> Snapshot:
    """Take back the newest version of a report: a new version says so and why; the old ones can be read no more."""
    with use_case(actor, "baseline.progress.release") as case:
        row = case.get(Snapshot, public_id, see="baseline.progress.see", lock=False)
        moment = queries.find_moment(actor, row.moment)
        last = queries.last_released(actor, moment)
        if last is None or last.pk != row.pk or last.withdrawn:
            raise Refused(_("Deze versie is al vervangen of ingetrokken. Trek de nieuwste versie in."), "why")
        _needed(why)
        readers = [grant.grantee for grant in queries.readers_of(actor, row)]
        said = {key: row.content[key] for key in ("form", "dataset", "organisation", "moment", "measured_on")}
        back = _make(actor, SnapshotKind.WITHDRAWAL, said, row, why)
        for earlier in queries.versions(actor, row):
            if earlier.pk != back.pk:
                access.end_one_thing(actor, GrantKind.SNAPSHOT, earlier.public_id)
        _open(actor, back, readers)
        case.audit(back, {"peilmoment": row.moment, "versie": back.version, "vervangt": row.version})
    return back


def _needed(why: str) -> None:
    if not why.strip():
        raise Refused(_("Schrijf op waarom. Wie de eerdere versie kreeg, leest dit."), "why")
    if len(why.strip()) > WHY_MOST:
        raise Refused(_("Maak deze tekst korter dan %(n)d tekens.") % {"n": WHY_MOST}, "why")


def _readers(actor: Actor, dataset: DataSet, bodies: Collection[str], before: Snapshot | None) -> list[Organisation]:
    if set(bodies) - {body.key for body in dataset.bodies}:
        raise Refused(_("Kies uit de lijst aan wie u vrijgeeft."), "bodies")
    found = {row.pk: row for body, rows in queries.members(dataset, actor) if body.key in bodies for row in rows}
    if before is not None:
        found |= {grant.grantee_id: grant.grantee for grant in queries.readers_of(actor, before)}
    return sorted(found.values(), key=lambda row: row.code)


def _make(actor: Actor, kind: SnapshotKind, said: Mapping[str, Any], before: Snapshot | None, why: str) -> Snapshot:
    """Sign and keep one version."""
    public_id = uuid.uuid4()
    version = before.version + 1 if before else 1
    body = canonical(
        {
            **said,
            "id": str(public_id),
            "kind": kind,
            "version": version,
            "replaces": {"id": str(before.public_id), "version": before.version, "sha256": before.sha256}
            if before
            else None,
            "why": why.strip() if before else "",
            "released_at": actor.now.isoformat(timespec="seconds"),
        }
    )
    signed = sign(body)
    row = Snapshot(
        organisation_id=actor.organisation_id,
        public_id=public_id,
        moment=said["moment"],
        version=version,
        kind=kind,
        replaces=before,
        body=body.decode(),
        sha256=hashlib.sha256(body).hexdigest(),
        signature=signed.signature,
        public_key=signed.public_key,
        released_at=actor.now,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:  # two people released the same moment at once
        raise Refused(_("Iemand anders gaf deze rapportage net vrij. Laad de pagina opnieuw.")) from error
    return row


def _open(actor: Actor, row: Snapshot, readers: Sequence[Organisation]) -> None:
    purpose = _("Voortgang informatieveiligheid, peilmoment %(moment)s") % {"moment": row.moment}
    access.give_one_thing(actor, GrantKind.SNAPSHOT, readers, row.public_id, purpose, actor.now + READABLE)


# --- compared by name -------------------------------------------------------------------------------------------------


def agree_to_comparison(actor: Actor) -> NamedComparison:
    """Agree to be compared by name with the organisations that agreed as well; everybody in the bodies may see that."""
    with use_case(actor, "baseline.progress.compare") as case:
        case.require(Owner(actor.organisation_id))
        if queries.agreement(actor) is not None:
            raise Refused(_("Uw organisatie stemde hier al mee in."))
        row = NamedComparison(organisation_id=actor.organisation_id, agreed_at=actor.now, agreed_by=actor.name)
        row.save()
        everybody = {each.pk: each for _body, rows in queries.members(load_dataset(), actor) for each in rows}
        purpose = _("Instemming met vergelijken op naam")
        ends_at = actor.now + READABLE
        access.give_one_thing(actor, GrantKind.SNAPSHOT, list(everybody.values()), row.public_id, purpose, ends_at)
        case.audit(row, {"instemming": True})
    return row


def end_comparison(actor: Actor) -> NamedComparison:
    """Agree to it no longer; it works at once."""
    with use_case(actor, "baseline.progress.compare") as case:
        case.require(Owner(actor.organisation_id))
        row = queries.agreement(actor)
        if row is None:
            raise Refused(_("Uw organisatie stemt hier niet mee in."))
        row.ended_at = actor.now
        row.save()
        access.end_one_thing(actor, GrantKind.SNAPSHOT, row.public_id)
        case.audit(row, {"instemming": False})
    return row
