"""Detection content on its way in, and the look back over stored events that tries it."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.rules import SigmaRule


class ContentKind(models.TextChoices):
    """What kind of detection content it is about."""

    RULES = "regels", _("Detectieregels")
    INDICATORS = "kenmerken", _("Kenmerkenlijst")


class ListState(models.TextChoices):
    """Whether a list of indicators watches."""

    ACTIVE = "actief", _("Bewaakt")
    ENDED = "beeindigd", _("Beëindigd")


class IndicatorList(TenantModel):
    """A list of indicators: addresses, domains, hashes that point at an attack.

    The values are not rows: they stand in a file of the data folder that the engine writes and loads (a list may hold
    millions). ``version`` and ``sha256`` say which content that is, ``counts`` how many of each kind, ``tlp`` who may
    see it, ``confidence`` (0-100) how sure the source is. It watches until ``valid_until`` or until it is ended.
    ``via`` says which way what a circle's organisations are fed came ("knooppunt", "kring"); empty for a list by hand.
    """

    domain = Domain.RULES

    name = models.CharField(max_length=120)
    origin = models.CharField(max_length=200)
    tlp = models.CharField(max_length=20)
    confidence = models.PositiveSmallIntegerField(default=50)
    valid_until = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ListState.choices, default=ListState.ACTIVE)
    version = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    via = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="list_once_per_owner")]
        indexes = [models.Index(fields=["organisation", "-changed_at", "-id"], name="list_owner_changed")]

    def __str__(self) -> str:
        return self.name

    def works(self, now: datetime) -> bool:
        """Whether it watches at ``now``."""
        return self.state == ListState.ACTIVE and self.valid_until > now and self.version > 0


class ImportState(models.TextChoices):
    """Where an import of detection content stands."""

    RUNNING = "bezig", _("Wordt gelezen")
    READY = "voorbeeld", _("Klaar om te verwerken")
    TAKING = "overnemen", _("Wordt verwerkt")
    APPLIED = "verwerkt", _("Verwerkt")
    FAILED = "mislukt", _("Mislukt")
    STOPPED = "gestopt", _("Gestopt")


class ContentImport(TenantModel):
    """An offered file with rules or indicators: read by a worker, shown, and then taken over as a whole or not at all.

    ``outcome`` is what taking it over would do (see ``services``), ``options`` what the person chose when offering it.
    The file and what was made of it stand in a folder of the data folder that has this row's public id as its name.
    """

    domain = Domain.RULES

    kind = models.CharField(max_length=12, choices=ContentKind.choices)
    indicators = models.ForeignKey(
        IndicatorList, null=True, blank=True, on_delete=models.CASCADE, related_name="imports"
    )
    name = models.CharField(max_length=255)
    collection = models.CharField(max_length=120)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.RUNNING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    stop = models.BooleanField(default=False)
    outcome = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    offered_by = models.CharField(max_length=120)
    offered_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.CharField(max_length=120, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-offered_at", "-id"], name="content_import_recent")]

    def __str__(self) -> str:
        return self.name


class LookState(models.TextChoices):
    """Where a look back stands."""

    WAITING = "wacht", _("Wacht op een werker")
    RUNNING = "bezig", _("Zoekt")
    DONE = "klaar", _("Klaar")
    STOPPED = "gestopt", _("Gestopt")
    FAILED = "mislukt", _("Mislukt")


class LookBack(TenantModel):
    """A rule or a list of indicators held against stored events: what would have matched.

    It belongs to whose rule or list it is; what was found at an organisation belongs to that organisation
    (``LookBackResult``), so that it goes out of sight when a mandate ends. ``text`` is the rule as it was tried,
    ``version`` that of the list. A step is one day of one organisation; ``file_alerts`` makes alerts of what is found.
    """

    domain = Domain.RULES

    rule = models.ForeignKey(SigmaRule, null=True, blank=True, on_delete=models.CASCADE, related_name="look_backs")
    indicators = models.ForeignKey(
        IndicatorList, null=True, blank=True, on_delete=models.CASCADE, related_name="look_backs"
    )
    title = models.CharField(max_length=255)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    owner_codes = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField()
    file_alerts = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=LookState.choices, default=LookState.WAITING)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField(default=0)
    stop = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-started_at", "-id"], name="look_back_recent")]

    def __str__(self) -> str:
        return self.title


class LookBackResult(TenantModel):
    """What a look back found at one organisation. ``look_back`` is the public id of the run.

    ``hosts`` and ``days`` count by name and by date; ``examples`` the first events, each {time, host, matched,
    because}; ``filed`` the number of events that became part of an alert. ``ledger`` is the public id of the row in
    the ledger of log files under which they were filed.
    """

    domain = Domain.WATCH

    look_back = models.UUIDField()
    events = models.PositiveBigIntegerField(default=0)
    matches = models.PositiveBigIntegerField(default=0)
    hosts = models.JSONField(default=dict)
    days = models.JSONField(default=dict)
    examples = models.JSONField(default=list)
    filed = models.PositiveIntegerField(default=0)
    ledger = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["look_back", "organisation"], name="look_back_once_per_owner")]

    def __str__(self) -> str:
        return f"{self.look_back}: {self.matches}"
