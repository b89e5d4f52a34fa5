"""Advisories that came in: the newest of each, all versions, where they come from, and what is known of flaws."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import PAP
from brandwacht.engines.intel.advisories import Urgency
from brandwacht.network.domains import Domain
from brandwacht.network.final import FinalRow
from brandwacht.network.readable_json import ReadableJSON
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked


class UrgencyChoice(models.TextChoices):
    """How soon to act, in NCSC's two words."""

    URGENT = Urgency.URGENT.value, _("Urgent")
    NORMAL = Urgency.NORMAL.value, _("Normaal")


class SecurityAdvisory(TenantModel, Marked):
    """The newest version of an advisory, as the circle's members may read it. Its owner is the circle.

    ``key`` is the tracking id that its publisher gave. There is never one with TLP:RED here. ``flaws`` is a list of
    {"cve", "title", "score", "vector", "exploited", "remedies"}. ``urgency`` is what follows from the advisory and
    from what is known of its flaws.
    """

    domain = Domain.CIRCLE

    key = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    tlp = models.CharField(max_length=12)
    pap = models.CharField(max_length=5)
    urgency = models.CharField(max_length=8, choices=UrgencyChoice.choices)
    urgency_reason = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    flaws = models.JSONField(default=list, encoder=ReadableJSON)
    links = models.JSONField(default=list)
    withdrawn = models.BooleanField(default=False)
    released_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "publisher", "key"], name="advisory_once_per_circle")
        ]
        indexes = [models.Index(fields=["organisation", "-changed_at"], name="advisory_circle_changed")]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    @property
    def permission(self) -> PAP:
        """What a reader may do with it."""
        return PAP[self.pap]


class AdvisoryVersion(FinalRow):
    """One version of an advisory as it came in (CSAF, JSON). Its owner is the circle."""

    domain = Domain.CIRCLE

    advisory = models.ForeignKey(SecurityAdvisory, on_delete=models.CASCADE, related_name="versions")
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    raw = models.TextField()
    changed_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["advisory", "sha256"], name="advisory_version_once")]

    def __str__(self) -> str:
        return f"{self.advisory_id}: {self.version}"


class AdvisoryFeedKind(models.TextChoices):
    """What an address gives."""

    ADVISORIES = "adviezen", _("Adviezen (CSAF)")
    KEV = "kev", _("Kwetsbaarheden die misbruikt worden (KEV)")
    EPSS = "epss", _("Kans op misbruik (EPSS)")


class AdvisoryFeed(TenantModel):
    """An address from which the circle's advisories, or facts of flaws, come in by themselves. Owner: the circle.

    ``seen`` holds, by address of an advisory, the moment of change that was read last. ``said`` is how the last visit
    ended (Dutch), ``good`` whether that was well.
    """

    domain = Domain.CIRCLE

    url = models.CharField(max_length=500)
    kind = models.CharField(max_length=10, choices=AdvisoryFeedKind.choices)
    seen = models.JSONField(default=dict)
    visited_at = models.DateTimeField(null=True, blank=True)
    good = models.BooleanField(default=True)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "url"], name="feed_once_per_circle")]

    def __str__(self) -> str:
        return self.url


class FlawFacts(models.Model):
    """What everybody knows of a vulnerability: public facts, nobody's own. ``score`` and ``chance`` may be unknown.

    ``chance`` (0 to 1) is EPSS: that it is used in attacks in the next 30 days. ``used_since``
    is the day on which it was listed as used in attacks (KEV).
    """

    cve = models.CharField(max_length=30, primary_key=True)
    title = models.CharField(max_length=300, blank=True)
    score = models.FloatField(null=True, blank=True)
    vector = models.CharField(max_length=200, blank=True)
    used_since = models.DateField(null=True, blank=True)
    ransomware = models.BooleanField(default=False)
    chance = models.FloatField(null=True, blank=True)
    percentile = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return self.cve

    @property
    def percent(self) -> float | None:
        """The chance as a percentage."""
        return None if self.chance is None else self.chance * 100
