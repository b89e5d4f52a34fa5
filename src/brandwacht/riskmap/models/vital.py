"""Vital processes as the administrators decided them: lists per municipality or region, with date and decision."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class ListState(models.TextChoices):
    """Where a list of vital processes stands."""

    DRAFT = "concept", _("Concept")
    OFFERED = "aangeboden", _("Aangeboden aan het bestuur")
    ADOPTED = "vastgesteld", _("Vastgesteld")
    REPLACED = "vervangen", _("Vervangen door een nieuwere lijst")


class VitalList(TenantModel):
    """The vital processes of one ``area`` (a municipality, or the region), as ``body`` decided on ``decided_on``."""

    domain = Domain.RISK

    area = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=ListState.choices, default=ListState.DRAFT)
    body = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "area"],
                condition=models.Q(state="vastgesteld"),
                name="one_vital_list_in_force_per_area",
            )
        ]

    def __str__(self) -> str:
        return self.area


class VitalItem(TenantModel):
    """A process on a list: what its loss means, and what was agreed to keep it going."""

    domain = Domain.RISK

    list = models.ForeignKey(VitalList, on_delete=models.CASCADE, related_name="items")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="vital_items")
    impact = models.TextField(blank=True)
    agreements = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "node"], name="process_once_per_vital_list")]

    def __str__(self) -> str:
        return f"{self.list}: {self.node}"
