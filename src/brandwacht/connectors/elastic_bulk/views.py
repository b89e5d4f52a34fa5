"""The addresses that senders ask for. The token of a source is the only key; nobody else gets an answer."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import IO, Any, Final, cast

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from brandwacht.connectors.elastic_bulk.bulk import Bulk, Item, TooLarge, Unreadable, parse, read_body
from brandwacht.soc.models import LogSource
from brandwacht.soc.services.intake import WAIT, Full, Intake
from brandwacht.soc.services.logsources import PREFIX, source_by_token

VERSION: Final = "8.17.0"
"""The version that we say to be: new enough for the senders of today, which refuse to talk to an older one."""
LONGEST_TOKEN: Final = 512
SHARDS: Final = {"total": 1, "successful": 1, "failed": 0}

intake: Final = Intake()

View = Callable[..., HttpResponse]
_PARTS: Final = ("_xpack", "_ilm", "_template", "_index_template", "_component_template", "_ingest", "_data_stream")


def _answer(data: Any, status: int = 200) -> HttpResponse:
    answer = HttpResponse(orjson.dumps(data), status=status, content_type="application/json")
    answer["X-Elastic-Product"] = "Elasticsearch"
    return answer


def refusal(status: int, kind: str, reason: str) -> HttpResponse:
    """An error in the form that senders know."""
    cause = {"type": kind, "reason": reason}
    return _answer({"error": {"root_cause": [cause], **cause}, "status": status}, status)


def token_in(header: str) -> str:
    """The token in an Authorization header: bearer, API key (plain or as id:key in base64), or password; or ""."""
    scheme, _space, text = header.strip().partition(" ")
    text = text.strip()
    if len(text) > LONGEST_TOKEN:
        return ""
    if scheme.lower() == "bearer" or (scheme.lower() == "apikey" and text.startswith(PREFIX)):
        return text
    if scheme.lower() not in ("apikey", "basic"):
        return ""
    try:
        return base64.b64decode(text, validate=True).decode("ascii").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def for_sources(*methods: str) -> Callable[[View], View]:
    """A view for senders only: the right methods, and the token of a source that works."""

    def wrap(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            source = source_by_token(token_in(request.headers.get("Authorization", "")))
            if source is None:
                answer = refusal(401, "security_exception", _("Dit token werkt niet. Gebruik het token van de bron."))
                answer["WWW-Authenticate"] = 'ApiKey, Basic realm="brandwacht", Bearer'
                return answer
            if request.method not in methods:
                answer = refusal(405, "illegal_argument_exception", _("Deze methode kan hier niet."))
                answer["Allow"] = ", ".join(methods)
                return answer
            return view(request, source, *args, **kwargs)

        return inner

    return wrap


@for_sources("GET", "HEAD")
def root(request: HttpRequest, source: LogSource) -> HttpResponse:
    """Who we say to be: senders ask this before they send."""
    return _answer(
        {
            "name": "brandwacht",
            "cluster_name": "brandwacht",
            "cluster_uuid": str(source.public_id),
            "version": {
                "number": VERSION,
                "build_flavor": "default",
                "build_type": "tar",
                "lucene_version": "9.12.0",
                "minimum_wire_compatibility_version": "7.17.0",
                "minimum_index_compatibility_version": "7.0.0",
            },
            "tagline": "You Know, for Search",
        }
    )


@for_sources("POST", "PUT")
def bulk(request: HttpRequest, source: LogSource, index: str = "") -> HttpResponse:
    """Take documents: 200 with a status per document once they are on the disk, or all of them refused."""
    try:
        # Before a byte is read: a sender that must wait should not have to send it all to hear so.
        intake.require_room(source)
        body = read_body(_stream(request), _length(request), request.headers.get("Content-Encoding", "").lower())
        found = parse(body, index)
        intake.take(source, found.payloads, timezone.now())
    except TooLarge as error:
        return refusal(413, "content_too_long_exception", str(error))
    except Unreadable as error:
        return refusal(400, "illegal_argument_exception", str(error))
    except Full as error:
        answer = refusal(429, "es_rejected_execution_exception", str(error))
        answer["Retry-After"] = str(WAIT)
        return answer
    return _answer(_told(found, brief="filter_path" in request.GET))


@for_sources("GET", "HEAD", "PUT", "POST")
def setup(request: HttpRequest, source: LogSource, rest: str) -> HttpResponse:
    """What senders ask or set up around their sending: licence, templates, life cycle. Nothing is kept of it."""
    first = rest.partition("/")[0]
    if first == "_license":
        facts = {"uid": str(source.public_id), "type": "basic", "mode": "basic", "status": "active"}
        return _answer({"license": facts})
    if rest == "_cluster/health":
        return _answer({"cluster_name": "brandwacht", "status": "green", "timed_out": False, "number_of_nodes": 1})
    if first in _PARTS or not first.startswith("_"):
        return _answer({"acknowledged": True})
    return refusal(404, "resource_not_found_exception", _("Hier worden alleen logs ontvangen."))


def _length(request: HttpRequest) -> int | None:
    """The stated length of the body; ``None`` when it comes in pieces that say themselves where they end."""
    stated = str(request.META.get("CONTENT_LENGTH") or "")
    if stated.isdecimal():
        return int(stated)
    return None if request.META.get("wsgi.input_terminated") else 0


def _stream(request: HttpRequest) -> IO[bytes]:
    return cast(IO[bytes], request.META["wsgi.input"])


def _told(found: Bulk, *, brief: bool) -> dict[str, Any]:
    """The answer; ``brief`` for senders that asked for what went wrong only (``filter_path``)."""
    items = [{item.action: _brief(item) if brief else _whole(item)} for item in found.items]
    return {"errors": found.errors, "items": items} | ({} if brief else {"took": 0})


def _brief(item: Item) -> dict[str, Any]:
    if not item.reason:
        return {"status": item.status}
    return {"status": item.status, "error": {"type": item.kind, "reason": item.reason}}


def _whole(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {"_index": item.index, "_id": item.id, **_brief(item)}
    if not item.reason:
        told |= {"_version": 1, "result": "created", "_shards": SHARDS, "_seq_no": 0, "_primary_term": 1}
    return told
