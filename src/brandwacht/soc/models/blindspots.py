"""What was seen in the logs of an organisation, and which rules can therefore never fire there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.rules import Severity
from brandwacht.soc.models.sources import LogSource


class SeenLog(TenantModel):
    """Which kinds of log and which fields ever came from one source, as the engine writes it (``SeenFields``).

    Without a ``source`` it is about files that were read. ``number`` goes up whenever something new was seen.

    Judged now and then: ``able`` rules can fire on this source; ``blind`` are about what it brings and can not.
    ``lacks`` tells of those why, as [whose rules, [fields that were never seen], [identifiers of rules]].
    """

    domain = Domain.WATCH

    source = models.ForeignKey(LogSource, null=True, blank=True, on_delete=models.CASCADE, related_name="seen")
    state = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    saved_at = models.DateTimeField()
    able = models.PositiveIntegerField(default=0)
    blind = models.PositiveIntegerField(default=0)
    lacks = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(source__isnull=True), name="seen_files_once"
            ),
            models.UniqueConstraint(fields=["source"], name="seen_source_once"),
        ]

    def __str__(self) -> str:
        return str(self.source) if self.source else ""


class RuleReach(TenantModel):
    """How many of the rules that watch over an organisation can fire there, and what that rests on.

    ``blind`` rules can fire on none of its sources, ``partly`` can on some and not on others that bring what they are
    about. ``events`` is how many events came by since ``since``; ``left_out`` how many of those are not noted by kind.
    ``stamp`` changes with the rules and with what was seen.
    """

    domain = Domain.WATCH

    stamp = models.CharField(max_length=64)
    judged_at = models.DateTimeField()
    rules = models.PositiveIntegerField(default=0)
    blind = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    left_out = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation"], name="rule_reach_once")]

    def __str__(self) -> str:
        return f"{self.rules - self.blind}/{self.rules}"

    @property
    def able(self) -> int:
        """How many rules can fire."""
        return self.rules - self.blind


class BlindReason(models.TextChoices):
    """Why a rule can never fire."""

    UNSEEN = "ongezien", _("Zulke gebeurtenissen zijn nooit gezien")
    FIELDS = "velden", _("Velden die de regel nodig heeft, zijn nooit gezien")
    RESTS_ON = "verband", _("Regels waar dit verband op rust, kunnen niet afgaan")
    NO_PLACE = "logbron", _("Het is niet bekend waar de logbron van de regel te vinden is")


class BlindSpot(TenantModel):
    """A rule that can never fire on some or all of the sources of this organisation that bring what it is about.

    It can on ``able_at`` of them (0: nowhere), and not on ``blind_at``. The rule is of ``watcher``, and only that one
    may read which. ``lacks`` are the fields that were never seen, or the titles of the rules that it rests on.
    """

    domain = Domain.WATCH

    watcher = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    rule_id = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    level = models.PositiveSmallIntegerField(choices=Severity.choices)
    reason = models.CharField(max_length=10, choices=BlindReason.choices)
    lacks = models.JSONField(default=list)
    able_at = models.PositiveIntegerField(default=0)
    blind_at = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rule_id"], name="blind_spot_once")]
        indexes = [
            models.Index(fields=["watcher", "-level", "title", "id"], name="blind_spot_level"),
            models.Index(fields=["watcher", "rule_id"], name="blind_spot_rule"),
        ]

    def __str__(self) -> str:
        return self.title
