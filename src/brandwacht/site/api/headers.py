"""Headers of every API answer: version, caching and the security headers of the design rules."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

VERSION = "1.0.0"
OPENAPI = "/api/v1/openapi.json"


class ApiHeadersMiddleware:
    """Adds the headers to everything under ``/api/``; the OpenAPI document may be read from any origin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/api/"):
            response["API-Version"] = VERSION
            response["Cache-Control"] = "no-store"
            if request.path == OPENAPI:
                response["Access-Control-Allow-Origin"] = "*"
        return response
