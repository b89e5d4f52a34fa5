"""``brandwacht soc run`` and ``soc watch``: the processing that never stops, and a folder as a source."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

import click
from django.db import close_old_connections
from django.utils import timezone

from brandwacht.cli.common import heed_signals, plain_errors, system_for
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.soc.models import LogSource, SourceKind
from brandwacht.soc.services.logsources import SourceDraft, connect
from brandwacht.soc.services.runner import Runner

SHORT, LONG = 0.05, 0.4
"""Seconds between two rounds: while something comes in, and when it has been quiet for a while."""
GATHER = 0.25
"""Seconds of events of one source that are taken together; half of what an alert may wait is in the processing."""
OBJECTS = 50_000
"""New objects after which garbage is looked for."""
PATIENCE = 40
"""Quiet rounds after which it looks less often."""


@click.command()
@click.option("--once", is_flag=True, help="Stop zodra alles wat nu klaarstaat is verwerkt.")
def run(once: bool) -> None:
    """Verwerk wat er van de bronnen binnenkomt, tot het signaal om te stoppen.

    Er mogen er meer tegelijk lopen op dezelfde gegevensmap: elke bron wordt door één ervan verwerkt.
    """
    stopped = heed_signals()
    runner = Runner(timezone.now, gather=0.0 if once else GATHER)
    # Events come and go by the thousand and hold no circles: looking for those seldom saves a twentieth of the work.
    gc.set_threshold(OBJECTS)
    quiet = 0
    try:
        while not stopped():
            if runner.turn():
                quiet = 0
                continue
            quiet += 1
            if once and quiet > 1:
                return
            close_old_connections()
            time.sleep(SHORT if quiet < PATIENCE else LONG)
    finally:
        runner.close()


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path))
@click.option("--organisation", "code", required=True, help="Van wie de logs zijn, bijvoorbeeld VR17.")
@click.option("--name", default=None, help="Hoe de bron heet; zonder deze optie de naam van de map.")
@click.option("--silent-after", default=60, show_default=True, help="Minuten stilte die een alarm zijn; 0 is nooit.")
@plain_errors
def watch(folder: Path, code: str, name: str | None, silent_after: int) -> None:
    """Volg een map: nieuwe en groeiende logbestanden worden vanzelf gelezen.

    Het volgen doet brandwacht serve (of brandwacht soc run); deze opdracht sluit de map aan en is dan klaar.
    """
    actor = system_for(code)
    with tenancy_scope(actor.tenancy()):
        rows = LogSource.objects.filter(organisation_id=actor.organisation_id, enabled=True, kind=SourceKind.FOLDER)
        if known := rows.filter(folder=str(folder)).first():
            click.echo(f"{folder} wordt al gevolgd, als bron {known.name}.")
            sys.exit(0)
        draft = SourceDraft(name or folder.name, SourceKind.FOLDER, silent_after, folder=str(folder))
        source, _token = connect(actor, actor.organisation_id, draft)
    click.echo(f"{folder} is aangesloten als bron {source.name} van {actor.organisation_code}.")
