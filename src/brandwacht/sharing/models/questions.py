"""Tables of "Ziet iemand dit?": a question to the circle, and what was answered."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation, User
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked, WithIndicators
from brandwacht.sharing.models.pseudonyms import Pseudonym


class CircleQuestion(TenantModel, Marked, WithIndicators):
    """A question of a member to the circle, by name or under a pseudonym.

    Anonymous answers are kept as sums only. ``shown_*`` are what the circle sees; ``waiting_*`` are answers that wait
    until there are three of them, so that two looks at the page never differ by one answer.
    """

    domain = Domain.CIRCLE

    text = models.TextField()
    tlp = models.CharField(max_length=12)
    indicators = models.JSONField(default=list)
    asker = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asker_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    pseudonym = models.ForeignKey(Pseudonym, null=True, blank=True, on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    shown_yes = models.PositiveIntegerField(default=0)
    shown_no = models.PositiveIntegerField(default=0)
    waiting_yes = models.PositiveIntegerField(default=0)
    waiting_no = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-asked_at"], name="question_circle_at")]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def source(self) -> str:
        """Who asks, as readers see it."""
        if self.pseudonym is not None:
            return self.pseudonym.name
        return self.asker_organisation.full_name if self.asker_organisation else ""


class QuestionAnswer(TenantModel):
    """That a member answered. ``handle`` lets each member answer once; only a named answer says who and what."""

    domain = Domain.CIRCLE

    question = models.ForeignKey(CircleQuestion, on_delete=models.CASCADE, related_name="answers")
    handle = models.CharField(max_length=64)
    member = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    seen = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "handle"], name="answer_once_per_member")]

    def __str__(self) -> str:
        return str(self.question_id)
