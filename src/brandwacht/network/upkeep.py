"""Upkeep of the database: sessions that are over go, and the planner gets fresh statistics.

PostgreSQL keeps its statistics by itself. SQLite plans a list over 25 owners by the wrong index until it knows how many
rows each has; ``ANALYZE`` with a limit reads a sample and takes milliseconds
(https://www.sqlite.org/lang_analyze.html).
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.db import connection

from brandwacht.network.periodic import Job

SAMPLE = 1000
"""Rows per index that are looked at."""


def refresh_statistics() -> str:
    """Renew the planner's statistics on SQLite; returns what was done, for the log of periodic work."""
    if connection.vendor != "sqlite":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={SAMPLE}")
        cursor.execute("ANALYZE")
    return "bijgewerkt"


def _hourly(_now: datetime) -> str:
    return refresh_statistics()


def _daily(_now: datetime) -> str:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return "opgeruimd"


STATISTICS = Job("database-statistics", "uur", _hourly)
SESSIONS = Job("sessies", "dag", _daily)
