"""How long events are kept, and what is kept longer."""

from __future__ import annotations

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class EventTerm(TenantModel):
    """How many days an organisation keeps its events; without a row the default of the installation holds."""

    domain = Domain.WATCH

    days = models.PositiveIntegerField()
    set_by = models.CharField(max_length=120)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="event_term_once")]

    def __str__(self) -> str:
        return f"{self.days}"


class EventHold(TenantModel):
    """Days of events that are not removed while this holds, with the reason: an incident, a request of the police.

    Both days are included. ``incident_ref`` names the incident, if it is about one.
    """

    domain = Domain.WATCH

    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300)
    incident_ref = models.UUIDField(null=True, blank=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-made_at", "-id"], name="event_hold_owner_made")]

    def __str__(self) -> str:
        return self.reason
