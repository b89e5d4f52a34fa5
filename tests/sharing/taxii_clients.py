"""The OASIS client of TAXII 2.1, talking to our server without a network."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import requests
from django.test import Client
from requests.adapters import BaseAdapter
from taxii2client.common import TokenAuth, _HTTPConnection
from taxii2client.v21 import Collection, Server

HOST = "http://testserver"


class InProcess(BaseAdapter):
    """Sends what the requests library would send to Django's test client."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **_kwargs: Any) -> requests.Response:
        """One request."""
        parts = urlsplit(str(request.url))
        headers = {key: value for key, value in request.headers.items() if key.lower() != "content-length"}
        kind = headers.pop("Content-Type", "application/octet-stream")
        body = request.body or b""
        address = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answered = Client().generic(str(request.method), address, body, kind, headers=headers)
        response = requests.Response()
        response.status_code = answered.status_code
        response.headers.update(answered.headers)
        response.raw = io.BytesIO(answered.content)
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Nothing stays open."""


@contextmanager
def in_process() -> Iterator[None]:
    """Let every connection that the client opens meanwhile come to us."""
    opened = _HTTPConnection.__init__

    def opens(self: Any, *args: Any, **kwargs: Any) -> None:
        opened(self, *args, **kwargs)
        self.session.mount(HOST, InProcess())

    with patch.object(_HTTPConnection, "__init__", opens):
        yield


def server(token: str) -> Server:
    """Our server, as this token's client finds it."""
    return Server(f"{HOST}/taxii2/", auth=TokenAuth(token))


def collections(token: str) -> list[Collection]:
    """The circle's collection, and the member's own."""
    found: list[Collection] = server(token).api_roots[0].collections
    return found
