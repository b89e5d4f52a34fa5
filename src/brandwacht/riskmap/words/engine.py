"""The words of the register as the engine knows them."""

from collections.abc import Mapping
from types import MappingProxyType

from brandwacht.engines.cascade.model import CommonKind, Interest
from brandwacht.engines.cascade.spread import SpreadKind
from brandwacht.network import models

INTERESTS: Mapping[str, Interest] = MappingProxyType(
    {
        models.Interest.TERRITORIAL: "territorial",
        models.Interest.PHYSICAL: "physical",
        models.Interest.ECONOMIC: "economic",
        models.Interest.ECOLOGICAL: "ecological",
        models.Interest.STABILITY: "stability",
        models.Interest.HERITAGE: "heritage",
    }
)
SPREADS: Mapping[str, SpreadKind] = MappingProxyType(
    {
        models.SpreadKind.FIXED: "fixed",
        models.SpreadKind.EXPONENTIAL: "exponential",
        models.SpreadKind.TRIANGULAR: "triangular",
        models.SpreadKind.LOGNORMAL: "lognormal",
    }
)
CAUSES: Mapping[str, CommonKind] = MappingProxyType(
    {
        models.CauseKind.PROVIDER: "provider",
        models.CauseKind.CABLE: "cable",
        models.CauseKind.BUILDING: "building",
        models.CauseKind.SOFTWARE: "software",
        models.CauseKind.OTHER: "other",
    }
)
