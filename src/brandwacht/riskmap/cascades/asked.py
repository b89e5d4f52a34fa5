"""What is asked to fail: the outages of a scenario or a run, as they are kept and as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.engines.cascade import Outage
from brandwacht.network.errors import Refused

DEFAULT_HORIZON = 4320
MOST_MINUTES = 60 * 24 * 60
"""Runs and outages last 60 days at most: further ahead nobody's buffers say anything."""


def outages_of(raw: Sequence[Mapping[str, Any]], horizon: int) -> list[Outage]:
    """The outages of ``Scenario.outages`` for the engine. Raises ``Refused`` for what cannot be played."""
    if not raw:
        raise Refused(_("Kies ten minste één onderdeel dat uitvalt."), "nodes")
    if not 0 < horizon <= MOST_MINUTES:
        raise Refused(_("Kies een looptijd van 1 minuut tot 60 dagen."), "horizon")
    parsed = []
    for item in raw:
        node, start, duration = item.get("node"), item.get("start", 0), item.get("duration")
        numbers = [number for number in (start, duration) if number is not None]
        if not isinstance(node, str) or start is None or any(type(number) is not int for number in numbers):
            raise Refused(_("Een uitval noemt een onderdeel, en tijden in hele minuten."), "nodes")
        if any(number > MOST_MINUTES for number in numbers):
            raise Refused(_("Een uitval duurt ten hoogste 60 dagen."), "duration")
        parsed.append(Outage(node, start, duration, item.get("state", "down")))
    return parsed


def as_json(outage: Outage) -> dict[str, Any]:
    """An outage as it is kept."""
    return {"node": outage.node, "start": outage.start, "duration": outage.duration, "state": outage.state}
