"""The table of what each person read of the reading list."""

from django.db import models

from brandwacht.network.domains import Domain
from brandwacht.network.models import User
from brandwacht.network.tenancy import TenantModel


class ReadMark(TenantModel):
    """That a person read a thing of the circle, by its public id. It holds no moment: the audit chain keeps those.

    Of what somebody wrote themselves there is none, since a mark before anybody else's would tell who wrote it.
    """

    domain = Domain.CIRCLE

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    item = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "item"], name="read_once")]

    def __str__(self) -> str:
        return str(self.item)
