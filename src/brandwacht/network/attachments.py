"""Documents that came from outside, given out again: always to keep, never to show in the browser."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse


def attachment(content: bytes, filename: str, media_type: str, *, plain: str) -> HttpResponse:
    """A download under the name that the document had; a browser that opens it all the same runs nothing of it.

    ``plain`` is the name, without an ending, for programs that know no letters but the plain ones.
    """
    ending = filename.rpartition(".")[2]
    names = f"filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(filename)}"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; {names}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
