"""Listening for syslog: a port per source, messages into its spool, and strangers kept within limits.

A sender gets no answer in this protocol. When the spool takes nothing, reading stops, and the sender's own queue holds
what it has: TCP is the back-pressure.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from brandwacht.connectors.syslog.framing import Splitter
from brandwacht.soc.models import LogSource
from brandwacht.soc.services.intake import Full, Intake
from brandwacht.soc.spool import Payload

log = structlog.get_logger(__name__)

PIECE: Final = 64 * 1024
MAX_CONNECTIONS: Final = 200
"""Of one source at the same time; more are closed at once."""
HANDSHAKE: Final = 10.0
UNFINISHED: Final = 30.0
"""Seconds in which a message that began must be complete."""
IDLE: Final = 3600.0
"""Seconds without a message after which a connection is closed; the sender opens another one when it has something."""
GATHER: Final = 0.1
MOST_GATHERED: Final = 1000
AGAIN: Final = 2.0
"""Seconds before a spool that was full is tried again."""


@dataclass(eq=False, slots=True)
class Port:
    """A source that is listened to: its server, its connections, and what was received but not yet in the spool."""

    source: LogSource
    server: asyncio.Server | None = None
    connections: set[asyncio.Task[None]] = field(default_factory=set)
    gathered: list[Payload] = field(default_factory=list)
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    writing: asyncio.Task[None] | None = None


class Listener:
    """Listens on a port for every source that ``sources`` names, and looks again at them now and then."""

    def __init__(
        self,
        sources: Callable[[], Iterable[LogSource]],
        intake: Intake,
        clock: Callable[[], datetime],
        *,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._sources, self._intake, self._clock = sources, intake, clock
        self._host, self._tls = host, tls
        self.ports: dict[int, Port] = {}

    async def look(self) -> None:
        """Open what is new, close what ended. A port that does not open is tried again the next time."""
        wanted = {source.pk: source for source in await asyncio.to_thread(lambda: list(self._sources()))}
        for pk in self.ports.keys() - wanted.keys():
            await self._close(self.ports.pop(pk))
        for pk, source in wanted.items():
            if pk not in self.ports:
                with contextlib.suppress(OSError):
                    if port := await self._listen(source):
                        self.ports[pk] = port

    async def close(self) -> None:
        """Close every port; what was received is written."""
        for port in self.ports.values():
            await self._close(port)
        self.ports.clear()

    async def _listen(self, source: LogSource) -> Port | None:
        if source.tls and self._tls is None:
            log.warning("no certificate, so this source is not listened to", source=source.name, port=source.port)
            return None
        port = Port(source)
        port.room.set()
        try:
            port.server = await asyncio.start_server(
                lambda reader, writer: self._serve(port, reader, writer),
                self._host,
                source.port,
                limit=PIECE,
                ssl=self._tls if source.tls else None,
                ssl_handshake_timeout=HANDSHAKE if source.tls else None,
            )
        except OSError as error:
            log.warning("this port can not be opened", source=source.name, port=source.port, error=str(error))
            raise
        port.writing = asyncio.create_task(self._write(port))
        return port

    async def _close(self, port: Port) -> None:
        if port.server is not None:
            port.server.close()
        for task in list(port.connections):
            task.cancel()
        await asyncio.gather(*port.connections, return_exceptions=True)
        # Not cancelled: a batch that is on its way to the spool would be written and yet still count as gathered.
        port.ending.set()
        port.wanted.set()
        if port.writing is not None:
            await asyncio.gather(port.writing, return_exceptions=True)
        await asyncio.to_thread(self._intake.forget, port.source)

    async def _serve(self, port: Port, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine that runs has a task
        if len(port.connections) >= MAX_CONNECTIONS:
            writer.close()
            return
        port.connections.add(task)
        try:
            await self._read(port, reader)
        except (TimeoutError, OSError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            port.connections.discard(task)
            writer.close()

    async def _read(self, port: Port, reader: asyncio.StreamReader) -> None:
        splitter = Splitter()
        loop = asyncio.get_running_loop()
        begun: float | None = None
        while True:
            # A message that began must end in time, however slowly its bytes come.
            limit = IDLE if begun is None else max(0.01, begun + UNFINISHED - loop.time())
            piece = await asyncio.wait_for(reader.read(PIECE), limit)
            messages = splitter.feed(piece) if piece else splitter.end()
            begun = None if not splitter.waits else loop.time() if messages or begun is None else begun
            if messages:
                await port.room.wait()
                port.gathered += messages
                if len(port.gathered) >= MOST_GATHERED:
                    port.room.clear()
                port.wanted.set()
            if not piece:
                return

    async def _write(self, port: Port) -> None:
        """Write what was gathered, a moment's worth at a time; while it cannot be written nothing more is read.

        When the port ends, what is left is tried once more.
        """
        while not port.ending.is_set():
            await port.wanted.wait()
            await self._pause(port, GATHER)
            port.wanted.clear()
            while port.gathered:
                try:
                    await self._keep(port)
                except Full as full:
                    port.room.clear()
                    log.warning("syslog has to wait", source=port.source.name, reason=str(full))
                    if port.ending.is_set():
                        return
                    await self._pause(port, AGAIN)
            port.room.set()

    @staticmethod
    async def _pause(port: Port, seconds: float) -> None:
        """Wait, but no longer than the port lives."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(port.ending.wait(), seconds)

    async def _keep(self, port: Port) -> None:
        batch = port.gathered[: 2 * MOST_GATHERED]
        await asyncio.to_thread(self._intake.take, port.source, batch, self._clock())
        del port.gathered[: len(batch)]
