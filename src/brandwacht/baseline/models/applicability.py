"""Tables of what applies: the answers to government measures, and the level of each process."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerState
from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class GovernmentAnswer(TenantModel):
    """What an organisation said about one government measure (``number`` such as 5.01.02); never changed.

    The latest one counts. An accepted risk is not among the states: the norm does not know it here.
    """

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20)
    number = models.CharField(max_length=20)
    state = models.CharField(
        max_length=20, choices=[choice for choice in AnswerState.choices if choice[0] != AnswerState.ACCEPTED]
    )
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=AnswerState.ACCEPTED), name="government_measure_never_accepted"
            )
        ]
        indexes = [models.Index(fields=["organisation", "framework", "number"], name="government_owner_number")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_state_display()}"


class Level(models.IntegerChoices):
    """The level of protection of BIO 1.04 (basisbeveiligingsniveau, BBN)."""

    ONE = 1, _("Niveau 1")
    TWO = 2, _("Niveau 2")


class LevelBasis(models.TextChoices):
    """On what the level of a process rests."""

    TEST = "toets", _("De vragen van de toets")
    ANALYSIS = "risicoanalyse", _("Een risicoanalyse")


class ProcessLevel(TenantModel):
    """Which level of protection (BBN 1 or 2) a process asks; never changed, the latest one counts.

    ``process_ref`` is the public id of the process in the register, which other grants open than the basis.
    ``given`` holds the choices of the test by question; ``risk_analysis`` refers to the analysis. ``analysis_needed``
    says that the test alone is not enough.
    """

    domain = Domain.BASIS

    process_ref = models.UUIDField()
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    basis = models.CharField(max_length=15, choices=LevelBasis.choices)
    given = models.JSONField(default=dict, blank=True)
    risk_analysis = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    analysis_needed = models.BooleanField(default=False)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="process_level_one_or_two"),
        ]
        indexes = [models.Index(fields=["organisation", "process_ref", "-decided_at"], name="level_process_decided")]

    def __str__(self) -> str:
        return f"{self.process_ref}: {self.level}"
