"""What the API resources of all rooms share: camelCase keys, and pages by cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Schema
from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from brandwacht.network.errors import Refused
from brandwacht.network.paging import part, place
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing

_T = TypeVar("_T")
_S = TypeVar("_S")
MOST = 200
NEWEST = ("-pk",)


class Resource(Schema):
    """Base of all API bodies: keys in camelCase, moments in UTC."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class Page(Resource, Generic[_T]):
    """One page of a collection; ``next`` is the cursor of the page after it, null on the last."""

    items: list[_T]
    next: str | None


Cursor = Annotated[str | None, Query(description="De cursor uit `next` van de vorige pagina.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Hoeveel regels hoogstens.")]


def paged(
    request: ActorRequest, rows: QuerySet[Any], cursor: str | None, limit: int, make: Callable[[Any], _S]
) -> dict[str, Any]:
    """A page of ``rows``, newest first. The cursor is the public id of the last row that was given."""
    past = place(rows, NEWEST, cursor) if cursor else None
    if cursor and past is None:
        raise Refused(_("Deze cursor klopt niet. Begin opnieuw zonder cursor."), "cursor")
    found, more = part(rows, NEWEST, past, limit)
    return {"items": [make(row) for row in found], "next": str(found[-1].public_id) if more else None}


def paged_noted(
    request: ActorRequest, rows: QuerySet[Any], cursor: str | None, limit: int, action: str, make: Callable[[Any], _S]
) -> dict[str, Any]:
    """As ``paged``, of rows with an owner; that they were read is noted as a use of ``action`` (``note_listing``)."""
    page = paged(request, rows, cursor, limit, lambda row: row)
    note_listing(request.actor, action, {row.organisation_id for row in page["items"]})
    return page | {"items": [make(row) for row in page["items"]]}
