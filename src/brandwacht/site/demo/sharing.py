"""The demo's warnings of the circle, one per common TLP label, with some answers: made up, and marked so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from typing import Any

import yaml

from brandwacht.network.models import User
from brandwacht.sharing import services
from brandwacht.sharing.models import CircleWarning, WarningReceipt
from brandwacht.site.demo.stage import CERT, CIRCLE, PEOPLE, Stage


def fill(stage: Stage) -> Iterator[str]:
    """Write and send each warning as the leader of the CERT, and answer some of them as members."""
    text = resources.files("brandwacht.site.demo").joinpath("data/sharing/warnings.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)["warnings"]
    homes = {person.email: person.roles[0][0] for person in PEOPLE}
    for row in rows:
        warning = _send(stage, row)
        for email, answer in row["answers"].items():
            with stage.as_person(email, homes[email]) as member:
                services.answer(member, warning.public_id, answer)
        _date_back(stage, warning, row["days_ago"])
    yield f"Delen: {len(rows)} waarschuwingen van de VR-ISAC met antwoorden (demo)."


def _send(stage: Stage, row: dict[str, Any]) -> CircleWarning:
    readers = User.objects.filter(email__in=row["readers"]).values_list("public_id", flat=True)
    with stage.as_person("cert@demo.example", CERT) as lead:
        warning = services.draft(
            lead,
            title=row["title"],
            tlp=row["tlp"],
            what=row["what"],
            advice=row["advice"],
            indicators_text=row["indicators"],
            techniques=row["techniques"],
            reader_ids=list(readers),
        )
        return services.send(lead, warning.public_id)


def _date_back(stage: Stage, warning: CircleWarning, days: int) -> None:
    """The demo's circle has members only since today; its warnings are spread over the days before."""
    at = stage.now - timedelta(days=days)
    with stage.as_system(CIRCLE):
        CircleWarning.objects.filter(pk=warning.pk).update(written_at=at - timedelta(hours=1), sent_at=at)
        WarningReceipt.objects.filter(warning=warning).update(at=at + timedelta(hours=5))
