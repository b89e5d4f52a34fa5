"""The asset profile: what an organisation runs, one row per product and place."""

import hashlib

from django.db import models

from brandwacht.engines.intel.assets import Asset, parse_cpe, parse_purl
from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class ProfileAsset(TenantModel):
    """A product that an organisation runs. Advisories are held against it while it has no ``ended_at``.

    ``place`` says where it runs, in the organisation's own words ("VRR-FW02"); empty: anywhere. ``identity`` tells
    one row from another whatever its version: place, maker and product, CPE and package without their versions.
    """

    domain = Domain.ADVICE

    place = models.CharField(max_length=120, blank=True)
    vendor = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=80, blank=True)
    cpe = models.CharField(max_length=300, blank=True)
    purl = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=350)
    identity = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "identity"], name="asset_once_per_owner")]
        indexes = [models.Index(fields=["organisation", "name"], name="asset_owner_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def asset(self) -> Asset:
        """As the matcher takes it; raises ``InvalidAsset`` when there is nothing to look for."""
        return Asset(str(self.public_id), self.product, self.vendor, self.version, self.cpe, self.purl)

    @property
    def running(self) -> str:
        """The version that runs, from whichever says so; empty when nobody does."""
        return self.asset.running

    def find_identity(self) -> str:
        """What ``identity`` has to be."""
        cpe, purl = parse_cpe(self.cpe) if self.cpe else None, parse_purl(self.purl) if self.purl else None
        parts = [self.place, self.vendor, self.product]
        parts += [f"{cpe.vendor}:{cpe.product}" if cpe else "", purl.key if purl else ""]
        return hashlib.sha256("\x1f".join(" ".join(each.casefold().split()) for each in parts).encode()).hexdigest()
