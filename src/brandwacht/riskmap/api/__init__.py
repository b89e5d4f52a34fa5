"""API resources of the risk map, one module per subject."""

from ninja import Router

from brandwacht.riskmap.api import cascades, continuity, measures, register, vital

router = Router(by_alias=True)
for part in (cascades, register, vital, continuity, measures):
    router.add_router("", part.router)
