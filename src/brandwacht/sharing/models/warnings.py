"""Tables of the circle: warnings, who may read them, and what the members answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation, User
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked, WithIndicators, WithTechniques


class WarningState(models.TextChoices):
    """Where a warning stands."""

    DRAFT = "concept", _("Concept")
    SENT = "verzonden", _("Verzonden")
    WITHDRAWN = "ingetrokken", _("Ingetrokken")


class CircleWarning(TenantModel, Marked, WithIndicators, WithTechniques):
    """A warning of a circle to its members. Its owner is the circle.

    ``tlp`` is the name in ``engines.intel.TLP`` ("RED", "AMBER_STRICT", "AMBER", "GREEN", "CLEAR"). ``incident_ref``
    is only of use to those who may see that incident; the warning never names the organisation it happened to.
    ``indicators`` is a list of {"kind", "value"}; ``attack`` of numbers of ATT&CK techniques, ``kept`` as of a
    threat. ``controls`` are numbers of the BIO2 that it points at, ``measures`` public ids of shared measures of
    baseline. ``number`` is drawn at
    random: in a row of numbers a gap would tell that there is a warning that one may not see.
    """

    domain = Domain.CIRCLE

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    tlp = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=WarningState.choices, default=WarningState.DRAFT)
    what = models.TextField()
    advice = models.TextField(blank=True)
    indicators = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    attack = models.JSONField(default=list)
    controls = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    incident_ref = models.UUIDField(null=True, blank=True)
    written_by = models.CharField(max_length=120)
    written_by_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_by = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="warning_number_per_circle")]
        indexes = [models.Index(fields=["organisation", "state", "-sent_at"], name="warning_circle_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """How people refer to it: "VR-ISAC-48213"."""
        return f"{self.organisation.code}-{self.number}"

    @property
    def tone(self) -> str:
        """The tone of the badge that shows the state."""
        return {WarningState.DRAFT: "neutral", WarningState.SENT: "info", WarningState.WITHDRAWN: "done"}[
            WarningState(self.state)
        ]

    @property
    def advice_lines(self) -> list[str]:
        """The advice, one thing to do per line, without bullets."""
        lines = (line.strip().lstrip("-*•· ") for line in self.advice.splitlines())
        return [line for line in lines if line]


class WarningReader(TenantModel):
    """A person who may read a TLP:RED warning. No readers means nobody."""

    domain = Domain.CIRCLE

    warning = models.ForeignKey(CircleWarning, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "user"], name="reader_once_per_warning")]

    def __str__(self) -> str:
        return str(self.user)


class ReceiptAnswer(models.TextChoices):
    """What a member says of a warning."""

    READ = "gelezen", _("Gelezen")
    NOT_OURS = "niet_van_toepassing", _("Geldt niet voor ons")
    CHECKED = "onderzocht", _("Onderzocht, niets gevonden")
    HIT = "geraakt", _("Bij ons gezien")


class WarningReceipt(TenantModel):
    """A member's answer to a warning, for the circle's coordinator and that member only. Owner: the circle."""

    domain = Domain.CIRCLE

    warning = models.ForeignKey(CircleWarning, on_delete=models.CASCADE, related_name="receipts")
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=20, choices=ReceiptAnswer.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["warning", "member"], name="receipt_once_per_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_answer_display()}"
