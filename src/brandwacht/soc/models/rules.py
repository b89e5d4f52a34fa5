"""Detection rules."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class Severity(models.IntegerChoices):
    """How serious; the number sorts."""

    INFORMATIONAL = 0, _("Informatie")
    LOW = 1, _("Laag")
    MEDIUM = 2, _("Midden")
    HIGH = 3, _("Hoog")
    CRITICAL = 4, _("Kritiek")


class SigmaRule(TenantModel):
    """A Sigma rule as imported, with its compiled form. A rule that cannot be used says why.

    ``name`` is the file it came from ("windows/x.yml", or "windows/x.yml#2" in a file with more rules), ``source``
    the whole text of that file and ``sha256`` the fingerprint of that text.
    """

    domain = Domain.RULES

    rule_id = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MEDIUM)
    status = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    falsepositives = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    attack = models.JSONField(default=list)
    author = models.CharField(max_length=255, blank=True)
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    compiled = models.JSONField(null=True)
    usable = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True)
    enabled = models.BooleanField(default=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rule_id"], name="rule_once_per_owner")]
        indexes = [
            models.Index(fields=["organisation", "-level", "title", "id"], name="rule_owner_level"),
            models.Index(fields=["organisation", "enabled", "usable", "imported_at"], name="rule_owner_stamp"),
        ]

    def __str__(self) -> str:
        return self.title
