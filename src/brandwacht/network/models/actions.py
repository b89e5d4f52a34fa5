"""The action register behind "Deze week"."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.models.people import User
from brandwacht.network.roles import Role
from brandwacht.network.tenancy import TenantModel


class ActionState(models.TextChoices):
    """Where an action stands."""

    OPEN = "open", _("Open")
    LATER = "later", _("Later")
    DONE = "gedaan", _("Gedaan")


class Action(TenantModel):
    """One thing that somebody must do. Rooms put it here under a ``key`` of their own and end it there.

    ``risk`` runs from 1 (low) to 4 (critical); ``effort`` is minutes. ``role`` says who it is for when no person is
    named. ``path`` is the page where it is done. ``closes_itself``: its source ends it once the work there is done, so
    nobody ticks it off by hand. ``given_by`` and ``given_at``: a person gave it to ``owner``; the room named nobody.
    """

    domain = Domain.ACTIONS

    key = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    why = models.CharField(max_length=300, blank=True)
    room = models.CharField(max_length=30)
    path = models.CharField(max_length=200)
    role = models.CharField(max_length=30, choices=Role.choices, default=Role.CISO)
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    risk = models.PositiveSmallIntegerField(default=2)
    effort = models.PositiveIntegerField(default=15)
    due = models.DateTimeField(null=True, blank=True)
    closes_itself = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=ActionState.choices, default=ActionState.OPEN)
    later_until = models.DateField(null=True, blank=True)
    later_reason = models.CharField(max_length=200, blank=True)
    given_by = models.CharField(max_length=120, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="action_key_per_owner")]
        indexes = [models.Index(fields=["organisation", "state", "due"], name="action_owner_state_due")]

    def __str__(self) -> str:
        return self.title
