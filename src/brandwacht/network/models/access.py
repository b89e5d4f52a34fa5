"""Grants, the only doors between organisations, and tokens for the API."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils import timezone

from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.models.organisations import Organisation
from brandwacht.network.models.people import User
from brandwacht.network.tenancy import TenantModel


def last_of(ends_at: datetime) -> date | datetime:
    """Until when something goes on: the last whole day when it ends at midnight, otherwise the moment itself."""
    local = timezone.localtime(ends_at)
    return local.date() - timedelta(days=1) if (local.hour, local.minute) == (0, 0) else ends_at


class Grant(TenantModel):
    """The owner lets ``grantee`` reach a domain of its rows: what for, how far, until when.

    ``may`` holds "zien" (see) and possibly "handelen" (act). ``thing`` narrows the grant to one row by its public id.
    ``grantee_user`` narrows it to one person. Ending a grant works on the next request.
    """

    domain = Domain.GRANTS

    kind = models.CharField(max_length=20, choices=GrantKind.choices)
    grantee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    grantee_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    thing = models.UUIDField(null=True, blank=True)
    may = models.JSONField(default=list)
    purpose = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["grantee", "ends_at"], name="grant_grantee_ends")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} -> {self.grantee}"

    @property
    def last(self) -> date | datetime:
        """The last day, or moment, on which it works when nobody ends it sooner."""
        return last_of(self.ends_at)


class ApiToken(TenantModel):
    """A token that lets a person's own program act for them at one organisation; stored as a SHA-256 hash."""

    domain = Domain.PEOPLE

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
