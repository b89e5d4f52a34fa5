"""What-ifs that are kept, and the cascades that were run."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class Scenario(TenantModel):
    """A what-if on the register: which nodes fail, from when, for how long.

    ``outages`` is a list of {"node": key, "start": minutes, "duration": minutes | null, "state": "down"|"degraded"}.
    """

    domain = Domain.RISK

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    outages = models.JSONField(default=list)
    horizon = models.PositiveIntegerField(default=4320)
    authority_scenario = models.CharField(max_length=30, default="algemeen")
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="scenario_key_per_owner")]

    def __str__(self) -> str:
        return self.name


class CascadeRun(TenantModel):
    """A cascade as it was computed, with its input and the fingerprint of the map, so that it can be repeated."""

    domain = Domain.RISK

    scenario = models.ForeignKey(Scenario, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    incident_ref = models.UUIDField(null=True, blank=True, db_index=True)
    title = models.CharField(max_length=200)
    headline = models.CharField(max_length=400)
    started_at = models.DateTimeField()
    ran_at = models.DateTimeField()
    ran_by = models.CharField(max_length=120)
    outages = models.JSONField(default=list)
    horizon = models.PositiveIntegerField(default=4320)
    result = models.JSONField(default=dict)
    map_fingerprint = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-ran_at"], name="cascade_owner_ran")]

    def __str__(self) -> str:
        return self.title
