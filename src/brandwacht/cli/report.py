"""``brandwacht report``: check the signature of a released progress report."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from brandwacht.baseline.progress import snapshot_file
from brandwacht.cli.common import plain_errors
from brandwacht.network.signing import own_public_key


@click.group()
def report() -> None:
    """Rapportages over de voortgang: een bestand controleren."""


@report.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="De openbare sleutel van de afzender (hexadecimaal). Zonder: die van deze Brandwacht.")
@plain_errors
def verify(file: Path, key: str | None) -> None:
    """Controleer of een rapportage is veranderd sinds zij is vrijgegeven."""
    with file.open("rb") as handle:
        signed = snapshot_file.unpack(handle.read(snapshot_file.MAX_BYTES + 1))
    verdict = snapshot_file.judge(signed, key.strip().lower() if key else own_public_key())
    if verdict.holds:
        said = snapshot_file.content_of(signed)
        click.echo(
            f"{said['organisation']['name']}, peilmoment {said['moment']}, versie {said['version']} ({said['kind']})"
        )
    click.echo(verdict.word, err=not verdict.known)
    if not verdict.known:
        sys.exit(1)
