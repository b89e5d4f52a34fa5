"""Tables of the yearly account (ENSIA): the years an organisation takes part in, and its statements."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class StatementKind(models.TextChoices):
    """To whom a statement accounts."""

    HORIZONTAL = "horizontaal", _("Aan raad of bestuur")
    VERTICAL = "verticaal", _("Aan een toezichthouder")


class EnsiaYear(TenantModel):
    """That an organisation takes part in one year. ``scheme`` is the version of the division it began with."""

    domain = Domain.BASIS

    year = models.PositiveIntegerField()
    scheme = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="ensia_year_once")]

    def __str__(self) -> str:
        return str(self.year)


class EnsiaStatement(TenantModel):
    """One version of a statement: a draft until it is laid down, and never changed after that.

    ``recipient`` is the key of a recipient for a vertical statement, empty for the horizontal one. ``content`` holds
    the facts as they were when it was laid down (no evidence), ``sha256`` the hash of texts and facts together.
    """

    domain = Domain.BASIS

    year = models.ForeignKey(EnsiaYear, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(max_length=12, choices=StatementKind.choices)
    recipient = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    realised = models.TextField(blank=True)
    deviations = models.TextField(blank=True)
    risks = models.TextField(blank=True)
    improvements = models.TextField(blank=True)
    content = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    laid_down_at = models.DateTimeField(null=True, blank=True)
    laid_down_by = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["kind", "recipient", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "kind", "recipient", "version"], name="ensia_statement_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless this version was laid down before: then it raises ``ValueError``."""
        stored = EnsiaStatement._base_manager.filter(pk=self.pk, laid_down_at__isnull=False)
        if self.pk is not None and stored.exists():
            raise ValueError("A statement that was laid down does not change.")
        super().save(*args, **kwargs)
