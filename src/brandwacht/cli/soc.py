"""``brandwacht soc``: import detection rules and lists of indicators, read log files."""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path

import click
from django.utils import timezone

from brandwacht.cli import watch
from brandwacht.cli.common import plain, plain_errors, system_for
from brandwacht.engines.intel import TLP, UnknownTlp
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.soc import services
from brandwacht.soc.services.ingest import FileResult, Outcome, Progress
from brandwacht.soc.services.pipeline import BATCH

EVERY = 1.5
"""Seconds between two lines of progress."""


class Meter:
    """Shows progress on stderr: at once renewed on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self._shown = 0.0
        self._terminal = sys.stderr.isatty()

    def show(self, text: str, part: float, *, last: bool = False) -> None:
        """Show ``text`` with an estimate of the time left; ``part`` is how much is done, 0 to 1."""
        now = time.monotonic()
        if not last and now - self._shown < EVERY:
            return
        self._shown = now
        elapsed = now - self.began
        if last:
            text += f", klaar in {elapsed:.1f} s"
        elif part > 0.01 and elapsed > 1:
            text += f", nog ongeveer {max(1, round(elapsed * (1 - part) / part))} s"
        click.echo(f"\r\x1b[K{text}" if self._terminal else text, err=True, nl=last or not self._terminal)


@click.group()
def soc() -> None:
    """Waakzaam: detectieregels, kenmerkenlijsten, logbestanden en bronnen."""


soc.add_command(watch.run)
soc.add_command(watch.watch)


@soc.group()
def rules() -> None:
    """Detectieregels (Sigma)."""


@rules.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--organisation", "code", default="VR-SOC", show_default=True, help="Van wie de regels zijn.")
@click.option("--preview", is_flag=True, help="Laat zien wat er zou gebeuren en verander niets.")
@click.option("--theirs", is_flag=True, help="Neem ook de aangeboden tekst van regels die hier zijn gewijzigd.")
@click.option("--missing-off", is_flag=True, help="Zet regels uit die niet meer in deze levering staan.")
@plain_errors
def import_rules(path: Path, code: str, preview: bool, theirs: bool, missing_off: bool) -> None:
    """Lees alle Sigma-regels uit een map of een zip in; ongewijzigde bestanden worden overgeslagen."""
    meter = Meter()

    def progress(done: int, total: int) -> None:
        meter.show(f"{done} van {total} regelbestanden", done / total, last=done == total)

    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        result = services.import_rules(actor, path, progress, preview=preview, theirs=theirs, missing_off=missing_off)
    for name, reason in result.unusable:
        click.echo(plain(f"{name}: {reason}"))
    for title in result.own:
        what = "vervangen door de aangeboden tekst" if theirs else "hier gewijzigd, eigen tekst blijft"
        click.echo(plain(f"{title}: {what}"))
    if preview:
        click.echo("Er is niets veranderd; dit zou er gebeuren:")
    click.echo(
        f"{result.files} bestanden: {result.added} regels nieuw, {result.renewed} vernieuwd,"
        f" {result.removed} verwijderd of uitgezet, {result.unchanged} bestanden ongewijzigd;"
        f" {len(result.own)} hier zelf gewijzigd, {result.missing} niet meer in deze levering,"
        f" {len(result.unusable)} niet te gebruiken (hierboven)."
    )


@soc.group()
def indicators() -> None:
    """Kenmerkenlijsten (adressen, domeinen, hashes van aanvallers)."""


@indicators.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", required=True, help="Naam van de lijst; een lijst met deze naam wordt vernieuwd.")
@click.option("--origin", required=True, help="Van wie de lijst komt.")
@click.option("--tlp", required=True, help="Label van het Traffic Light Protocol, bijvoorbeeld AMBER.")
@click.option("--confidence", default=60, show_default=True, type=click.IntRange(0, 100), help="Zekerheid.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 731), help="Zoveel dagen geldig.")
@click.option("--add", is_flag=True, help="Vul de lijst aan in plaats van haar te vervangen.")
@click.option("--organisation", "code", default="VR-SOC", show_default=True, help="Van wie de lijst is.")
@click.option("--preview", is_flag=True, help="Laat zien wat er in het bestand staat en verander niets.")
@plain_errors
def import_list(
    path: Path, name: str, origin: str, tlp: str, confidence: int, days: int, add: bool, code: str, preview: bool
) -> None:
    """Lees een lijst in: platte tekst, CSV met een kolom "waarde", of een STIX 2.1-bundel."""
    try:
        label = TLP.parse(tlp).label
    except UnknownTlp as error:
        raise click.BadParameter(str(error)) from error
    meter = Meter()

    def progress(done: int, total: int) -> None:
        meter.show(f"{_dots(done)} van {_dots(total)} bytes", done / max(total, 1), last=done == total)

    actor = system_for(code)
    facts = services.ListFacts(name, origin, label, confidence, actor.now + timedelta(days=days))
    with tenancy_scope(actor.tenancy()):
        read, row = services.import_indicators(
            actor, path, facts, mode="aanvullen" if add else "vervangen", preview=preview, progress=progress
        )
    for line, reason in read["refused"]:
        click.echo(plain(f"regel {line}: {reason}"))
    click.echo(
        f"{_dots(read['total'])} kenmerken: {_dots(read['added'])} nieuw, {_dots(read['gone'])} verdwijnen,"
        f" {_dots(read['doubles'])} dubbel, {_dots(read['refused_count'])} geweigerd."
        + (f" “{row.name}” bewaakt nu als versie {row.version}." if row else " Er is niets veranderd.")
    )


@soc.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--organisation", "code", required=True, help="Van wie de logbestanden zijn, bijvoorbeeld VR17.")
@click.option("--batch", default=BATCH, show_default=True, type=click.IntRange(1, 100_000), help="Records per keer.")
@plain_errors
def ingest(path: Path, code: str, batch: int) -> None:
    """Lees een logbestand of een map met logbestanden in; opnieuw starten na een onderbreking gaat verder."""
    meter = Meter()
    actor = system_for(code)

    def progress(state: Progress) -> None:
        elapsed = max(time.monotonic() - meter.began, 0.001)
        meter.show(
            f"{state.files} van {state.files_total} bestanden, {_dots(state.events)} gebeurtenissen"
            f" ({_dots(round(state.events / elapsed))} per s)",
            state.bytes_done / max(state.bytes_total, 1),
            last=state.files == state.files_total,
        )

    with tenancy_scope(actor.tenancy()):
        book = services.rulebook_for(actor)
        if not book.size:
            click.echo("Er zijn nog geen detectieregels. Lees ze eerst in: brandwacht soc rules import MAP", err=True)
            sys.exit(1)
        results = []
        for result in services.ingest(actor, path, book, clock=timezone.now, batch=batch, progress=progress):
            results.append(result)
            if result.outcome is not Outcome.READ or result.bad_records:
                click.echo(_line(result))
    read = [r for r in results if r.outcome is Outcome.READ]
    click.echo(
        f"{len(read)} bestand(en) gelezen met {book.size} regels: {sum(r.events for r in read)} gebeurtenissen,"
        f" {sum(r.matched for r in read)} sloegen aan, {sum(r.bad_records for r in read)} beschadigd."
        f" Al eerder gelezen: {_count(results, Outcome.KNOWN)}. Onleesbaar: {_count(results, Outcome.UNREADABLE)}."
    )
    if _count(results, Outcome.UNREADABLE):
        sys.exit(2)


def _line(result: FileResult) -> str:
    bad = f" {result.bad_records} beschadigde gebeurtenis(sen)." if result.bad_records else ""
    return plain(f"{result.name}: {result.outcome}. {result.reason}{bad}".strip())


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _count(results: list[FileResult], outcome: Outcome) -> int:
    return sum(r.outcome is outcome for r in results)
