"""Tables of the governance of a circle: guidelines, seats, who signed what, and meetings."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import Organisation, User
from brandwacht.network.tenancy import TenantModel
from brandwacht.sharing.models.common import Marked


class Guideline(TenantModel):
    """One version of the membership guidelines of a circle, in force from a day until the next version is."""

    domain = Domain.CIRCLE

    version = models.PositiveIntegerField()
    text = models.TextField()
    from_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="guideline_version")]

    def __str__(self) -> str:
        return f"{self.organisation.code} {self.version}"


class CircleSeat(TenantModel):
    """A person's place in a circle on behalf of a member, opened by signing the guidelines.

    The member names the person by giving the role "Lid VR-ISAC"; ending that role ends the seat.
    """

    domain = Domain.CIRCLE

    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "member", "user"],
                condition=models.Q(ended_at__isnull=True),
                name="seat_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.member}"


class GuidelineSignature(TenantModel):
    """That the holder of a seat signed a version of the guidelines. Owner: the circle."""

    domain = Domain.CIRCLE

    seat = models.ForeignKey(CircleSeat, on_delete=models.PROTECT, related_name="signatures")
    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="signatures")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "guideline"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.seat}: {self.guideline.version}"


class Meeting(TenantModel, Marked):
    """A meeting of a circle; with TLP:RED only those who attended read about it."""

    domain = Domain.CIRCLE

    title = models.CharField(max_length=200)
    on = models.DateField()
    tlp = models.CharField(max_length=12)
    agenda = models.TextField()
    decisions = models.TextField(blank=True)
    written_by = models.CharField(max_length=120)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Attendee(TenantModel):
    """A person who attended a meeting, on behalf of which organisation. Owner: the circle."""

    domain = Domain.CIRCLE

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="attendee_once")]

    def __str__(self) -> str:
        return str(self.user)
