"""``brandwacht norms``: answers out and in as OSCAL, and the text of a norm from one's own copy."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from brandwacht.baseline.models import FRAMEWORK, AnswerImport
from brandwacht.baseline.queries import exchange
from brandwacht.baseline.queries.frameworks import ANSWERABLE
from brandwacht.baseline.queries.plan_exchange import PLAN, compare_plan
from brandwacht.baseline.services import exchange as services
from brandwacht.baseline.services import norm_texts
from brandwacht.cli.common import plain, plain_errors, system_for
from brandwacht.engines.norms import FRAMEWORKS, load_framework
from brandwacht.engines.norms.oscal import KINDS, InvalidOscal, kind_of, parse
from brandwacht.engines.norms.oscal.documents import MAX_BYTES
from brandwacht.network.actor import Actor
from brandwacht.network.tenancy import tenancy_scope

ORGANISATION = click.option("--organisation", "code", required=True, help="Van wie de antwoorden zijn, zoals VR17.")
WORDS = {
    exchange.NEW: "nieuw",
    exchange.SAME: "gelijk",
    exchange.OTHER: "anders dan nu",
    exchange.REFUSED: "staat de norm niet toe",
}


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
    if kind != KINDS[0] and framework not in ANSWERABLE:
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
        if _holds_answers(content):
            _answers(actor, path.name, content, take=take, replace=replace)
            return
        done = norm_texts.load_norm_text(actor, path.name, content)
    click.echo(
        f"{done.framework.title} {done.framework.version}. Ingelezen teksten: {done.texts}."
        f" Rijen zonder tekst: {done.empty}. U vindt de teksten bij elke vraag onder “Tekst van de norm”."
    )


def _holds_answers(content: bytes) -> bool:
    """Whether it is a document that is not a catalog; what can not be read is reported by who reads it in earnest."""
    if content.lstrip()[:1] != b"{":
        return False
    try:
        return kind_of(parse(content)) != KINDS[0]
    except InvalidOscal:
        return True


def _answers(actor: Actor, name: str, content: bytes, *, take: bool, replace: bool) -> None:
    offered = services.offer(actor, name, content)
    if offered.kind == PLAN:
        _measures(actor, offered, take=take, replace=replace)
        return
    compared = exchange.compare(actor, offered)
    norm = load_framework(offered.framework)
    for line in compared.lines:
        now = line.present.get_state_display() if line.present else "nog geen antwoord"
        text = f"{line.control.number}: {now} -> {line.offered_label} ({WORDS[line.kind]}) {line.why}"
        click.echo(plain(text.rstrip()))
    if offered.unknown:
        click.echo(plain(f"Onbekende nummers, overgeslagen: {', '.join(offered.unknown)}"))
    kinds = (exchange.NEW, exchange.OTHER) if replace else (exchange.NEW,)
    chosen = {line.control.number for line in compared.of(*kinds)}
    click.echo(f"{norm.title} {norm.version}: {_counts(compared)}.")
    if not take:
        click.echo("Er is niets veranderd. Met --apply neemt u de nieuwe antwoorden over.")
        return
    if not chosen:
        click.echo("Er is niets om over te nemen.", err=True)
        sys.exit(1)
    done: AnswerImport = services.apply(actor, offered.public_id, chosen, compared.fingerprint)
    click.echo(f"Overgenomen antwoorden: {len(done.taken)}.")


def _measures(actor: Actor, offered: AnswerImport, *, take: bool, replace: bool) -> None:
    compared = compare_plan(actor, offered)
    for line in compared.lines:
        what = line.why or ", ".join(line.changes)
        kind = "kan niet" if line.kind == exchange.REFUSED else WORDS[line.kind]
        text = f"{line.offered.due.isoformat()} {line.offered.title} ({kind}) {what}"
        click.echo(plain(text.rstrip()))
    kinds = (exchange.NEW, exchange.OTHER) if replace else (exchange.NEW,)
    chosen = {line.key for line in compared.of(*kinds)}
    if not take:
        click.echo("Er is niets veranderd. Met --apply neemt u de nieuwe maatregelen over.")
        return
    if not chosen:
        click.echo("Er is niets om over te nemen.", err=True)
        sys.exit(1)
    done: AnswerImport = services.apply(actor, offered.public_id, chosen, compared.fingerprint)
    click.echo(f"Overgenomen maatregelen: {len(done.taken)}.")


def _counts(compared: exchange.Comparison) -> str:
    return ", ".join(f"{len(compared.of(kind))} {word}" for kind, word in WORDS.items())
