"""Correlations over what comes in: what an organisation's rules have seen together, kept with every batch.

The state is one row per organisation, written in the transaction of the batch that changed it. A process holds it in
memory as well and reads the row again when another process, or a batch that was undone, came between. What can only be
judged when its time is over is told by ``services.window_ends``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import structlog
from django.utils.translation import gettext as _

from brandwacht.engines.detection import CorrelationMatch, Correlator, Event, Limits, Match, OutdatedForm
from brandwacht.network.actor import Actor
from brandwacht.soc.models import CorrelationMemory, IngestFile
from brandwacht.soc.services.rulebook import Rulebook, SharedRules

log = structlog.get_logger(__name__)

LIMITS: Final = Limits(groups=2000, group_records=2000, records=20_000)
"""What one organisation's correlations hold at most: a few megabytes in its row."""

Matched = list[tuple[Event, list[Match]]]


@dataclass(slots=True)
class _Held:
    number: int
    shared: SharedRules
    correlator: Correlator


_held: dict[int, _Held] = {}


def correlate(actor: Actor, ledger: IngestFile, rules: Rulebook, matched: Matched, source_key: str) -> Matched:
    """The events with what counts of them: matches of correlations added, those of silent rules left out.

    Inside the caller's transaction. A correlation is told on the event that made it true.
    """
    shared = rules.shared
    if not shared.correlations or not matched:
        return matched
    owner_id = actor.organisation_id
    row, _made = CorrelationMemory.objects.select_for_update(of=("self",)).get_or_create(
        organisation_id=owner_id, defaults={"saved_at": actor.now}
    )
    # Out of memory until it is written: when the batch is undone, the next one reads the row.
    held = _held.pop(owner_id, None)
    if held is None or held.number != row.number or held.shared is not shared:
        held = _Held(row.number, shared, read_memory(row, shared))
    correlator, wanted = held.correlator, held.correlator.listens_to
    found: Matched = []
    heard = False
    for event, matches in matched:
        told: list[Match] = []
        if any(match.rule_id in wanted for match in matches):
            heard = True
            fed = correlator.feed(event, matches, str(ledger.public_id))
            told = [as_match(each) for each in fed if rules.counts(each.rule_id, event, source_key)]
        counts = [*(match for match in matches if match.rule_id not in shared.silent), *told]
        if counts:
            found.append((event, counts))
    if heard:
        row.number, row.state, row.saved_at = row.number + 1, correlator.to_json(), actor.now
        row.save(update_fields=["number", "state", "saved_at"])
        held.number = row.number
    _held[owner_id] = held
    return found


def read_memory(row: CorrelationMemory, shared: SharedRules) -> Correlator:
    """The correlations as they stand, from the row that holds it."""
    correlator = Correlator(shared.correlations, shared.basis, limits=LIMITS)
    if row.state:
        try:
            correlator.restore(row.state)
        except OutdatedForm as error:
            log.warning("correlations start anew", owner=row.organisation_id, error=str(error)[:200])
    return correlator


def as_match(told: CorrelationMatch) -> Match:
    """A correlation that became true, as a match like that of a rule."""
    because = [told.because] if told.because else []
    if told.group:
        because.append(
            _("Het gaat om: %(group)s")
            % {"group": ", ".join(f"{name} = {value}" for name, value in told.group.items())}
        )
    because.append(
        _("Dit rust op %(n)d gebeurtenissen, van %(first)s tot en met %(last)s (UTC).")
        % {"n": told.total, "first": f"{told.first:%d-%m-%Y %H:%M:%S}", "last": f"{told.last:%d-%m-%Y %H:%M:%S}"}
    )
    return Match(told.rule_id, told.title, told.level, told.tags, dict(told.group), (), tuple(because))
