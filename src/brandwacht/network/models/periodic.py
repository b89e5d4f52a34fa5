"""The lease of periodic work: each job once per period, however many workers there are."""

from django.db import models


class PeriodicRun(models.Model):
    """The last period in which a periodic job was taken by a worker, and how it ended."""

    job = models.CharField(max_length=80, unique=True)
    period = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "network_periodic_run"

    def __str__(self) -> str:
        return f"{self.job} {self.period}"
