"""Searching in stored events: runs, saved searches, and the trace that a search leaves with the organisations."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class HuntState(models.TextChoices):
    """Where a search stands."""

    RUNNING = "bezig", _("Zoekt")
    DONE = "klaar", _("Klaar")
    STOPPED = "gestopt", _("Gestopt")
    FAILED = "mislukt", _("Mislukt")


class SavedHunt(TenantModel):
    """A search that is kept under a name, for everybody at the organisation who may search. ``query`` as in a run."""

    domain = Domain.RULES

    name = models.CharField(max_length=120)
    query = models.JSONField(default=dict)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="saved_hunt_name")]

    def __str__(self) -> str:
        return self.name


class HuntRun(TenantModel):
    """One search by somebody of the owner. ``query`` is a ``hunting.Query`` as JSON, ``reach`` the codes of the
    organisations whose events were searched. Its result is in the data folder and does not stay there for long.

    ``found`` counts every event that fits (searching by fields) or the rows of the answer (SQL), ``rows`` what is kept
    of it; ``full`` says that there was more.
    """

    domain = Domain.RULES

    saved = models.ForeignKey(SavedHunt, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    query = models.JSONField(default=dict)
    title = models.CharField(max_length=300)
    reach = models.JSONField(default=list)
    by = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=HuntState.choices, default=HuntState.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    files = models.PositiveIntegerField(default=0)
    found = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    full = models.BooleanField(default=False)
    damaged = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-started_at", "-id"], name="hunt_owner_started")]

    def __str__(self) -> str:
        return self.title

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self.state == HuntState.RUNNING

    @property
    def took(self) -> timedelta | None:
        """How long it took; ``None`` while it runs."""
        return self.finished_at - self.started_at if self.finished_at else None


class HuntTrace(TenantModel):
    """What an organisation sees of a search by somebody else in its events: who, when and how many hits it had.

    ``hits`` is empty while the search runs, and for SQL over more organisations, which does not tell whose a row is.
    ``elsewhere`` counts the other organisations with hits; which ones it does not say.
    """

    domain = Domain.WATCH

    run_ref = models.UUIDField()
    by = models.CharField(max_length=120)
    by_organisation = models.ForeignKey("network.Organisation", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    hits = models.PositiveBigIntegerField(null=True, blank=True)
    elsewhere = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "run_ref"], name="hunt_trace_once")]
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="hunt_trace_owner_at")]

    def __str__(self) -> str:
        return f"{self.by} {self.at:%Y-%m-%d}"
