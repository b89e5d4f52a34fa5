"""One row of every kind of detection content, owned by VR17."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from brandwacht.network.models import Organisation
from brandwacht.soc.models import (
    Alert,
    AlertRule,
    ContentImport,
    ContentKind,
    ImportState,
    IndicatorList,
    LookBack,
    LookBackResult,
    LookState,
    RuleOff,
    SigmaRule,
    SigmaRuleVersion,
)


def things(region: Organisation, now: datetime, word: str) -> dict[str, Any]:
    """Rules with their history, an import, a list and a look back; ``word`` stands in every text."""
    rule = SigmaRule.objects.get(organisation=region, rule_id="eigen")
    rule.description, rule.changed_by, rule.changed_why, rule.version = word, word, word, 2
    rule.save()
    version = SigmaRuleVersion(
        organisation=region, rule=rule, number=1, source=f"{word} oud", sha256="4" * 64, made_at=now, made_by=word,
        why=word,
    )  # fmt: skip
    off = RuleOff(
        organisation=region, watcher=region, rule_id="regel-1", title=f"{word} regel", log=word.lower(), reason=word,
        off_by=word, off_at=now, until=now + timedelta(days=9),
    )  # fmt: skip
    watch = IndicatorList(
        organisation=region, name=f"{word} lijst", origin=word, tlp="TLP:RED", valid_until=now + timedelta(days=9),
        version=1, sha256="5" * 64, counts={"domain": 1}, total=1, made_at=now, changed_at=now, changed_by=word,
    )  # fmt: skip
    counts = dict.fromkeys(("new", "changed", "own", "left", "missing", "unusable"), 0) | {"new": 1}
    preview = {"files": 1, "unchanged": 0, "fingerprint": "", "counts": counts, "new": [_named(word)]}
    offered = {
        key: ContentImport(
            organisation=region, kind=ContentKind.RULES, name=f"{word}.zip", collection=word, outcome=preview,
            state=state, offered_by=word, offered_at=now, seen_at=now,
        )
        for key, state in (("offered", ImportState.READY), ("reading", ImportState.RUNNING))
    }  # fmt: skip
    alert = Alert.objects.get(organisation=region, note=word)
    seen = AlertRule(
        organisation=region, alert=alert, rule_id="eigen", title=f"{word} regel", level=3, count=1, first_seen=now,
        last_seen=now,
    )  # fmt: skip
    for row in (seen, version, off, watch, *offered.values()):
        row.save()
    look = LookBack(
        organisation=region, rule=rule, title=f"{word} regel", text=word, owner_codes=[region.code],
        since=now - timedelta(days=1), until=now, state=LookState.RUNNING, steps=1, started_by=word, started_at=now,
        seen_at=now,
    )  # fmt: skip
    look.save()
    LookBackResult(
        organisation=region, look_back=look.public_id, events=1, matches=1, hosts={word: 1},
        days={timezone.localdate(now).isoformat(): 1}, ledger=uuid.uuid4(),
        examples=[{"time": now.isoformat(), "host": word, "matched": {"Image": word}, "because": [word]}],
    ).save()  # fmt: skip
    return {"version": version, "off": off, "watch_list": watch, "look": look} | offered


def _named(word: str) -> dict[str, Any]:
    return {"id": word, "title": f"{word} regel", "name": f"{word}.yml", "level": 3}
