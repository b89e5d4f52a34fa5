"""The addresses of the TAXII 2.1 server: one API root per circle, a collection of the circle and one per member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.utils.translation import gettext as _

from brandwacht.network.errors import NotFound
from brandwacht.network.requests import ActorRequest
from brandwacht.network.usecase import note_listing
from brandwacht.sharing.models import StixObject, TaxiiStatus
from brandwacht.sharing.policies.objects import SEE_OBJECT
from brandwacht.sharing.queries import objects as queries
from brandwacht.sharing.queries.objects import Collection, Filter
from brandwacht.sharing.services.objects import receive
from brandwacht.sharing.taxii.face import LONGEST_BODY, MEDIA, STIX, TaxiiError, answer, body_of, taxii, uuid_in
from brandwacht.sharing.taxii.naming import BadMoment, moment, stamp

MOST: Final = 1000
"""Objects on one page."""
_PLACE: Final = ("public_id", "date_added")
_FACTS: Final = (*_PLACE, "stix_id", "spec_version", "version")
MOST_VALUES: Final = 100
"""Values of one filter."""


@taxii("GET")
def discovery(request: ActorRequest) -> HttpResponse:
    """Which API roots there are for the caller."""
    codes = [each.circle.code.lower() for each in queries.roots(request.actor)]
    addresses = [request.build_absolute_uri(f"/taxii2/{code}/") for code in codes]
    content: dict[str, Any] = {"title": "Brandwacht"}
    if addresses:
        content |= {"default": addresses[0], "api_roots": addresses}
    return answer(content)


@taxii("GET")
def root(request: ActorRequest, code: str) -> HttpResponse:
    """One API root: a circle."""
    circle = queries.root(request.actor, code).circle
    return answer({"title": circle.full_name, "versions": [MEDIA], "max_content_length": LONGEST_BODY})


@taxii("GET")
def collections(request: ActorRequest, code: str) -> HttpResponse:
    """The collections of a circle that the caller may read."""
    found = queries.collections(request.actor, queries.root(request.actor, code))
    return answer({"collections": [_described(each) for each in found]})


@taxii("GET")
def collection(request: ActorRequest, code: str, collection: str) -> HttpResponse:
    """One collection."""
    return answer(_described(_where(request, code, collection)))


@taxii("GET", "POST")
def objects(request: ActorRequest, code: str, collection: str) -> HttpResponse:
    """The objects of a collection; or send some."""
    where = _where(request, code, collection)
    if request.method == "POST":
        if not where.may_write:
            raise TaxiiError(403, _("U mag in deze verzameling niet schrijven."))
        done = receive(request.actor, where.root, where.member, body_of(request))
        return answer(_status(done), 202)
    return _envelope(request, where, _filter(request))


@taxii("GET")
def one_object(request: ActorRequest, code: str, collection: str, object_id: str) -> HttpResponse:
    """One object, in its last version or those that are asked for."""
    where = _where(request, code, collection)
    return _envelope(request, where, _filter(request, object_id), must_exist=True)


@taxii("GET")
def versions(request: ActorRequest, code: str, collection: str, object_id: str) -> HttpResponse:
    """The versions of one object that the caller may see."""
    where = _where(request, code, collection)
    rows, more, headers = _page(request, where, _filter(request, object_id, all_versions=True))
    if not rows:
        raise NotFound
    return answer({"more": bool(more), "versions": [stamp(row.version) for row in rows]} | more, headers=headers)


@taxii("GET")
def manifest(request: ActorRequest, code: str, collection: str) -> HttpResponse:
    """What is in a collection, without the objects themselves."""
    rows, more, headers = _page(request, _where(request, code, collection), _filter(request))
    content: dict[str, Any] = {"more": bool(more)} | more
    if rows:
        content["objects"] = [
            {
                "id": row.stix_id,
                "date_added": stamp(row.date_added),
                "version": stamp(row.version),
                "media_type": STIX if row.spec_version == "2.1" else "application/stix+json;version=2.0",
            }
            for row in rows
        ]
    return answer(content, headers=headers)


@taxii("GET")
def status(request: ActorRequest, code: str, status: str) -> HttpResponse:
    """What came of something that the caller's organisation sent."""
    found = queries.status(request.actor, queries.root(request.actor, code), uuid_in(status))
    return answer(_status(found))


def _where(request: ActorRequest, code: str, collection: str) -> Collection:
    return queries.collection(request.actor, queries.root(request.actor, code), uuid_in(collection))


def _described(each: Collection) -> dict[str, Any]:
    title = _("Alleen %(name)s") % {"name": each.member.full_name} if each.member else each.circle.full_name
    return {"id": str(each.id), "title": title, "can_read": True, "can_write": each.may_write, "media_types": [STIX]}


def _status(row: TaxiiStatus) -> dict[str, Any]:
    content: dict[str, Any] = {
        "id": str(row.public_id),
        "status": "complete",
        "request_timestamp": stamp(row.at),
        "total_count": row.total,
        "success_count": len(row.successes),
        "failure_count": len(row.failures),
        "pending_count": 0,
    }
    given = {"successes": row.successes, "failures": row.failures}
    return content | {key: found for key, found in given.items() if found}


def _filter(request: ActorRequest, object_id: str = "", all_versions: bool = False) -> Filter:
    """What the address asks for; raises ``TaxiiError`` (400) for what can not be read."""
    asked = {
        name: [value for value in request.GET.get(f"match[{name}]", "").split(",") if value]
        for name in ("id", "type", "version", "spec_version")
    }
    if any(len(values) > MOST_VALUES for values in asked.values()):
        raise TaxiiError(400, _("Vraag om hoogstens %(n)d waarden tegelijk.") % {"n": MOST_VALUES})
    try:
        wanted: Sequence[str | datetime] = [
            value if value in ("first", "last", "all") else moment(value) for value in asked["version"]
        ]
        after = request.GET.get("added_after")
        added_after = moment(after) if after else None
    except BadMoment as error:
        raise TaxiiError(400, str(error)) from error
    return Filter(
        [object_id] if object_id else asked["id"],
        asked["type"],
        asked["spec_version"],
        ("all",) if all_versions else wanted or ("last",),
        added_after,
    )


def _page(
    request: ActorRequest, where: Collection, asked: Filter, columns: Sequence[Any] = _FACTS
) -> tuple[list[Any], dict[str, Any], dict[str, str]]:
    """One page: rows, "next" when there are more, and the headers that say from when to when.

    Objects are given as the store holds them, without reading their JSON. The next page starts after the last row by
    moment and key, which rise in the order in which rows come to be seen: whatever is added meanwhile comes later, so
    that each is given once. The address holds a random id, since a key counts what the reader may not see.
    """
    rows = queries.objects(request.actor, where, asked).annotate(as_text=Cast("content", TextField()))
    past = request.GET.get("next")
    if past:
        place = _place(where, past)
        later = Q(date_added__gt=place[0]) | Q(date_added=place[0], pk__gt=place[1])
        rows = rows.filter(later, date_added__gte=place[0])  # said once more: there the index is entered
    limit = _limit(request.GET.get("limit"))
    found = list(rows.values_list(*columns, named=True)[: limit + 1])
    shown = found[:limit]
    note_listing(request.actor, SEE_OBJECT, {where.circle.pk})
    if not shown:
        return [], {}, {}
    headers = {
        "X-TAXII-Date-Added-First": stamp(shown[0].date_added),
        "X-TAXII-Date-Added-Last": stamp(shown[-1].date_added),
    }
    return shown, {"next": str(shown[-1].public_id)} if len(found) > limit else {}, headers


def _place(where: Collection, past: str) -> tuple[datetime, int]:
    try:
        wanted = uuid_in(past)
    except NotFound:
        wanted = None
    found: tuple[datetime, int] | None = (
        StixObject.objects.filter(public_id=wanted, collection__public_id=where.id)
        .values_list("date_added", "pk")
        .first()
    )
    if found is None:
        raise TaxiiError(400, _("Die “next” is er niet. Begin opnieuw, eventueel met “added_after”."))
    return found


def _limit(text: str | None) -> int:
    if text is None:
        return MOST
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise TaxiiError(400, _("“limit” is een getal vanaf 1."))
    return min(int(text), MOST)


def _envelope(request: ActorRequest, where: Collection, asked: Filter, must_exist: bool = False) -> HttpResponse:
    rows, more, headers = _page(request, where, asked, (*_PLACE, "as_text"))
    if must_exist and not rows:
        raise NotFound
    content: dict[str, Any] = {"more": bool(more)} | more
    if rows:
        content["objects"] = [orjson.Fragment(row.as_text) for row in rows]
    return answer(content, headers=headers)
