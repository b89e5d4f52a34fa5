"""The users, addresses, files and domain names in the events of an alert."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.alerts import Alert
from brandwacht.soc.models.stories import EntityKind


class AlertEntity(TenantModel):
    """A user, address, file or domain name in the events of an alert: how often, from when to when.

    ``rule_id`` is the heaviest rule of the event in which it was seen first.
    """

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="entities")
    kind = models.CharField(max_length=10, choices=EntityKind.choices)
    value = models.CharField(max_length=255)
    rule_id = models.CharField(max_length=80)
    count = models.PositiveIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "kind", "value"], name="entity_once_per_alert")]
        indexes = [
            models.Index(fields=["organisation", "kind", "value", "-last_seen"], name="entity_owner_value"),
            models.Index(fields=["kind", "-last_seen"], name="entity_kind_recent"),
        ]

    def __str__(self) -> str:
        return self.value
