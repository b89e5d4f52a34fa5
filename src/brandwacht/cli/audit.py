"""``brandwacht audit``: check the audit chains and export their heads."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from django.utils import timezone

from brandwacht.cli.common import plain_errors
from brandwacht.network import audit as chain
from brandwacht.network import heads


@click.group()
def audit() -> None:
    """Het logboek: controleren en de stand uitvoeren."""


@audit.command()
@click.option("--head", "earlier", type=click.Path(exists=True, path_type=Path), help="Een eerder uitgevoerde stand.")
@plain_errors
def verify(earlier: Path | None) -> None:
    """Controleer alle ketens, en met --head ook dat ze sindsdien niet herschreven zijn."""
    faults = list(chain.verify(heads.read(earlier) if earlier else None))
    for fault in faults:
        click.echo(f"{fault.owner}, regel {fault.seq}: {fault.what}")
    if faults:
        click.echo(f"{len(faults)} fout(en) in het logboek.", err=True)
        sys.exit(1)
    stand = chain.heads()
    click.echo(f"Alle {len(stand)} ketens kloppen; samen {sum(h['seq'] for h in stand.values())} regels.")


@audit.command()
@plain_errors
def export() -> None:
    """Schrijf de ondertekende stand van alle ketens weg."""
    click.echo(heads.export(timezone.now()))
