"""Puts the API together: routers of the rooms, authentication, errors."""

from __future__ import annotations

import re
from http import HTTPStatus
from importlib import import_module
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf
from pydantic.alias_generators import to_camel

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.site.api.changes import VERSION, description
from brandwacht.site.api.headers import ROOT
from brandwacht.site.api.problems import ERRORS, PROBLEM, SCHEMA, problem

PARAMETER = re.compile(r"(?<={)\w+(?=})")
ROOMS = ("network", "soc", "cert", "riskmap", "baseline", "sharing", "governance")


class JsonRenderer(BaseRenderer):
    """JSON by orjson; moments in UTC with a Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body."""
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class TokenOrSession(HttpAuthBase):
    """A bearer token, or the session of somebody who is logged in (with the CSRF header on a write).

    Who no longer has a role is nobody, whatever token they kept.
    """

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor that the middleware found, if any."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is None or not actor.roles:
            return None
        if actor.origin != "api":
            refused = check_csrf(request) if request.method not in ("GET", "HEAD", "OPTIONS") else None
            return None if refused else actor
        return actor


def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(404, _("Niet gevonden"), _("Dit is er niet, of is niet voor u bestemd."))


def _denied(_request: HttpRequest, error: Any) -> HttpResponse:
    reason = error.decision.reason if isinstance(error, Denied) else _("U mag dit niet.")
    return problem(403, _("Niet toegestaan"), reason)


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, _("Dit kon niet worden gedaan"), error.message, field=error.field)


def _nobody(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem(401, _("Niet ingelogd"), _("Stuur een geldig token mee: Authorization: Bearer ..."))


def _http(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, HTTPStatus(error.status_code).phrase, str(error))


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"location": ".".join(map(str, e["loc"])), "message": e["msg"]} for e in error.errors]
    return problem(400, _("De vraag klopt niet"), _("Een of meer velden hebben geen geldige waarde."), errors=errors)


HANDLERS: dict[type[Exception], Any] = {
    NotFound: _missing,
    Http404: _missing,
    Denied: _denied,
    PermissionDenied: _denied,
    Refused: _refused,
    AuthenticationError: _nobody,
    HttpError: _http,
    ValidationError: _invalid,
}


def _camel(found: re.Match[str]) -> str:
    return to_camel(found.group())


class BrandwachtAPI(NinjaAPI):
    """The API; its document declares the errors that every operation can answer with, and speaks Dutch only."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The name of the function in camelCase."""
        return to_camel(operation.view_func.__name__)

    def get_openapi_schema(self, **_paths: Any) -> Any:
        """The OpenAPI 3.1 document: paths under the server's address, problem responses, no docstrings."""
        schema = super().get_openapi_schema(path_prefix="")
        for described in schema["components"].setdefault("schemas", {}).values():
            described.pop("description", None)
        schema["components"]["schemas"]["Problem"] = SCHEMA
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        schema["paths"] = {PARAMETER.sub(_camel, path): each for path, each in schema["paths"].items()}
        for path in schema["paths"].values():
            for operation in path.values():
                operation.pop("description", None)
                for parameter in operation["parameters"]:
                    parameter["name"] = to_camel(parameter["name"])
                for status, text in ERRORS.items():
                    operation["responses"].setdefault(status, {"description": text, "content": content})
        return schema


def build() -> NinjaAPI:
    """The API with the routers of all rooms."""
    made = BrandwachtAPI(
        title="Brandwacht",
        version=VERSION,
        description=description(),
        openapi_url="openapi.json",
        docs_url=None,
        docs_decorator=require_GET,
        urls_namespace="api",
        auth=TokenOrSession(),
        renderer=JsonRenderer(),
        servers=[{"url": f"{settings.SITE_URL}{ROOT}"}],
        openapi_extra={
            "info": {
                "contact": {"name": "Brandwacht", "email": settings.SECURITY_CONTACT, "url": settings.SITE_URL},
                "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            }
        },
    )
    for error, handler in HANDLERS.items():
        made.add_exception_handler(error, handler)
    for room in ROOMS:
        made.add_router("", import_module(f"brandwacht.{room}.api").router)
    return made


api = build()
