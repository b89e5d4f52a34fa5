"""Organisations: the owners of all other rows."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is in the network."""

    REGION = "veiligheidsregio", _("Veiligheidsregio")
    INSTITUTE = "instituut", _("Instituut")
    MUNICIPALITY = "gemeente", _("Gemeente")
    NATIONAL = "landelijk", _("Landelijke organisatie")
    CHAIN = "ketenpartner", _("Ketenpartner")
    CIRCLE = "kring", _("Kring")


class Organisation(models.Model):
    """One organisation. Name, kind and code are public inside the network; all else it owns is not.

    ``regimes`` holds the legal regimes that the organisation set for itself ("avg", "cbw"): whether a safety region
    falls under the Cyberbeveiligingswet is its own setting, never an assumption.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    region = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="municipalities")
    regimes = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["kind", "code"], name="organisation_kind_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name as people say it: "Veiligheidsregio Rotterdam-Rijnmond", "Gemeente Delft", "NIPV"."""
        if self.kind in (OrganisationKind.REGION, OrganisationKind.MUNICIPALITY):
            return f"{OrganisationKind(self.kind).label} {self.name}"
        return self.name
