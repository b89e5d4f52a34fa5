"""The MISP feed of the circle, for a MISP that reads it with the token of a member."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from brandwacht.network.errors import NotFound
from brandwacht.network.pages import enter
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.policies.couplings import SEE_ITEM
from brandwacht.sharing.policies.objects import SEE_OBJECT
from brandwacht.sharing.queries import couplings as queries

router = Router(by_alias=True)


@router.get(
    "/misp-files/{key}",
    tags=["sharing"],
    summary="Een bestand van de MISP-feed van de kring",
    openapi_extra={
        "responses": {200: {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}}
    },
)
def feed_file(request: ActorRequest, key: str) -> HttpResponse:
    """One file of the feed, as MISP asks for it; what the caller may not have is not there."""
    actor = request.actor
    enter(actor, SEE_ITEM)
    circle = circle_for(actor, SEE_OBJECT)
    content = queries.misp_feed_file(actor, circle, key)
    if content is None:
        raise NotFound
    note_listing(actor, SEE_ITEM, {circle.pk})
    kind = "text/csv; charset=utf-8" if key.endswith(".csv") else "application/json"
    return HttpResponse(content, content_type=kind)
