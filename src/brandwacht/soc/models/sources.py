"""Sources: what sends logs by itself, how it is doing, and when it was not watched."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class SourceKind(models.TextChoices):
    """How the logs of a source come in."""

    BULK = "bulk", _("Over het web")
    SYSLOG = "syslog", _("Syslog")
    FOLDER = "map", _("Map met logbestanden")


class LogSource(TenantModel):
    """One sender of logs of an organisation.

    ``silent_after`` is how many minutes without a sound are an alarm (0: never). ``seen_at`` is when something last
    came in, ``event_at`` the time of the latest event itself, ``watched_at`` the last sign of life of whoever processes
    it, ``caught_up_at`` when all that had come in was last processed, ``per_minute`` the events of the last full
    minute. ``silent_since`` is set while it is silent, with the alert that says so. ``token_hash`` is empty for kinds
    that need no token; ``port`` and ``tls`` are for syslog, ``folder`` for a folder.
    """

    domain = Domain.WATCH

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=SourceKind.choices)
    enabled = models.BooleanField(default=True)
    token_hash = models.CharField(max_length=64, blank=True, db_index=True)
    port = models.PositiveIntegerField(null=True, blank=True)
    tls = models.BooleanField(default=False)
    folder = models.CharField(max_length=400, blank=True)
    silent_after = models.PositiveIntegerField(default=60)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    event_at = models.DateTimeField(null=True, blank=True)
    watched_at = models.DateTimeField(null=True, blank=True)
    caught_up_at = models.DateTimeField(null=True, blank=True)
    per_minute = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    doubles = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)
    silent_since = models.DateTimeField(null=True, blank=True)
    asset = models.ForeignKey(Node, null=True, blank=True, on_delete=models.PROTECT, related_name="log_sources")
    alert = models.ForeignKey(
        "soc.Alert", null=True, blank=True, on_delete=models.SET_NULL, related_name="silent_sources"
    )

    class Meta:
        indexes = [models.Index(fields=["organisation", "name", "id"], name="source_owner_name")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="source_name_once"),
            models.UniqueConstraint(
                fields=["port"], condition=models.Q(port__isnull=False, enabled=True), name="source_port_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SourceHour(TenantModel):
    """What came from a source within one hour (UTC). ``bytes`` is as received, unpacked."""

    domain = Domain.WATCH

    source = models.ForeignKey(LogSource, on_delete=models.CASCADE, related_name="hours")
    hour = models.DateTimeField()
    events = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    doubles = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)
    matched = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "hour"], name="source_hour_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.hour}"


class SourceError(TenantModel):
    """A line that could not be read, with its reason and its first characters; only so many a day are kept."""

    domain = Domain.WATCH

    source = models.ForeignKey(LogSource, on_delete=models.CASCADE, related_name="bad_lines")
    day = models.DateField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    line = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["source", "-day", "-id"], name="source_error_recent")]

    def __str__(self) -> str:
        return self.reason


class GapReason(models.TextChoices):
    """Why nobody watched."""

    SILENT = "stil", _("De bron stuurde niets")
    STOPPED = "gestopt", _("De verwerking stond stil")
    FAILED = "mislukt", _("Een deel kon niet worden verwerkt")
    DAMAGED = "beschadigd", _("Ontvangen gegevens waren beschadigd")
    RULES = "regels", _("Nieuwe detectieregels konden niet worden geladen")


class WatchGap(TenantModel):
    """A stretch of time in which what a source told was not watched, or not by the rules as they should be.

    ``until`` is empty while it lasts. ``filled_at`` is when the events of that time were processed after all, and
    ``filled_events`` how many; ``path`` is where what could not be processed is kept.
    """

    domain = Domain.WATCH

    source = models.ForeignKey(LogSource, on_delete=models.CASCADE, related_name="gaps")
    reason = models.CharField(max_length=12, choices=GapReason.choices)
    detail = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    filled_events = models.PositiveBigIntegerField(default=0)
    lost_events = models.PositiveBigIntegerField(default=0)
    path = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-since", "-id"], name="gap_owner_since"),
            models.Index(fields=["source", "-since", "-id"], name="gap_source_since"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"
