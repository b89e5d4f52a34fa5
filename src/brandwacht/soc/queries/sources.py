"""Reads of the ledger of log files."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import NotFound
from brandwacht.network.models import Organisation
from brandwacht.network.policy import owners, visible
from brandwacht.soc.models import (
    BadRecord,
    IngestFile,
    IngestState,
)

BAD_SHOWN: Final = 50


def sources(actor: Actor) -> QuerySet[IngestFile]:
    """The ledger of files that were read, with whose they are; order them by ``("-started_at", "-id")``."""
    # What sources bring by themselves is shown with each source.
    rows: QuerySet[IngestFile] = IngestFile.objects.filter(visible(actor, "soc.sources.see"), source__isnull=True)
    return rows.select_related("organisation")


def source(actor: Actor, public_id: Any) -> IngestFile:
    """One file of the ledger; raises ``NotFound``."""
    found = sources(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def bad_records(actor: Actor, of: IngestFile, limit: int = BAD_SHOWN) -> list[BadRecord]:
    """The first records of a file that could not be read."""
    rows = BadRecord.objects.filter(visible(actor, "soc.sources.see"), file=of)
    return list(rows.order_by("number")[:limit])


def latest_file(actor: Actor) -> IngestFile | None:
    """The file that was finished last: says whether the watch is awake."""
    return sources(actor).filter(state=IngestState.DONE).order_by("-started_at", "-id").first()


def offerable(actor: Actor) -> list[Organisation]:
    """The organisations for which the actor may offer log files: the own one first."""
    reach = owners(actor, "soc.ingest")
    found = list(Organisation.objects.filter(pk__in=sorted(reach)).order_by("name"))
    return sorted(found, key=lambda organisation: organisation.pk != actor.organisation_id)
