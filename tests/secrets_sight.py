"""What the watch knows of itself: what a source brings, and a rule that can never fire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from brandwacht.engines.detection import load_rules
from brandwacht.network.models import Organisation
from brandwacht.soc.models import BlindReason, BlindSpot, LogSource, RuleKind, RuleReach, SeenLog, SigmaRule


def things(region: Organisation, source: LogSource, now: datetime, word: str) -> dict[str, Any]:
    """One row of everything; ``word`` stands in every text."""
    state = {"form": 1, "left_out": 0, "kinds": [[word, 1, 17, 17, [word], []]]}
    seen = SeenLog(
        organisation=region, source=source, state=state, number=1, since=now, saved_at=now, able=1, blind=1,
        lacks=[[region.pk, [word], ["samen"]]],
    )  # fmt: skip
    reach = RuleReach(
        organisation=region, stamp=word, judged_at=now, rules=2, blind=1, partly=1, events=17, since=now
    )  # fmt: skip
    spot = BlindSpot(
        organisation=region, watcher=region, rule_id="eigen", title=f"{word} regel", level=3,
        reason=BlindReason.FIELDS, lacks=[word],
    )  # fmt: skip
    together = SigmaRule(
        organisation=region, kind=RuleKind.CORRELATION, rule_id="samen", name="eigen/samen.yml", title=f"{word} samen",
        source=word, sha256="6" * 64, imported_at=now, enabled=False, compiled=_correlation(f"{word} samen"),
    )  # fmt: skip
    for row in (seen, reach, spot, together):
        row.save()
    return {"spot": spot, "together": together}


def _correlation(title: str) -> dict[str, Any]:
    base = "title: x\nname: x\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}"
    about = "correlation:\n  type: event_count\n  rules: [x]\n  timespan: 1m\n  condition: {gte: 2}"
    (made,) = load_rules([("x.yml", f"{base}\n---\ntitle: {title}\n{about}")]).correlations
    return made.to_json()
