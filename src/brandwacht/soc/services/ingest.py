"""Reading log files: every event exactly once, whatever interrupts it.

A batch of records, the alerts that follow from it and the new position in the ledger are one transaction. A run that
is killed goes on at the position; a second run of the same file finds the position moved and stops.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.engines.detection import UnreadableFile, read_events
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import BadRecord, IngestFile, IngestState
from brandwacht.soc.services.pipeline import BATCH, Batch, Overtaken, account, still_ours
from brandwacht.soc.services.rulebook import Rulebook

LOG_SUFFIXES: Final = frozenset(
    {".evtx", ".json", ".jsonl", ".ndjson", ".log", ".tsv", ".cef", ".leef", ".audit", ".gz", ".zst"}
)
"""What is taken from a folder; a file that is named itself is always read."""
SHORTER: Final = 20
"""So many earlier files with the same first line are compared with one that may have grown."""
BYTES_PER_EVENT: Final = 1500
"""Of a Windows log or packed file, for the estimate only."""

Clock = Callable[[], datetime]


class Outcome(StrEnum):
    """How the reading of one file ended."""

    READ = "gelezen"
    KNOWN = "al eerder gelezen"
    BUSY = "wordt al gelezen"
    UNREADABLE = "onleesbaar"


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file. Counts are those of the whole file, also what an earlier, interrupted run read."""

    name: str
    outcome: Outcome
    events: int = 0
    matched: int = 0
    bad_records: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands: files and bytes done of all, and the events that this run read."""

    files: int
    files_total: int
    events: int
    bytes_done: int
    bytes_total: int


@dataclass(frozen=True, slots=True)
class Step:
    """A batch of a file was accounted for: the events in it, and which part of the file is done by now."""

    events: int
    part: float


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A file's content as one number, its size, a guess of how many records it holds, and the hash of its first line.

    ``head`` is "" for what is no text of lines.
    """

    sha256: str
    size: int
    expected: int
    head: str = ""


def ingest(
    actor: Actor,
    path: Path,
    rules: Rulebook,
    *,
    clock: Clock | None = None,
    batch: int = BATCH,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Iterator[FileResult]:
    """Read a file, or every log file below a folder in order of name, for the actor's organisation.

    Yields one result per file; a file that cannot be read does not stop the others. Raises ``Refused`` when there is
    nothing to read.
    """
    files = log_files(path)
    if not files:
        raise Refused(
            _("In %(path)s staat geen logbestand. Gelezen worden bestanden die eindigen op %(endings)s.")
            % {"path": path, "endings": ", ".join(sorted(LOG_SUFFIXES))}
        )
    sizes = [_size(file) for file in files]
    inside = path.resolve()
    events = 0
    for number, file in enumerate(files):
        name = file.relative_to(path).as_posix() if path.is_dir() else file.name
        if path.is_dir() and not (file.is_file() and file.resolve().is_relative_to(inside)):
            # Who delivers logs may put anything in the folder; a pipe would hold the reading up for ever.
            reason = _(
                "Dit is geen gewoon bestand in deze map, maar een verwijzing naar elders, een pijp of een apparaat."
            )
            yield FileResult(name, Outcome.UNREADABLE, reason=reason)
            continue
        for step in read_file(actor, file, name, rules, clock=clock or (lambda: actor.now), batch=batch):
            if isinstance(step, FileResult):
                yield step
            else:
                events += step.events
                done = sum(sizes[:number]) + int(sizes[number] * step.part)
                progress(Progress(number, len(files), events, done, sum(sizes)))
    progress(Progress(len(files), len(files), events, sum(sizes), sum(sizes)))


def log_files(path: Path) -> list[Path]:
    """The file itself, or the log files below a folder in order of name; links to folders are not followed."""
    if not path.is_dir():
        return [path]
    found = [
        Path(folder, name)
        for folder, _folders, names in os.walk(path)
        for name in names
        if Path(name).suffix.lower() in LOG_SUFFIXES and not name.startswith(".")
    ]
    return sorted(found, key=lambda file: file.relative_to(path).parts)


def read_file(
    actor: Actor, path: Path, name: str, rules: Rulebook, *, clock: Clock, batch: int = BATCH
) -> Iterator[Step | FileResult]:
    """Read one file into the ledger of the actor's organisation: a step per batch, and the result at the end."""
    try:
        fingerprint = fingerprint_of(path)
    except OSError as error:
        reason = _("Het bestand kan niet worden geopend (%(error)s).") % {"error": error.strerror or error}
        yield FileResult(name, Outcome.UNREADABLE, reason=reason)
        return
    ledger = open_ledger(actor, name, fingerprint, path)
    outcome = Outcome.KNOWN
    if ledger.state != IngestState.DONE:
        try:
            for part in _batches(path, ledger.position, batch):
                ledger = _account(actor.at(clock()), ledger, part, rules)
                yield Step(len(part.events), min(1.0, ledger.position / max(ledger.expected, 1)))
            ledger, outcome = _finish(actor.at(clock()), ledger, IngestState.DONE), Outcome.READ
        except UnreadableFile as error:
            ledger = _finish(actor.at(clock()), ledger, IngestState.BROKEN, error.reason)
            outcome = Outcome.UNREADABLE
        except Overtaken:
            outcome = Outcome.BUSY
    yield _result(ledger, outcome, name)


def fingerprint_of(path: Path) -> Fingerprint:
    """Hash a file in one pass. Raises ``OSError`` when it cannot be read."""
    digest, size, lines, head = hashlib.sha256(), 0, 0, b""
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            head = head or piece[:4096]
            digest.update(piece)
            size += len(piece)
            lines += piece.count(b"\n")
    if head[:1] != b"{":
        return Fingerprint(digest.hexdigest(), size, size // BYTES_PER_EVENT)
    first = hashlib.sha256(head.partition(b"\n")[0]).hexdigest()
    return Fingerprint(digest.hexdigest(), size, lines + 1, first)


def open_ledger(actor: Actor, name: str, fingerprint: Fingerprint, path: Path) -> IngestFile:
    """The ledger row of this content, made when it is new; a file that was unreadable gets another chance.

    A text of lines that was read before and has grown since has the row that it had: only the new lines are read.
    """
    with use_case(actor, "soc.ingest") as case:
        case.require(Owner(actor.organisation_id))
        _recognise_grown(actor, fingerprint, path)
        ledger, _made = IngestFile.objects.select_for_update().get_or_create(
            organisation_id=actor.organisation_id,
            sha256=fingerprint.sha256,
            defaults={
                "name": name.replace("\x00", "")[-255:],
                "size": fingerprint.size,
                "expected": fingerprint.expected,
                "head": fingerprint.head,
                "offered_by": actor.name,
                "started_at": actor.now,
                "seen_at": actor.now,
            },
        )
        if ledger.state == IngestState.BROKEN:
            ledger.state, ledger.reason = IngestState.RUNNING, ""
            ledger.save(update_fields=["state", "reason"])
    found: IngestFile = ledger
    return found


def _recognise_grown(actor: Actor, fingerprint: Fingerprint, path: Path) -> None:
    """Give the row of what this file was before it grew the content that it has now."""
    rows = IngestFile.objects.filter(organisation_id=actor.organisation_id, source__isnull=True)
    if not fingerprint.head or rows.filter(sha256=fingerprint.sha256).exists():
        return
    same = rows.filter(head=fingerprint.head, state=IngestState.DONE, size__lt=fingerprint.size)
    for row in same.select_for_update(of=("self",)).order_by("-size")[:SHORTER]:
        if _hash_of_lines(path, row.size) == row.sha256:
            row.sha256, row.size, row.expected = fingerprint.sha256, fingerprint.size, fingerprint.expected
            row.state, row.finished_at = IngestState.RUNNING, None
            row.save(update_fields=["sha256", "size", "expected", "state", "finished_at"])
            return


def _hash_of_lines(path: Path, size: int) -> str:
    """The hash of the first ``size`` bytes; "" when they do not end with a whole line."""
    digest, left, last = hashlib.sha256(), size, b""
    with path.open("rb") as stream:
        while left and (piece := stream.read(min(left, 1 << 20))):
            digest.update(piece)
            left, last = left - len(piece), piece[-1:]
    return digest.hexdigest() if not left and last == b"\n" else ""


def _batches(path: Path, after: int, size: int) -> Iterator[Batch]:
    """The records beyond ``after`` in batches. What was read before a file turned out broken still comes."""
    batch = Batch()
    try:
        for record in read_events(path):
            if record.number <= after:
                continue
            batch.add(record)
            if batch.full(size):
                yield batch
                batch = Batch()
    except UnreadableFile:
        if batch.records:
            yield batch
        raise
    if batch.records:
        yield batch


def _account(actor: Actor, ledger: IngestFile, batch: Batch, rules: Rulebook) -> IngestFile:
    def write(row: IngestFile, _matched: int) -> None:
        BadRecord.objects.bulk_create(
            [
                BadRecord(organisation_id=row.organisation_id, file=row, number=bad.number, reason=bad.reason[:300])
                for bad in batch.bad
            ],
            batch_size=500,
        )

    return account(actor, ledger, batch, rules, write)


def _finish(actor: Actor, seen: IngestFile, state: IngestState, reason: str = "") -> IngestFile:
    with use_case(actor, "soc.ingest") as case:
        ledger = still_ours(seen)
        ledger.state, ledger.reason, ledger.finished_at = state, reason[:300], actor.now
        ledger.seen_at = actor.now
        ledger.save(update_fields=["state", "reason", "finished_at", "seen_at"])
        case.audit(
            ledger,
            {"bestand": ledger.name, "stand": state, "gebeurtenissen": ledger.events, "met regel": ledger.matched},
        )
    return ledger


def _result(ledger: IngestFile, outcome: Outcome, name: str) -> FileResult:
    reason = ledger.reason
    if outcome is Outcome.KNOWN and ledger.name != name:
        reason = _("Dezelfde inhoud als %(name)s.") % {"name": ledger.name}
    if outcome is Outcome.BUSY:
        reason = _("Een andere opdracht leest dit bestand nu; deze is gestopt en telde niets dubbel.")
    return FileResult(name, outcome, ledger.events, ledger.matched, ledger.bad_records, reason)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
