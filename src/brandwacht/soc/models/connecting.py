"""The dossier with which an organisation connects to the watch."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Node
from brandwacht.network.tenancy import TenantModel


class DecisionKind(models.TextChoices):
    """What somebody decided about connecting."""

    MEETS = "voldoet", _("Voldoet aan de voorwaarde")
    TRANSITION = "overgang", _("Overgangsbesluit")
    REFUSAL = "hulp_geweigerd", _("Hulp geweigerd")


class ConnectDecision(TenantModel):
    """A decision that somebody took, with until when and why. Never changed; a later one of its kind replaces it.

    ``basis`` holds what the decision rested on as it was then: {percent, based_on, controls, on}, or nothing.
    """

    domain = Domain.WATCH

    kind = models.CharField(max_length=15, choices=DecisionKind.choices)
    decided_by = models.CharField(max_length=160)
    why = models.TextField()
    until = models.DateField(null=True, blank=True)
    basis = models.JSONField(default=dict)
    recorded_by = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-recorded_at", "-id"], name="connect_decision_owner")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.recorded_at:%Y-%m-%d}"


class ContactMoment(models.TextChoices):
    """When somebody can be called."""

    ALWAYS = "altijd", _("Dag en nacht")
    DAY = "dag", _("Overdag")
    NIGHT = "nacht", _("Avond, nacht en weekend")


class ConnectContact(TenantModel):
    """Whom the watch calls, in the order of ``position``."""

    domain = Domain.WATCH

    name = models.CharField(max_length=120)
    task = models.CharField(max_length=120)
    phone = models.CharField(max_length=40)
    moment = models.CharField(max_length=8, choices=ContactMoment.choices, default=ContactMoment.ALWAYS)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["organisation", "position", "id"], name="connect_contact_order")]

    def __str__(self) -> str:
        return self.name


class SourceState(models.TextChoices):
    """Where the connecting of a kind of source stands."""

    OPEN = "open", _("Nog niet bekeken")
    PLANNED = "gepland", _("Gepland")
    CONNECTED = "aangesloten", _("Aangesloten")
    NOT_THERE = "niet", _("Hebben wij niet")


class ConnectSource(TenantModel):
    """A kind of source of the checklist (``data/aansluiten.yaml``), as far as somebody said something about it."""

    domain = Domain.WATCH

    key = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=SourceState.choices, default=SourceState.OPEN)
    note = models.CharField(max_length=200, blank=True)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="connect_source_once")]

    def __str__(self) -> str:
        return self.key


class IsolationAgreement(TenantModel):
    """Who may isolate what: a system of the register or a group of systems in words."""

    domain = Domain.WATCH

    node = models.ForeignKey(Node, null=True, blank=True, on_delete=models.CASCADE, related_name="isolation_agreements")
    what = models.CharField(max_length=160)
    who = models.CharField(max_length=160)
    how = models.CharField(max_length=300, blank=True)
    agreed_by = models.CharField(max_length=120)
    agreed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "what", "id"], name="isolation_owner_what")]

    def __str__(self) -> str:
        return self.what
