"""One row of everything about searching and keeping, with the secret word where it may be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from django.utils import timezone

from brandwacht.network.models import Organisation
from brandwacht.soc.models import EventHold, EventTerm, HuntRun, HuntState, HuntTrace, SavedHunt
from brandwacht.soc.store import results
from tests.world import organisation

WORD = "GEHEIM17"


def things(region: Organisation, now: datetime) -> dict[str, Any]:
    """A saved search, a search that has ended with its result, a trace, a term and a hold."""
    query = {"lines": [["en", "user.name", "bevat", WORD]], "sql": "", "period": "week"}
    saved = SavedHunt(
        organisation=region, name=f"{WORD} zoekvraag", query=query, made_by=WORD, made_at=now, changed_at=now
    )
    saved.save()
    run = HuntRun(
        organisation=region, saved=saved, query=query, title=f"user.name bevat {WORD}", reach=[region.code], by=WORD,
        state=HuntState.DONE, started_at=now, finished_at=now + timedelta(seconds=1), files=1, found=1, rows=1,
    )  # fmt: skip
    run.save()
    _result(run, now)
    HuntTrace(
        organisation=region,
        run_ref=uuid4(),
        by=WORD,
        by_organisation=organisation("VR-SOC", "landelijk"),
        at=now,
        hits=1,
    ).save()
    EventTerm(organisation=region, days=365, set_by=WORD, set_at=now).save()
    hold = EventHold(
        organisation=region,
        first_day=timezone.localdate(now),
        last_day=timezone.localdate(now),
        reason=f"{WORD} reden",
        made_by=WORD,
        made_at=now,
    )
    hold.save()
    return {"saved_hunt": saved, "hunt": run, "hold": hold}


def _result(run: HuntRun, now: datetime) -> None:
    folder = results.folder_of(run.public_id)
    folder.mkdir(parents=True)
    results.rows_file(folder).write_bytes(orjson.dumps(["2026-11-22 13:05:00", WORD]) + b"\n")
    standing = results.Standing(
        state=results.DONE, done=1, total=1, found=1, rows=1, columns=["time", "user_name"], bars={"1": 1},
        owners={run.organisation.code: 1}, at=now.timestamp(),
    )  # fmt: skip
    results.note(folder, standing)
