"""Files offered on the page: kept in the inbox of the data folder until a worker has read them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
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
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import IngestFile, IngestState
from brandwacht.soc.services.ingest import Clock, FileResult, fingerprint_of, read_file
from brandwacht.soc.services.rulebook import rulebook_for

MAX_SIZE: Final = 50 * 1024 * 1024
STALE: Final = timedelta(minutes=5)
"""A file without a sign of life for this long is offered to a worker again."""


def inbox() -> Path:
    """The folder of offered files; each stands in a folder named after its ledger row."""
    return Path(settings.DATA) / "inbox"


def offer(actor: Actor, owner_id: int, name: str, pieces: Iterable[bytes]) -> IngestFile:
    """Keep an offered file and ask a worker to read it for organisation ``owner_id``.

    Raises ``Refused`` (field "file") when the file is empty, larger than 50 MB, or was read before.
    """
    with use_case(actor, "soc.ingest") as case:
        case.require(Owner(owner_id))
    waiting = inbox() / f"nieuw-{uuid4()}"
    waiting.mkdir(parents=True)
    try:
        path = waiting / _safe(name)
        _write(path, pieces)
        return _take_in(actor, owner_id, path)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def read_offered(organisation_code: str, public_id: str, clock: Clock) -> FileResult | None:
    """Read an offered file as Brandwacht itself; ``None`` when it is no longer in the inbox. Called by the worker."""
    organisation = Organisation.objects.get(code=organisation_code)
    actor = system_actor(organisation, clock(), "werker")
    with tenancy_scope(actor.tenancy()):
        ledger = IngestFile.objects.filter(public_id=public_id).first()
        folder = inbox() / public_id
        path = next(iter(sorted(folder.glob("*"))), None) if ledger else None
        if ledger is None or path is None:
            return None
        *_steps, result = read_file(actor, path, ledger.name, rulebook_for(actor), clock=clock)
    shutil.rmtree(folder, ignore_errors=True)
    return result if isinstance(result, FileResult) else None


def offer_again(now: datetime) -> str:
    """Offer files whose reading stopped (a worker was killed) to a worker again; the result says how many."""
    from brandwacht.soc.tasks import read_inbox

    with every_owner():
        stopped = IngestFile.objects.filter(state=IngestState.RUNNING, seen_at__lt=now - STALE)
        rows = [row for row in stopped.select_related("organisation") if (inbox() / str(row.public_id)).is_dir()]
        for row in rows:
            IngestFile.objects.filter(pk=row.pk).update(seen_at=now)
            read_inbox.enqueue(row.organisation.code, str(row.public_id))
    return _("%(n)d bestand(en) opnieuw aangeboden") % {"n": len(rows)} if rows else ""


def _write(path: Path, pieces: Iterable[bytes]) -> None:
    size = 0
    with path.open("wb") as stream:
        for piece in pieces:
            size += len(piece)
            if size > MAX_SIZE:
                raise Refused(
                    _("Dit bestand is groter dan 50 MB. Vraag uw beheerder het in te lezen met de opdrachtregel."),
                    "file",
                )
            stream.write(piece)
    if not size:
        raise Refused(_("Dit bestand is leeg. Exporteer het logboek opnieuw."), "file")


def _take_in(actor: Actor, owner_id: int, path: Path) -> IngestFile:
    from brandwacht.soc.tasks import read_inbox

    fingerprint = fingerprint_of(path)
    with use_case(actor, "soc.ingest") as case:
        case.require(Owner(owner_id))
        row, made = IngestFile.objects.select_for_update().get_or_create(
            organisation_id=owner_id,
            sha256=fingerprint.sha256,
            defaults={
                "name": path.name,
                "size": fingerprint.size,
                "expected": fingerprint.expected,
                "offered_by": actor.name,
                "started_at": actor.now,
                "seen_at": actor.now,
            },
        )
        ledger: IngestFile = row
        if not made and ledger.state == IngestState.DONE:
            raise Refused(_("De inhoud van dit bestand is al gelezen, als %(name)s.") % {"name": ledger.name}, "file")
        ledger.state, ledger.reason, ledger.seen_at = IngestState.RUNNING, "", actor.now
        ledger.save(update_fields=["state", "reason", "seen_at"])
        folder = inbox() / str(ledger.public_id)
        folder.mkdir(exist_ok=True)
        path.replace(folder / path.name)
        case.audit(ledger, {"aangeboden": path.name, "bytes": fingerprint.size})
        organisation = Organisation.objects.get(pk=owner_id)
        read_inbox.enqueue(organisation.code, str(ledger.public_id))
    return ledger


def _safe(name: Any) -> str:
    """The file's own name without anything that means something to a file system."""
    try:
        return get_valid_filename(Path(str(name)).name)[-120:]
    except Exception:  # Django refuses names such as ".." with an error of its own
        raise Refused(_("Geef het bestand een gewone naam."), "file") from None
