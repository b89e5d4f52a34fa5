"""Alerts, and the rules and events behind them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node, User
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.ingest import IngestFile
from brandwacht.soc.models.rules import Severity
from brandwacht.soc.models.stories import AlertStory, EntityKind


class AlertState(models.TextChoices):
    """Where an alert stands."""

    NEW = "nieuw", _("Nieuw")
    ACKNOWLEDGED = "bevestigd", _("In onderzoek")
    INCIDENT = "incident", _("Incident")
    KNOWN = "bekend", _("Bekend gedrag")
    CLOSED = "gesloten", _("Gesloten")


class Disposition(models.TextChoices):
    """What an alert turned out to be. Precision of a rule rests on it."""

    TRUE = "echt", _("Echt: er was iets mis")
    FALSE = "vals", _("Vals: de regel sloeg ten onrechte aan")
    BENIGN = "onschuldig", _("Onschuldig: klopt, maar hoort zo")
    UNDECIDED = "onbeslist", _("Onbeslist: niet uit te zoeken")


OPEN_STATES = (AlertState.NEW, AlertState.ACKNOWLEDGED)


class Alert(TenantModel):
    """What happened on one asset in one stretch of time, whatever number of rules and events it took.

    ``open`` is true while new events may still join it (``OPEN_STATES``), ``waiting`` while it asks for an analyst;
    together they lead the indexes of the queue. Events without a host are grouped by user or else address
    (``entity_kind``, ``entity_value``), all on the unknown asset. Of the alerts of one ``story`` one is the ``lead``:
    the first in the order of the queue, which stands for them there; ``apart`` keeps an alert out of stories.
    ``severity_sum`` is a list of {part, points, text}, as ``services.severity`` made it. ``doubles`` counts events that
    came again through another source and were not counted.

    The times: ``first_seen`` earliest evidence, ``received_at`` when its first event reached us, ``opened_at``
    detected, ``acknowledged_at`` first confirmed, ``triaged_at`` judged, ``escalated_at`` handed on, ``closed_at``
    dealt with.
    ``holder`` is who works on it now; ``closed_by`` who judged it, so that a second look goes to somebody else.
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
    received_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=12, choices=Disposition.choices, blank=True)
    holder = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    held_since = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    event_count = models.PositiveIntegerField(default=0)
    rule_count = models.PositiveIntegerField(default=0)
    attack = models.JSONField(default=list)
    handled_by = models.CharField(max_length=120, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    incident_ref = models.UUIDField(null=True, blank=True)
    entity_kind = models.CharField(max_length=10, choices=EntityKind.choices, blank=True)
    entity_value = models.CharField(max_length=255, blank=True)
    story = models.ForeignKey(AlertStory, on_delete=models.SET_NULL, null=True, blank=True, related_name="alerts")
    lead = models.BooleanField(default=True)
    apart = models.BooleanField(default=False)
    severity_sum = models.JSONField(default=list)
    doubles = models.PositiveIntegerField(default=0)

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
            # What the figures count stands whole in these three, so that a month is counted without reading its alerts.
            models.Index(fields=["organisation", "-opened_at", "severity"], name="alert_owner_opened"),
            models.Index(fields=["organisation", "-open", "-opened_at", "severity"], name="alert_owner_age"),
            models.Index(fields=["organisation", "-closed_at"], name="alert_owner_closed"),
            models.Index(fields=["organisation", "-triaged_at", "severity", "disposition"], name="alert_owner_triaged"),
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

    @property
    def where(self) -> str:
        """The asset on which it happened; for events without a host the user or address that they name."""
        return self.entity_value or self.asset.name


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
        indexes = [
            # Not by rule before moment: a planner then seeks every owner for every rule in place of the rule once.
            models.Index(fields=["organisation", "-last_seen", "rule_id", "count"], name="alert_rule_owner_recent"),
            models.Index(fields=["rule_id", "-last_seen", "organisation", "count"], name="alert_rule_recent"),
        ]

    def __str__(self) -> str:
        return self.title


class MatchedEvent(TenantModel):
    """An event that at least one rule matched, kept whole; of a flood the first and last (``services.kept_events``).

    ``matches`` is a list of {rule_id, title, level, matched, because}: the values by field, and the reasons in Dutch.
    ``kind`` is that of the event: with it ``raw`` is read again. ``tail_of`` is the rule of which this is one of the
    last events, empty for the first ones. ``identity`` tells the same event from another source; empty where a log
    gives its events none.
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
    kind = models.CharField(max_length=80, blank=True)
    tail_of = models.CharField(max_length=80, blank=True)
    identity = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="matched_event_once")]
        indexes = [
            models.Index(fields=["alert", "time", "id"], name="matched_event_alert_time"),
            models.Index(
                fields=["organisation", "identity"], condition=~models.Q(identity=""), name="matched_event_identity"
            ),
            models.Index(fields=["alert", "tail_of", "id"], condition=~models.Q(tail_of=""), name="matched_event_tail"),
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"
