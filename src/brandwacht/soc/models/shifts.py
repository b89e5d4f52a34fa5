"""Shifts of the watch, and what one shift hands to the next."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel


class WatchShift(TenantModel):
    """The watch of one person, owned by the organisation where that person works.

    ``summary`` is written at the end; ``figures`` holds the counts as they then were. It names no alert of another
    organisation: those stand in ``ShiftItem`` by reference, and are looked up as the reader may see them.
    """

    domain = Domain.WATCH

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    summary = models.TextField(blank=True)
    figures = models.JSONField(default=dict)
    handed_to = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-started_at", "-id"], name="shift_owner_started")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], condition=models.Q(ended_at__isnull=True), name="one_running_shift"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.started_at:%Y-%m-%d %H:%M}"


class ShiftItem(TenantModel):
    """An open alert that a shift hands over: ``alert_ref`` is its public id, ``why`` tells why it is still open."""

    domain = Domain.WATCH

    shift = models.ForeignKey(WatchShift, on_delete=models.CASCADE, related_name="items")
    alert_ref = models.UUIDField()
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shift", "alert_ref"], name="alert_once_per_shift")]

    def __str__(self) -> str:
        return str(self.alert_ref)
