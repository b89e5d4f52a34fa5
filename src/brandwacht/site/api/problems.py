"""Errors of the API as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpResponse

PROBLEM = "application/problem+json"
ERRORS = {
    "400": "De vraag klopt niet",
    "401": "Niet ingelogd",
    "403": "Niet toegestaan",
    "404": "Niet gevonden, of niet voor u bestemd",
}
"""What every operation can answer with."""

SCHEMA = {
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


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """An error with status, title and detail."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return HttpResponse(orjson.dumps(body), status=status, content_type=PROBLEM)
