"""The demo's evidence, government measures, levels of processes and fixed tasks: fictitious."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from brandwacht.baseline import queries
from brandwacht.baseline.services import add_evidence, answer_government, decide_level, mark_done, mark_seen
from brandwacht.network.actor import Actor

MARK = " (demo)"


def fill(actor: Actor, data: Mapping[str, Any]) -> str:
    """Add it all for one region; returns the sentence that tells of it."""
    for entry in data["evidence"]:
        _add(actor, entry)
    for number, (state, reason) in data["government"].items():
        answer_government(actor, number, state=state, reason=reason + MARK)
    by_key = {process.key: process for process in queries.processes(actor)}
    for key, entry in data["levels"].items():
        if key in by_key:
            words = {name: entry[name] + MARK for name in ("risk_analysis", "note") if name in entry}
            decide_level(actor, by_key[key].public_id, given=entry["given"], **words)
    for number, days in data["rhythms"].items():
        mark_done(actor, number, done_on=actor.today - timedelta(days=days))
    return f"{len(data['evidence'])} bewijzen en {len(data['rhythms'])} vaste taken."


def _add(actor: Actor, entry: Mapping[str, Any]) -> None:
    received = actor.today - timedelta(days=entry["received"])
    document = {"content": (entry["text"] + MARK).encode(), "filename": entry["file"]} if "file" in entry else {}
    made = add_evidence(
        actor,
        entry["control"],
        title=entry["title"] + MARK,
        where=entry["where"] + MARK if "where" in entry else "",
        received_on=received,
        valid_from=actor.today + timedelta(days=entry["from"]),
        valid_to=actor.today + timedelta(days=entry["to"]),
        **document,
    )
    if entry["seen"]:
        mark_seen(actor, made.public_id)
