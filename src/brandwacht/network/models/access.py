"""Grants, the only doors between organisations, and tokens for the API."""

from django.db import models

from brandwacht.network.domains import Domain, GrantKind
from brandwacht.network.models.organisations import Organisation
from brandwacht.network.models.people import User
from brandwacht.network.tenancy import TenantModel


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
