"""Continuity plans: how a process goes on without its machines, and what the tests of that showed."""

from django.core.validators import MinValueValidator
from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node, Requirement
from brandwacht.network.tenancy import TenantModel


class ContinuityPlan(TenantModel):
    """How ``node`` goes on when what it needs falls away.

    ``requirement`` narrows the plan to one need; empty means all that the node needs. ``fallback`` tells how the work
    is done without (on paper, by radio), ``autonomy`` for how many minutes that is meant to last. A test is good for
    ``test_months`` months. ``tested_on``, ``tested_minutes`` and ``test_due`` repeat the newest test for lists.
    """

    domain = Domain.RISK

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="continuity_plans")
    requirement = models.ForeignKey(
        Requirement, null=True, blank=True, on_delete=models.CASCADE, related_name="continuity_plans"
    )
    name = models.CharField(max_length=120)
    fallback = models.TextField()
    owner_name = models.CharField(max_length=120)
    autonomy = models.PositiveIntegerField()
    test_months = models.PositiveSmallIntegerField(default=12, validators=[MinValueValidator(1)])
    tested_on = models.DateField(null=True, blank=True)
    tested_minutes = models.PositiveIntegerField(null=True, blank=True)
    test_due = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ContinuityTest(TenantModel):
    """One test of a plan: the day, for how many minutes the fallback held, and what was learned."""

    domain = Domain.RISK

    plan = models.ForeignKey(ContinuityPlan, on_delete=models.CASCADE, related_name="tests")
    held_on = models.DateField()
    minutes = models.PositiveIntegerField()
    learned = models.TextField(blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.plan}, {self.held_on}"
