"""What a measure costs, as ranges."""

from __future__ import annotations

from django.db import models

from brandwacht.baseline.models.measures import Measure
from brandwacht.engines.norms.investment import Range
from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class MeasureCost(TenantModel):
    """What a measure costs: once and yearly in euro, and person-days once, each from low to high; empty is unknown."""

    domain = Domain.BASIS

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, related_name="costs")
    once_low = models.PositiveIntegerField(null=True, blank=True)
    once_high = models.PositiveIntegerField(null=True, blank=True)
    yearly_low = models.PositiveIntegerField(null=True, blank=True)
    yearly_high = models.PositiveIntegerField(null=True, blank=True)
    days_low = models.PositiveIntegerField(null=True, blank=True)
    days_high = models.PositiveIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return str(self.measure_id)

    def range(self, what: str) -> Range | None:
        """The range of "once", "yearly" or "days"; ``None`` when it is not known."""
        low, high = getattr(self, f"{what}_low"), getattr(self, f"{what}_high")
        return None if low is None or high is None else Range(low, high)
