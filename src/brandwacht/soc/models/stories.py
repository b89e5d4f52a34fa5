"""The story of alerts that share a user or address, and what kinds of thing an alert can name."""

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
