"""What ties alerts together: the users, addresses and files in them, and the story of alerts that share one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class EntityKind(models.TextChoices):
    """What an alert can be about, beside the asset."""

    USER = "gebruiker", _("Gebruiker")
    ADDRESS = "adres", _("Adres")
    HASH = "hash", _("Vingerafdruk van een bestand")
    DOMAIN = "domein", _("Domeinnaam")


class AlertStory(TenantModel):
    """Alerts on several assets that share a user or address within the reach: one line in the queue.

    ``through`` is a list of {kind, value}: what the alerts share, the first that linked them first.
    """

    domain = Domain.WATCH

    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    alert_count = models.PositiveIntegerField(default=0)
    through = models.JSONField(default=list)

    def __str__(self) -> str:
        return ", ".join(each["value"] for each in self.through)


class AlertEntity(TenantModel):
    """A user, address, file or domain name in the events of an alert: how often, from when to when.

    ``rule_id`` is the heaviest rule of the event in which it was seen first.
    """

    domain = Domain.WATCH

    alert = models.ForeignKey("soc.Alert", on_delete=models.CASCADE, related_name="entities")
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
