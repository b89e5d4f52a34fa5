"""Following what a source delivers: the next payloads, decoded, counted once, and accounted for in one transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.utils import timezone

from brandwacht.network.actor import Actor
from brandwacht.soc.models import GapReason, IngestFile, IngestState, LogSource
from brandwacht.soc.services.accounting import Tally, note_gap
from brandwacht.soc.services.intake import spool_of
from brandwacht.soc.services.payloads import events_of
from brandwacht.soc.services.pipeline import Batch, account
from brandwacht.soc.services.rulebook import Rulebook
from brandwacht.soc.spool import Payload, Segment, remove, segments

MOST: Final = 2500
"""Records in one batch: half a second of a source that sends 5,000 a second."""
MOST_BYTES: Final = 8 * 1024 * 1024
REMEMBERED: Final = 500_000
REMEMBERED_FOR: Final = timedelta(hours=24)
"""Identities of payloads that are remembered of one source: at least so many, for at most so long."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Taken:
    """The next payloads of one ledger row: (number, payload, when received).

    ``offset`` is the byte after them; ``more`` tells that others wait already.
    """

    ledger: IngestFile
    payloads: list[tuple[int, Payload, datetime]]
    offset: int = 0
    more: bool = False


class Tail(Protocol):
    """Something that is followed: a spool, a folder."""

    def read(self, actor: Actor, limit: int) -> Taken | None:
        """The next payloads that were not accounted for, at most ``limit``; ``None`` when there are none now."""
        ...

    def accounted(self, ledger: IngestFile, taken: Taken) -> None:
        """These payloads are accounted for: go on after them."""
        ...

    def rewind(self) -> None:
        """They are not: begin again after what the ledger says."""
        ...

    def tidy(self, now: datetime) -> None:
        """Let go of what is no longer needed."""
        ...

    def close(self) -> None:
        """Let go of every file."""
        ...


class Memory:
    """The identities that came before: two generations, so that it stays within its limit without forgetting all."""

    def __init__(self, most: int = REMEMBERED, seconds: float = REMEMBERED_FOR.total_seconds()) -> None:
        self._most, self._seconds = most, seconds
        self._young: set[int] = set()
        self._old: set[int] = set()
        self._since = 0.0

    def __contains__(self, identity: int) -> bool:
        return identity in self._young or identity in self._old

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def learn(self, identities: Iterable[int], at: float) -> None:
        """Remember these; ``at`` is monotonic, in seconds."""
        if len(self._young) >= self._most or at - self._since > self._seconds / 2:
            self._old, self._young, self._since = self._young, set(), at
        self._young.update(identities)


@dataclass(slots=True)
class Follower:
    """A source with its tail: reads, decodes, and accounts for one batch a step."""

    source: LogSource
    tail: Tail
    monotonic: Callable[[], float]
    memory: Memory = field(default_factory=Memory)
    limit: int = MOST
    more: bool = False
    """Whether more waited when the last batch was taken."""

    def step(self, actor: Actor, rules: Rulebook, clock: Clock) -> Tally | None:
        """Account for the next batch; ``None`` when there is nothing. Whatever is raised, nothing of it was counted."""
        taken = self.tail.read(actor, self.limit)
        self.more = taken is not None and taken.more
        if taken is None:
            self.limit = MOST
            return None
        now = clock()
        batch, tally, fresh = self._decode(taken, now)

        def write(row: IngestFile, matched: int) -> None:
            row.offset = taken.offset
            tally.write(self.source, matched, now)

        ledger = account(actor.at(now), taken.ledger, batch, rules, write)
        self.memory.learn(fresh, self.monotonic())
        self.tail.accounted(ledger, taken)
        self.limit = min(MOST, self.limit * 2)  # it is 1 after a failure
        return tally

    def set_aside(self, actor: Actor, reason: str, clock: Clock) -> bool:
        """Put the next record where a person can read it, with the reason, and go on. False when there is none.

        For a record on which the processing keeps failing.
        """
        taken = self.tail.read(actor, 1)
        if taken is None:
            return False
        now = clock()
        number, payload, received_at = taken.payloads[0]
        batch, tally = Batch(), Tally()
        batch.skip(number)
        path = spool_of(self.source) / "apart" / f"{taken.ledger.public_id}-{number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(payload.data)
        tally.error(reason, payload.data, received_at)

        def write(row: IngestFile, _matched: int) -> None:
            row.offset = taken.offset
            tally.write(self.source, 0, now)
            note_gap(self.source, GapReason.FAILED, received_at, now, detail=reason, lost=1, path=str(path))

        ledger = account(actor.at(now), taken.ledger, batch, Rulebook.empty(), write)
        self.tail.accounted(ledger, taken)
        return True

    def _decode(self, taken: Taken, now: datetime) -> tuple[Batch, Tally, set[int]]:
        batch, tally = Batch(), Tally()
        fresh: set[int] = set()
        for number, payload, received_at in taken.payloads:
            if payload.identity and (payload.identity in self.memory or payload.identity in fresh):
                batch.skip(number)
                tally.doubles += 1
                continue
            if payload.identity:
                fresh.add(payload.identity)
            records = events_of(self.source.kind, number, payload, received_at)
            batch.add_all(number, records, len(payload.data))
            for record in records:
                tally.add(record, payload.data if record.number == number else b"", received_at)
        return batch, tally, fresh


@dataclass(eq=False, slots=True)
class _Open:
    """A segment that is followed, with its ledger row, and what was read of it but not accounted for."""

    segment: Segment
    ledger: IngestFile
    waiting: deque[tuple[int, Payload, datetime]] = field(default_factory=deque)


class SpoolTail:
    """The spool of a source, over all its writers. ``learn`` is told the identities of what was counted before."""

    def __init__(self, source: LogSource, learn: Callable[[Iterable[int]], None]) -> None:
        self._source = source
        self._folder = spool_of(source)
        self._learn = learn
        self._open: deque[_Open] = deque()
        self._done: dict[Path, tuple[datetime, int]] = {}
        """Segments that were processed, oldest first, with when that was and their size."""

    def read(self, actor: Actor, limit: int) -> Taken | None:
        """See ``Tail``. Segments take turns, so that no writer waits for another."""
        self._look(actor)
        for _turn in range(len(self._open)):
            self._open.rotate(-1)
            each = self._open[-1]
            if not each.waiting:
                self._fill(each, limit)
            if each.waiting:
                payloads = _first(each.waiting, limit)
                return Taken(each.ledger, payloads, more=len(each.waiting) > len(payloads) or len(payloads) >= limit)
            if each.segment.finished:
                self._finish(each, actor.now)
        return None

    def accounted(self, ledger: IngestFile, taken: Taken) -> None:
        """See ``Tail``."""
        each = next(each for each in self._open if each.ledger.pk == ledger.pk)
        each.ledger = ledger
        for _payload in taken.payloads:
            each.waiting.popleft()

    def rewind(self) -> None:
        """See ``Tail``."""
        self.close()
        self._open.clear()

    def close(self) -> None:
        """See ``Tail``."""
        for each in self._open:
            each.segment.close()

    def tidy(self, now: datetime) -> None:
        """Remove segments that were processed a day ago, and the oldest when they take too much room."""
        kept = sum(size for _at, size in self._done.values())
        for path, (at, size) in list(self._done.items()):
            if kept > settings.SPOOL_LIMIT // 4 or now - at > REMEMBERED_FOR:
                remove(path)
                del self._done[path]
                kept -= size

    @property
    def empty(self) -> bool:
        """Whether nothing is left to process."""
        return not self._open and all(path in self._done for path in segments(self._folder))

    def _look(self, actor: Actor) -> None:
        known = {each.segment.path for each in self._open} | self._done.keys()
        for path in segments(self._folder):
            if path not in known:
                self._take_up(path, actor)

    def _take_up(self, path: Path, actor: Actor) -> None:
        """Follow a segment from where the ledger says that it was left; what came before it is remembered."""
        key = sha256(f"spool:{self._source.public_id}:{path.name}".encode()).hexdigest()
        ledger, _made = IngestFile.objects.get_or_create(
            organisation_id=self._source.organisation_id,
            sha256=key,
            defaults={
                "source": self._source,
                "name": f"{self._source.name} {path.name}",
                "size": 0,
                "started_at": actor.now,
                "seen_at": actor.now,
            },
        )
        try:
            each = _Open(Segment(path), ledger)
            self._skip(each)
        except FileNotFoundError:
            return
        if ledger.state == IngestState.DONE:
            each.segment.close()
            self._done[path] = (ledger.finished_at or actor.now, path.stat().st_size)
        else:
            self._open.append(each)

    def _skip(self, each: _Open) -> None:
        position = each.ledger.position
        for frame, first in each.segment.frames():
            past = max(0, min(len(frame.payloads), position - first + 1))
            self._learn(payload.identity for payload in frame.payloads[:past] if payload.identity)
            each.waiting.extend(_numbered(frame.moment, frame.payloads[past:], first + past))
            if each.waiting:
                break

    def _fill(self, each: _Open, limit: int) -> None:
        size = 0
        for frame, first in each.segment.frames():
            each.waiting.extend(_numbered(frame.moment, frame.payloads, first))
            size += sum(len(payload.data) for payload in frame.payloads)
            if len(each.waiting) >= limit or size >= MOST_BYTES:
                break
        for damage in each.segment.damage:
            detail = f"{each.segment.name}: {damage.start}-{damage.end}"
            note_gap(self._source, GapReason.DAMAGED, each.ledger.started_at, timezone.now(), detail=detail)
        each.segment.damage.clear()

    def _finish(self, each: _Open, now: datetime) -> None:
        size = each.segment.path.stat().st_size
        row = each.ledger
        row.state, row.finished_at, row.size = IngestState.DONE, now, size
        row.save(update_fields=["state", "finished_at", "size"])
        each.segment.close()
        self._done[each.segment.path] = (now, size)
        self._open.remove(each)


def _numbered(moment: int, payloads: Iterable[Payload], first: int) -> Iterable[tuple[int, Payload, datetime]]:
    received_at = datetime.fromtimestamp(moment / 1_000_000, tz=UTC)
    return ((number, payload, received_at) for number, payload in enumerate(payloads, first))


def _first(waiting: Iterable[tuple[int, Payload, datetime]], limit: int) -> list[tuple[int, Payload, datetime]]:
    taken: list[tuple[int, Payload, datetime]] = []
    size = 0
    for item in waiting:
        if taken and (len(taken) >= limit or size + len(item[1].data) > MOST_BYTES):
            break
        taken.append(item)
        size += len(item[1].data)
    return taken
