"""Which indicators stand in an event, with what was found for a value remembered by the value as the log has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from brandwacht.engines.detection.ecs import Observable, observables_in, observed_fields
from brandwacht.engines.detection.events import Event, Value
from brandwacht.engines.detection.indicators import IndicatorHit, IndicatorHolder, IndicatorMatcher, IndicatorSet

MEMO_VALUES: Final = 200_000
"""Values of which is remembered what they held; beyond it memory starts anew."""
MEMO_LENGTH: Final = 512
MAX_KINDS: Final = 4_096

_Memo = dict[Value, tuple[IndicatorHit, ...]]


class IndicatorWatch:
    """Looks for indicators in events. Not for use by several threads at once.

    Values repeat: of a value that was seen before, finding the addresses, domains and hashes in it and looking them up
    are one look in a table. When the holder gets another set, what was remembered is dropped.
    """

    def __init__(self, indicators: IndicatorSet | IndicatorHolder) -> None:
        self._holder = indicators if isinstance(indicators, IndicatorHolder) else IndicatorHolder(indicators)
        self._set = self._holder.current
        self._matcher = IndicatorMatcher(self._holder)
        self._plans: dict[tuple[str, str, int | None], list[tuple[str, str, _Memo]]] = {}
        self._memos: Mapping[str, _Memo] = {"value": {}, "text": {}}

    def match(self, event: Event, now: datetime | None = None) -> list[IndicatorHit]:
        """The hits in one event, each once. Indicators that ended before `now` are left out; without it none is."""
        if self._set is not self._holder.current:
            self._set = self._holder.current
            self._forget()
        key = (event.kind, event.channel, event.event_id)
        plan = self._plans.get(key)
        if plan is None:
            plan = self._prepare(key)
        values = event.values
        hits: list[IndicatorHit] = []
        for name, how, memo in plan:
            value = values.get(name)
            if value is None:
                continue
            found = memo.get(value)
            if found is None:
                found = self._find(how, value, memo)
            if found:
                hits += [hit for hit in found if hit not in hits]
        if hits and now is not None:
            hits = [hit for hit in hits if (end := hit.indicator.valid_until) is None or end >= now]
        return hits

    def _prepare(self, key: tuple[str, str, int | None]) -> list[tuple[str, str, _Memo]]:
        if len(self._plans) >= MAX_KINDS:
            self._plans.clear()
        kind, channel, event_id = key
        fields = observed_fields((kind or channel).lower(), event_id)
        plan = self._plans[key] = [(name, how, self._memos[how]) for name, how in fields]
        return plan

    def _find(self, how: str, value: Value, memo: _Memo) -> tuple[IndicatorHit, ...]:
        items: Sequence[object] = value if isinstance(value, tuple) else (value,)
        observed: list[Observable] = []
        for item in items:
            if isinstance(item, str):
                observed += observables_in(item, how)
        found = tuple(dict.fromkeys(self._matcher.match(observed)))
        if sum(len(item) for item in items if isinstance(item, str)) <= MEMO_LENGTH:
            if len(memo) >= MEMO_VALUES:
                memo.clear()
            memo[value] = found
        return found

    def _forget(self) -> None:
        for memo in self._memos.values():
            memo.clear()
