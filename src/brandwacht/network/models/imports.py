"""Tables that somebody offered for import, as previewed and as applied."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class TableImport(TenantModel):
    """An offered table: its rows as read, every bad row named, applied whole or not at all."""

    domain = Domain.REGISTER

    kind = models.CharField(max_length=30)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    state = models.CharField(
        max_length=10, default="voorbeeld", choices=[("voorbeeld", _("Voorbeeld")), ("verwerkt", _("Verwerkt"))]
    )
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.filename
