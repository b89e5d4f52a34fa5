"""Events for tests of the store: small, in recorded form."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from brandwacht.engines.detection import Event, event_from_record
from brandwacht.soc.store import append
from tests.soc.conftest import line
from tests.world import NOW


def event(number: int = 1, image: str = "proef.exe", host: str = "DC01", at: datetime = NOW, **fields: Any) -> Event:
    """One Sysmon process event."""
    return event_from_record(number, json.loads(line(image, host, at, **fields)))


def keep(owner: str, *events: Event, source: str = "dc-log", batch: str = "een", received: datetime = NOW) -> int:
    """Store events as one batch."""
    return append(owner, source, batch, events, received)
