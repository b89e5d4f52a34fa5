"""Calls to addresses outside: what is refused, and what is told when it goes wrong."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from brandwacht.network import outgoing
from brandwacht.network.outgoing import Unreachable, address_error, call


class _Face(BaseHTTPRequestHandler):
    wait = threading.Event()

    def log_message(self, *_anything: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/druppels":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            for _number in range(3):
                self.wfile.write(b"x")
                self.wfile.flush()
                self.wait.wait(0.2)
            return
        body = gzip.compress(b"x" * 100_000) if self.path == "/bomb" else b"hallo"
        self.send_response({"/elders": 302, "/weg": 404}.get(self.path, 200))
        if self.path == "/elders":
            self.send_header("Location", "http://169.254.169.254/")
        if self.path == "/bomb":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("X-Login", self.headers.get("Authorization", ""))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        given = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(given[::-1])


@pytest.fixture(scope="module")
def face() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Face)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "taxii.example",
        "ftp://taxii.example/",
        "http://taxii.example/",
        "https://naam:geheim@taxii.example/",
        "https://[::1",
        "http://127.0.0.1.example/",
        "https://x:99999/",
    ],
)
def test_an_address_that_may_not_be_called(url: str) -> None:
    said = address_error(url)
    assert said
    assert "geheim" not in said
    with pytest.raises(Unreachable, match=r"."):
        call("GET", url)


@pytest.mark.parametrize(
    "url", ["https://taxii.example/a", "http://127.0.0.1:1/", "http://localhost/", "http://[::1]/"]
)
def test_an_address_that_may_be_called(url: str) -> None:
    assert address_error(url) == ""


def test_the_whole_answer_whatever_its_status(face: str) -> None:
    found = call("GET", face, login=("sem", "geheim"))
    assert (found.good, found.content) == (True, b"hallo")
    assert found.headers["x-login"].startswith("Basic ")
    assert call("GET", f"{face}/weg").status == 404
    assert call("POST", face, body=b"abc").content == b"cba"


def test_no_detour_and_no_flood(face: str) -> None:
    with pytest.raises(Unreachable, match="ander adres"):
        call("GET", f"{face}/elders")
    with pytest.raises(Unreachable, match="meer dan"):
        call("GET", f"{face}/bomb", most=50_000)


def test_what_does_not_answer(monkeypatch: pytest.MonkeyPatch, face: str) -> None:
    with pytest.raises(Unreachable, match="niet te bereiken"):
        call("GET", "http://127.0.0.1:1/")
    monkeypatch.setattr(outgoing, "WHOLE_SECONDS", -1)
    with pytest.raises(Unreachable, match="op tijd"):
        call("GET", face)


def test_our_own_network_is_shut_unless_the_operator_opens_it(settings: Any, face: str) -> None:
    settings.OUTGOING_INTERNAL = frozenset()
    for url in (face, "https://10.0.0.7/", "https://[::1]/", "https://169.254.169.254/"):
        with pytest.raises(Unreachable, match="eigen netwerk"):
            call("GET", url)


def test_who_trickles_is_left(monkeypatch: pytest.MonkeyPatch, face: str) -> None:
    """Looked at after every piece that comes, however small."""
    moments = iter([0.0, 1.0, outgoing.WHOLE_SECONDS + 1.0])
    monkeypatch.setattr(outgoing, "monotonic", lambda: next(moments))
    with pytest.raises(Unreachable, match="op tijd"):
        call("GET", f"{face}/druppels")
