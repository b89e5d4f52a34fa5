"""``brandwacht detect``: rules over log files, without a database."""

from __future__ import annotations

import gc
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Final

import click
import orjson

from brandwacht.engines.detection import RuleSet
from brandwacht.engines.detection.catalog import load_folder
from brandwacht.engines.detection.detecting import Detection, Tally

SHOWN: Final = 20
"""Bad records that are named on standard error; the others are counted."""
MANY: Final = 50_000
"""New objects before Python looks for garbage: almost all that is made here is gone by itself before that."""


def default_cache() -> Path:
    """Where compiled rules are kept: the cache folder of the user."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "brandwacht"


@click.command()
@click.argument("logs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--rules",
    "folder",
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Map (of bestand) met Sigma-regels.",
)
@click.option(
    "--out",
    default="-",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Waar de treffers komen, één per regel als JSON; - is het scherm.",
)
@click.option(
    "--cache", type=click.Path(path_type=Path), default=default_cache, help="Waar vertaalde regels bewaard blijven."
)
@click.option("--no-cache", is_flag=True, help="Bewaar en gebruik geen vertaalde regels.")
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processen naast elkaar; elk leest eigen bestanden.",
)
def detect(logs: tuple[Path, ...], folder: Path, out: Path, cache: Path, no_cache: bool, processes: int) -> None:
    """Zoek met Sigma-regels in logbestanden, zonder database.

    LOGS zijn bestanden of mappen: Windows-logboeken (.evtx), JSON-regels en andere logs, ook ingepakt. De laatste
    regel op de foutuitvoer vat samen.
    """
    began = time.perf_counter()
    files = _files(logs)
    if not files:
        raise click.ClickException("Hier staan geen bestanden. Geef een logbestand of een map met logbestanden op.")
    kept = None if no_cache else cache
    rules = load_folder(folder, kept)
    for unusable in rules.unusable:
        _say(f"{unusable.name}: {unusable.reason}")
    if not rules.rules:
        raise click.ClickException("Er is geen bruikbare regel. Geef een map met Sigma-regels (.yml) op.")
    if rules.correlations and processes > 1:
        _say("Er zijn correlaties: die gaan over alle bestanden samen, dus één proces leest alles.")
        processes = 1
    loaded = time.perf_counter() - began
    with _target(out) as stream:
        tally = _alone(rules, files, stream) if processes == 1 else _together(rules, files, processes, stream)
    _report(tally, rules, time.perf_counter() - began, loaded)
    if tally.unreadable:
        sys.exit(2)


def _files(logs: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """Every file with the name to show: as given, and within a folder the path from there."""
    found: dict[str, Path] = {}
    for given in logs:
        inside = sorted(path for path in given.rglob("*") if path.is_file()) if given.is_dir() else [given]
        found |= {str(path): path for path in inside}
    return list(found.items())


@contextmanager
def _target(out: Path) -> Iterator[IO[bytes]]:
    """The stream for matches. A file appears under its name when it is complete, so that half of one is never read."""
    if str(out) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out} kan niet worden geschreven ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)


def _alone(rules: RuleSet, files: list[tuple[str, Path]], stream: IO[bytes]) -> Tally:
    gc.freeze()
    gc.set_threshold(MANY)
    detection = Detection(rules)
    for match in detection.run(files):
        stream.write(orjson.dumps(match, option=orjson.OPT_APPEND_NEWLINE, default=str))
    return detection.tally


_rules: RuleSet | None = None


def _together(rules: RuleSet, files: list[tuple[str, Path]], processes: int, stream: IO[bytes]) -> Tally:
    """Share the files out, the largest first, and gather what was found in the order of the files."""
    global _rules
    _rules = rules
    total = Tally()
    order = sorted(range(len(files)), key=lambda place: -files[place][1].stat().st_size)
    with (
        TemporaryDirectory(prefix="brandwacht-") as folder,
        ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool,
    ):
        jobs = {place: pool.submit(_part, files[place], Path(folder) / str(place)) for place in order}
        for place in range(len(files)):
            total.add(jobs[place].result())
            with (Path(folder) / str(place)).open("rb") as part:
                while piece := part.read(1 << 20):
                    stream.write(piece)
    return total


_detection: Detection | None = None


def _part(file: tuple[str, Path], target: Path) -> Tally:
    """One file, in a process of the pool. The rules came with the fork; what is learnt of values is for the next."""
    global _detection
    if _detection is None:
        gc.freeze()
        gc.set_threshold(MANY)
        _detection = Detection(_rules or RuleSet([], []))
    _detection.tally = Tally()
    with target.open("wb") as stream:
        for match in _detection.run([file]):
            stream.write(orjson.dumps(match, option=orjson.OPT_APPEND_NEWLINE, default=str))
    return _detection.tally


def _report(tally: Tally, rules: RuleSet, seconds: float, loaded: float) -> None:
    for line in tally.unreadable:
        _say(line)
    for line in tally.bad[:SHOWN]:
        _say(line)
    if tally.bad_records > SHOWN:
        _say(f"En nog {tally.bad_records - SHOWN} beschadigde gebeurtenissen.")
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    rate = tally.events / max(seconds - loaded, 0.001)
    used = len(rules.rules) + len(rules.correlations)
    _say(
        f"{tally.events} gebeurtenissen uit {tally.files} bestanden, {used} regels gebruikt,"
        f" {len(rules.unusable)} niet te gebruiken, {tally.matches} treffers, {seconds:.1f} s,"
        f" {rate:.0f} gebeurtenissen per s, {peak:.0f} MB geheugen op het hoogst"
    )


def _say(line: str) -> None:
    """On standard error, without what gives orders to a terminal: names of files and rules come from elsewhere."""
    click.echo("".join(char if char.isprintable() else "\ufffd" for char in line), err=True)
