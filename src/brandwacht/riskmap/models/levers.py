"""Levers in the cold phase: questions to private parties, and advice on permits, about digital risk."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class LeverKind(models.TextChoices):
    """Which lever is used."""

    QUESTION = "vraag", _("Informatieverzoek")
    ADVICE = "advies", _("Advies bij een vergunning")


class LeverState(models.TextChoices):
    """What came of it."""

    OPEN = "open", _("Wacht op antwoord")
    ANSWERED = "beantwoord", _("Beantwoord")
    PARTLY = "deels", _("Deels beantwoord")
    REFUSED = "geweigerd", _("Geweigerd")


class Lever(TenantModel):
    """A question or advice to ``party``, on the ground ``basis`` (a key of the file of legal grounds)."""

    domain = Domain.RISK

    kind = models.CharField(max_length=10, choices=LeverKind.choices)
    party = models.CharField(max_length=120)
    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.SET_NULL, related_name="levers")
    subject = models.CharField(max_length=160)
    text = models.TextField()
    basis = models.CharField(max_length=40)
    basis_version = models.CharField(max_length=20)
    sent_on = models.DateField()
    due = models.DateField()
    state = models.CharField(max_length=12, choices=LeverState.choices, default=LeverState.OPEN)
    answered_on = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    written_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["-sent_on", "-pk"]
        indexes = [models.Index(fields=["organisation", "state", "due"], name="lever_owner_state_due")]

    def __str__(self) -> str:
        return self.subject
