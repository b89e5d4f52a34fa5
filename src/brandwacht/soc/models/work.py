"""What people do with an alert: its story, questions, steps taken, and the second look."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel
from brandwacht.soc.models.alerts import Alert, Disposition


class EntryKind(models.TextChoices):
    """What a line of an alert's story tells."""

    NOTE = "notitie", _("Notitie")
    HOLDER = "toewijzing", _("Toewijzing")
    STATE = "stand", _("Stand")
    QUESTION = "vraag", _("Vraag")
    ANSWER = "antwoord", _("Antwoord")
    STEP = "stap", _("Stap")
    HANDOVER = "overdracht", _("Overdracht")
    SECOND = "tweede_blik", _("Tweede blik")


class AlertEntry(TenantModel):
    """One line of what people did with an alert, in time order. Never changed.

    ``question``, ``step`` and ``escalation`` are what the line is about, so that the page of an alert reads all of it
    at once.
    """

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    text = models.TextField()
    author = models.CharField(max_length=120)
    question = models.ForeignKey("soc.AlertQuestion", null=True, on_delete=models.CASCADE, related_name="entries")
    step = models.ForeignKey("soc.StepDone", null=True, on_delete=models.SET_NULL, related_name="entries")
    escalation = models.ForeignKey("soc.Escalation", null=True, on_delete=models.CASCADE, related_name="entries")

    class Meta:
        indexes = [models.Index(fields=["alert", "at", "id"], name="alert_entry_at")]

    def __str__(self) -> str:
        return self.text[:60]


class AlertQuestion(TenantModel):
    """A question of the analyst to the organisation whose alert it is; without ``answered_at`` it is open."""

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    due = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["alert", "asked_at", "id"], name="alert_question_asked")]

    def __str__(self) -> str:
        return self.text[:60]


class StepDone(TenantModel):
    """A step of a playbook that was taken for an alert. ``version`` is that of the playbooks at that moment."""

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="steps")
    playbook = models.CharField(max_length=40)
    step = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "playbook", "step"], name="step_once_per_alert")]

    def __str__(self) -> str:
        return f"{self.playbook}/{self.step}"


class SecondLook(TenantModel):
    """A colleague judged a closed alert again. ``disposition`` and ``closed_at`` are those that were judged."""

    domain = Domain.WATCH

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="second_looks")
    closed_at = models.DateTimeField()
    disposition = models.CharField(max_length=12, choices=Disposition.choices)
    agreed = models.BooleanField()
    reopened = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    by_user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "closed_at"], name="second_look_once")]
        indexes = [models.Index(fields=["organisation", "-at"], name="second_look_owner_at")]

    def __str__(self) -> str:
        return f"{self.disposition}: {self.agreed}"
