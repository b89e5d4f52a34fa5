"""What the pages of the network share: the check at the door and one page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest

PAGE = 50
"""Rows on one page of a list."""


def require(actor: Actor, action: str) -> None:
    """Raise ``Denied`` with the policy's reason unless the actor may do this at the own organisation."""
    decision = decide(actor, action, Owner(actor.organisation_id))
    if not decision:
        raise Denied(decision)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is paged by key: its rows, and the address of the next page if there is one."""

    rows: Sequence[Any]
    next_url: str


def keyset_page(request: ActorRequest, rows: QuerySet[Any], *keys: str, size: int = PAGE) -> Page:
    """The rows after the row whose primary key is in the GET field "after", in the order of ``keys``.

    ``keys`` are fields that are never empty, all rising or all falling ("-"); the last one is unique.
    """
    names = [key.removeprefix("-") for key in keys]
    beyond = "lt" if keys[0].startswith("-") else "gt"
    after = request.GET.get("after", "")
    last = rows.model.objects.filter(pk=int(after)).values(*names).first() if after.isdecimal() else None
    rows = rows.order_by(*keys)
    if last is not None:
        further = Q()
        for place, name in enumerate(names):
            further |= Q(**{n: last[n] for n in names[:place]}, **{f"{name}__{beyond}": last[name]})
        rows = rows.filter(further)
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    query = request.GET.copy()
    query["after"] = str(found[size - 1].pk)
    return Page(found[:size], f"?{query.urlencode()}")
