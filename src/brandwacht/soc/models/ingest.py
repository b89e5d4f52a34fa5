"""The ledger of log files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.sources import LogSource


class IngestState(models.TextChoices):
    """Where the reading of a file stands."""

    RUNNING = "bezig", _("Bezig")
    DONE = "klaar", _("Klaar")
    BROKEN = "onleesbaar", _("Onleesbaar")


class IngestFile(TenantModel):
    """The ledger: one row per file content, or per segment or followed file of a source.

    ``position`` is the number of the last record that is accounted for, ``offset`` the byte after it where that counts.
    For a closed file ``sha256`` is that of its content; for others that of what tells it from all others. ``head`` is
    the hash of the first line of a file that is followed.

    A batch of records and the new position are written in one transaction, so a killed run goes on exactly there.
    ``expected`` is a guess of the number of records, for the estimate; ``seen_at`` the last sign of life of a run.
    """

    domain = Domain.WATCH

    source = models.ForeignKey(LogSource, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64)
    head = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=IngestState.choices, default=IngestState.RUNNING)
    position = models.PositiveBigIntegerField(default=0)
    offset = models.PositiveBigIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    bad_records = models.PositiveBigIntegerField(default=0)
    matched = models.PositiveBigIntegerField(default=0)
    expected = models.PositiveBigIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    offered_by = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="ingest_once_per_content")]
        indexes = [
            models.Index(fields=["organisation", "-started_at", "-id"], name="ingest_owner_started"),
            models.Index(fields=["source", "state", "id"], name="ingest_source_state"),
        ]

    def __str__(self) -> str:
        return self.name


class BadRecord(TenantModel):
    """A record inside a readable file that could not be read: kept by number and reason."""

    domain = Domain.WATCH

    file = models.ForeignKey(IngestFile, on_delete=models.CASCADE, related_name="bad")
    number = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="bad_record_once")]

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"
