"""DuckDB for the store's own questions: fixed SQL, with limits on memory and a temporary folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq
from django.conf import settings

MEMORY: Final = "384MB"


@contextmanager
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory that may read files and write the ones it is told to."""
    scratch = Path(settings.DATA) / "tmp" / "duckdb"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        },
    )
    try:
        yield connection
    finally:
        connection.close()


def is_whole(path: Path) -> bool:
    """Whether a Parquet file can be read to its end."""
    try:
        with pq.ParquetFile(path) as file:
            for _batch in file.iter_batches(batch_size=8192):
                pass
    except FileNotFoundError:
        return True  # gone is not damaged: it was merged or removed meanwhile
    except Exception:  # pyarrow has many words for damage
        return False
    return True
