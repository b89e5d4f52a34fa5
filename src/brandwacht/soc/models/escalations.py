"""The signed hand-over of an alert to whoever takes charge."""

from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.alerts import Alert


class Receiver(models.TextChoices):
    """Who is asked to take charge."""

    CERT = "cert", _("De leider van het CERT (Cyber Emergency Response Team)")
    CISO = "ciso", _("De CISO (Chief Information Security Officer) van de organisatie zelf")


class Escalation(TenantModel):
    """A hand-over of ownership, owned by the organisation whose alert it is.

    ``body`` is the signed text itself (canonical JSON), so that it can be verified to the byte; the other columns say
    again what lists need. ``signature`` and ``public_key`` are hexadecimal (Ed25519). ``receipt`` is what the receiver
    signed on taking over.
    """

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="escalations")
    receiver = models.CharField(max_length=8, choices=Receiver.choices)
    tlp = models.CharField(max_length=20)
    body = models.TextField()
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=120)
    sender_code = models.CharField(max_length=20)
    due = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    receipt = models.TextField(blank=True)
    receipt_signature = models.CharField(max_length=128, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["alert", "-sent_at"], name="escalation_alert_sent"),
            models.Index(fields=["due"], name="escalation_waits", condition=models.Q(acknowledged_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} {self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def content(self) -> dict[str, Any]:
        """What the signed text says."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found

    @property
    def asset_refs(self) -> list[str]:
        """The public ids of the assets that it is about."""
        return [each["kenmerk"] for each in self.content["middelen"]]
