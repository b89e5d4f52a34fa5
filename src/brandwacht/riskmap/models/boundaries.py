"""The boundaries that the map of an organisation is drawn with."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class Boundaries(TenantModel):
    """The areas that an organisation draws its map with: one set per owner, a new one takes its place.

    ``shapes`` is a list of what ``geo.shape_to_json`` gives; ``sha256`` is of the file as it came in.
    """

    domain = Domain.RISK

    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    shapes = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="boundaries_once_per_owner")]

    def __str__(self) -> str:
        return self.file_name
