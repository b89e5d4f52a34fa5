"""Writing a batch of events: whole or not at all, once however often it is offered."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from brandwacht.engines.detection import Event
from brandwacht.soc.store import layout
from brandwacht.soc.store.columns import DICTIONARY
from brandwacht.soc.store.rows import filed_under, table_of


def append(owner_code: str, source_key: str, batch: str, events: Sequence[Event], received_at: datetime) -> int:
    """Store the events of one batch of one source of an organisation; returns how many.

    ``batch`` names what is in it: the same name again, with the same events and the same ``received_at``, changes
    nothing. Each day that the events fall on gets one file, which is on disk when this returns. Raises ``OSError`` when
    the disk refuses (what was written stays invisible or is replaced by the next attempt), ``ValueError`` for a code
    that cannot be an organisation's.
    """
    by_day: dict[date, list[tuple[datetime, Event]]] = defaultdict(list)
    for event in events:
        time = filed_under(event, received_at)
        by_day[time.astimezone(UTC).date()].append((time, event))
    key = layout.batch_key(batch)
    for day, dated in sorted(by_day.items()):
        folder = layout.Partition(day, owner_code, layout.source_folder(source_key)).folder
        layout.make_folder(folder)
        if key in layout.known_batches(folder):
            continue  # it is in a merged file
        table = table_of(owner_code, source_key, batch, dated, received_at)
        _write(folder / f"{key}.parquet", table, received_at.timestamp())
    return len(events)


def _write(path: Path, table: pa.Table, received: float) -> None:
    temporary = layout.temporary_file(path.parent)
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            pq.write_table(table, stream, compression="zstd", compression_level=3, use_dictionary=DICTIONARY)
        os.utime(temporary, (received, received))  # so that the age of a file is that of what is in it
        layout.settle(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
