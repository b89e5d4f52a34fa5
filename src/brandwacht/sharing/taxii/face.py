"""What all TAXII addresses share: media types, who asks, errors as TAXII error objects, and paging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final
from uuid import UUID

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from brandwacht.network.errors import Denied, NotFound, Refused

MEDIA: Final = "application/taxii+json;version=2.1"
STIX: Final = "application/stix+json;version=2.1"
LONGEST_BODY: Final = 10 * 1024 * 1024
"""Bytes of one envelope."""
_ACCEPTED: Final = frozenset({MEDIA, "application/taxii+json", "application/*", "*/*"})

View = Callable[..., HttpResponse]


class TaxiiError(Exception):
    """An answer other than success; ``title`` is Dutch."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


def answer(content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A TAXII resource."""
    return HttpResponse(orjson.dumps(content), status=status, content_type=MEDIA, headers=dict(headers or {}))


def failed(status: int, title: str) -> HttpResponse:
    """A TAXII error object (TAXII 2.1, 3.6)."""
    response = answer({"title": title, "http_status": str(status)}, status)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Brandwacht", Basic realm="Brandwacht"'
    return response


def taxii(*methods: str) -> Callable[[View], View]:
    """A view for programs with a token: checks method and media types, and turns errors into TAXII's own."""

    def decorate(view: View) -> View:
        @csrf_exempt  # no session opens this door: the middleware looks at the token only
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _check(request, methods)
                return view(request, *args, **kwargs)
            except TaxiiError as error:
                response = failed(error.status, error.title)
            except NotFound:
                response = failed(404, _("Dit is er niet, of is niet voor u bestemd."))
            except Denied as error:
                response = failed(403, error.decision.reason)
            except Refused as error:
                response = failed(422, error.message)
            if response.status_code == 405:
                response["Allow"] = ", ".join(methods)
            return response

        return guarded

    return decorate


def _check(request: HttpRequest, methods: tuple[str, ...]) -> None:
    actor = getattr(request, "actor", None)
    if actor is None or not actor.roles:
        raise TaxiiError(401, _("Stuur een geldig token mee."))
    if request.method not in methods:
        raise TaxiiError(405, _("Dit adres kent deze methode niet."))
    asked = request.headers.get("Accept", "*/*").replace(" ", "").lower().split(",")
    if not any(each.partition(";q=")[0] in _ACCEPTED for each in asked):
        raise TaxiiError(406, _("Vraag om %(media)s.") % {"media": MEDIA})


def uuid_in(text: str) -> UUID:
    """A public id out of an address; what is none is not there."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def body_of(request: HttpRequest) -> bytes:
    """The envelope that was sent, not yet read."""
    sent = request.headers.get("Content-Type", "").replace(" ", "").lower()
    if sent not in (MEDIA, "application/taxii+json"):
        raise TaxiiError(415, _("Stuur %(media)s.") % {"media": MEDIA})
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise TaxiiError(413, _("Dit is te groot voor één keer. Verdeel het.")) from error
    if len(body) > LONGEST_BODY:
        raise TaxiiError(413, _("Dit is te groot voor één keer. Verdeel het."))
    return body
