"""Tables of the national node: what it watches for, what the members said of that, who is connected, what went back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import Indicator
from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked
from brandwacht.sharing.models.objects import StixObject


class NationalNode(TenantModel):
    """The one connection with NCSC, of a circle. What comes in stands in the collection of ``operator``.

    ``read_to`` holds by primary key of a collection up to which object it was read.
    """

    domain = Domain.CIRCLE

    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    read_to = models.JSONField(default=dict)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="one_node_per_circle")]

    def __str__(self) -> str:
        return str(self.public_id)


class FeedVia(models.TextChoices):
    """By which way an indicator came."""

    NODE = "knooppunt", _("Landelijk knooppunt")
    CIRCLE = "kring", _("De kring")


class FeedState(models.TextChoices):
    """Whether an indicator is watched for, and if not, why."""

    WATCHED = "bewaakt", _("Wordt bewaakt")
    HELD = "wacht", _("Wacht op de coördinator")
    LEFT_OUT = "weggelaten", _("Weggelaten")
    WEAK = "zwak", _("Te onzeker geworden")
    ENDED = "verlopen", _("Verlopen")


class FeedIndicator(TenantModel, Marked):
    """One value that the connected organisations watch for. It goes with its object; a newer version takes its place.

    ``key`` is what hits and words point at (``indicator_key``), ``about`` the report or object that it came from.
    ``trust`` is that in the source (0-100), ``score`` what is left of it (``services.node_feed.weigh``). ``lists`` are
    the warning lists that it stands on: those of the node wait until a coordinator decided (``decided_*``).
    """

    domain = Domain.CIRCLE

    object = models.ForeignKey(StixObject, on_delete=models.CASCADE, related_name="fed")
    origin = models.UUIDField()
    stix_id = models.CharField(max_length=120)
    key = models.UUIDField()
    about = models.UUIDField()
    via = models.CharField(max_length=10, choices=FeedVia.choices)
    kind = models.CharField(max_length=8)
    value = models.TextField()
    tlp = models.CharField(max_length=12)
    trust = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=FeedState.choices, default=FeedState.WATCHED)
    score = models.PositiveSmallIntegerField(default=0)
    lists = models.JSONField(default=list)
    decided_by = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="feed_indicator_once")]
        indexes = [models.Index(fields=["organisation", "state", "-given_at", "-id"], name="feed_circle_state")]

    def __str__(self) -> str:
        return self.stix_id

    @property
    def indicator(self) -> Indicator:
        """The value, with its Dutch kind and its unclickable spelling."""
        return Indicator(self.kind, self.value)  # type: ignore[arg-type]

    @property
    def tone(self) -> str:
        """The tone of the badge that shows the state."""
        return {FeedState.WATCHED: "good", FeedState.HELD: "warn"}.get(FeedState(self.state), "done")


class Opinion(models.TextChoices):
    """What a member says of an indicator."""

    SEEN = "gezien", _("Gezien")
    FALSE = "onterecht", _("Onterecht")


class IndicatorWord(TenantModel):
    """What a member said of an indicator, once a day. Others see rounded numbers only."""

    domain = Domain.CIRCLE

    key = models.UUIDField()
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    opinion = models.CharField(max_length=10, choices=Opinion.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key", "member", "on"], name="word_once_a_day")]

    def __str__(self) -> str:
        return f"{self.member}: {self.on}"


class NodeConnection(TenantModel):
    """That an organisation gets what comes by the national node, and what it agreed to tell back.

    ``level`` is a key of ``data/knooppunt.yaml``. ``until`` is the last day of a transitional decision, by
    ``transition_by`` because of ``transition_why``; without it the condition was met. ``basis``: what it rested on.
    """

    domain = Domain.GRANTS

    circle = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=10)
    agreed_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=120)
    began_at = models.DateTimeField()
    began_by = models.CharField(max_length=120)
    until = models.DateField(null=True, blank=True)
    transition_by = models.CharField(max_length=160, blank=True)
    transition_why = models.TextField(blank=True)
    basis = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "circle"], condition=models.Q(ended_at__isnull=True), name="one_connection_runs"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class SentSighting(TenantModel):
    """What went back to the node because of this organisation: exactly the object, as it was made (``content``)."""

    domain = Domain.GRANTS

    key = models.UUIDField()
    on = models.DateField()
    level = models.CharField(max_length=10)
    together = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key", "on"], name="sent_sighting_once_a_day")]
        indexes = [models.Index(fields=["organisation", "-sent_at", "-id"], name="sent_sighting_recent")]

    def __str__(self) -> str:
        return f"{self.on}"
