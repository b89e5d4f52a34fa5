"""Tables of governance: the figures that the board saw, so that a change since last time can be told."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class BoardFigure(TenantModel):
    """One figure of the board page on one day, e.g. ("basis", 68)."""

    domain = Domain.BOARD

    key = models.CharField(max_length=40)
    on = models.DateField()
    value = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key", "on"], name="board_figure_once_a_day")]

    def __str__(self) -> str:
        return f"{self.key} {self.on}: {self.value}"
