"""The demo's other frameworks: answers on an older norm that came in as a file, and a file that waits for a choice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from brandwacht.baseline.models import FRAMEWORK
from brandwacht.baseline.services import exchange
from brandwacht.engines.norms import State, load_framework
from brandwacht.engines.norms.oscal import (
    Assessed,
    Assessment,
    Evidence,
    Party,
    PlannedMeasure,
    export_poam,
    export_results,
)
from brandwacht.network.actor import Actor
from brandwacht.site.demo.stage import REGION, Stage

OLDER = {
    "bio-1.04": ("oude-zelfevaluatie-demo.json", 420),
    "bio2-1.2": ("bio2-voorloper-demo.json", 300),
}
"""By framework the file and how many days ago it was answered."""
REVIEW = {"5.03": State.MET, "5.18": State.PARTLY, "5.13": State.MET, "7.04": State.MET, "8.26": State.NOT_MET}
"""What a fictitious reviewer found, which is not what the region answers."""


def fill(stage: Stage) -> Iterator[str]:
    """Read the older answers of one region in, and offer one file more."""
    with stage.as_person("ciso@demo.example", REGION) as actor:
        for key, (filename, days) in OLDER.items():
            numbers = [control.number for control in load_framework(key).controls]
            states = {number: _state(place) for place, number in enumerate(numbers)}
            content = _document(actor, key, states, actor.now - timedelta(days=days), "Noor de Wit (demo)")
            offered = exchange.offer(actor.at(actor.now - timedelta(days=days - 1)), filename, content)
            exchange.apply(actor.at(actor.now - timedelta(days=days - 1)), offered.public_id, set(numbers))
        content = _document(actor, "bio2-1.3", REVIEW, actor.now - timedelta(days=2), "Toetser (demo)")
        waiting = exchange.offer(actor, "toets-buurregio-demo.json", content)
        exchange.offer(actor, "verbeterplan-leverancier-demo.json", _plan(actor))
    yield (
        f"Andere kaders {REGION}: antwoorden op {len(OLDER)} oudere normen ingelezen,"
        f" een bestand met {len(waiting.lines)} antwoorden wacht op een keuze."
    )


def _plan(actor: Actor) -> bytes:
    """What a fictitious supplier would do, waiting for a choice."""
    due = actor.today + timedelta(days=60)
    planned = (("Wachtwoordkluis invoeren (demo)", "5.17", 12_000), ("Logs een jaar bewaren (demo)", "8.15", 4_000))
    measures = [
        PlannedMeasure(
            str(uuid.uuid5(uuid.NAMESPACE_URL, title)), title, "", control, "plan", "Leverancier (demo)", due, cost
        )
        for title, control, cost in planned
    ]
    return export_poam(load_framework(FRAMEWORK), Party("X", "Leverancier (demo)"), measures, actor.now)


def _state(place: int) -> State:
    """A mix that is the same every time."""
    return (State.MET, State.MET, State.PARTLY, State.MET, State.NOT_MET)[place % 5]


def _document(actor: Actor, key: str, states: dict[str, State], at: datetime, by: str) -> bytes:
    said = tuple(
        Assessed(
            number,
            state,
            at,
            by,
            "Zo stond het in de eerdere zelfevaluatie. (demo)",
            evidence=(Evidence("Verslag zelfevaluatie (demo)", valid_to=(at + timedelta(days=365)).date()),)
            if state is State.MET
            else (),
        )
        for number, state in states.items()
    )
    party = Party(actor.organisation_code, "Veiligheidsregio (demo)")
    return export_results(load_framework(key), Assessment(key, party, said), at)
