"""Syslog in: where messages end, which source they are of, and strangers within limits."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brandwacht.connectors.syslog import listener as listening
from brandwacht.connectors.syslog.framing import KEPT, MAX_MESSAGE, Splitter
from brandwacht.connectors.syslog.listener import Listener
from brandwacht.engines.detection import BadRecord, Event, parse_syslog
from brandwacht.soc.models import LogSource, SourceKind
from brandwacht.soc.services.intake import Full, Intake
from brandwacht.soc.services.payloads import events_of
from brandwacht.soc.spool import Payload

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


def split(*pieces: bytes) -> list[bytes]:
    splitter = Splitter()
    found = [payload.data for piece in pieces for payload in splitter.feed(piece)]
    return found + [payload.data for payload in splitter.end()]


def test_both_framings_and_both_in_one_stream() -> None:
    assert split(b"<1>een\n<1>twee\r\n<1>drie") == [b"<1>een", b"<1>twee", b"<1>drie"]
    assert split(b"6 <1>een7 <1>twee") == [b"<1>een", b"<1>twee"]
    assert split(b"7 <1>a\nb\n<1>lijn\n6 <1>een\n") == [b"<1>a\nb\n", b"<1>lijn", b"<1>een"]


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.lists(st.integers(1, 20), min_size=1, max_size=30))
def test_pieces_may_be_cut_anywhere(messages: list[bytes], sizes: list[int]) -> None:
    stream = b"".join(b"%d %s" % (len(message), message) for message in messages)
    pieces, at = [], 0
    while at < len(stream):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(stream[at : at + size])
        at += size
    assert split(*pieces) == messages


@given(st.lists(st.binary(max_size=200), max_size=8))
def test_any_bytes_are_taken_and_never_more_than_a_message_is_held(pieces: list[bytes]) -> None:
    splitter = Splitter(most=100)
    for piece in pieces:
        for payload in splitter.feed(piece):
            assert len(payload.data) <= max(100, KEPT)
        assert len(splitter._rest) <= 100 + 11


def test_a_message_that_is_too_long_is_cut_and_the_next_is_whole() -> None:
    for long in (b"<1>" + b"x" * 10**6 + b"\n", b"1000000 " + b"y" * 10**6):
        splitter = Splitter()
        found = [p for at in range(0, len(long), 5000) for p in splitter.feed(long[at : at + 5000])]
        found += splitter.feed(b"<1>daarna\n")
        assert [payload.cut for payload in found] == [True, False]
        assert found[1].data == b"<1>daarna"
        assert len(found[0].data) <= KEPT
        assert not splitter.waits
    assert MAX_MESSAGE < 10**6


@pytest.mark.parametrize(
    ("message", "host", "text"),
    [
        (b"<34>1 2026-11-22T13:05:00Z vrr-fw01 sshd 12 ID47 - Failed password", "vrr-fw01", "Failed password"),
        (b'<34>1 2026-11-22T13:05:00Z vrr-fw01 app - - [a@1 b="]\\]"] tekst', "vrr-fw01", ""),
        (b"<34>Nov 22 14:05:00 vrr-sw02 sshd[12]: Failed password", "vrr-sw02", "Failed password"),
        (b"<34>zomaar iets", "", "zomaar iets"),
        (b'<34>Nov 22 14:05:00 pc app: {"EventID": 1, "Computer": "DC01"}', "DC01", ""),
    ],
)
def test_messages_become_events(message: bytes, host: str, text: str) -> None:
    event = parse_syslog(message, NOW)
    assert isinstance(event, Event)
    assert event.host == host
    if text:
        assert event.fields["message"] == text
        assert event.time is not None


@given(st.binary(max_size=200), st.sampled_from(SourceKind.values), st.booleans())
def test_any_payload_is_an_event_or_a_bad_record(data: bytes, kind: str, cut: bool) -> None:
    records = events_of(kind, 3, Payload(data, cut=cut), NOW)
    assert all(isinstance(record, Event | BadRecord) for record in records)
    assert not records or records[0].number == 3


# --- the listener ----------------------------------------------------------------------------------------------------


class Kept(Intake):
    """Keeps what it is given, unless it is full."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[int, bytes, bool]] = []
        self.full = False

    def take(self, source: LogSource, payloads: Any, received_at: datetime) -> None:
        if self.full:
            raise Full("vol")
        self.got += [(source.pk, payload.data, payload.cut) for payload in payloads]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "GATHER", 0.01)
    monkeypatch.setattr(listening, "AGAIN", 0.02)


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return port


def source(pk: int, port: int, *, tls: bool = False) -> LogSource:
    return LogSource(pk=pk, name=f"bron {pk}", kind=SourceKind.SYSLOG, port=port, tls=tls)


def play(story: Callable[[Listener, Kept], Awaitable[None]], *sources: LogSource, tls: Any = None) -> Kept:
    """Run a story with a listener that listens."""
    kept = Kept()

    async def run() -> None:
        listener = Listener(lambda: sources, kept, lambda: NOW, tls=tls)
        await listener.look()
        try:
            await story(listener, kept)
        finally:
            await listener.close()

    asyncio.run(run())
    return kept


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0.01)


async def deliver(port: int, data: bytes, secure: Any = None) -> None:
    _reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=secure, server_hostname="" if secure else None
    )
    writer.write(data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


def test_the_port_says_which_source_it_is(free_port: int) -> None:
    async def story(_listener: Listener, kept: Kept) -> None:
        await deliver(free_port, b"<1>een\n<1>twee\n")
        await until(lambda: len(kept.got) == 2)

    assert play(story, source(7, free_port)).got == [(7, b"<1>een", False), (7, b"<1>twee", False)]


def test_a_full_spool_makes_the_sender_wait_and_loses_nothing(free_port: int) -> None:
    async def story(_listener: Listener, kept: Kept) -> None:
        kept.full = True
        await deliver(free_port, b"".join(b"<1>%d\n" % n for n in range(3000)))
        await asyncio.sleep(0.1)
        assert kept.got == []
        kept.full = False
        await until(lambda: len(kept.got) == 3000)

    kept = play(story, source(1, free_port))
    assert [data for _pk, data, _cut in kept.got] == [b"<1>%d" % n for n in range(3000)]


def test_what_was_received_is_written_when_it_stops(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "GATHER", 30)

    async def story(listener: Listener, _kept: Kept) -> None:
        await deliver(free_port, b"<1>een\n")
        await until(lambda: bool(listener.ports[1].gathered))

    assert len(play(story, source(1, free_port)).got) == 1


def test_a_batch_that_is_on_its_way_when_it_stops_is_written_once(free_port: int) -> None:
    began, may_go_on = threading.Event(), threading.Event()

    class Slow(Kept):
        def take(self, source: LogSource, payloads: Any, received_at: datetime) -> None:
            began.set()
            may_go_on.wait(20)
            super().take(source, payloads, received_at)

    async def run() -> list[bytes]:
        kept = Slow()
        listener = Listener(lambda: [source(1, free_port)], kept, lambda: NOW)
        await listener.look()
        await deliver(free_port, b"<1>een\n")
        await until(began.is_set)
        closing = asyncio.create_task(listener.close())
        await asyncio.sleep(0.05)
        may_go_on.set()
        await closing
        return [data for _pk, data, _cut in kept.got]

    assert asyncio.run(run()) == [b"<1>een"]


def test_a_message_that_never_ends_and_too_many_connections_are_closed(
    free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "UNFINISHED", 0.2)
    monkeypatch.setattr(listening, "MAX_CONNECTIONS", 2)

    async def story(_listener: Listener, _kept: Kept) -> None:
        opened = [await asyncio.open_connection("127.0.0.1", free_port) for _n in range(3)]
        for _reader, writer in opened[:2]:
            writer.write(b"<1>half")
        async with asyncio.timeout(120):
            assert [await reader.read() for reader, _writer in opened] == [b"", b"", b""]
        for _reader, writer in opened:
            writer.close()

    assert play(story, source(1, free_port)).got == []


def test_a_source_that_ended_is_no_longer_listened_to(free_port: int) -> None:
    sources = [source(1, free_port)]

    async def story(listener: Listener, _kept: Kept) -> None:
        sources.clear()
        listener._sources = lambda: sources
        await listener.look()
        with pytest.raises(OSError):
            await deliver(free_port, b"<1>een\n")

    play(story, *sources)


def test_over_tls(free_port: int, tmp_path: Path) -> None:
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
         "-subj", "/CN=localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(cert, key)
    theirs = ssl.create_default_context(cafile=str(cert))
    theirs.check_hostname = False

    async def story(_listener: Listener, kept: Kept) -> None:
        await deliver(free_port, b"6 <1>een", theirs)
        await until(lambda: len(kept.got) == 1)
        reader, writer = await asyncio.open_connection("127.0.0.1", free_port)
        writer.write(b"<1>zonder tls\n" * 100)
        with contextlib.suppress(ConnectionError):
            await reader.read()  # at most an alert of TLS, and then it is closed
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    kept = play(story, source(1, free_port, tls=True), tls=ours)
    assert [data for _pk, data, _cut in kept.got] == [b"<1>een"]


def test_a_source_with_tls_is_not_listened_to_in_the_clear(free_port: int) -> None:
    async def story(listener: Listener, _kept: Kept) -> None:
        assert listener.ports == {}

    play(story, source(1, free_port, tls=True))
