"""Systems of others for the tests of couplings: a small server on this machine that answers as a test says, and our own
TAXII server as another organisation's program finds it.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import orjson
import requests
from django.test import Client
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from tests.world import NOW

TAXII = "application/taxii+json;version=2.1"


@dataclass
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The JSON in it."""
        return orjson.loads(self.body)


@dataclass
class Given:
    """What the server answers: JSON, or bytes as they are."""

    content: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Loopback:
    """The server: where it is, what it was asked, and what it answers."""

    address: str = ""
    answer: Callable[[Asked], Given] = lambda _asked: Given(status=404)
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A server on this machine for as long as the block runs."""
    made = Loopback()

    class Face(BaseHTTPRequestHandler):
        wbufsize = -1  # head and body in one packet: else the other side waits for the second

        def log_message(self, *_anything: object) -> None:
            pass

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(NOW, usegmt=True)  # what a server says of the time must not depend on ours

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            asked = Asked(str(self.command), parts.path, parts.query, dict(self.headers), body)
            made.asked.append(asked)
            given = made.answer(asked)
            content = given.content if isinstance(given.content, bytes) else orjson.dumps(given.content)
            self.send_response(given.status)
            for name, value in {"Content-Type": TAXII, **given.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Face)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


class _Ours(BaseAdapter):
    """Sends what would go to http://localhost to Django's test client, in this thread and transaction."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        """One request."""
        parts = urlsplit(str(request.url))
        headers = {key: value for key, value in request.headers.items() if key.lower() != "content-length"}
        kind = headers.pop("Content-Type", "application/octet-stream")
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        browser = Client(SERVER_NAME="localhost")
        answered = browser.generic(str(request.method), address, request.body or b"", kind, headers=headers)
        response = requests.Response()
        response.status_code = answered.status_code
        response.headers.update(answered.headers)
        response.raw = HTTPResponse(io.BytesIO(answered.content), preload_content=False)
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Nothing stays open."""


@contextmanager
def our_own_server() -> Iterator[str]:
    """The address of our own TAXII server, for couplings in this process."""
    made = requests.Session.get_adapter

    def chosen(self: requests.Session, url: str) -> BaseAdapter:
        return _Ours() if url.startswith("http://localhost/") else made(self, url)

    with patch.object(requests.Session, "get_adapter", chosen):
        yield "http://localhost/taxii2/"
