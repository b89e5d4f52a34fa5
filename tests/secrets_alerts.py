"""One row of everything of stories, exceptions and noise, owned by the region, each with the secret word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.network.models import Node, Organisation
from brandwacht.soc.models import (
    Alert,
    AlertEntity,
    AlertException,
    AlertStory,
    CoveredMatch,
    ExceptionState,
    RuleDay,
)


def things(region: Organisation, now: datetime, word: str, alerts: list[Alert], host: Node) -> dict[str, Any]:
    """The rows, saved; the two alerts become one story."""
    user = f"{word}-jan".lower()
    story = AlertStory(
        organisation=region, first_seen=now, last_seen=now, alert_count=2,
        through=[{"kind": "gebruiker", "value": user}],
    )  # fmt: skip
    story.save()
    for alert in alerts:
        alert.story, alert.lead = story, alert is alerts[0]
        alert.save()
        AlertEntity(
            organisation=region, alert=alert, kind="gebruiker", value=user, rule_id="regel-1", count=1, first_seen=now,
            last_seen=now,
        ).save()  # fmt: skip
    RuleDay(
        organisation=region, rule_id="regel-1", day=timezone.localdate(now), title=f"{word} regel", level=3,
        attack=["T1003.001"], matches=2, alerts=2,
    ).save()  # fmt: skip
    facts = {
        "organisation": region, "rule_id": "regel-1", "title": f"{word} regel", "asset": host, "subject": "gebruiker",
        "value": user, "reason": word, "owner_name": word, "proposed_by": word, "proposed_at": now,
        "expires_at": now + timedelta(days=30),
    }  # fmt: skip
    proposed = AlertException(**facts)
    working = AlertException(
        **facts, state=ExceptionState.APPROVED, decided_by=word, decided_at=now, covered=1, covered_last=now
    )
    for row in (proposed, working):
        row.save()
    CoveredMatch(
        organisation=region, exception=working, asset=host, rule_id="regel-1", rule_title=f"{word} regel",
        day=timezone.localdate(now), count=1, first_seen=now, last_seen=now, sample={"Image": word},
    ).save()  # fmt: skip
    return {"story": story, "proposed": proposed, "exception": working}
