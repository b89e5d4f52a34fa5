"""The processing that never stops: takes what came in from every source and leads it to alerts.

Any number of runners may work on one data folder: a source is followed by the one that holds the lock on its folder,
which the system takes back at once from a process that was killed. What takes time is measured by a clock that cannot
jump; what is written down has the time of day.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import IO, Final

import structlog
from django.db import OperationalError
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.tenancy import every_owner, tenancy_scope
from brandwacht.soc.models import GapReason, LogSource, SourceKind, WatchGap
from brandwacht.soc.services.accounting import Tally, fill_gap, note_gap
from brandwacht.soc.services.folders import FolderTail
from brandwacht.soc.services.health import ended_quietly, fell_silent, spoke_again
from brandwacht.soc.services.intake import spool_of
from brandwacht.soc.services.keeper import Keeper
from brandwacht.soc.services.pipeline import Overtaken
from brandwacht.soc.services.rulebook import Rulebook
from brandwacht.soc.services.tails import Clock, Follower, Memory, SpoolTail, Tail
from brandwacht.soc.spool import segments

log = structlog.get_logger(__name__)

SOURCES_EVERY: Final = 3.0
BEAT_EVERY: Final = 10.0
TIDY_EVERY: Final = 20.0
ACTOR_EVERY: Final = 15.0
"""Seconds after which the list of sources, the signs of life, finished segments and grants are looked at again."""
TRIES: Final = 3
"""How often one record may fail before it is set aside."""
LONGEST_WAIT: Final = 60.0
UNNOTICED: Final = timedelta(minutes=2)
"""A shorter absence of the processing is no gap: nobody would have looked sooner."""


@dataclass(eq=False, slots=True)
class _Watch:
    """One source that this runner follows. Moments are monotonic, in seconds."""

    follower: Follower
    lock: IO[bytes]
    heard: float
    actor: Actor | None = None
    acted: float = float("-inf")
    beat: float = float("-inf")
    tidied: float = float("-inf")
    minute: float = 0.0
    in_minute: int = 0
    failures: int = 0
    not_before: float = float("-inf")
    silent: bool = False
    behind: WatchGap | None = None
    """The gap of before this runner came, until its events were processed."""
    caught_up: int = 0
    idle_at: datetime | None = None
    """When there was nothing left to process, the last time."""
    quiet: WatchGap | None = None
    """The last silence: events of that time may come late."""

    @property
    def source(self) -> LogSource:
        """What is followed."""
        return self.follower.source


@dataclass(slots=True)
class Runner:
    """Follows every source that no other runner follows; ``turn`` does one round."""

    clock: Clock
    monotonic: Callable[[], float] = monotonic
    beside: bool = True
    gather: float = 0.0
    """Seconds from the beginning of one batch of a source to that of the next, unless more waits than fits in one.

    What a batch costs however few events are in it is then paid a few times a second, and not as often as it can be.
    """
    keeper: Keeper = field(init=False)
    _watches: dict[int, _Watch] = field(default_factory=dict)
    _looked: float = float("-inf")

    def __post_init__(self) -> None:
        self.keeper = Keeper(self._rules_failed, monotonic=self.monotonic, beside=self.beside)

    def turn(self) -> int:
        """One batch of every source; returns the number of payloads that were accounted for."""
        at = self.monotonic()
        try:
            if at - self._looked >= SOURCES_EVERY:
                self._looked = at
                self._find_sources()
            return sum(self._tend(watch) for watch in list(self._watches.values()))
        except OperationalError:  # a database that is busy, full or gone for a while: what came in waits in the spool
            log.exception("the database could not be used")
            return 0

    def close(self) -> None:
        """Let go of everything."""
        for watch in self._watches.values():
            self._let_go(watch)
        self._watches.clear()
        self.keeper.close()

    # --- which sources -----------------------------------------------------------------------------------------------

    def _find_sources(self) -> None:
        with every_owner():
            rows = {row.pk: row for row in LogSource.objects.select_related("organisation").order_by("pk")}
        for pk, row in rows.items():
            watch = self._watches.get(pk)
            if watch is not None:
                watch.follower.source = row
                tail = watch.follower.tail
                if not row.enabled and (not isinstance(tail, SpoolTail) or tail.empty):
                    ended_quietly(row, self.clock())
                    self._let_go(self._watches.pop(pk))
            elif row.enabled or (row.kind != SourceKind.FOLDER and segments(spool_of(row))):
                self._follow(row)

    def _follow(self, source: LogSource) -> None:
        lock = _lock(source)
        if lock is None:
            return
        now, at = self.clock(), self.monotonic()
        last = source.seen_at or source.created_at
        heard = at - max(0.0, (now - last).total_seconds())
        memory = Memory()
        tail: Tail
        if source.kind == SourceKind.FOLDER:
            tail = FolderTail(
                source, self.monotonic, self.clock,
                rules=lambda: self.keeper.rules(self._actor(watch)), heard=lambda: self._heard(watch),
            )  # fmt: skip
        else:
            tail = SpoolTail(source, lambda seen: memory.learn(seen, self.monotonic()))
        follower = Follower(source, tail, self.monotonic, memory)
        watch = _Watch(follower, lock, heard, silent=source.silent_since is not None, minute=at)
        if source.watched_at is not None and now - source.watched_at > UNNOTICED:
            with tenancy_scope(self._actor(watch).tenancy()):
                watch.behind = note_gap(source, GapReason.STOPPED, source.watched_at, now)
        self._watches[source.pk] = watch

    def _let_go(self, watch: _Watch) -> None:
        watch.follower.tail.close()
        watch.lock.close()

    # --- one source --------------------------------------------------------------------------------------------------

    def _tend(self, watch: _Watch) -> int:
        at = self.monotonic()
        if at < watch.not_before:
            return 0
        actor = self._actor(watch)
        with tenancy_scope(actor.tenancy()):
            rules = self._rules(watch, actor, at)
            if rules is None:
                return 0
            try:
                tally = watch.follower.step(actor, rules, self.clock)
            except Overtaken:
                watch.follower.tail.rewind()
                return 0
            except Exception as error:
                self._failed(watch, actor, error, at)
                return 0
            watch.failures = 0
            self._after(watch, actor, tally, at)
        return tally.events + tally.errors + tally.doubles if tally else 0

    def _rules(self, watch: _Watch, actor: Actor, at: float) -> Rulebook | None:
        """The rules; ``None`` when there are none yet and they do not load. What came in waits for them."""
        try:
            return self.keeper.rules(actor)
        except Exception:
            log.exception("rules did not load", owner=actor.organisation_code)
            watch.not_before = at + LONGEST_WAIT / 4
            return None

    def _after(self, watch: _Watch, actor: Actor, tally: Tally | None, at: float) -> None:
        if tally is not None:
            watch.not_before = at if watch.follower.more else at + self.gather
            watch.in_minute += tally.events
            self._heard(watch)
            self._fill(watch, tally, actor.now)
        else:
            watch.idle_at = actor.now
            if watch.behind is not None:
                fill_gap(watch.behind.pk, watch.caught_up, self.clock())
                watch.behind = None
        limit = watch.source.silent_after * 60
        if limit and not watch.silent and watch.source.enabled and at - watch.heard > limit:
            watch.silent = True
            fell_silent(watch.source, self.clock())
        if at - watch.beat >= BEAT_EVERY:
            watch.beat = at
            self._beat(watch, at)
        if at - watch.tidied >= TIDY_EVERY:
            watch.tidied = at
            watch.follower.tail.tidy(actor.now)

    def _heard(self, watch: _Watch) -> None:
        watch.heard = self.monotonic()
        if watch.silent:
            watch.silent = False
            watch.quiet = spoke_again(watch.source, self.clock())

    def _fill(self, watch: _Watch, tally: Tally, now: datetime) -> None:
        if watch.behind is not None:
            watch.caught_up += tally.events
        gap = watch.quiet
        if gap is not None and gap.until is not None:
            late = sum(gap.since < moment < gap.until for moment in tally.moments)
            if late:
                fill_gap(gap.pk, late, now)
            elif now - gap.until > timedelta(days=1):
                watch.quiet = None

    def _beat(self, watch: _Watch, at: float) -> None:
        facts: dict[str, object] = {"watched_at": self.clock()}
        if watch.idle_at is not None:
            facts["caught_up_at"] = watch.idle_at
        if at - watch.minute >= 60:
            facts["per_minute"] = round(watch.in_minute * 60 / (at - watch.minute))
            watch.minute, watch.in_minute = at, 0
        LogSource.objects.filter(pk=watch.source.pk).update(**facts)

    def _failed(self, watch: _Watch, actor: Actor, error: Exception, at: float) -> None:
        """Wait longer each time, take less at once, and put the one record that keeps failing aside.

        A database that cannot be written is no fault of the record: that is tried for ever.
        """
        follower = watch.follower
        log.exception("a batch failed", source=str(watch.source.public_id), failures=watch.failures)
        follower.tail.rewind()
        watch.failures += 1
        watch.not_before = at + min(LONGEST_WAIT, 0.25 * 2**watch.failures)
        if isinstance(error, OperationalError | OSError):
            return
        if follower.limit > 1:
            follower.limit, watch.failures = 1, 0
            return
        if watch.failures >= TRIES:
            watch.failures = 0
            reason = _("Dit kon %(n)d keer niet worden verwerkt (%(error)s).") % {
                "n": TRIES,
                "error": f"{type(error).__name__}: {error}"[:200],
            }
            try:
                follower.set_aside(actor, reason, self.clock)
            except (OperationalError, OSError):
                log.exception("a record could not be set aside", source=str(watch.source.public_id))
                follower.tail.rewind()

    def _actor(self, watch: _Watch) -> Actor:
        at = self.monotonic()
        if watch.actor is None or at - watch.acted >= ACTOR_EVERY:
            watch.actor, watch.acted = system_actor(watch.source.organisation, self.clock(), "werker"), at
        return watch.actor.at(self.clock())

    def _rules_failed(self, owner_id: int, reason: str) -> None:
        for watch in self._watches.values():
            if watch.source.organisation_id == owner_id:
                now = self.clock()
                with tenancy_scope(self._actor(watch).tenancy()):
                    note_gap(watch.source, GapReason.RULES, now, now, detail=reason)


def _lock(source: LogSource) -> IO[bytes] | None:
    """The right to follow a source: a lock that the system takes back when the process ends, however it ends."""
    folder = spool_of(source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.fdopen(os.open(folder / "runner.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b")
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
