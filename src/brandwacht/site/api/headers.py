"""Headers of every API answer: version, caching and the security headers of the design rules."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from brandwacht.site.api.changes import VERSION
from brandwacht.site.api.problems import problem

ROOT = "/api/v1"
OPENAPI = f"{ROOT}/openapi.json"


class ApiHeadersMiddleware:
    """Adds the headers to everything under ``/api/``; the OpenAPI document may be read from any origin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            if response.status_code == 405:
                response = _wrong_method(response["Allow"])
            response["API-Version"] = VERSION
            response["Cache-Control"] = "no-store"
            if request.path == OPENAPI:
                response["Access-Control-Allow-Origin"] = "*"
        return response


def _wrong_method(allow: str) -> HttpResponse:
    allowed = ", ".join(sorted(allow.split(", ")))  # ninja gives them in no order
    detail = _("Dit adres kent alleen: %(methods)s.") % {"methods": allowed}
    response = problem(405, _("Deze methode kan hier niet"), detail)
    response["Allow"] = allowed
    return response
