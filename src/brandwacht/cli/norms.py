"""``brandwacht norms``: answers out and in as OSCAL, and the text of a norm from one's own copy."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from brandwacht.baseline.exchange import INCOMING, NEW, OTHER, REFUSED, SAME
from brandwacht.baseline.models import FRAMEWORK
from brandwacht.baseline.queries.frameworks import ANSWERABLE
from brandwacht.baseline.services import exchange as services
from brandwacht.baseline.services import norm_texts
from brandwacht.cli.common import plain, plain_errors, system_for
from brandwacht.engines.norms import FRAMEWORKS
from brandwacht.engines.norms.oscal import CATALOG, KINDS, InvalidOscal, kind_of, parse
from brandwacht.engines.norms.oscal.documents import MAX_BYTES
from brandwacht.network.actor import Actor
from brandwacht.network.tenancy import tenancy_scope

ORGANISATION = click.option("--organisation", "code", required=True, help="Van wie de antwoorden zijn, zoals VR17.")
WORDS = {NEW: "nieuw", SAME: "gelijk", OTHER: "anders dan nu", REFUSED: "kan niet worden overgenomen"}


@click.group()
def norms() -> None:
    """Normen: antwoorden uitvoeren en inlezen (OSCAL), en normteksten inlezen."""


@norms.command("export")
@click.argument("kind", type=click.Choice(KINDS))
@ORGANISATION
@click.option("--framework", default=FRAMEWORK, show_default=True, type=click.Choice(FRAMEWORKS), help="Welk kader.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Bestand; anders naar het scherm.")
@plain_errors
def export(kind: str, code: str, framework: str, output: Path | None) -> None:
    """Voer een OSCAL-document uit: catalogus, profiel, uitkomsten of verbeterplan."""
    actor = system_for(code)
    if kind != CATALOG and framework not in ANSWERABLE:
        known = ", ".join(ANSWERABLE)
        raise click.BadParameter(
            f"Op {framework} geeft u geen antwoorden. Kies uit: {known}.", param_hint="--framework"
        )
    with tenancy_scope(actor.tenancy()):
        content = services.export(actor, kind, framework)
    if output is None:
        click.echo(content, nl=False)
        return
    output.write_bytes(content)
    click.echo(f"{output}: {len(content)} bytes.", err=True)


@norms.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@ORGANISATION
@click.option("--apply", "take", is_flag=True, help="Neem over wat nieuw is; zonder dit verandert er niets.")
@click.option("--replace", is_flag=True, help="Vervang met --apply ook wat anders is.")
@plain_errors
def import_file(path: Path, code: str, take: bool, replace: bool) -> None:
    """Lees een bestand in: antwoorden of een verbeterplan (OSCAL), of de tekst van een norm (CSV, XLSX, catalogus).

    De tekst van een norm is voor uw organisatie alleen. Let op de voorwaarden van wie haar uitgeeft.
    """
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        if _is_offer(content):
            _offer(actor, path.name, content, take=take, replace=replace)
            return
        done = norm_texts.load_norm_text(actor, path.name, content)
    click.echo(
        f"{done.framework.title} {done.framework.version}. Ingelezen teksten: {done.texts}."
        f" Rijen zonder tekst: {done.empty}. U vindt de teksten bij elke vraag onder “Tekst van de norm”."
    )


def _is_offer(content: bytes) -> bool:
    """Whether it is an OSCAL document to choose from, so no catalog.

    What can not be read counts as one: who reads it in earnest tells what is wrong.
    """
    if content.lstrip()[:1] != b"{":
        return False
    try:
        return kind_of(parse(content)) != CATALOG
    except InvalidOscal:
        return True


def _offer(actor: Actor, name: str, content: bytes, *, take: bool, replace: bool) -> None:
    offered = services.offer(actor, name, content)
    incoming = INCOMING[offered.kind]
    compared = incoming.compare(actor, offered)
    words = incoming.words(offered, compared)
    for line in compared.lines:
        now = line.now.label if line.now else "nog niets"
        facts = f"{line.name}: {now} -> {line.then.label}, {line.then.byline} ({WORDS[line.kind]})"
        click.echo(plain(" ".join([facts, *line.then.texts, line.why]).rstrip()))
    if offered.unknown:
        click.echo(plain(f"{words.unknown} {', '.join(offered.unknown)}"))
    click.echo(plain(words.lead))
    click.echo(", ".join(f"{len(compared.of(kind))} {word}" for kind, word in WORDS.items()) + ".")
    if not take:
        click.echo(f"Er is niets veranderd. Met --apply neemt u de nieuwe {incoming.things} over.")
        return
    chosen = {line.key for line in compared.of(*((NEW, OTHER) if replace else (NEW,)))}
    if not chosen:
        click.echo("Er is niets om over te nemen.", err=True)
        sys.exit(1)
    done = services.apply(actor, offered.public_id, chosen, compared.fingerprint)
    click.echo(f"Overgenomen {incoming.things}: {len(done.taken)}.")
