"""What every kind of signed link keeps; the rooms make tables of it."""

from django.db import models

from brandwacht.network.tenancy import TenantModel


class SignedLink(TenantModel):
    """A link for somebody without an account, to one thing, until a moment; the token is kept as a SHA-256 hash only.

    See ``network.services.signed_links`` for how it is found and used.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
