"""Tables of the CERT: incidents, their story, the legal clocks that run."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class Phase(models.TextChoices):
    """The phase of a digital disruption, as the framework note names it."""

    COLD = "koud", _("Koud: voorkomen")
    LUKEWARM = "lauw", _("Lauw: voorzienbaar")
    WARM = "warm", _("Warm: gevolgen bestrijden")


class IncidentState(models.TextChoices):
    """Where an incident stands (NIST SP 800-61)."""

    OPEN = "open", _("Open")
    CONTAINED = "ingedamd", _("Ingedamd")
    RECOVERED = "hersteld", _("Hersteld")
    CLOSED = "gesloten", _("Gesloten")


class Incident(TenantModel):
    """A digital incident at one organisation, from the alert to the evaluation.

    ``facts`` is a list of facts that start legal clocks ("significant", "persoonsgegevens"); ``known_at`` is the
    moment of awareness from which they run. ``scenario`` and ``phase`` select the powers that apply. ``assessed_at``
    is empty until somebody said which facts there are, or that there are none: until then no clock means nothing.
    ``warned_at`` is when a warning of it last went to a circle.
    """

    domain = Domain.INCIDENT

    number = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    severity = models.PositiveSmallIntegerField(default=3)
    state = models.CharField(max_length=10, choices=IncidentState.choices, default=IncidentState.OPEN)
    phase = models.CharField(max_length=5, choices=Phase.choices, default=Phase.LUKEWARM)
    scenario = models.CharField(max_length=30, default="eigen_organisatie")
    facts = models.JSONField(default=list)
    attack = models.JSONField(default=list)
    known_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=120)
    assessed_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    cert_activated_at = models.DateTimeField(null=True, blank=True)
    cert_activated_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    exercise = models.BooleanField(default=False)
    alert_ref = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="incident_number_per_owner")]
        indexes = [
            models.Index(fields=["organisation", "state", "-opened_at", "-id"], name="incident_owner_state"),
            models.Index(fields=["state", "-opened_at", "-id"], name="incident_state_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def severity_key(self) -> str:
        """The key of the severity component."""
        return ("info", "low", "medium", "high", "critical")[self.severity]

    @property
    def tone(self) -> str:
        """The tone of the state component."""
        return {"open": "bad", "ingedamd": "warn", "hersteld": "info"}.get(self.state, "done")


class IncidentAsset(TenantModel):
    """A node of the register that is hit; ``state`` is what the cascade takes it to be."""

    domain = Domain.INCIDENT

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="assets")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="incidents")
    state = models.CharField(
        max_length=10, default="down", choices=[("down", _("uitgevallen")), ("degraded", _("hapert"))]
    )
    duration = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "node"], name="node_once_per_incident")]

    def __str__(self) -> str:
        return str(self.node)


class IncidentEntry(TenantModel):
    """One line of the incident's story, in time order. Never changed."""

    domain = Domain.INCIDENT

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    text = models.TextField()
    author = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["incident", "at"], name="entry_incident_at")]

    def __str__(self) -> str:
        return self.text[:60]


class IncidentClock(TenantModel):
    """A legal clock that runs for this incident; texts are copied from the data version in ``data_version``."""

    domain = Domain.INCIDENT

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="clocks")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    duty = models.TextField()
    who = models.CharField(max_length=200, blank=True)
    to_whom = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    status = models.CharField(max_length=200, blank=True)
    due = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    data_version = models.CharField(max_length=40)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)
    done_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="clock_once_per_incident")]
        indexes = [models.Index(fields=["organisation", "done_at", "due"], name="clock_owner_due")]

    def __str__(self) -> str:
        return self.title

    @property
    def done_late(self) -> bool:
        """Whether the duty was done after its term."""
        return self.done_at is not None and self.done_at > self.due
