"""How much each rule says, by day."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.rules import Severity


class RuleDay(TenantModel):
    """What a rule did at one organisation on one day (local time, the day of filing).

    ``matches`` counts those that were filed, ``covered`` those that an exception took, ``alerts`` the alerts in which
    the rule was new.
    """

    domain = Domain.WATCH

    rule_id = models.CharField(max_length=80)
    day = models.DateField()
    title = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(choices=Severity.choices)
    attack = models.JSONField(default=list)
    matches = models.PositiveBigIntegerField(default=0)
    covered = models.PositiveBigIntegerField(default=0)
    alerts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rule_id", "day"], name="rule_day_once")]
        indexes = [models.Index(fields=["organisation", "day", "rule_id"], name="rule_day_owner")]

    def __str__(self) -> str:
        return f"{self.title} {self.day}"
