"""Rules as they stand in the database: the row that a text makes, and the former texts that are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from brandwacht.engines.detection import FORM, Correlation, Filter, Rule, UnusableRule
from brandwacht.network.actor import Actor
from brandwacht.soc.models import RuleKind, Severity, SigmaRule, SigmaRuleVersion
from brandwacht.soc.services.rule_files import RuleFile

LEVELS: Final = {
    "informational": Severity.INFORMATIONAL,
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}
TEXT_COLUMNS: Final = (
    "name", "title", "level", "status", "description", "falsepositives", "tags", "attack", "author", "source",
    "sha256", "compiled", "usable", "reason", "imported_at", "version", "edited", "upstream_sha256", "changed_by",
    "changed_why", "kind", "compiled_at",
)  # fmt: skip
"""What a new text of a rule sets; who switched it off, and its public id, stay."""


def text_of_rule(actor: Actor, rule: Rule | Correlation, text: str, sha256: str, why: str) -> SigmaRule:
    """A row, not saved, for a rule with this source text."""
    return SigmaRule(
        organisation_id=actor.organisation_id,
        kind=RuleKind.CORRELATION if isinstance(rule, Correlation) else RuleKind.RULE,
        rule_id=rule.id,
        name=rule.name,
        title=rule.title[:255],
        level=LEVELS.get(rule.level, Severity.MEDIUM),
        status=rule.status[:20],
        description=rule.description,
        falsepositives=list(rule.falsepositives),
        tags=list(rule.tags),
        attack=list(rule.attack),
        author=rule.author[:255],
        source=text,
        sha256=sha256,
        compiled=rule.to_json(),
        imported_at=actor.now,
        changed_by=actor.name,
        changed_why=why[:300],
    )


def filter_row(actor: Actor, file: RuleFile, each: Filter, why: str) -> SigmaRule:
    """A filter has its work in the rules that it is put on; its row tells that it is there, and on which rules."""
    return SigmaRule(
        organisation_id=actor.organisation_id,
        kind=RuleKind.FILTER,
        rule_id=each.id or f"filter-{hashlib.sha256(each.name.encode()).hexdigest()[:32]}",
        name=each.name,
        title=(each.title or each.name)[:255],
        level=Severity.INFORMATIONAL,
        source=file.text,
        sha256=file.sha256,
        compiled={"form": FORM, "rules": list(each.rules), "unknown": list(each.unknown)},
        imported_at=actor.now,
        changed_by=actor.name,
        changed_why=why[:300],
    )


def broken_row(actor: Actor, file: RuleFile, rule: UnusableRule, why: str) -> SigmaRule:
    """An unusable rule is known by its place: its own identifier may be absent, or belong to another rule."""
    place = hashlib.sha256(f"{rule.name}\x00{rule.rule_id}\x00{rule.reason}".encode()).hexdigest()[:32]
    return SigmaRule(
        organisation_id=actor.organisation_id,
        rule_id=f"onbruikbaar-{place}",
        name=rule.name,
        title=(rule.title or rule.name)[:255],
        source=file.text,
        sha256=file.sha256,
        usable=False,
        reason=rule.reason[:300],
        imported_at=actor.now,
        changed_by=actor.name,
        changed_why=why[:300],
    )


def as_double(row: SigmaRule, of: str) -> SigmaRule:
    """A rule whose identifier belongs to a rule in a file of this delivery that did not change."""
    reason = _("Dubbel kenmerk (id): regel %(name)s heeft hetzelfde. Geef deze regel een eigen id.") % {"name": of}
    row.reason, row.usable, row.compiled = reason[:300], False, None
    row.rule_id = f"onbruikbaar-{hashlib.sha256(row.name.encode()).hexdigest()[:32]}"
    return row


def replace_texts(pairs: Sequence[tuple[SigmaRule, SigmaRule]]) -> None:
    """Give rules a new text, each (present, new): the former text becomes a version, the number goes up."""
    # One statement per row: a bulk update of this many columns costs far more than that.
    keep_former([old for old, _row in pairs])
    for old, row in pairs:
        row.pk, row.public_id, row._stored_owner = old.pk, old.public_id, old.organisation_id
        row.version = old.version + 1
        row.save(update_fields=TEXT_COLUMNS)


def keep_former(rules: Sequence[SigmaRule]) -> None:
    """Keep the present text of these rules as a version, before it is replaced."""
    sources = dict(SigmaRule.objects.filter(pk__in=[rule.pk for rule in rules]).values_list("pk", "source"))
    SigmaRuleVersion.objects.bulk_create(
        [
            SigmaRuleVersion(
                organisation_id=rule.organisation_id,
                rule=rule,
                number=rule.version,
                source=sources[rule.pk],
                sha256=rule.sha256,
                made_at=rule.imported_at,
                made_by=rule.changed_by,
                why=rule.changed_why,
            )
            for rule in rules
        ]
    )
