"""Tables of what is weak and what is done about it: measures, scales, analyses and risk plans."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.final import FinalRow
from brandwacht.network.tenancy import TenantModel


class MeasureKind(models.TextChoices):
    """What a measure does to the map; the steps of ``engines.cascade`` that one form can fill in."""

    AUTONOMY = "buffer", _("Een buffer verlengen")
    PROVIDER = "leverancier", _("Een extra leverancier aansluiten")
    RESTART = "opstarten", _("Sneller opstarten")
    REPAIR = "herstellen", _("Sneller herstellen")
    CAUSE = "ontvlechten", _("Losmaken van een gezamenlijke oorzaak")
    RATE = "minder-vaak", _("Minder vaak laten uitvallen")


class RiskMeasure(TenantModel):
    """Something to spend on. ``step`` holds what it does, by keys of the map: {node, label, provider, cause, value}.

    Keys, so that a measure stays when the register changes; one that no longer fits the map is named and left out.
    ``once`` and ``yearly`` are whole euros. ``needs`` and ``excludes`` are keys of other measures of the same owner.
    """

    domain = Domain.RISK

    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=MeasureKind.choices)
    step = models.JSONField(default=dict)
    once = models.PositiveIntegerField(default=0)
    yearly = models.PositiveIntegerField(default=0)
    needs = models.JSONField(default=list)
    excludes = models.JSONField(default=list)
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="risk_measure_key_per_owner")]

    def __str__(self) -> str:
        return self.name


class ScaleVersion(FinalRow):
    """The scales of impact and likelihood as an organisation set them (``Scales.to_json``); the last one counts."""

    domain = Domain.RISK

    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    why = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="scale_version_per_owner")]

    def __str__(self) -> str:
        return f"{self.number}"


class AnalysisKind(models.TextChoices):
    """What was computed."""

    WEAK = "zwak", _("Zwakke plekken")
    BUDGET = "budget", _("Maatregelen binnen een budget")
    BORDER = "grens", _("Uitval over de grens")


class AnalysisState(models.TextChoices):
    """How far it is."""

    WAITING = "wacht", _("wacht op een werker")
    RUNNING = "bezig", _("wordt doorgerekend")
    DONE = "klaar", _("klaar")
    FAILED = "mislukt", _("niet gelukt")
    STOPPED = "gestopt", _("gestopt")


class Analysis(TenantModel):
    """Long work on the map by the worker, with its result, complete in itself, and the fingerprint of the map.

    ``asked`` is what was asked for (a budget, outages), ``done`` of ``total`` the steps so far, or for a cascade over a
    border the hours; ``total`` is 0 while unknown.
    """

    domain = Domain.RISK

    kind = models.CharField(max_length=10, choices=AnalysisKind.choices)
    state = models.CharField(max_length=10, choices=AnalysisState.choices, default=AnalysisState.WAITING)
    asked = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    map_fingerprint = models.CharField(max_length=64, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "kind", "-asked_at"], name="analysis_owner_kind_asked")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class ScenarioChance(TenantModel):
    """How likely the organisation holds a kept scenario: a class of its scales, A to E, and why."""

    domain = Domain.RISK

    scenario = models.OneToOneField("riskmap.Scenario", on_delete=models.CASCADE, related_name="chance")
    likelihood = models.CharField(max_length=1, choices=[(key, key) for key in "ABCDE"])
    why = models.CharField(max_length=300, blank=True)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.likelihood


class RiskPlan(FinalRow):
    """One version of the part of the yearly regional risk plan that this map supplies. Written once.

    ``content`` is what stands in the document, ``changes`` (Dutch) what is different from ``against``, the version it
    is compared with ("" for none). ``document`` is the PDF and ``sha256`` its digest.
    """

    domain = Domain.RISK

    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)
    content = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    against = models.CharField(max_length=40, blank=True)
    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    map_fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["organisation", "year", "version"], name="risk_plan_version")]

    def __str__(self) -> str:
        return f"{self.year}.{self.version}"
