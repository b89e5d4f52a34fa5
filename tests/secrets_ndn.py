"""Things of the national node: what came in, who is connected, what went back, each with the word."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.utils import timezone

from brandwacht.network.models import Organisation
from brandwacht.sharing.models import (
    FeedIndicator,
    FeedState,
    IndicatorWord,
    NationalNode,
    NodeConnection,
    SentSighting,
    StixCollection,
    StixObject,
    Threat,
)
from brandwacht.sharing.ndn import indicator_key
from brandwacht.soc.models import Alert, FeedHit


def things(
    circle: Organisation, home: Organisation, operator: Organisation, alert: Alert, threat: Threat, now: datetime,
    word: str,
) -> dict[str, Any]:  # fmt: skip
    """A node of the circle, to which ``home`` is connected; one indicator that waits, and one of ``threat``."""
    _saved(NationalNode(organisation=circle, operator=operator))
    collection = _saved(StixCollection(organisation=circle, member=operator, last_added=now))
    name = f"indicator--{uuid4()}"
    given = _saved(
        StixObject(
            organisation=circle, collection=collection, member=operator, stix_id=name, kind="indicator", version=now,
            date_added=now, tlp="AMBER", origin=circle.public_id, content={"name": word},
        )
    )  # fmt: skip
    held = _saved(
        FeedIndicator(
            organisation=circle, object=given, origin=circle.public_id, stix_id=name, key=uuid4(), about=uuid4(),
            via="knooppunt", kind="domain", value=f"{word}.example".lower(), tlp="AMBER", trust=80, given_at=now,
            state=FeedState.HELD, lists=[word],
        )
    )  # fmt: skip
    _saved(IndicatorWord(organisation=circle, key=held.key, member=home, on=timezone.localdate(now), opinion="gezien"))
    connection = _saved(
        NodeConnection(
            organisation=home, circle=circle, level="sector", agreed_at=now, agreed_by=word, began_at=now, began_by=word
        )
    )  # fmt: skip
    _saved(
        SentSighting(
            organisation=home, key=held.key, on=timezone.localdate(now), level="sector", sent_at=now,
            content={"name": word},
        )
    )  # fmt: skip
    _saved(FeedHit(organisation=home, alert=alert, circle=circle, key=held.key, on=timezone.localdate(now), count=1))
    threat.indicators = [{"kind": "domain", "value": f"{word}.example".lower()}]
    threat.save()
    key = indicator_key(threat.public_id, threat.parsed_indicators[0])
    return {"connection": connection, "held": held, "judged": SimpleNamespace(public_id=key)}


def _saved(row: Any) -> Any:
    row.save()
    return row
