"""What the frame of every page needs: organisation, switcher, navigation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from brandwacht.network.actor import Actor
from brandwacht.network.menu import navigation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for ``base.html``; empty for people who are not logged in."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None}
    organisations = {a.organisation.code: a.organisation for a in getattr(request, "assignments", [])}
    match = request.resolver_match
    return {
        "actor": actor,
        "organisation": organisations[actor.organisation_code],
        "organisations": list(organisations.values()),
        "navigation": navigation(actor, (match and (match.app_name or match.url_name)) or ""),
    }
