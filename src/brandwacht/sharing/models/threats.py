"""Tables of threat reports: what members write, who may read it, and where it was seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.engines.intel import PAP
from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation, User
from brandwacht.network.readable_json import ReadableJSON
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked, WithIndicators, WithTechniques
from brandwacht.sharing.models.pseudonyms import Pseudonym
from brandwacht.sharing.models.topics import Topic


class ThreatState(models.TextChoices):
    """Where a report stands."""

    DRAFT = "concept", _("Concept")
    SHARED = "gedeeld", _("Gedeeld")
    WITHDRAWN = "ingetrokken", _("Ingetrokken")


class Threat(TenantModel, Marked, WithIndicators, WithTechniques):
    """A report of a threat by a member. Its owner is the circle, also when a member wrote it.

    Either ``author`` and ``author_organisation`` are filled, or ``pseudonym`` is: of a contribution under a pseudonym
    nothing in the database points at a person or a member. ``products`` are names of products it is about.
    ``kept`` are the indicators that stay although they stand on a warning list: each {"kind", "value", "lists", "why"}.
    ``controls`` are numbers of the BIO2 that it points at, ``measures`` public ids of shared measures of baseline.
    ``number`` is drawn at random, as that of a warning. Moments of a pseudonymous report are whole hours.
    """

    domain = Domain.CIRCLE

    number = models.PositiveIntegerField()
    topic = models.CharField(max_length=12, choices=Topic.choices)
    title = models.CharField(max_length=200)
    tlp = models.CharField(max_length=12)
    pap = models.CharField(max_length=5, default=PAP.AMBER.name)
    state = models.CharField(max_length=12, choices=ThreatState.choices, default=ThreatState.DRAFT)
    what = models.TextField()
    products = models.JSONField(default=list, encoder=ReadableJSON)
    indicators = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    attack = models.JSONField(default=list)
    controls = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pseudonym = models.ForeignKey(Pseudonym, null=True, blank=True, on_delete=models.PROTECT, related_name="threats")
    written_at = models.DateTimeField()
    shared_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="threat_number_per_circle")]
        indexes = [models.Index(fields=["organisation", "state", "-shared_at"], name="threat_circle_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """How people refer to it: "VR-ISAC-D48213"."""
        return f"{self.organisation.code}-D{self.number}"

    @property
    def permission(self) -> PAP:
        """What a reader may do with it."""
        return PAP[self.pap]

    @property
    def tone(self) -> str:
        """The tone of the badge that shows the state."""
        return {ThreatState.DRAFT: "neutral", ThreatState.SHARED: "info", ThreatState.WITHDRAWN: "done"}[
            ThreatState(self.state)
        ]

    @property
    def source(self) -> str:
        """Who wrote it, as readers see it: the organisation, or the pseudonym."""
        if self.pseudonym is not None:
            return self.pseudonym.name
        return self.author_organisation.full_name if self.author_organisation else ""


class ThreatReader(TenantModel):
    """A person who may read a report with TLP:RED. No readers means nobody but who wrote it."""

    domain = Domain.CIRCLE

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["threat", "user"], name="threat_reader_once")]

    def __str__(self) -> str:
        return str(self.user)


class Sighting(TenantModel):
    """That a member saw a threat at home, once per day. Others see rounded numbers per month only."""

    domain = Domain.CIRCLE

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="sightings")
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["threat", "member", "on"], name="sighting_once_a_day")]

    def __str__(self) -> str:
        return f"{self.member}: {self.on}"
