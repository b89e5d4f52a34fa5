"""The table of the circle's own security advisories, which go out as CSAF."""

from django.db import models

from brandwacht.engines.intel import PAP
from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked


class OwnAdvisory(TenantModel, Marked):
    """An advisory of the circle. ``document`` is the newest CSAF document as it was published; empty while a draft.

    ``key`` is its name for the world ("VR-ISAC-2026-48213"), with a number drawn at random. ``products`` are {"vendor",
    "product", "version", "fixed"}; ``revisions`` {"number", "at", "what"}. There is no TLP:RED: that is for persons.
    """

    domain = Domain.CIRCLE

    key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    advice = models.TextField(blank=True)
    urgent = models.BooleanField(default=False)
    tlp = models.CharField(max_length=12)
    pap = models.CharField(max_length=5, default=PAP.CLEAR.name)
    cves = models.JSONField(default=list)
    products = models.JSONField(default=list)
    link = models.CharField(max_length=500, blank=True)
    revisions = models.JSONField(default=list)
    document = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="own_advisory_key")]

    def __str__(self) -> str:
        return self.title
