"""Tables of governance: the figures that the board saw, so that a change since last time can be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class FigureKey(models.TextChoices):
    """Which figure of the board page."""

    BASIS = "basis", _("Basis op orde, in procenten")
    INCIDENTS = "incidenten", _("Lopende incidenten")
    LATE = "maatregelen_te_laat", _("Maatregelen over tijd")


class BoardFigure(TenantModel):
    """One figure of the board page on one day, e.g. ("basis", 68)."""

    domain = Domain.BOARD

    key = models.CharField(max_length=40, choices=FigureKey.choices)
    on = models.DateField()
    value = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key", "on"], name="board_figure_once_a_day")]
        indexes = [models.Index(fields=["organisation", "-on"], name="board_figure_owner_on")]

    def __str__(self) -> str:
        return f"{self.key} {self.on}: {self.value}"
