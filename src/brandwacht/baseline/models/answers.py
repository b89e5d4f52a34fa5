"""Tables of the answers to the norm, and how they changed."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
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


class Finding(models.TextChoices):
    """What was found about design, existence or operation; the words of ``engines.norms``."""

    UNSEEN = "", _("Niet bekeken")
    YES = "ja", _("Ja")
    PARTLY = "deels", _("Deels")
    NO = "nee", _("Nee")


class AnswerContent(TenantModel):
    """What was answered, on what evidence, when and by whom.

    ``evidence`` says where the evidence is, never holds it; ``evidence_valid_to`` is the last day on which it counts
    (more evidence stands in ``Evidence``). ``risk_analysis`` is the analysis on which an accepted risk rests.
    ``design``, ``existence`` and ``operation`` are the findings (opzet, bestaan, werking), ``maturity`` a level from 0
    to 5, ``None`` when nobody gave one.
    """

    domain = Domain.BASIS

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=AnswerState.choices)
    reason = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    evidence_valid_to = models.DateField(null=True, blank=True)
    risk_analysis = models.CharField(max_length=200, blank=True)
    design = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    existence = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    operation = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    maturity = models.PositiveSmallIntegerField(null=True, blank=True)
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

    import_ref = models.UUIDField(null=True, blank=True)
    """The workbook that it came from (the public id of an ``AssessmentImport``), if any."""

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "framework", "control", "answered_at"], name="change_owner_control")
        ]
