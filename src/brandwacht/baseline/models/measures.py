"""Tables of the measures that follow from the answers."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models.answers import FRAMEWORK
from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel

MAX_COST: Final = 2_000_000_000
"""Euro; what a measure costs at most."""


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
