"""The table of decisions and rules of the circle's owner, the Veiligheidsberaad."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.final import FinalRow


class OwnerDecision(FinalRow):
    """A decision of the owner about the circle. It is never changed or removed; a later one takes its place.

    ``paper`` says where it is written down; ``changes`` what is different from then on.
    """

    domain = Domain.CIRCLE

    on = models.DateField()
    decision = models.TextField()
    paper = models.CharField(max_length=300)
    changes = models.TextField()
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    added_by = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.decision[:80]
