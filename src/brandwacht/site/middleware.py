"""Every request gets an actor and a scope, and every refusal a page that says why."""

from __future__ import annotations

import re
import time
import uuid
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor, actor_for, assignments_of
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.network.models import RoleAssignment, User
from brandwacht.network.services import tokens
from brandwacht.network.tenancy import Tenancy, tenancy_scope
from brandwacht.site import second_factor
from brandwacht.site.pages import refused

Next = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("brandwacht.request")

API = "/api/"
TAXII = "/taxii2/"
"""Where programs exchange STIX objects: the token of a person at a member, and never a session."""
CSAF = "/.well-known/csaf/"
"""Where programs get security advisories: what is TLP:CLEAR without anything, the rest with a token as for TAXII."""
SENDERS = "/ingest/"
"""Where programs deliver logs: the token of their source is all that counts there, and the view sees to that."""
SIGNED_LINKS = ("/risicokaart/deel", "/basis/vraag")
"""Where whoever has a signed link comes in; who they are besides does not count there."""
WITHOUT_ROLE = ("/account/", "/static/", "/toegankelijkheid", "/gezondheid", "/.well-known/", "/api/", *SIGNED_LINKS)
"""Paths that somebody without a role may still reach; "/" tells them how to get one."""
DEMO_MAIL = "@demo.example"
SECRET_IN_PATH = re.compile(
    "(" + "|".join(["/account/password/reset/key/", *(f"{each}/open/" for each in SIGNED_LINKS)]) + ").+"
)
"""Links that open something for whoever has them: to choose a password, to fill in a part of a register, to answer
one question.
"""


def bearer(request: HttpRequest) -> str:
    """The token in the Authorization header, or an empty text."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def taxii_token(request: HttpRequest) -> str:
    """The token as TAXII programs send it: as bearer, as "Token", or as the password of HTTP Basic with any name."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "token"):
        return text.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(text.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


class PagesNeedLogin(LoginRequiredMiddleware):
    """Every page needs a log-in unless its view says otherwise; the API, TAXII and CSAF answer 401 by themselves."""

    def process_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase | None:
        """Send people who are not logged in to the log-in page."""
        return None if request.path.startswith((API, TAXII, CSAF)) else super().process_view(request, *args, **kwargs)


class NotKept:
    """Every answer is for one person at one moment: no browser on a shared desk and no proxy keeps it.

    Static files never come here.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SmallEnough:
    """Refuses a body that is larger than any form takes before a byte of it is read.

    Django keeps an uploaded file on disk while it looks for the CSRF token, so without this anybody who reaches the
    log-in page could fill the disk.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = str(request.META.get("CONTENT_LENGTH", ""))  # without it Django reads no body at all
        if stated.isdecimal() and (len(stated) > 12 or int(stated) > settings.MAX_BODY):
            text = _("Dit is groter dan Brandwacht in één keer aanneemt. Verdeel het over meer bestanden.")
            return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class RequestLogMiddleware:
    """One structured line per request on the logger "brandwacht.request"; never the query string."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=uuid.uuid4().hex[:12])
        try:
            response = self.get_response(request)
            elapsed = round((time.perf_counter() - began) * 1000, 1)
            path = SECRET_IN_PATH.sub(r"\1...", request.path)
            log.info("request", method=request.method, path=path, status=response.status_code, ms=elapsed)
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
        if request.path.startswith(SENDERS):
            return self.get_response(request)
        if request.path.startswith(API) and (text := bearer(request)):
            return self._with_token(request, text)
        if request.path.startswith((TAXII, CSAF)):
            if text := taxii_token(request):
                return self._with_token(request, text)
            return self.get_response(request)
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        if leftover_of_demo(user):
            logout(request)
            return redirect(settings.LOGIN_URL)
        if second_factor.lacking(request):
            return self._without_second_factor(request, user)
        actor, assignments = resolve_actor(request, user, "pagina")
        request.assignments = assignments  # type: ignore[attr-defined]
        if actor is None:
            if not request.path.startswith(WITHOUT_ROLE) and request.path != "/":
                return redirect("week:home")
            with tenancy_scope(Tenancy(frozenset())):
                return self.get_response(request)
        request.actor = actor  # type: ignore[attr-defined]
        with tenancy_scope(actor.tenancy()):
            return self.get_response(request)

    def _without_second_factor(self, request: HttpRequest, user: User) -> HttpResponse:
        if elsewhere := second_factor.detour(request, user):
            return redirect(elsewhere)
        request.needs_second_factor = True  # type: ignore[attr-defined]
        with tenancy_scope(Tenancy(frozenset())):
            return self.get_response(request)

    def _with_token(self, request: HttpRequest, text: str) -> HttpResponse:
        now = timezone.now()
        token = tokens.find(text, now)
        if token is None or leftover_of_demo(token.user):
            return self.get_response(request)
        actor = actor_for(token.user, token.organisation, assignments_of(token.user, now), now, "api")
        request.actor = actor  # type: ignore[attr-defined]
        with tenancy_scope(actor.tenancy()):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn the errors of use cases into pages; the API has handlers of its own."""
        if request.path.startswith(API):
            return None
        if isinstance(error, NotFound):
            return render(request, "site/not_found.html", status=404)
        if isinstance(error, Denied):
            return render(request, "site/denied.html", {"reason": error.decision.reason}, status=403)
        if isinstance(error, Refused):
            return refused(request, error.message, 400)
        return None


def leftover_of_demo(user: User) -> bool:
    """Whether this is a demo user, of whom everybody knows the password, where no demo is meant to be."""
    return user.email.endswith(DEMO_MAIL) and not settings.DEMO


def resolve_actor(request: HttpRequest, user: User, origin: str) -> tuple[Actor | None, list[RoleAssignment]]:
    """The actor for this request: the organisation chosen in the session, else the first with a role."""
    now = timezone.now()
    assignments = assignments_of(user, now)
    organisations = {a.organisation.code: a.organisation for a in assignments}
    if not organisations:
        return None, []
    organisation = organisations.get(request.session.get("organisation", "")) or next(iter(organisations.values()))
    return actor_for(user, organisation, assignments, now, origin), assignments
