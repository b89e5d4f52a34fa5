"""The rules in memory, renewed when they change, without a moment without rules."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Final, Protocol

import structlog
from django.db import connection

from brandwacht.network.actor import Actor
from brandwacht.soc.services.rulebook import Rulebook, SharedRules, Stamp, rulebook_for, rulebook_stamp

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 2.0
AGAIN_AFTER: Final = 30.0
"""Seconds between two looks at whether rules changed, and before rules that did not load are tried again."""


@dataclass(slots=True)
class _Held:
    """The rules of one organisation: what they were made from, and when that was looked at last."""

    stamp: Stamp
    book: Rulebook
    looked: float


class Load(Protocol):
    """Makes the rules of the actor's organisation, of rules that are in memory already when it gets them."""

    def __call__(self, actor: Actor, shared: SharedRules | None = None) -> Rulebook: ...


class Keeper:
    """Gives every organisation its rules. Organisations that share rules share them in memory.

    New rules are made ready beside the work (``beside``), while the old ones go on; nothing is skipped meanwhile.
    ``failed(owner_id, reason)`` is called when new rules do not load: the old ones stay.
    """

    def __init__(
        self,
        failed: Callable[[int, str], None],
        *,
        load: Load = rulebook_for,
        monotonic: Callable[[], float] = monotonic,
        beside: bool = True,
    ) -> None:
        self._failed, self._load, self._monotonic = failed, load, monotonic
        self._helper = ThreadPoolExecutor(1, "rules") if beside else None
        self._held: dict[int, _Held] = {}
        self._coming: dict[int, tuple[Stamp, Future[Rulebook]]] = {}
        self._not_before: dict[Stamp, float] = {}

    def rules(self, actor: Actor) -> Rulebook:
        """The rules for the actor's organisation: the present ones, or those before while the present ones load."""
        now = self._monotonic()
        held = self._held.get(actor.organisation_id)
        if held is not None and now - held.looked < LOOK_EVERY:
            return held.book
        present = rulebook_stamp(actor)
        if held is not None and held.stamp == present:
            held.looked = now
            return held.book
        book = self._loaded(actor, present, now, wait=held is None)
        if book is None:
            assert held is not None  # noqa: S101 - without rules before, loading waits or raises
            held.looked = now
            return held.book
        self._held[actor.organisation_id] = _Held(present, book, now)
        return book

    def close(self) -> None:
        """Stop loading."""
        if self._helper is not None:
            self._helper.shutdown(wait=False, cancel_futures=True)

    def _loaded(self, actor: Actor, present: Stamp, now: float, *, wait: bool) -> Rulebook | None:
        shared = self._shared(present)
        if wait or shared is not None:
            # What is the organisation's own takes a few queries; what takes seconds is loading rules.
            return self._load(actor, shared)
        if now < self._not_before.get(present, now):
            return None
        try:
            if self._helper is None:
                return self._load(actor)
            wanted, coming = self._coming.get(actor.organisation_id, (None, None))
            if coming is None or wanted != present:
                coming = self._helper.submit(self._load_apart, actor)
                self._coming[actor.organisation_id] = present, coming
            if not coming.done():
                return None
            del self._coming[actor.organisation_id]
            return coming.result()
        except Exception as error:  # whatever is wrong with the new rules, the old ones go on
            log.exception("rules did not load", owner=actor.organisation_code)
            self._not_before = {present: now + AGAIN_AFTER}
            self._failed(actor.organisation_id, f"{type(error).__name__}: {error}")
            return None

    def _shared(self, present: Stamp) -> SharedRules | None:
        held = self._held.values()
        return next((each.book.shared for each in held if each.stamp.rules == present.rules), None)

    def _load_apart(self, actor: Actor) -> Rulebook:
        try:
            return self._load(actor)
        finally:
            connection.close()  # each thread has one of its own
