"""The audit chain: append-only, one per owner, each entry hashing the one before (BIO2 8.15)."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class AuditHead(TenantModel):
    """The last entry of an owner's chain; the row that a new entry locks."""

    domain = Domain.AUDIT

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_audit_head_per_owner")]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class AuditEntry(TenantModel):
    """One entry: action, object, result, origin, actor (as salted hash), time. Never changed, never deleted."""

    domain = Domain.AUDIT

    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    result = models.CharField(max_length=20)
    origin = models.CharField(max_length=20)
    actor_organisation = models.CharField(max_length=20)
    actor_hash = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "seq"], name="audit_seq_per_owner")]
        indexes = [models.Index(fields=["organisation", "-seq"], name="audit_owner_seq")]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditPerson(TenantModel):
    """Who acted: stands beside the chain, so that it can be erased without breaking it."""

    domain = Domain.AUDIT

    entry = models.OneToOneField(AuditEntry, on_delete=models.CASCADE, related_name="person")
    salt = models.CharField(max_length=32)
    name = models.CharField(max_length=160)

    def __str__(self) -> str:
        return self.name
