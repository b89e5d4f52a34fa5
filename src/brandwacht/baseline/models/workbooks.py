"""Tables of the whole assessment as a workbook that others edited."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.long_work import RUNNING, WAITING
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel


class ImportState(models.TextChoices):
    """How far an offered workbook is."""

    WAITING = WAITING, _("wacht op een werker")
    RUNNING = RUNNING, _("is in bewerking")
    READ = "gelezen", _("gelezen, nog niets veranderd")
    TAKEN = "overgenomen", _("overgenomen")
    UNDONE = "teruggedraaid", _("teruggedraaid")
    FAILED = "mislukt", _("niet gelukt")


class ImportStep(models.TextChoices):
    """What the worker is asked to do with it."""

    READ = "lezen", _("lezen")
    TAKE = "overnemen", _("overnemen")


class AssessmentImport(TenantModel):
    """A workbook with answers that somebody offered: what it would change, and what was taken over.

    ``file`` holds the bytes until they are read. ``rows`` is the outcome of ``assessment_judging.judge``, one mapping
    per row that changes something or can not be taken; ``choice`` in it is "bestand" or "hier". ``faults`` is what is
    wrong with the workbook beside its rows. ``undo`` holds {"number", "before", "after"} of what was taken over; null
    before means that there was no answer. ``done`` of ``total`` rows were looked at.
    """

    domain = Domain.BASIS

    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.BinaryField(blank=True, default=b"")
    state = models.CharField(max_length=14, choices=ImportState.choices, default=ImportState.WAITING)
    step = models.CharField(max_length=10, choices=ImportStep.choices, default=ImportStep.READ)
    rows = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    undo = models.JSONField(default=list)
    untouched = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="assessment_owner_asked")]

    def __str__(self) -> str:
        return self.filename
