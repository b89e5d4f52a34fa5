"""Tables of the basis: the answers to the norm and the measures that follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel


class AnswerState(models.TextChoices):
    """The answer to one control; the words of ``engines.norms``."""

    OPEN = "onbeantwoord", _("Nog niet beantwoord")
    MET = "voldoet", _("Voldoet")
    PARTLY = "deels", _("Voldoet deels")
    NOT_MET = "voldoet_niet", _("Voldoet niet")
    NOT_APPLICABLE = "niet_van_toepassing", _("Niet van toepassing")
    ACCEPTED = "geaccepteerd", _("Risico geaccepteerd")


class ControlAnswer(TenantModel):
    """The present answer of an organisation to one control of one framework; earlier ones are in the audit chain."""

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default="bio2-1.3")
    control = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=AnswerState.choices)
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    evidence_valid_to = models.DateField(null=True, blank=True)
    answered_on = models.DateField()
    answered_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "framework", "control"], name="answer_once_per_control")
        ]

    def __str__(self) -> str:
        return f"{self.control}: {self.get_state_display()}"


class MeasureState(models.TextChoices):
    """Where a measure stands in the PDCA cycle."""

    PLAN = "plan", _("Gepland")
    DO = "do", _("In uitvoering")
    CHECK = "check", _("Wordt gecontroleerd")
    DONE = "act", _("Afgerond")


class Measure(TenantModel):
    """Something that will be done, with an owner and a date. ``cost`` is euro, once."""

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default="bio2-1.3")
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
