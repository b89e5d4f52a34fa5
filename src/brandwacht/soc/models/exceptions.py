"""Exceptions to alerting: behaviour that is known and harmless, for a while, on somebody's word."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class ExceptionState(models.TextChoices):
    """Where an exception stands; that it has run out follows from ``expires_at``."""

    PROPOSED = "voorgesteld", _("Voorgesteld")
    APPROVED = "goedgekeurd", _("Goedgekeurd")
    REJECTED = "afgewezen", _("Afgewezen")
    ENDED = "beeindigd", _("Beëindigd")


class Subject(models.TextChoices):
    """What an exception is narrowed to, beside the asset."""

    NONE = "", _("Niets anders")
    USER = "gebruiker", _("Een gebruiker")
    ADDRESS = "adres", _("Een adres")
    FIELD = "veld", _("De waarde van een veld")


class How(models.TextChoices):
    """How a value is compared; case never counts."""

    EXACT = "gelijk", _("is precies")
    PREFIX = "begin", _("begint met")
    WILDCARD = "patroon", _("past op het patroon (met * en ?)")


class AlertException(TenantModel):
    """Known harmless behaviour: matches that fit it are counted here and give no alert.

    It fits a rule (``rule_id``) or every rule of a technique, on ``asset`` and with the value of ``subject``; at least
    one of the two narrows it. It works while it is approved, not ended, and before ``expires_at``. ``alone`` says
    that the proposer approved it because there was nobody else.
    """

    domain = Domain.WATCH

    rule_id = models.CharField(max_length=80, blank=True)
    technique = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=255)
    asset = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, blank=True, related_name="alert_exceptions")
    subject = models.CharField(max_length=10, choices=Subject.choices, blank=True)
    field = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=10, choices=How.choices, default=How.EXACT)
    value = models.CharField(max_length=500, blank=True)
    reason = models.TextField()
    owner_name = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=ExceptionState.choices, default=ExceptionState.PROPOSED)
    proposed_by = models.CharField(max_length=120)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    alone = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)
    covered = models.PositiveBigIntegerField(default=0)
    covered_last = models.DateTimeField(null=True, blank=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="renewals")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(rule_id="") ^ models.Q(technique="")), name="exception_rule_or_technique"
            ),
            models.CheckConstraint(
                condition=models.Q(asset__isnull=False) | ~models.Q(subject=""), name="exception_is_narrowed"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "expires_at", "id"], name="exception_owner_state"),
            models.Index(fields=["state", "expires_at"], name="exception_expiring"),
        ]

    def __str__(self) -> str:
        return self.title


class CoveredMatch(TenantModel):
    """What an exception covered on one asset in one day, by rule: how often, and the values of the last time."""

    domain = Domain.WATCH

    exception = models.ForeignKey(AlertException, on_delete=models.CASCADE, related_name="covered_matches")
    asset = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="covered_matches")
    rule_id = models.CharField(max_length=80)
    rule_title = models.CharField(max_length=255)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    sample = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exception", "day", "asset", "rule_id"], name="covered_once_a_day")
        ]
        indexes = [models.Index(fields=["exception", "-last_seen", "-id"], name="covered_recent")]

    def __str__(self) -> str:
        return f"{self.rule_title} {self.day}"
