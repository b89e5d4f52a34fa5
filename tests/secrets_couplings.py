"""Couplings with the word: one of the region, one of the circle, and what became of an event of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brandwacht.network import vault
from brandwacht.network.models import Organisation
from brandwacht.sharing.models import Coupling, CouplingItem, CouplingState


def things(circle: Organisation, region: Organisation, now: datetime, word: str) -> dict[str, Any]:
    """One row of everything; nothing answers at their address."""
    made = {}
    for key, owner in (("coupling", region), ("coupling_circle", circle)):
        row = Coupling(
            organisation=owner, circle=circle, name=f"{word} koppeling", kind="taxii", direction="halen",
            for_circle=owner == circle, address=f"http://127.0.0.1:1/{word}/", login=word, secret=vault.keep(word),
            place=f"http://127.0.0.1:1/{word}/collections/1/", place_name=word, made_at=now, made_by=word,
            last_error=word, probed_at=now, probe={"good": False, "says": word},
        )  # fmt: skip
        row.save()
        made[key] = row
        CouplingItem(organisation=owner, coupling=row, key=word, at=now, told=[word]).save()
    made["coupling_runs"] = Coupling(
        organisation=region, circle=circle, name=f"{word} loopt", kind="taxii", direction="halen", made_at=now,
        address="http://127.0.0.1:1/", made_by=word, state=CouplingState.RUNNING,
    )  # fmt: skip
    made["coupling_runs"].save()
    return made
