"""``brandwacht sharing advisories``, ``cve``, ``kev``, ``epss``, ``feed`` and ``visit``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from brandwacht.cli.common import plain, plain_errors, system_for
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.sharing.models import AdvisoryFeed, AdvisoryFeedKind
from brandwacht.sharing.services import advisory_feeds, flaws
from brandwacht.sharing.services.advisories import MAX_BYTES, take_many

CIRCLE = click.option("--circle", "code", default="VR-ISAC", show_default=True, help="De kring die het ontvangt.")
PLACE = click.argument("path", type=click.Path(exists=True, path_type=Path))
FILE = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
SHOWN = 50
"""Files that are named one by one; of more only the number."""


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file, or every JSON file in a folder and below it, one at a time."""
    for each in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
        if each.is_file():
            with each.open("rb") as file:
                yield str(each.relative_to(path)) if path.is_dir() else each.name, file.read(MAX_BYTES + 1)


def _name(refused: dict[str, str]) -> None:
    """Say which files were left out, and leave with exit code 1 when there are any."""
    for name, why in list(refused.items())[:SHOWN]:
        click.echo(plain(f"{name}: {why}"), err=True)
    if len(refused) > SHOWN:
        click.echo(f"En nog {len(refused) - SHOWN} bestanden.", err=True)
    if refused:
        sys.exit(1)


@click.command()
@PLACE
@CIRCLE
@plain_errors
def advisories(path: Path, code: str) -> None:
    """Lees adviezen in (CSAF 2.0 of 2.1): een bestand, of een map met alles wat daarin staat.

    Een bestand dat niet klopt wordt genoemd, de andere gaan door. Hetzelfde nog eens telt één keer; een nieuwere
    versie komt in de plaats. De werker legt ze daarna naast wat elke organisatie draait.
    """
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        batch = take_many(actor, _files(path))
    click.echo(f"Adviezen: {batch.sentence}.")
    _name(batch.refused)


@click.command()
@PLACE
@CIRCLE
@plain_errors
def cve(path: Path, code: str) -> None:
    """Lees CVE-berichten in (JSON 5): titel en ernst van kwetsbaarheden."""
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        count, refused = flaws.take_cves(actor, _files(path))
    click.echo(f"Kwetsbaarheden: {count}.")
    _name(refused)


@click.command()
@FILE
@CIRCLE
@plain_errors
def kev(path: Path, code: str) -> None:
    """Lees de lijst van misbruikte kwetsbaarheden in (KEV van CISA, JSON)."""
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        click.echo(flaws.take_kev(actor, _whole(path)))


@click.command()
@FILE
@CIRCLE
@plain_errors
def epss(path: Path, code: str) -> None:
    """Lees de kansen op misbruik in (EPSS van FIRST, CSV, al dan niet met gzip ingepakt)."""
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        click.echo(flaws.take_epss(actor, _whole(path)))


def _whole(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(advisory_feeds.LIST_BYTES + 1)
    if len(content) > advisory_feeds.LIST_BYTES:
        raise click.ClickException(f"{path.name} is groter dan {advisory_feeds.LIST_BYTES // 1_000_000} MB.")
    return content


@click.command()
@click.argument("url")
@click.option(
    "--kind", default=AdvisoryFeedKind.ADVISORIES.value, show_default=True, type=click.Choice(AdvisoryFeedKind.values)
)
@CIRCLE
@plain_errors
def feed(url: str, kind: str, code: str) -> None:
    """Voeg een adres toe dat elk uur wordt bezocht: van een uitgever (CSAF), of van KEV of EPSS."""
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        made = advisory_feeds.set_feed(actor, url, kind)
    click.echo(f"{made.url} wordt elk uur bezocht.")


@click.command()
@CIRCLE
@plain_errors
def visit(code: str) -> None:
    """Bezoek nu alle adressen, zonder op het hele uur te wachten."""
    actor = system_for(code)
    bad = False
    with tenancy_scope(actor.tenancy()):
        for each in AdvisoryFeed.objects.filter(organisation_id=actor.organisation_id).order_by("pk"):
            click.echo(plain(f"{each.url}: {advisory_feeds.visit(actor, each)}"))
            bad = bad or not each.good
    if bad:
        sys.exit(1)
