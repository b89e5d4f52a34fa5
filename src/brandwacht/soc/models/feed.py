"""Hits of what came by the national node or the circle, until they are told back."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.alerts import Alert


class FeedHit(TenantModel):
    """How often an indicator of a circle's feed was seen on a day, in one alert. It holds no value, host or event.

    ``key`` points at the indicator (``sharing.FeedIndicator``). ``false``: the alert was closed as a false one.
    ``weighed`` and ``told`` say whether the circle counted it, and whether that day was told to the node.
    """

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="feed_hits")
    circle = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField()
    on = models.DateField()
    count = models.PositiveIntegerField(default=0)
    false = models.BooleanField(default=False)
    weighed = models.BooleanField(default=False)
    told = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "key", "on"], name="feed_hit_once_a_day")]
        indexes = [models.Index(fields=["told", "on"], name="feed_hit_to_tell")]

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
