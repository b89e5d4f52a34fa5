"""Signed links with which a municipality or chain partner fills in its own part, and what came in through them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models.links import SignedLink
from brandwacht.network.tenancy import TenantModel


class PartnerLink(SignedLink):
    """A link for one partner to its own part; the token is kept as a SHA-256 hash only."""

    domain = Domain.PART

    partner = models.CharField(max_length=120)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.partner


class PartnerNode(TenantModel):
    """A node that belongs to the part of a link.

    ``node_ref`` is its public id, and no key of the database: whoever holds the link must not be able to join it to the
    register.
    """

    domain = Domain.PART

    link = models.ForeignKey(PartnerLink, on_delete=models.CASCADE, related_name="part")
    node_ref = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "node_ref"], name="node_once_per_partner_link")]

    def __str__(self) -> str:
        return f"{self.link}: {self.node_ref}"


class ProposalState(models.TextChoices):
    """What the owner did with a proposal."""

    SENT = "ingediend", _("Wacht op uw oordeel")
    ACCEPTED = "overgenomen", _("Overgenomen")
    REFUSED = "afgewezen", _("Niet overgenomen")


class PartnerProposal(TenantModel):
    """What a partner proposes for its part; nothing of it counts until the owner takes it over.

    ``lines`` is a list of {"node": public id or "", "field": column key, "name": text, "was": text, "becomes": text}.
    ``taken`` holds the numbers of the lines that were taken over.
    """

    domain = Domain.PART

    link = models.ForeignKey(PartnerLink, on_delete=models.CASCADE, related_name="proposals")
    lines = models.JSONField(default=list)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.SENT)
    taken = models.JSONField(default=list)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.link}, {self.sent_at:%Y-%m-%d}"
