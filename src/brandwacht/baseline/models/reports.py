"""Tables of the reports on paper, and how an organisation wants them to look."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.final import FinalRow
from brandwacht.network.tenancy import TenantModel


class ReportKind(models.TextChoices):
    """The reports that the basis gives."""

    PUBLIC = "vvt-openbaar", _("Verklaring van toepasselijkheid om te publiceren")
    FULL = "vvt-volledig", _("Verklaring van toepasselijkheid voor eigen gebruik")
    CONTROL = "in-control", _("In-controlverklaring")
    BOARD = "bestuur", _("Rapportage aan het bestuur")
    PLAN = "verbeterplan", _("Verbeterplan")


class ReportStyle(TenantModel):
    """The logo and the signatories of an organisation's reports; one row per organisation.

    ``logo`` is a PNG of our own making (``network.png``), empty for none. ``signatories`` is a list of
    {"name": .., "role": ..}, in the order in which they sign.
    """

    domain = Domain.BASIS

    logo = models.BinaryField(blank=True, default=b"")
    signatories = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="report_style_per_owner")]

    def __str__(self) -> str:
        return ", ".join(each["name"] for each in self.signatories)


class Report(FinalRow):
    """One version of a report. Written once, so that what was signed or published can be had again byte for byte.

    ``content`` is what stands in it, ``changes`` (Dutch) what is different from version ``against`` (0: the first).
    ``document`` is the PDF, ``workbook`` its tables as XLSX; ``sha256`` and ``workbook_sha256`` are their digests.
    """

    domain = Domain.BASIS

    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    version = models.PositiveIntegerField()
    note = models.CharField(max_length=1000, blank=True)
    content = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    against = models.PositiveIntegerField(default=0)
    document = models.BinaryField()
    workbook = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    workbook_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "version"], name="report_version")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"
