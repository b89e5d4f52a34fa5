"""The register: processes, services and assets, and what each needs to keep working."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class NodeKind(models.TextChoices):
    """What a node of the register is."""

    PROCESS = "proces", _("Proces")
    SERVICE = "dienst", _("Dienst")
    ASSET = "middel", _("Middel")


class Node(TenantModel):
    """A process, service or asset. ``key`` is the short name that maps and tables use, unique per owner.

    ``restart`` and ``repair`` are minutes. ``confirmed`` is false for an asset that was only seen in a log and that
    its owner has not yet recognised. ``place`` is where it stands: the code of an area ("GM0599") or a latitude and
    a longitude in degrees ("51.9225, 4.4792"); empty when nobody said.
    """

    domain = Domain.REGISTER

    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=NodeKind.choices)
    sector = models.CharField(max_length=60, blank=True)
    vital = models.BooleanField(default=False)
    owner_name = models.CharField(max_length=120, blank=True)
    restart = models.PositiveIntegerField(default=0)
    repair = models.PositiveIntegerField(null=True, blank=True)
    confirmed = models.BooleanField(default=True)
    source = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="node_key_per_owner")]
        indexes = [models.Index(fields=["organisation", "kind", "name"], name="node_owner_kind_name")]

    def __str__(self) -> str:
        return self.name


class NodeName(TenantModel):
    """A name under which an asset appears in logs: host name, full domain name or address; lower case."""

    domain = Domain.REGISTER

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="names")
    value = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "value"], name="node_name_per_owner")]

    def __str__(self) -> str:
        return self.value


class Requirement(TenantModel):
    """What ``node`` needs: at least ``needed`` of its providers; without them it lasts ``autonomy`` minutes.

    With fewer than ``degraded_at`` working providers the node is degraded; when the requirement fails and the
    autonomy has run out the node becomes ``effect``.
    """

    domain = Domain.REGISTER

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="requirements")
    label = models.CharField(max_length=120)
    needed = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    degraded_at = models.PositiveSmallIntegerField(null=True, blank=True)
    autonomy = models.PositiveIntegerField(default=0)
    effect = models.CharField(
        max_length=10, default="down", choices=[("down", _("valt uit")), ("degraded", _("hapert"))]
    )

    def __str__(self) -> str:
        return self.label


class Dependency(TenantModel):
    """One provider of a requirement."""

    domain = Domain.REGISTER

    requirement = models.ForeignKey(Requirement, on_delete=models.CASCADE, related_name="dependencies")
    provider = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="provides")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["requirement", "provider"], name="provider_once_per_requirement")
        ]

    def __str__(self) -> str:
        return f"{self.requirement} <- {self.provider}"
