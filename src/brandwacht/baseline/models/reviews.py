"""Tables of a review by others: peers of another region, or an auditor. The reviewed organisation owns all of it.

What reviewers may see was laid in the review when it was opened (``ReviewItem`` and ``ReviewEvidence``): a copy of
those answers and of what proves them, so that nothing else of the basis can be reached through it, and so that later
it can still be shown what exactly was looked at.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerState, Finding
from brandwacht.engines.norms.sampling import Draw
from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation
from brandwacht.network.models.access import last_of
from brandwacht.network.tenancy import TenantModel


class ReviewKind(models.TextChoices):
    """Who looks: colleagues of another region, or a professional. The parts are the same."""

    PEER = "collegiaal", _("Collegiale toetsing")
    AUDIT = "audit", _("Audit")


class ReviewState(models.TextChoices):
    """Where a review stands. Reviewers see answers in the states ``OPEN`` and ``CONCLUDED`` only."""

    INVITED = "uitgenodigd", _("Uitgenodigd")
    AGREED = "afgesproken", _("Afgesproken")
    OPEN = "loopt", _("Loopt")
    CONCLUDED = "oordeel", _("Oordeel gegeven")
    CLOSED = "afgesloten", _("Afgesloten")
    DECLINED = "afgewezen", _("Afgewezen")
    WITHDRAWN = "ingetrokken", _("Ingetrokken")


RUNNING = (ReviewState.INVITED, ReviewState.AGREED, ReviewState.OPEN, ReviewState.CONCLUDED)
"""States in which a reviewer still has something to do."""


class DrawWay(models.TextChoices):
    """How the sample was made; the words of ``engines.norms.sampling``."""

    BY_HAND = Draw.BY_HAND.value, _("Met de hand gekozen")
    BELOW = Draw.BELOW.value, _("Alles onder een score")
    RISKIEST = Draw.RISKIEST.value, _("De grootste risico's")
    RANDOM = Draw.RANDOM.value, _("Door loting")


class Outcome(models.TextChoices):
    """What the reviewers conclude of the whole sample."""

    MET = "voldoet", _("Voldoet")
    WITH_REMARKS = "voldoet_met_punten", _("Voldoet, met punten die beter moeten")
    NOT_MET = "voldoet_niet", _("Voldoet niet")


class Weight(models.TextChoices):
    """How much a point for improvement weighs."""

    HIGH = "hoog", _("Hoog")
    MIDDLE = "midden", _("Midden")
    LOW = "laag", _("Laag")


class ProofKind(models.TextChoices):
    """What shows that the norm is met, other than one's own word."""

    PEER = ReviewKind.PEER.value, _("Collegiale toetsing")
    AUDIT = ReviewKind.AUDIT.value, _("Audit")
    CERTIFICATE = "certificaat", _("Certificaat")


class Review(TenantModel):
    """One review. ``ends_at`` is when the reviewers' access ends by itself; the grant on this row says the same.

    ``reviewer_name`` is the person whom the access is narrowed to, or empty: then all reviewers of ``reviewer``.
    """

    domain = Domain.REVIEW

    kind = models.CharField(max_length=12, choices=ReviewKind.choices)
    framework = models.CharField(max_length=30, default=FRAMEWORK)
    title = models.CharField(max_length=120)
    question = models.TextField(blank=True)
    reviewer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reviewer_name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.INVITED)
    way = models.CharField(max_length=20, choices=DrawWay.choices)
    way_size = models.PositiveIntegerField(null=True, blank=True)
    way_seed = models.PositiveIntegerField(null=True, blank=True)
    invited_at = models.DateTimeField()
    invited_by = models.CharField(max_length=120)
    ends_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    conclusion = models.TextField(blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)
    concluded_by = models.CharField(max_length=120, blank=True)
    reaction = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-invited_at"], name="review_owner_invited")]

    def __str__(self) -> str:
        return self.title

    @property
    def last(self) -> date | datetime:
        """The last day, or moment, on which the reviewers have access."""
        return last_of(self.ends_at)

    @property
    def concluded_on(self) -> date | None:
        """The day of the conclusion, in local time."""
        return timezone.localdate(self.concluded_at) if self.concluded_at else None


class ReviewItem(TenantModel):
    """One control of the sample: the dossier (what the organisation answered) and the second score beside it."""

    domain = Domain.REVIEW

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="items")
    place = models.PositiveIntegerField()
    control = models.CharField(max_length=20)
    laid_at = models.DateTimeField(null=True, blank=True)
    first_state = models.CharField(max_length=20, choices=AnswerState.choices, default=AnswerState.OPEN)
    first_design = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    first_existence = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    first_operation = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    first_reason = models.TextField(blank=True)
    first_by = models.CharField(max_length=120, blank=True)
    first_at = models.DateTimeField(null=True, blank=True)
    second_state = models.CharField(max_length=20, choices=AnswerState.choices, blank=True)
    second_design = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    second_existence = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    second_operation = models.CharField(max_length=5, choices=Finding.choices, blank=True)
    second_reason = models.TextField(blank=True)
    second_by = models.CharField(max_length=120, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["review", "control"], name="review_item_once")]

    def __str__(self) -> str:
        return self.control

    @property
    def differs(self) -> bool:
        """Whether the second score is another than the first, or one of its three findings is."""
        pairs = (
            (self.first_design, self.second_design),
            (self.first_existence, self.second_existence),
            (self.first_operation, self.second_operation),
        )
        return bool(self.second_state) and (
            self.second_state != self.first_state or any(one and two and one != two for one, two in pairs)
        )


class ReviewEvidence(TenantModel):
    """What the organisation laid in the dossier to prove one answer: what and where it is, and from when until when.

    ``evidence_ref`` is the public id of the row of the basis it was copied from, if any; no key of the database, so
    that the row can not be joined to the basis.
    """

    domain = Domain.REVIEW

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField(max_length=200)
    where = models.TextField(blank=True)
    filename = models.CharField(max_length=150, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    evidence_ref = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class ReviewRemark(TenantModel):
    """One line in the talk about a control, by either side."""

    domain = Domain.REVIEW

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    by_organisation = models.CharField(max_length=140)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class ReviewPoint(TenantModel):
    """A point that must be better. ``measure_ref`` is the public id of the measure that it became.

    It is no key of the database: who may read a review must not be able to join it to the basis.
    """

    domain = Domain.REVIEW

    item = models.ForeignKey(ReviewItem, on_delete=models.CASCADE, related_name="points")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    weight = models.CharField(max_length=8, choices=Weight.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    measure_ref = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class ReviewStep(TenantModel):
    """One line in the story of a review: what happened, when, by whom of which organisation."""

    domain = Domain.REVIEW

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="steps")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    by_organisation = models.CharField(max_length=140)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class Proof(TenantModel):
    """An outcome that was laid down: a review in Brandwacht (``review_ref``), or one held elsewhere, or a certificate.

    What was held elsewhere is the organisation's own statement; ``document`` says where the report is.
    """

    domain = Domain.BASIS

    kind = models.CharField(max_length=12, choices=ProofKind.choices)
    held_on = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=160)
    scope = models.CharField(max_length=300)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    document = models.CharField(max_length=200, blank=True)
    review_ref = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-held_on"], name="proof_owner_held")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on}"
