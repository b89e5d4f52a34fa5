"""``brandwacht listen``: syslog over TCP and TLS."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import click
from django.db import close_old_connections
from django.utils import timezone

from brandwacht.cli.common import heed_signals
from brandwacht.connectors.syslog.listener import Listener
from brandwacht.soc.models import LogSource, SourceKind
from brandwacht.soc.services.intake import Intake

LOOK_EVERY = 5.0
"""Seconds between two looks at which sources there are."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    envvar="BRANDWACHT_SYSLOG_HOST",
    help="Het adres waarop wordt geluisterd.",
)
@click.option("--cert", type=_FILE, envvar="BRANDWACHT_SYSLOG_CERT", help="Certificaat voor TLS (PEM, met de keten).")
@click.option("--key", type=_FILE, envvar="BRANDWACHT_SYSLOG_KEY", help="De sleutel daarbij (PEM).")
@click.option(
    "--client-ca",
    type=_FILE,
    envvar="BRANDWACHT_SYSLOG_CLIENT_CA",
    help="Alleen afzenders met een certificaat van deze uitgever (PEM).",
)
def listen(host: str, cert: Path | None, key: Path | None, client_ca: Path | None) -> None:
    """Ontvang syslog over TCP en TLS: een poort per bron.

    Zonder TLS is alles te lezen en te vervalsen voor wie op het netwerk zit; luister dan alleen op dit adres of op een
    afgesloten netwerk.
    """
    if (cert is None) is not (key is None):
        raise click.UsageError("Geef --cert en --key samen.")
    context = None
    if cert is not None and key is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(cert, key)
        if client_ca is not None:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    asyncio.run(_listen(host, context))


async def _listen(host: str, context: ssl.SSLContext | None) -> None:
    stopped = heed_signals()
    listener = Listener(_sources, Intake(), timezone.now, host=host, tls=context)
    loop = asyncio.get_running_loop()
    looked = float("-inf")
    try:
        while not stopped():
            if loop.time() - looked >= LOOK_EVERY:
                looked = loop.time()
                await listener.look()
            await asyncio.sleep(0.25)
    finally:
        await listener.close()


def _sources() -> list[LogSource]:
    """The sources that send syslog, of whatever organisation: this process serves them all."""
    close_old_connections()
    return list(LogSource._base_manager.filter(kind=SourceKind.SYSLOG, enabled=True).order_by("pk"))
