"""What the pages of the network share: the check at the door, panels as HTML, and one page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.middleware.csrf import get_token
from django.template.loader import get_template

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied
from brandwacht.network.panels import panels_for
from brandwacht.network.policy import Owner, decide
from brandwacht.network.requests import ActorRequest

PAGE = 50
"""Rows on one page of a list."""


def require(actor: Actor, action: str) -> None:
    """Raise ``Denied`` with the policy's reason unless the actor may do this at the own organisation."""
    decision = decide(actor, action, Owner(actor.organisation_id))
    if not decision:
        raise Denied(decision)


def panel_html(request: ActorRequest, kind: str, thing: Any) -> list[str]:
    """The panels of the place "verhaal" for a page or thing, each rendered with its own context."""
    shared = {"actor": request.actor, "request": request, "csrf_token": get_token(request)}
    return [
        get_template(content.template).render({**shared, **content.context})
        for content in panels_for(kind, request.actor, thing).get("verhaal", [])
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list that is paged by key: its rows, and the address of the next page if there is one."""

    rows: Sequence[Any]
    next_url: str


def keyset_page(request: ActorRequest, rows: QuerySet[Any], key: str, *, size: int = PAGE) -> Page:
    """The rows after the GET field "after", by a unique number ``key`` that falls (``rows`` is ordered by -``key``)."""
    after = request.GET.get("after", "")
    if after.isdecimal():
        rows = rows.filter(**{f"{key}__lt": int(after)})
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    query = request.GET.copy()
    query["after"] = str(getattr(found[size - 1], key))
    return Page(found[:size], f"?{query.urlencode()}")
