"""``brandwacht soc``: import detection rules, read log files."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from django.utils import timezone

from brandwacht.cli import watch
from brandwacht.cli.common import plain_errors, system_for
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
    """Waakzaam: detectieregels, logbestanden en bronnen."""


soc.add_command(watch.run)
soc.add_command(watch.watch)


@soc.group()
def rules() -> None:
    """Detectieregels (Sigma)."""


@rules.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--organisation", "code", default="VR-SOC", show_default=True, help="Van wie de regels zijn.")
@plain_errors
def import_folder(folder: Path, code: str) -> None:
    """Lees alle Sigma-regels uit een map in; ongewijzigde bestanden worden overgeslagen."""
    meter = Meter()

    def progress(done: int, total: int) -> None:
        meter.show(f"{done} van {total} regelbestanden", done / total, last=done == total)

    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        result = services.import_rules(actor, folder, progress)
    for name, reason in result.unusable:
        click.echo(_plain(f"{name}: {reason}"))
    click.echo(
        f"{result.files} bestanden: {result.added} regels nieuw, {result.renewed} vernieuwd,"
        f" {result.removed} verwijderd, {result.unchanged} bestanden ongewijzigd;"
        f" {len(result.unusable)} niet te gebruiken (hierboven)."
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
    return _plain(f"{result.name}: {result.outcome}. {result.reason}{bad}".strip())


def _plain(line: str) -> str:
    """Without what gives orders to a terminal: file names and rules come from elsewhere."""
    return "".join(c if c.isprintable() else "\ufffd" for c in line)


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _count(results: list[FileResult], outcome: Outcome) -> int:
    return sum(r.outcome is outcome for r in results)
