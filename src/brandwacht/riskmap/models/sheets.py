"""What was saved in a table of the register, so that the last save can be undone."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class SheetSave(TenantModel):
    """One save of a table: the cells of every changed row before and after, by column key.

    ``rows`` is a list of {"before": {..} or null, "after": {..}}; null before means that the row was new.
    """

    domain = Domain.REGISTER

    sheet = models.CharField(max_length=30)
    rows = models.JSONField(default=list)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.sheet}, {self.saved_at:%Y-%m-%d %H:%M}"
