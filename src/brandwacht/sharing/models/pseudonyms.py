"""Tables of pseudonyms: the name, the sealed identity, and the two custodians who can open it together."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.topics import Topic


class Custodian(TenantModel):
    """One of the two people who can open an identity, together only. Their private key is nowhere in the system.

    ``public_key`` is X25519, hexadecimal; empty until the custodian made a key.
    """

    domain = Domain.CIRCLE

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    public_key = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=models.Q(until__isnull=True), name="custodian_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Pseudonym(TenantModel):
    """A contributor on one topic. ``handle`` recognises them without naming them; ``sealed`` holds who it is.

    How both are made is in ``sharing.pseudonyms`` and ``sharing.sealing``.
    """

    domain = Domain.CIRCLE

    name = models.CharField(max_length=40)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    handle = models.CharField(max_length=64)
    sealed = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "handle"], name="pseudonym_handle"),
            models.UniqueConstraint(fields=["organisation", "name"], name="pseudonym_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Opening(TenantModel):
    """A request to open a pseudonym: the first custodian's share, sealed for the second, and why.

    ``first`` gave a share; ``share`` can only be read by the other. Nothing of the identity is kept when it is opened.
    """

    domain = Domain.CIRCLE

    pseudonym = models.ForeignKey(Pseudonym, on_delete=models.PROTECT, related_name="openings")
    first = models.ForeignKey(Custodian, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    share = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.pseudonym}: {self.asked_at}"
