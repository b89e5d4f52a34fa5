"""Periodic work: each job once per period, however many workers there are.

A worker takes a period by moving the job's row from the previous period to this one in a single update; whoever
changes the row does the work (a lease without a clock of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import IntegrityError, transaction

from brandwacht.network.models import PeriodicRun

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """``run(now)`` returns a short result; ``every`` is "minuut", "uur" or "dag"."""

    key: str
    every: str
    run: Callable[[datetime], str]

    def period(self, now: datetime) -> str:
        """The name of the period that ``now`` is in."""
        return now.strftime({"minuut": "%Y-%m-%dT%H:%M", "uur": "%Y-%m-%dT%H", "dag": "%Y-%m-%d"}[self.every])


_jobs: dict[str, Job] = {}


def register_job(job: Job) -> None:
    """Add a job; called from ``apps.py``."""
    _jobs[job.key] = job


def _take(job: Job, period: str, now: datetime) -> bool:
    if PeriodicRun.objects.filter(job=job.key).exclude(period=period).update(period=period, taken_at=now, result=""):
        return True
    if PeriodicRun.objects.filter(job=job.key).exists():
        return False
    try:
        with transaction.atomic():
            PeriodicRun.objects.create(job=job.key, period=period, taken_at=now)
    except IntegrityError:
        return False
    return True


def tick(now: datetime) -> Iterator[tuple[str, str]]:
    """Run every job whose period was not taken yet; yields (job, result). A failing job does not stop the others."""
    for job in _jobs.values():
        period = job.period(now)
        if not _take(job, period, now):
            continue
        try:
            result = job.run(now)
        except Exception as error:  # a broken job must not silence the rest of the tick
            log.exception("periodic job failed", job=job.key)
            result = f"mislukt: {error}"
        PeriodicRun.objects.filter(job=job.key, period=period).update(result=result[:200])
        yield job.key, result
