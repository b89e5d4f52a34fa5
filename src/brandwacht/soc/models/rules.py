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


class RuleKind(models.TextChoices):
    """What a text of Sigma is: a rule about one event, one about several rules, or an exception to rules."""

    RULE = "regel", _("Regel")
    CORRELATION = "correlatie", _("Verband tussen regels")
    FILTER = "filter", _("Filter op regels")


class SigmaRule(TenantModel):
    """A Sigma rule, correlation or filter (``kind``) as imported, with its compiled form. What cannot be used says
    why.

    ``name`` is the file it came from ("windows/x.yml", or "windows/x.yml#2" in a file with more rules), ``source``
    the whole text of that file and ``sha256`` the fingerprint of that text. Former texts are ``SigmaRuleVersion``;
    ``version`` is the number of the present one, made at ``imported_at``. ``edited``: the present text was written
    here; ``upstream_sha256`` is then the imported text that it was last weighed against ("" when there is none).
    ``compiled_at`` is when that text got another compiled form, such as by a new filter.
    ``enabled`` is the switch for everybody; ``RuleOff`` holds a rule off for one organisation.
    """

    domain = Domain.RULES

    kind = models.CharField(max_length=10, choices=RuleKind.choices, default=RuleKind.RULE)
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
    compiled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    edited = models.BooleanField(default=False)
    upstream_sha256 = models.CharField(max_length=64, blank=True)
    changed_by = models.CharField(max_length=120, blank=True)
    changed_why = models.CharField(max_length=300, blank=True)
    switched_by = models.CharField(max_length=120, blank=True)
    switched_at = models.DateTimeField(null=True, blank=True)
    switched_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rule_id"], name="rule_once_per_owner")]
        indexes = [
            models.Index(fields=["organisation", "-level", "title", "id"], name="rule_owner_level"),
            models.Index(fields=["organisation", "enabled", "usable", "imported_at"], name="rule_owner_stamp"),
        ]

    def __str__(self) -> str:
        return self.title


class CorrelationMemory(TenantModel):
    """What the correlations of one organisation have seen and not told yet, as the engine writes it.

    It is saved in the transaction of each batch; ``number`` goes up with it, so that a process knows whether what it
    holds in memory is the present state.
    """

    domain = Domain.WATCH

    number = models.PositiveBigIntegerField(default=0)
    state = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="correlation_memory_once")]

    def __str__(self) -> str:
        return str(self.number)


class SigmaRuleVersion(TenantModel):
    """A former text of a rule: what it was, when and by whom it was made, and why."""

    domain = Domain.RULES

    rule = models.ForeignKey(SigmaRule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.rule} ({self.number})"


class RuleOff(TenantModel):
    """A rule that does not count for one organisation, everywhere or for one log or source, until a moment.

    It belongs to the organisation that is watched; the rule is of ``watcher``, which may be that organisation itself or
    a SOC under its mandate, and is known by its identifier, so that a rule that comes back in an import stays off.
    ``log`` is the kind or channel of an event in lower case, ``source_key`` the key of a source; "" is any.
    """

    domain = Domain.WATCH

    watcher = models.ForeignKey("network.Organisation", on_delete=models.PROTECT, related_name="+")
    rule_id = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    log = models.CharField(max_length=120, blank=True)
    source_key = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300)
    off_by = models.CharField(max_length=120)
    off_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-off_at", "-id"], name="rule_off_owner")]

    def __str__(self) -> str:
        return self.title
