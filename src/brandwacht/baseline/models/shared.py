"""Tables of measures that one organisation publishes and others adopt."""

from __future__ import annotations

from django.db import models

from brandwacht.baseline.models.answers import FRAMEWORK
from brandwacht.baseline.models.measures import Measure
from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import TenantModel


class SharedMeasure(TenantModel):
    """A measure with policy text, published by its owner for the other regions and the institute.

    ``version`` is the number of the newest ``SharedVersion``; ``title`` is as it stands there. What is withdrawn is
    seen by nobody but the publisher; who adopted it keeps the own measure.
    """

    domain = Domain.SHARED_MEASURES

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-changed_at"], name="shared_owner_changed")]

    def __str__(self) -> str:
        return self.title


class SharedVersion(TenantModel):
    """One version of a published measure; never changed. ``changed`` says in words what is new in it."""

    domain = Domain.SHARED_MEASURES

    shared = models.ForeignKey(SharedMeasure, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField()
    changed = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["shared", "number"], name="shared_version_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class SharedAdopter(TenantModel):
    """That somebody adopted a published measure, kept with the publisher. ``name`` only if that organisation agreed.

    It holds no key and no code of the adopter: of who did not agree there is nothing here but a count.
    """

    domain = Domain.SHARED_MEASURES

    shared = models.ForeignKey(SharedMeasure, on_delete=models.CASCADE, related_name="adopters")
    name = models.CharField(max_length=140, blank=True)

    def __str__(self) -> str:
        return self.name


class Adoption(TenantModel):
    """The link from an own measure to the published one that it was made from.

    ``shared_ref`` and ``adopter_ref`` are public ids of rows of the publisher. ``version`` and ``text`` are what was
    taken over last, ``passed`` the newest version that was looked at and left.
    """

    domain = Domain.BASIS

    measure = models.OneToOneField(Measure, on_delete=models.CASCADE, related_name="adoption")
    shared_ref = models.UUIDField()
    adopter_ref = models.UUIDField()
    publisher = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    text = models.TextField()
    passed = models.PositiveIntegerField(default=0)
    named = models.BooleanField(default=False)
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "shared_ref"], name="adopted_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def known(self) -> int:
        """The newest version that this organisation took over or left."""
        return max(self.version, self.passed)
