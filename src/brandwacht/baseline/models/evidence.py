"""Tables of the evidence under the answers."""

from django.db import models

from brandwacht.baseline.models.answers import FRAMEWORK
from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class Evidence(TenantModel):
    """A piece of evidence at one control: what it is, where it is, and from when until when it counts.

    ``where`` says where it is kept; or a document is attached (``filename``, ``media_type``, ``size`` in bytes,
    ``sha256`` in hexadecimal), of which the bytes stand apart in ``EvidenceDocument``. ``valid_from`` and ``valid_to``
    are the first and last day on which it counts, ``received_on`` the day on which the organisation got it: none of
    these is the day on which it was added here (``added_at``). ``seen_by`` looked at it. What is withdrawn stays as a
    line, so that a past day's score stays what it was; its document is erased.
    """

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    where = models.CharField(max_length=500, blank=True)
    filename = models.CharField(max_length=150, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    received_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "framework", "control"], name="evidence_owner_control"),
            models.Index(fields=["organisation", "valid_to"], name="evidence_owner_valid_to"),
        ]

    def __str__(self) -> str:
        return f"{self.control}: {self.title}"

    @property
    def attached(self) -> bool:
        """Whether there is a document to download."""
        return bool(self.filename) and self.withdrawn_at is None


class EvidenceDocument(TenantModel):
    """The bytes of an attached document; apart, so that a list of evidence never loads them."""

    domain = Domain.BASIS

    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="document")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.evidence)
