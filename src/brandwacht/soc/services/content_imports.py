"""Content offered on a page: kept, read by a worker, shown, and then taken over as a whole or not at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import ContentImport, ContentKind, ImportState, SigmaRule
from brandwacht.soc.services.rule_files import read_zip
from brandwacht.soc.services.rule_import import Plan, Stopped, make_plan, prepare

MAX_SIZE: Final = 50 * 1024 * 1024
MAX_SHOWN: Final = 200
"""Rules of each kind that the preview names; the rest is counted."""
STALE: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=7)
"""An offered file that nobody takes over is thrown away after this long."""
PAUSE: Final = 0.5
"""Seconds between two notes of progress."""
OFFERED, PREPARED = "aanbod", "voorbereid.json"

Clock = Callable[[], datetime]
Tell = Callable[[int, int], None]


def folder_of(row: ContentImport) -> Path:
    """Where the offered file and what was made of it stand."""
    return Path(settings.DATA) / "content-imports" / str(row.public_id)


def file_of(row: ContentImport) -> Path:
    """The offered file. Raises ``Refused`` when it is no longer there."""
    path = folder_of(row) / OFFERED
    if not path.is_file():
        raise Refused(_("Het bestand is niet meer op de server. Bied het opnieuw aan."), "file")
    return path


def drop_folder(row: ContentImport) -> None:
    """Throw away the offered file and what was made of it."""
    shutil.rmtree(folder_of(row), ignore_errors=True)


def offer_rules(actor: Actor, name: str, pieces: Iterable[bytes], collection: str) -> ContentImport:
    """Keep a zip with rules and ask a worker to read it. Raises ``Refused`` (field "file")."""
    label = " ".join(collection.replace("/", " ").replace("#", " ").split())[:120]
    row = ContentImport(kind=ContentKind.RULES, collection=label or Path(name).stem[:120] or "regels")
    return keep(actor, row, name, pieces, "soc.rules.import")


def keep(actor: Actor, row: ContentImport, name: str, pieces: Iterable[bytes], action: str) -> ContentImport:
    """Keep an offered file with its row, and ask a worker to read it. The row is not saved yet."""
    with use_case(actor, action) as case:
        case.require(Owner(actor.organisation_id))
    row.public_id = uuid4()
    folder = folder_of(row)
    folder.mkdir(parents=True)
    try:
        _save(folder / OFFERED, pieces)
        with use_case(actor, action) as case:
            case.require(Owner(actor.organisation_id))
            row.organisation_id, row.name = actor.organisation_id, _safe(name)
            row.offered_by, row.offered_at, row.seen_at = actor.name, actor.now, actor.now
            row.save()
            case.audit(row, {"aangeboden": row.name, "soort": row.kind})
            _enqueue(row, actor.organisation_code)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return row


def _enqueue(row: ContentImport, code: str) -> None:
    from brandwacht.soc.tasks import read_content

    read_content.enqueue(code, str(row.public_id))


def _save(path: Path, pieces: Iterable[bytes]) -> None:
    size = 0
    with path.open("wb") as stream:
        for piece in pieces:
            size += len(piece)
            if size > MAX_SIZE:
                raise Refused(_("Dit bestand is groter dan 50 MB. Gebruik de opdrachtregel of verdeel het."), "file")
            stream.write(piece)
    if not size:
        raise Refused(_("Dit bestand is leeg."), "file")


def _safe(name: Any) -> str:
    try:
        return get_valid_filename(Path(str(name)).name)[-120:]
    except Exception:  # Django refuses names such as ".." with an error of its own
        raise Refused(_("Geef het bestand een gewone naam."), "file") from None


def read_offered_content(organisation_code: str, public_id: str, clock: Clock) -> str:
    """Read an offered file as Brandwacht itself, so that it can be shown; returns how it ended. For the worker."""
    from brandwacht.soc.services.indicators import read_list

    organisation = Organisation.objects.get(code=organisation_code)
    actor = system_actor(organisation, clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        row = ContentImport.objects.filter(public_id=public_id, state=ImportState.RUNNING).first()
        if row is None:
            return "niet gevonden"
        readers = {ContentKind.RULES: _read_rules, ContentKind.INDICATORS: read_list}
        try:
            outcome = readers[ContentKind(row.kind)](actor, row, teller(row, clock))
        except Stopped:
            return _end(actor.at(clock()), row, ImportState.STOPPED, _("U stopte dit; er is niets veranderd."))
        except Refused as error:
            return _end(actor.at(clock()), row, ImportState.FAILED, error.message)
        return _end(actor.at(clock()), row, ImportState.READY, "", outcome)


def teller(row: ContentImport, clock: Clock) -> Tell:
    """Writes progress now and then, and raises ``Stopped`` when somebody asked to stop."""
    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        now = time.monotonic()
        if done < total and now - told < PAUSE:
            return
        told = now
        ContentImport.objects.filter(pk=row.pk).update(done=done, total=total, seen_at=clock())
        if ContentImport.objects.filter(pk=row.pk, stop=True).exists():
            raise Stopped

    return tell


def _end(
    actor: Actor, row: ContentImport, state: ImportState, reason: str, outcome: Mapping[str, Any] | None = None
) -> str:
    row.state, row.reason, row.outcome = state, reason[:300], dict(outcome or {})
    row.finished_at = row.seen_at = actor.now
    row.save(update_fields=["state", "reason", "outcome", "finished_at", "seen_at"])
    if state != ImportState.READY:
        drop_folder(row)
    return state


def _read_rules(actor: Actor, row: ContentImport, tell: Tell) -> dict[str, Any]:
    prepared = prepare(actor.organisation_id, read_zip(file_of(row), row.collection), tell)
    target = folder_of(row) / PREPARED
    target.write_bytes(prepared.to_bytes())
    return preview_of(make_plan(actor, prepared, row.collection), len(prepared.files))


def preview_of(plan: Plan, files: int) -> dict[str, Any]:
    """A plan as the page shows it: numbers, the first names of each kind, and all rules that ask for a choice."""
    return {
        "files": files,
        "unchanged": plan.unchanged,
        "fingerprint": plan.fingerprint,
        "counts": {
            "new": len(plan.new),
            "changed": len(plan.changed) + len(plan.recompiled),
            "own": len(plan.own),
            "left": len(plan.left),
            "missing": len(plan.missing),
            "unusable": len(plan.unusable),
        },
        "new": [_named(row) for row in plan.new[:MAX_SHOWN]],
        "changed": [_named(row) for _old, row in plan.changed[:MAX_SHOWN]],
        "own": [_named(old) | {"theirs": row.source} for old, row in plan.own],
        "left": [_named(row) for row in plan.left[:MAX_SHOWN]],
        "missing": [_named(row) for row in plan.missing[:MAX_SHOWN]],
        "unusable": [_named(row) | {"reason": row.reason} for row in plan.unusable[:MAX_SHOWN]],
    }


def _named(rule: SigmaRule) -> dict[str, Any]:
    return {"id": rule.rule_id, "title": rule.title, "name": rule.name, "level": rule.level}


def ready(case: UseCase, public_id: Any, kind: ContentKind, see: str) -> ContentImport:
    """The import that is shown and waits for a decision. Raises ``Refused`` when it does not."""
    row = case.get(ContentImport, public_id, see=see)
    if row.kind != kind or row.state != ImportState.READY:
        raise Refused(_("Dit bestand is niet (meer) klaar om te verwerken."))
    return row


def finish(case: UseCase, row: ContentImport) -> None:
    """Note that an import was taken over."""
    row.state, row.applied_by, row.applied_at = ImportState.APPLIED, case.actor.name, case.actor.now
    row.save(update_fields=["state", "applied_by", "applied_at", "indicators"])
    case.audit(row, {"bestand": row.name, "verwerkt": row.kind})


def drop_import(actor: Actor, public_id: Any) -> ContentImport:
    """Stop the reading or taking over of an offered file, or throw away what was read; nothing changes."""
    from brandwacht.soc.services.rule_taking import ask_to_stop

    if ask_to_stop(actor, public_id):
        row: ContentImport = ContentImport.objects.get(public_id=public_id)
        return row
    with use_case(actor, "soc.rules.import") as case:
        row = case.get(ContentImport, public_id, see="soc.rules.see")
        if row.state == ImportState.RUNNING:
            row.stop = True
            row.save(update_fields=["stop"])
        elif row.state == ImportState.READY:
            row.state, row.reason = ImportState.STOPPED, _("Weggelegd; er is niets veranderd.")
            row.save(update_fields=["state", "reason"])
            drop_folder(row)
        else:
            raise Refused(_("Dit bestand is al verwerkt of gestopt."))
        case.audit(row, {"bestand": row.name, "gestopt": True})
    return row


def look_after_imports(now: datetime) -> str:
    """Offer files on which the work stopped to a worker again, and throw away what nobody takes over."""
    from brandwacht.soc.tasks import take_rules

    with every_owner():
        rows = ContentImport.objects.select_related("organisation")
        busy = (ImportState.RUNNING, ImportState.TAKING)
        stopped = list(rows.filter(state__in=busy, seen_at__lt=now - STALE))
        for row in stopped:
            ContentImport.objects.filter(pk=row.pk).update(seen_at=now)
            if row.state == ImportState.TAKING:
                take_rules.enqueue(row.organisation.code, str(row.public_id))
            else:
                _enqueue(row, row.organisation.code)
        old = list(rows.filter(state=ImportState.READY, finished_at__lt=now - KEPT))
        for row in old:
            ContentImport.objects.filter(pk=row.pk).update(
                state=ImportState.STOPPED, reason=_("Na zeven dagen weggelegd; er is niets veranderd.")
            )
            drop_folder(row)
    return _("%(n)d bestand(en) opnieuw aangeboden") % {"n": len(stopped)} if stopped else ""
