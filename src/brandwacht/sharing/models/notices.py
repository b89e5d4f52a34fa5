"""Notices: that an advisory concerns an organisation, why, and how far the organisation is with it."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.readable_json import ReadableJSON
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.advisories import UrgencyChoice
from brandwacht.sharing.models.common import Marked


class RepairState(models.TextChoices):
    """How far an organisation is."""

    NOT_STARTED = "niet_begonnen", _("Nog niet begonnen")
    BUSY = "bezig", _("Wordt hersteld")
    MENDED = "hersteld", _("Hersteld")
    ACCEPTED = "aanvaard", _("Aanvaard, met reden")
    NOT_OURS = "niet_geraakt", _("Geldt niet voor ons, met reden")


OVER = (RepairState.MENDED, RepairState.ACCEPTED, RepairState.NOT_OURS)
"""States in which nothing is asked any more."""


MOST_STEPS = 200


class Rank(models.IntegerChoices):
    """The order of a list: what waits longest comes first."""

    ESCALATED = 0, _("Te laat")
    URGENT = 1, _("Urgent, nog te bevestigen")
    NORMAL = 2, _("Nog te bevestigen")
    BUSY = 3, _("Bevestigd")
    OVER = 4, _("Afgerond")
    ENDED = 5, _("Vervallen")


class AdvisoryNotice(TenantModel, Marked):
    """The one notice of an organisation about one advisory. Its owner is that organisation.

    ``advisory`` is the public id of the circle's advisory; what the notice says of it is a copy, since the circle owns
    the advisory. ``items`` are what concerns the organisation, a text for each product and vulnerability: only
    something new among them asks for attention again. ``evidence`` is a list of {"name", "place", "version", "known",
    "confidence", "text"}, the surest first; ``steps`` of {"at", "by", "text"}. ``asked_at`` is when attention
    was last asked for, ``late_at`` when it escalates.
    """

    domain = Domain.ADVICE

    advisory = models.UUIDField()
    key = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    tlp = models.CharField(max_length=12)
    summary = models.TextField(blank=True)
    links = models.JSONField(default=list)
    flaws = models.JSONField(default=list, encoder=ReadableJSON)
    urgency = models.CharField(max_length=8, choices=UrgencyChoice.choices)
    urgency_reason = models.CharField(max_length=300)
    evidence = models.JSONField(default=list, encoder=ReadableJSON)
    confidence = models.PositiveSmallIntegerField()
    items = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    repair = models.CharField(max_length=15, choices=RepairState.choices, default=RepairState.NOT_STARTED)
    repair_why = models.CharField(max_length=300, blank=True)
    late_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(choices=Rank.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "advisory"], name="notice_once_per_owner")]
        indexes = [
            models.Index(fields=["organisation", "rank", "-changed_at"], name="notice_owner_rank"),
            models.Index(fields=["advisory"], name="notice_advisory"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, with the rank that follows from the rest."""
        self.rank = self.find_rank()
        super().save(*args, **kwargs)

    def find_rank(self) -> Rank:
        """Its place in the order of a list."""
        if self.ended_at is not None:
            return Rank.ENDED
        if self.repair in OVER:
            return Rank.OVER
        if self.escalated_at is not None:
            return Rank.ESCALATED
        if self.acknowledged_at is not None:
            return Rank.BUSY
        return Rank.URGENT if self.urgency == UrgencyChoice.URGENT else Rank.NORMAL

    def add_step(self, at: datetime, by: str, text: str) -> None:
        """Note what happened; of very many the oldest go."""
        self.steps = [*self.steps, {"at": at.isoformat(), "by": by, "text": text}][-MOST_STEPS:]

    @property
    def open(self) -> bool:
        """Whether something is still asked of the organisation."""
        return self.ended_at is None and self.repair not in OVER

    @property
    def tone(self) -> str:
        """The tone of the badge that shows where it stands."""
        return {Rank.ESCALATED: "bad", Rank.URGENT: "warn", Rank.NORMAL: "warn", Rank.BUSY: "info"}.get(
            Rank(self.rank), "done"
        )

    @property
    def story(self) -> list[tuple[datetime, str, str]]:
        """What happened: moment, who, what; newest first."""
        return [(datetime.fromisoformat(each["at"]), each["by"], each["text"]) for each in reversed(self.steps)]

    @property
    def cves(self) -> list[str]:
        """The numbers of the vulnerabilities that concern the organisation."""
        return [each["cve"] for each in self.flaws if each["cve"]]

    @property
    def products(self) -> list[str]:
        """The products of the organisation that it is about, each once."""
        return list(dict.fromkeys(each["name"] for each in self.evidence))
