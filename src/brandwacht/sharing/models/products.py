"""Tables of products: advice and threat pictures of the circle, in versions, and pictures of others beside them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import PAP
from brandwacht.network.domains import Domain
from brandwacht.network.final import FinalError, FinalRow
from brandwacht.network.models import Organisation
from brandwacht.network.readable_json import ReadableJSON
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked, WithTechniques


class ProductKind(models.TextChoices):
    """What a product is."""

    TACTICAL = "tactisch", _("Tactisch advies")
    STRATEGIC = "strategisch", _("Strategisch advies")
    PICTURE = "dreigingsbeeld", _("Dreigingsbeeld")


class Body(models.TextChoices):
    """Whom a product is addressed to."""

    MEMBERS = "leden", _("Leden van de kring")
    POI = "poi", _("POI (Programmaoverleg Informatievoorziening)")
    RCDV = "rcdv", _("RCDV (Raad van Commandanten en Directeuren Veiligheidsregio)")
    BAC_IV = "bac-iv", _("BAC-IV (Bestuurlijke Adviescommissie Informatievoorziening)")
    OWNER = "veiligheidsberaad", _("Veiligheidsberaad")


class ProductState(models.TextChoices):
    """Where a version stands."""

    DRAFT = "concept", _("Concept")
    SETTLED = "vastgesteld", _("Vastgesteld")
    SENT = "verzonden", _("Verzonden")


class CircleProduct(TenantModel, Marked, WithTechniques):
    """One version of a product; those of one product share ``series`` and ``number``. Sent, it never changes.

    ``parts`` are {"title", "text"} in order; ``bodies`` names of ``Body``; ``attack``, ``controls`` and ``measures`` as
    of a warning. ``document`` is the PDF that was sent, with its ``sha256``. ``number`` is drawn at random. There is no
    TLP:RED: a product goes to bodies, and RED is for persons.
    """

    domain = Domain.CIRCLE

    series = models.UUIDField()
    version = models.PositiveIntegerField(default=1)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=ProductKind.choices)
    title = models.CharField(max_length=200)
    tlp = models.CharField(max_length=12)
    pap = models.CharField(max_length=5, default=PAP.GREEN.name)
    bodies = models.JSONField(default=list)
    parts = models.JSONField(default=list, encoder=ReadableJSON)
    attack = models.JSONField(default=list)
    controls = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    changed = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=12, choices=ProductState.choices, default=ProductState.DRAFT)
    written_by = models.CharField(max_length=120)
    written_by_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    settled_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    document = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "series", "version"], name="product_version_once"),
            models.UniqueConstraint(fields=["organisation", "number", "version"], name="product_number_once"),
        ]
        indexes = [models.Index(fields=["organisation", "state", "-sent_at"], name="product_circle_state")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; raises ``FinalError`` for a version that was sent."""
        if self.pk and type(self)._base_manager.filter(pk=self.pk, state=ProductState.SENT).exists():
            raise FinalError(f"CircleProduct {self.pk} was sent.")
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """How people refer to it: "VR-ISAC-P48213, versie 2"."""
        return _("%(code)s-P%(number)d, versie %(version)d") % {
            "code": self.organisation.code, "number": self.number, "version": self.version,
        }  # fmt: skip

    @property
    def permission(self) -> PAP:
        """What a reader may do with it."""
        return PAP[self.pap]

    @property
    def tone(self) -> str:
        """The tone of the badge that shows the state."""
        return {ProductState.DRAFT: "neutral", ProductState.SETTLED: "warn", ProductState.SENT: "info"}[
            ProductState(self.state)
        ]

    @property
    def addressed(self) -> list[str]:
        """The bodies in full."""
        return [str(Body(each).label) for each in self.bodies]

    @property
    def whole_text(self) -> str:
        """All of it as text, a paragraph per line, for comparing versions."""
        lines = [self.title, f"{self.marking.label}, {self.permission.label}", *self.addressed]
        for part in self.parts:
            lines += ["", part["title"], *part["text"].splitlines()]
        if self.controls:
            lines += ["", "BIO2: " + ", ".join(self.controls)]
        return "\n".join(lines)


class ImportedPicture(FinalRow, Marked):
    """A threat picture of another party, such as the IBD, kept as it came: a document, a text or both."""

    domain = Domain.CIRCLE

    title = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    on = models.DateField()
    tlp = models.CharField(max_length=12)
    pap = models.CharField(max_length=5, default=PAP.GREEN.name)
    text = models.TextField(blank=True)
    filename = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    content = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True)
    added_by = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title
