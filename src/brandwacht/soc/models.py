"""Tables of the watch: rules, the ingest ledger, alerts and the events that matched."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class Severity(models.IntegerChoices):
    """How serious; the number sorts."""

    INFORMATIONAL = 0, _("Informatie")
    LOW = 1, _("Laag")
    MEDIUM = 2, _("Midden")
    HIGH = 3, _("Hoog")
    CRITICAL = 4, _("Kritiek")


class SigmaRule(TenantModel):
    """A Sigma rule as imported, with its compiled form. A rule that cannot be used says why.

    ``name`` is the file it came from ("windows/x.yml", or "windows/x.yml#2" in a file with more rules), ``source``
    the whole text of that file and ``sha256`` the fingerprint of that text.
    """

    domain = Domain.RULES

    rule_id = models.CharField(max_length=80)
    name = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MEDIUM)
    status = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    falsepositives = models.JSONField(default=list)
    tags = models.JSONField(default=list)
    attack = models.JSONField(default=list)
    author = models.CharField(max_length=255, blank=True)
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    compiled = models.JSONField(null=True)
    usable = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True)
    enabled = models.BooleanField(default=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rule_id"], name="rule_once_per_owner")]
        indexes = [models.Index(fields=["organisation", "-level", "title", "id"], name="rule_owner_level")]

    def __str__(self) -> str:
        return self.title


class IngestState(models.TextChoices):
    """Where the reading of a file stands."""

    RUNNING = "bezig", _("Bezig")
    DONE = "klaar", _("Klaar")
    BROKEN = "onleesbaar", _("Onleesbaar")


class IngestFile(TenantModel):
    """The ledger: one row per file content. ``position`` is the number of the last record that is accounted for.

    A batch of records and the new position are written in one transaction, so a killed run goes on exactly there.
    ``expected`` is a guess of the number of records, for the estimate; ``seen_at`` the last sign of life of a run.
    """

    domain = Domain.WATCH

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=12, choices=IngestState.choices, default=IngestState.RUNNING)
    position = models.PositiveBigIntegerField(default=0)
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
        indexes = [models.Index(fields=["organisation", "-started_at", "-id"], name="ingest_owner_started")]

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


class AlertState(models.TextChoices):
    """Where an alert stands."""

    NEW = "nieuw", _("Nieuw")
    ACKNOWLEDGED = "bevestigd", _("In onderzoek")
    INCIDENT = "incident", _("Incident")
    KNOWN = "bekend", _("Bekend gedrag")
    CLOSED = "gesloten", _("Gesloten")


OPEN_STATES = (AlertState.NEW, AlertState.ACKNOWLEDGED)


class Alert(TenantModel):
    """What happened on one asset in one stretch of time, whatever number of rules and events it took.

    ``open`` is true while new events may still join it (``OPEN_STATES``), ``waiting`` while it asks for an analyst;
    together they lead the indexes of the queue.
    """

    domain = Domain.WATCH

    asset = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="alerts")
    title = models.CharField(max_length=255)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.NEW)
    open = models.BooleanField(default=True)
    waiting = models.BooleanField(default=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    opened_at = models.DateTimeField()
    event_count = models.PositiveIntegerField(default=0)
    rule_count = models.PositiveIntegerField(default=0)
    attack = models.JSONField(default=list)
    handled_by = models.CharField(max_length=120, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    incident_ref = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-open", "-waiting", "-severity", "-last_seen", "-id"], name="alert_queue"),
            models.Index(
                fields=["organisation", "-open", "-waiting", "-severity", "-last_seen", "-id"],
                name="alert_owner_queue",
            ),
            models.Index(fields=["organisation", "-last_seen", "-id"], name="alert_owner_recent"),
            models.Index(fields=["-last_seen", "-id"], name="alert_recent"),
            models.Index(fields=["-severity", "-last_seen", "-id"], name="alert_severity"),
            models.Index(fields=["asset", "-open", "last_seen"], name="alert_asset_recent"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(open=True, state__in=["nieuw", "bevestigd"])
                | models.Q(open=False, waiting=False, state__in=["incident", "bekend", "gesloten"]),
                name="alert_open_fits_state",
            )
        ]

    def __str__(self) -> str:
        return self.title


class AlertRule(TenantModel):
    """A rule that matched within an alert: how often, from when to when."""

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="rules")
    rule_id = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(choices=Severity.choices)
    attack = models.JSONField(default=list)
    count = models.PositiveIntegerField(default=0)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "rule_id"], name="rule_once_per_alert")]

    def __str__(self) -> str:
        return self.title


class MatchedEvent(TenantModel):
    """An event that at least one rule matched, kept whole.

    ``matches`` is a list of {rule_id, title, level, matched, because}: the values by field, and the reasons in Dutch.
    """

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="events")
    file = models.ForeignKey(IngestFile, on_delete=models.PROTECT, related_name="matched_events")
    number = models.PositiveBigIntegerField()
    time = models.DateTimeField()
    channel = models.CharField(max_length=120, blank=True)
    event_id = models.PositiveIntegerField(null=True, blank=True)
    matches = models.JSONField(default=list)
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="matched_event_once")]
        indexes = [models.Index(fields=["alert", "time", "id"], name="matched_event_alert_time")]

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"
