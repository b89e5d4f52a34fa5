"""The table of what returns: when the fixed tasks of the norm were done."""

from django.db import models

from brandwacht.baseline.models.answers import FRAMEWORK
from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class RhythmDone(TenantModel):
    """A fixed task of the norm, known by the number of its government measure, was done on a day."""

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    number = models.CharField(max_length=20)
    done_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "framework", "number", "done_on"], name="rhythm_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.done_on}"
