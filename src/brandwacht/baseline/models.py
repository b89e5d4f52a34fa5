"""Tables of the basis: the answers to the norm, how they changed, and the measures that follow."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel

FRAMEWORK = "bio2-1.3"
"""The framework that is answered; its key in ``engines.norms``."""


class AnswerState(models.TextChoices):
    """The answer to one control; the words of ``engines.norms``."""

    OPEN = "onbeantwoord", _("Nog niet beantwoord")
    MET = "voldoet", _("Voldoet")
    PARTLY = "deels", _("Voldoet deels")
    NOT_MET = "voldoet_niet", _("Voldoet niet")
    NOT_APPLICABLE = "niet_van_toepassing", _("Niet van toepassing")
    ACCEPTED = "geaccepteerd", _("Risico geaccepteerd")


class AnswerContent(TenantModel):
    """What was answered, on what evidence, when and by whom.

    ``evidence`` says where the evidence is, never holds it. ``evidence_valid_to`` is the last day on which it counts.
    ``risk_analysis`` is the analysis on which an accepted risk rests.
    """

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=AnswerState.choices)
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    evidence_valid_to = models.DateField(null=True, blank=True)
    risk_analysis = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.control}: {self.get_state_display()}"

    @property
    def answered_on(self) -> date:
        """The day of the answer, in local time."""
        return timezone.localdate(self.answered_at)


class ControlAnswer(AnswerContent):
    """The present answer of an organisation to one control of one framework."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "framework", "control"], name="answer_once_per_control")
        ]
        indexes = [models.Index(fields=["organisation", "evidence_valid_to"], name="answer_owner_evidence")]


class AnswerChange(AnswerContent):
    """One answer as it was given, the present one too; never changed. A past day's score is made from these."""

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "framework", "control", "answered_at"], name="change_owner_control")
        ]


class MeasureState(models.TextChoices):
    """Where a measure stands in the PDCA cycle (plan, do, check, act)."""

    PLAN = "plan", _("Gepland")
    DO = "do", _("In uitvoering")
    CHECK = "check", _("Wordt gecontroleerd")
    DONE = "act", _("Afgerond")


class Measure(TenantModel):
    """Something that will be done, with an owner and a date. ``cost`` is euro, once.

    ``owner_name`` is always filled; ``owner`` only when it is a colleague with an account.
    """

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    owner_name = models.CharField(max_length=120)
    due = models.DateField()
    state = models.CharField(max_length=8, choices=MeasureState.choices, default=MeasureState.PLAN)
    cost = models.PositiveIntegerField(null=True, blank=True)
    for_board = models.BooleanField(default=False)
    incident_ref = models.UUIDField(null=True, blank=True, db_index=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state", "due"], name="measure_owner_state_due")]

    def __str__(self) -> str:
        return self.title


class MeasureStep(TenantModel):
    """One line in the story of a measure: it was made, moved to another state, or changed (``note`` says what)."""

    domain = Domain.BASIS

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=8, choices=MeasureState.choices)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["measure", "-at"], name="measure_step_at")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.note[:40]}"
