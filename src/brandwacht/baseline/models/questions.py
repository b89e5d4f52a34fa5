"""Questions of the norm that a colleague without an account answers through a signed link."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.baseline.models.answers import FRAMEWORK, AnswerState
from brandwacht.network.domains import Domain
from brandwacht.network.models.links import SignedLink
from brandwacht.network.tenancy import TenantModel


class AskedState(models.TextChoices):
    """Where a question stands that was put to somebody."""

    OPEN = "uitgezet", _("Wacht op antwoord")
    ANSWERED = "beantwoord", _("Wacht op uw oordeel")
    TAKEN = "overgenomen", _("Overgenomen")
    CHANGED = "gewijzigd", _("Gewijzigd overgenomen")
    REFUSED = "afgewezen", _("Niet overgenomen")
    WITHDRAWN = "ingetrokken", _("Ingetrokken")


class Said(models.TextChoices):
    """What somebody who does not know the norm can say about a question, in their own words."""

    YES = "ja", _("Ja, dat is geregeld")
    PARTLY = "deels", _("Voor een deel")
    NO = "nee", _("Nee, nog niet")
    NOT_HERE = "niet_hier", _("Dit speelt bij ons niet")
    UNKNOWN = "weet_niet", _("Dat weet ik niet")

    @property
    def as_answer(self) -> AnswerState | None:
        """The answer to the norm that it stands for; ``None`` for who does not know."""
        return {
            Said.YES: AnswerState.MET,
            Said.PARTLY: AnswerState.PARTLY,
            Said.NO: AnswerState.NOT_MET,
            Said.NOT_HERE: AnswerState.NOT_APPLICABLE,
            Said.UNKNOWN: None,
        }[self]


class AskedQuestion(TenantModel):
    """One question of the norm put to one person, what that person said, and what the CISO did with it.

    ``note`` is what the CISO writes with the question. ``choice`` and ``words`` are a proposal: nothing of it counts
    until somebody takes it over. ``due`` is the day before which an answer is asked. ``mail_failed`` says why the last
    mail did not leave, empty when it did.
    """

    domain = Domain.QUESTION

    framework = models.CharField(max_length=30, default=FRAMEWORK)
    control = models.CharField(max_length=20)
    person = models.CharField(max_length=120)
    email = models.EmailField()
    note = models.CharField(max_length=500, blank=True)
    due = models.DateField()
    state = models.CharField(max_length=12, choices=AskedState.choices, default=AskedState.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_failed = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    choice = models.CharField(max_length=10, choices=Said.choices, blank=True)
    words = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=120, blank=True)
    verdict = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "state"], name="asked_owner_state")]

    def __str__(self) -> str:
        return f"{self.control}: {self.person}"


class QuestionLink(SignedLink):
    """A link to one question, one for every mail that was sent about it; its token stands in that mail only."""

    domain = Domain.QUESTION

    question = models.ForeignKey(AskedQuestion, on_delete=models.CASCADE, related_name="links")

    def __str__(self) -> str:
        return str(self.question)


class QuestionFile(TenantModel):
    """A photo or document that came with an answer, until it becomes evidence or is erased with a refusal."""

    domain = Domain.QUESTION

    question = models.ForeignKey(AskedQuestion, on_delete=models.CASCADE, related_name="files")
    filename = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.filename
