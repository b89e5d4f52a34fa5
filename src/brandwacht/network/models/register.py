"""The register: processes, services and assets, and what each needs to keep working."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from brandwacht.network.domains import Domain
from brandwacht.network.tenancy import TenantModel


class NodeKind(models.TextChoices):
    """What a node of the register is."""

    PROCESS = "proces", _("Proces")
    SERVICE = "dienst", _("Dienst")
    ASSET = "middel", _("Middel")


class SpreadKind(models.TextChoices):
    """How the time of a repair is spread around its usual time; the shapes that ``engines.cascade`` draws from."""

    FIXED = "vast", _("altijd even lang")
    EXPONENTIAL = "exponentieel", _("exponentieel: vaak kort, soms heel lang")
    TRIANGULAR = "driehoek", _("driehoek: tussen kortste en langste")
    LOGNORMAL = "lognormaal", _("lognormaal: soms veel langer")


class Interest(models.TextChoices):
    """The six interests of national security (Rijksbrede Veiligheidsstrategie)."""

    TERRITORIAL = "territoriaal", _("Territoriale veiligheid")
    PHYSICAL = "fysiek", _("Fysieke veiligheid")
    ECONOMIC = "economisch", _("Economische veiligheid")
    ECOLOGICAL = "ecologisch", _("Ecologische veiligheid")
    STABILITY = "stabiliteit", _("Sociale en politieke stabiliteit")
    HERITAGE = "erfgoed", _("Cultureel erfgoed")


class Repair(TenantModel):
    """How often something fails by itself, and how long mending takes.

    ``repair`` is the usual time in minutes, ``None`` when it is not known: the most likely time (driehoek), the mean
    (exponentieel) or the median (lognormaal). ``repair_low`` and ``repair_high`` are the shortest and longest time
    (driehoek); with lognormaal ``repair_high`` is the time that 19 in 20 repairs stay under.
    """

    repair = models.PositiveIntegerField(null=True, blank=True)
    repair_spread = models.CharField(max_length=12, choices=SpreadKind.choices, blank=True)
    repair_low = models.PositiveIntegerField(null=True, blank=True)
    repair_high = models.PositiveIntegerField(null=True, blank=True)
    failures_per_year = models.FloatField(default=0.0, validators=[MinValueValidator(0.0)])

    class Meta:
        abstract = True


class Node(Repair):
    """A process, service or asset. ``key`` is the short name that maps and tables use, unique per owner.

    ``restart`` is minutes. ``confirmed`` is false for an asset that was only seen in a log and that its owner has not
    yet recognised. A ``draft`` was suggested and does not count in the map until somebody takes it over. ``region`` is
    the code of the region where it stands, empty for the owner's own. ``category`` is A or B for what the national
    list of vital processes names. ``place`` is where it stands on a map: the code of an area ("GM0599") or a latitude
    and a longitude in degrees ("51.9225, 4.4792"); empty when nobody said.
    """

    domain = Domain.REGISTER

    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=NodeKind.choices)
    sector = models.CharField(max_length=60, blank=True)
    vital = models.BooleanField(default=False)
    owner_name = models.CharField(max_length=120, blank=True)
    restart = models.PositiveIntegerField(default=0)
    region = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=1, blank=True, choices=[("A", "A"), ("B", "B")])
    draft = models.BooleanField(default=False)
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


class NodeImpact(TenantModel):
    """Impact points per hour that a node is degraded or down, for one interest."""

    domain = Domain.REGISTER

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="impacts")
    interest = models.CharField(max_length=12, choices=Interest.choices)
    degraded = models.FloatField(default=0.0, validators=[MinValueValidator(0.0)])
    down = models.FloatField(default=0.0, validators=[MinValueValidator(0.0)])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["node", "interest"], name="interest_once_per_node")]

    def __str__(self) -> str:
        return f"{self.node}: {self.get_interest_display()}"


class Requirement(TenantModel):
    """What ``node`` needs: at least ``needed`` of its providers; without them it lasts ``autonomy`` minutes.

    With fewer than ``degraded_at`` working providers the node is degraded; when the requirement fails and the
    autonomy has run out the node becomes ``effect``. ``coupling`` is the chance that it is felt at all.
    """

    domain = Domain.REGISTER

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="requirements")
    label = models.CharField(max_length=120)
    needed = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    degraded_at = models.PositiveSmallIntegerField(null=True, blank=True)
    autonomy = models.PositiveIntegerField(default=0)
    coupling = models.FloatField(default=1.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
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


class CauseKind(models.TextChoices):
    """What the members of a common cause share."""

    PROVIDER = "leverancier", _("Dezelfde leverancier")
    CABLE = "kabel", _("Dezelfde kabel")
    BUILDING = "gebouw", _("Hetzelfde gebouw")
    SOFTWARE = "software", _("Dezelfde software")
    OTHER = "anders", _("Iets anders")


class CommonCause(Repair):
    """One cause that takes all its members down at once, for the same time."""

    domain = Domain.REGISTER

    key = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=CauseKind.choices)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="cause_key_per_owner")]

    def __str__(self) -> str:
        return self.name


class CauseMember(TenantModel):
    """A node that a common cause takes down."""

    domain = Domain.REGISTER

    cause = models.ForeignKey(CommonCause, on_delete=models.CASCADE, related_name="members")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="causes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause", "node"], name="node_once_per_cause")]

    def __str__(self) -> str:
        return f"{self.cause} -> {self.node}"
