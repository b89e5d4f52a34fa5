"""Puts the API together: routers of the rooms, authentication, errors."""

from __future__ import annotations

from http import HTTPStatus
from importlib import import_module
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security.http import HttpAuthBase
from ninja.utils import check_csrf
from pydantic.alias_generators import to_camel

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Denied, NotFound, Refused
from brandwacht.site.api.headers import VERSION

PROBLEM = "application/problem+json"
ROOMS = ("network",)


class JsonRenderer(BaseRenderer):
    """JSON by orjson; moments in UTC with a Z."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The body."""
        return orjson.dumps(data, option=orjson.OPT_UTC_Z)


class TokenOrSession(HttpAuthBase):
    """A bearer token, or the session of somebody who is logged in (with the CSRF header on a write)."""

    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The actor that the middleware found, if any."""
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None and actor.origin != "api":
            refused = check_csrf(request) if request.method not in ("GET", "HEAD", "OPTIONS") else None
            return None if refused else actor
        return actor


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """An error as ``application/problem+json`` (RFC 9457) with status, title and detail."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM)


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


class BrandwachtAPI(NinjaAPI):
    """The API; its document declares the errors that every operation can answer with."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """The name of the function in camelCase."""
        return to_camel(operation.view_func.__name__)

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """The OpenAPI 3.1 document with problem responses."""
        schema = super().get_openapi_schema(*args, **kwargs)
        schema["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in schema["paths"].values():
            for operation in path.values():
                for status, description in ERRORS.items():
                    operation["responses"].setdefault(status, {"description": description, "content": content})
        return schema


ERRORS = {
    "400": "De vraag klopt niet",
    "401": "Niet ingelogd",
    "403": "Niet toegestaan",
    "404": "Niet gevonden, of niet voor u bestemd",
}
PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "Een fout volgens RFC 9457.",
    "required": ["type", "status", "title", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"location": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def build() -> NinjaAPI:
    """The API with the routers of all rooms."""
    made = BrandwachtAPI(
        title="Brandwacht",
        version=VERSION,
        description=_("De gegevens van Brandwacht, voor wie er recht op heeft."),
        openapi_url="openapi.json",
        docs_url=None,
        urls_namespace="api",
        auth=TokenOrSession(),
        renderer=JsonRenderer(),
        servers=[{"url": settings.SITE_URL}],
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
