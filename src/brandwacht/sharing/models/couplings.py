"""Tables of couplings: systems of others that objects come from and go to, and what is to be told of each thing."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import TLP
from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation, User
from brandwacht.network.tenancy import TenantModel


class CouplingKind(models.TextChoices):
    """What stands at the other end."""

    TAXII = "taxii", _("TAXII 2.1")
    MISP = "misp", _("MISP-server")
    MISP_FEED = "misp-feed", _("MISP-feed")


class Direction(models.TextChoices):
    """Which way objects go."""

    PULL = "halen", _("Halen")
    PUSH = "brengen", _("Brengen")


class Party(models.TextChoices):
    """Whose system stands at the other end: what may go there follows from it."""

    OTHER = "ander", _("Van een ander, zoals NCSC of Z-CERT")
    OWN = "eigen", _("Van onszelf")


class CouplingState(models.TextChoices):
    """Where a coupling stands."""

    PAUSED = "pauze", _("Staat stil")
    RUNNING = "loopt", _("Loopt")
    ENDED = "beeindigd", _("Beëindigd")


class Coupling(TenantModel):
    """One way to one system, of a circle or of one of its members.

    ``circle`` is whose objects it is about. What is pulled goes to the circle's collection when ``for_circle``, else
    to that of the member who owns the coupling. ``for_node`` is the way of the circle's national node to NCSC: what is
    pulled goes to the collection of its operator, and what is brought are the sightings that go back.

    ``secret`` is as ``network.vault`` keeps it. ``place`` is the address of the TAXII collection. ``every`` is minutes.
    A member's coupling works with the rights of ``started_by``, whose seat it needs; a circle's works as Brandwacht
    itself. ``trust`` is 0 to 100.

    ``position`` is how far it got, in the words of its protocol; it is written together with the objects that it
    stands for. ``busy_at`` is the lease of the worker that is at it. ``probe`` is what a try found: whether it is
    ``good``, what it ``says`` and the collections or sharing groups to choose from.
    """

    domain = Domain.CIRCLE

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=CouplingKind.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    party = models.CharField(max_length=6, choices=Party.choices, default=Party.OTHER)
    circle = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    for_circle = models.BooleanField(default=False)
    for_node = models.BooleanField(default=False)
    address = models.CharField(max_length=500)
    login = models.CharField(max_length=200, blank=True)
    secret = models.TextField(blank=True)
    place = models.CharField(max_length=700, blank=True)
    place_name = models.CharField(max_length=200, blank=True)
    highest_tlp = models.CharField(max_length=12, default=TLP.GREEN.name)
    distribution = models.PositiveSmallIntegerField(default=0)
    group_number = models.CharField(max_length=12, blank=True)
    group_uuid = models.CharField(max_length=36, blank=True)
    group_name = models.CharField(max_length=200, blank=True)
    trust = models.PositiveSmallIntegerField(default=50)
    every = models.PositiveSmallIntegerField(default=60)
    state = models.CharField(max_length=10, choices=CouplingState.choices, default=CouplingState.PAUSED)
    started_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    position = models.JSONField(default=dict)
    next_at = models.DateTimeField(null=True, blank=True)
    last_run_at = models.DateTimeField(null=True, blank=True)
    last_good_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=400, blank=True)
    failures = models.PositiveIntegerField(default=0)
    taken = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    busy_at = models.DateTimeField(null=True, blank=True)
    probing = models.BooleanField(default=False)
    probed_at = models.DateTimeField(null=True, blank=True)
    probe = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"], name="coupling_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def pulls(self) -> bool:
        """Whether objects come in by it."""
        return self.direction == Direction.PULL

    @property
    def of_circle(self) -> bool:
        """Whether the circle itself owns it."""
        return self.organisation_id == self.circle_id

    @property
    def tlp_out(self) -> TLP:
        """The strictest label that may go out by it."""
        return TLP[self.highest_tlp]

    @property
    def reached(self) -> datetime | None:
        """Up to which moment of its source it got, as far as the source says."""
        given = self.position.get("added_after") or self.position.get("since") or self.position.get("sent")
        if isinstance(given, int):
            return datetime.fromtimestamp(given, tz=self.made_at.tzinfo)
        return datetime.fromisoformat(given) if given else None

    @property
    def tone(self) -> str:
        """How its state looks."""
        if self.state == CouplingState.RUNNING:
            return "bad" if self.failures else "good"
        return "done" if self.state == CouplingState.ENDED else "neutral"


class CouplingItem(TenantModel):
    """What became of one event or object of a coupling, in its last version, with what is to be told of it in Dutch.

    ``key`` is its UUID or STIX id, ``changed`` when that version was made. ``original`` is an event of MISP as it came;
    it is empty when nothing of it may be kept, and then ``tlp`` is RED.
    """

    domain = Domain.CIRCLE

    coupling = models.ForeignKey(Coupling, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=300)
    changed = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    good = models.BooleanField(default=True)
    told = models.JSONField(default=list)
    tlp = models.CharField(max_length=12, default=TLP.RED.name)
    original = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["coupling", "key"], name="coupling_item_once")]

    def __str__(self) -> str:
        return self.key
