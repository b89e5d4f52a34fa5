"""Every request gets an actor and a scope, and every refusal a page that says why."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import structlog
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from brandwacht.network.actor import Actor, actor_for, assignments_of
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import User
from brandwacht.network.tenancy import Tenancy, tenancy_scope

Next = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("brandwacht.request")

WITHOUT_SECOND_FACTOR = ("/account/", "/static/")
"""Paths that somebody without a second factor may still reach, to set one up or to leave."""


class BrandwachtRequest(HttpRequest):
    """A request that went through ``ActorMiddleware``: for type checkers."""

    actor: Actor
    assignments: list[object]


class RequestLogMiddleware:
    """One structured line per request on the logger "brandwacht.request": path, status, milliseconds; no query string."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=uuid.uuid4().hex[:12])
        try:
            response = self.get_response(request)
            elapsed = round((time.perf_counter() - began) * 1000, 1)
            log.info("request", method=request.method, path=request.path, status=response.status_code, ms=elapsed)
            response["Server-Timing"] = f"app;dur={elapsed}"
            return response
        finally:
            structlog.contextvars.clear_contextvars()


class ActorMiddleware:
    """Sets ``request.actor`` and the tenancy scope; nobody gets an empty scope in which every query raises."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if settings.REQUIRE_MFA and not request.path.startswith(WITHOUT_SECOND_FACTOR):
            if not request.session.get("second_factor"):
                if not is_mfa_enabled(user):
                    return redirect("mfa_index")
                request.session["second_factor"] = True
        actor, assignments = resolve_actor(request, user, "pagina")
        request.assignments = assignments  # type: ignore[attr-defined]
        if actor is None:
            with tenancy_scope(Tenancy(frozenset())):
                return self.get_response(request)
        request.actor = actor  # type: ignore[attr-defined]
        with tenancy_scope(actor.tenancy()):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn the errors of use cases into pages; the API has handlers of its own."""
        if isinstance(error, NotFound):
            return render(request, "site/not_found.html", status=404)
        if isinstance(error, Denied):
            return render(request, "site/denied.html", {"reason": error.decision.reason}, status=403)
        if isinstance(error, Refused):
            return render(request, "site/refused.html", {"reason": error.message}, status=400)
        return None


def resolve_actor(request: HttpRequest, user: User, origin: str) -> tuple[Actor | None, list[object]]:
    """The actor for this request: the organisation chosen in the session, else the first with a role."""
    now = timezone.now()
    assignments = assignments_of(user, now)
    organisations = {a.organisation.code: a.organisation for a in assignments}
    if not organisations:
        return None, []
    organisation = organisations.get(request.session.get("organisation", "")) or next(iter(organisations.values()))
    return actor_for(user, organisation, assignments, now, origin), list(assignments)
