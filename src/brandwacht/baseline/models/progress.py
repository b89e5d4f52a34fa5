"""Tables of the progress that an organisation reports: its draft, what it released, and what it agreed to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, ClassVar

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.final import FinalError, FinalRow
from brandwacht.network.tenancy import TenantManager, TenantModel, TenantQuerySet, check_owners


class ReportDraft(TenantModel):
    """What an organisation wrote so far for one moment (peilmoment); nobody else sees it.

    ``said`` holds the answers to the questions of the data set by key, ``explained`` texts by part, ``bottlenecks``
    rows of {"kind", "category", "text"}.
    """

    domain = Domain.BASIS

    moment = models.CharField(max_length=10)
    dataset = models.CharField(max_length=30)
    said = models.JSONField(default=dict)
    explained = models.JSONField(default=dict)
    bottlenecks = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "moment"], name="draft_once_per_moment")]

    def __str__(self) -> str:
        return self.moment


class SnapshotKind(models.TextChoices):
    """What a version of a snapshot is."""

    RELEASE = "vrijgave", _("Vrijgegeven")
    CORRECTION = "correctie", _("Gecorrigeerd")
    WITHDRAWAL = "intrekking", _("Ingetrokken")


CHANGE = "A snapshot never changes; release a new version."
REMOVE = "A snapshot is never removed; withdraw it with a new version."


class FrozenQuerySet(TenantQuerySet["Snapshot"]):
    """Rows that are made once: they are never changed or removed, here or (a trigger) in the database."""

    def update(self, **kwargs: Any) -> int:
        """Refused, unless there is nothing to change."""
        self._check_update(kwargs)
        return self._refuse(CHANGE)

    def bulk_update(self, objs: Iterable[Snapshot], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """Refused, unless there is nothing to change."""
        rows = list(objs)
        check_owners(self.model, rows)
        return self.filter(pk__in=[row.pk for row in rows])._refuse(CHANGE)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refused, unless there is nothing to remove."""
        return self._refuse(REMOVE), {}

    def _refuse(self, why: str) -> int:
        if self.exists():
            raise FinalError(why)
        return 0


class FrozenManager(TenantManager["Snapshot"]):
    """As ``TenantManager``, with rows that cannot be changed."""

    def get_queryset(self) -> FrozenQuerySet:
        """Rows of the owners in scope."""
        found = super().get_queryset()
        frozen = FrozenQuerySet(self.model, using=self._db)
        frozen.query = found.query
        return frozen


class Snapshot(FinalRow):
    """What an organisation released about one moment, signed; it never changes.

    ``body`` is the text that was signed (JSON with sorted keys), ``sha256`` its hash in hexadecimal. A correction or
    withdrawal is a new version of which ``replaces`` is the version before it.
    """

    domain = Domain.REPORT

    moment = models.CharField(max_length=10)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=SnapshotKind.choices)
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
    released_at = models.DateTimeField()

    objects: ClassVar[FrozenManager] = FrozenManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "moment", "version"], name="snapshot_version_once")
        ]
        indexes = [models.Index(fields=["moment", "organisation"], name="snapshot_moment_owner")]

    def __str__(self) -> str:
        return f"{self.moment}, {self.version}"

    @property
    def content(self) -> dict[str, Any]:
        """What the body says."""
        found: dict[str, Any] = orjson.loads(self.body)
        return found

    @property
    def withdrawn(self) -> bool:
        """Whether this version takes back the one before it."""
        return self.kind == SnapshotKind.WITHDRAWAL

    def delete(
        self, using: str | None = None, keep_parents: Collection[Any] | bool = False
    ) -> tuple[int, dict[str, int]]:
        """Refused."""
        raise FinalError(REMOVE)


class NamedComparison(TenantModel):
    """An organisation agreed to be compared by name with the others that did, until ``ended_at``."""

    domain = Domain.REPORT

    agreed_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(ended_at__isnull=True), name="comparison_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return self.agreed_by


class JointTheme(TenantModel):
    """Bottlenecks that several regions share, taken up together; made and owned by the programme bureau.

    ``kinds`` are kinds of bottleneck of the data set. ``based_on`` says how many named them, at which moment: a number,
    never who.
    """

    domain = Domain.REPORT

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    kinds = models.JSONField(default=list)
    moment = models.CharField(max_length=10)
    based_on = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-made_at"], name="theme_owner_made")]

    def __str__(self) -> str:
        return self.title
