"""Tables of what programs exchange by TAXII 2.1: collections, versions of STIX objects, and what came of a write."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation
from brandwacht.network.readable_json import ReadableJSON
from brandwacht.network.tenancy import TenantModel


class StixCollection(TenantModel):
    """A collection: of the whole circle, or of one ``member``. Made with its first object.

    ``last_added`` is the newest moment given out. Whoever adds objects locks this row, so that moments and primary
    keys rise in the order in which others come to see the objects.
    """

    domain = Domain.CIRCLE

    member = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_added = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.public_id)


class StixObject(TenantModel):
    """One version of a STIX object. ``tlp`` is its effective marking, which stands in ``content`` too.

    ``source`` is the warning or report that it was made from, if any: TLP:RED follows its readers. ``origin`` is the
    public id of who brought it (the circle for what it makes itself): two who bring the same id do not meet.
    """

    domain = Domain.CIRCLE

    collection = models.ForeignKey(StixCollection, on_delete=models.PROTECT, related_name="objects_in")
    member = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stix_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80)
    spec_version = models.CharField(max_length=4, default="2.1")
    version = models.DateTimeField()
    date_added = models.DateTimeField()
    tlp = models.CharField(max_length=12)
    source = models.UUIDField(null=True, blank=True)
    origin = models.UUIDField()
    is_first = models.BooleanField(default=True)
    is_last = models.BooleanField(default=True)
    content = models.JSONField(default=dict, encoder=ReadableJSON)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "stix_id", "collection", "origin", "version"], name="stix_version_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["collection", "date_added", "id"], condition=models.Q(is_last=True), name="stix_collection_last"
            ),
            models.Index(fields=["collection", "date_added", "id"], name="stix_collection_added"),
            models.Index(fields=["source"], name="stix_source"),
        ]

    def __str__(self) -> str:
        return self.stix_id


class TaxiiStatus(TenantModel):
    """What came of objects that a member's program sent; only that member reads it."""

    domain = Domain.CIRCLE

    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    total = models.PositiveIntegerField()
    successes = models.JSONField(default=list)
    failures = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.public_id)
