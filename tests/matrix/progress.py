"""Rows of progress reports, the national overview, joint themes, investment and connecting."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from brandwacht.baseline.progress.content import content, mark
from brandwacht.baseline.progress.snapshot_file import pack
from brandwacht.engines.norms.progress import latest_moment, load_dataset
from tests.matrix.rows import act, make, part, thing
from tests.secrets import OWNER, Secrets
from tests.world import acting_system, organisation

_SHUT = {"colleague": 403, "analyst": 403, "cert": 403}


def _release(world: Secrets) -> dict[str, Any]:
    draft = world.things["draft_report"]
    moment = latest_moment(load_dataset(), timezone.localdate(draft.changed_at))
    assert moment is not None
    with acting_system(organisation(OWNER), draft.changed_at) as system:
        said = content(system, load_dataset(), moment, draft)
    return {"seen": mark(said), "bodies": ["regios"], "why": "Een proef"}


def _file(world: Secrets) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("proef.json", pack(world.things["snapshot"]))}


PROGRESS = (
    part("baseline:progress"),
    make("baseline:progress", data={"phase": "plannen"}),
    part("baseline:progress-release"),
    make("baseline:progress-release", data=_release, stranger=422),
    make("baseline:progress-compare", data={"stemt": "niet"}),
    part("baseline:snapshots", word=False),
    part("baseline:snapshot-check", word=False),
    make("baseline:snapshot-check", data=_file, ok=200, stranger=200),
    thing("baseline:snapshot", "snapshot"),
    thing("baseline:snapshot-file", "snapshot"),
    act("baseline:snapshot-withdraw", "snapshot", data={"why": "Een proef"}),
    part("baseline:overview", word=False),
    part("baseline:overview-csv", word=False),
    part("baseline:overview-xlsx", word=False),
    part("baseline:themes"),
    make(
        "baseline:themes", right="bureau", stranger=403, data={"title": "Een proef", "kinds": ["geld"]},
        others={"ciso": 403},
    ),
    thing("baseline:theme", "theme"),
    act("baseline:theme-step", "theme", "=publiceren", right="bureau"),
    part("baseline:investment"),
    part("baseline:investment-csv"),
    part("baseline:investment-xlsx", word=False),
    thing("baseline:measure-cost", "measure", **_SHUT),
    act("baseline:measure-cost", "measure", data={"once_low": "1"}, **_SHUT),
    part("baseline:conditions", word=False),
)  # fmt: skip
