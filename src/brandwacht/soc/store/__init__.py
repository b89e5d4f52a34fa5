"""The store of events: Parquet per organisation, day and source.

``append`` writes a batch, ``scan`` reads events back in order of time. Searching by people goes through
``services.hunting``, in a process of its own.
"""

from brandwacht.soc.store.reading import scan
from brandwacht.soc.store.rows import StoredRow
from brandwacht.soc.store.writing import append

__all__ = ["StoredRow", "append", "scan"]
