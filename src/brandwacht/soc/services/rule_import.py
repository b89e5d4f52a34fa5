"""Taking over a delivery of rule files: compiled first, then planned against the present rules, then written.

Compiling takes seconds and changes nothing; a plan is cheap and is made again at the moment of writing. So a preview
can stand for a day, and what is written is what was shown, or nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import Any, Final, TypeVar

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _

from brandwacht.engines.detection import FORM, Correlation, Filter, Rule, UnusableRule, load_rules
from brandwacht.engines.detection.correlations import FORM as CORRELATION_FORM
from brandwacht.network.actor import Actor
from brandwacht.soc.models import RuleKind, SigmaRule
from brandwacht.soc.services.rule_files import RuleFile
from brandwacht.soc.services.rule_relations import STORED, related_texts
from brandwacht.soc.services.rule_rows import as_double, broken_row, filter_row, replace_texts, text_of_rule

AT_ONCE: Final = 200
"""Rules that are written between two notes of progress."""
SWITCH_COLUMNS: Final = ("enabled", "switched_by", "switched_at", "switched_why")
RELATED: Final = re.compile(r"^(?:filter|correlation|['\"](?:filter|correlation)['\"])\s*:", re.MULTILINE)
"""How a text shows that it is about other rules: such a delivery is compiled as a whole."""

Read = TypeVar("Read", Rule, Correlation, Filter, UnusableRule)
Progress = Callable[[int, int], None]


class Stopped(Exception):
    """Somebody asked to stop; nothing was written."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery, compiled: every file of it, and what is in those that were not known yet.

    ``again`` names files that are known, but were compiled again because rules of this delivery tell about each other.
    """

    files: dict[str, RuleFile]
    rules: list[Rule]
    unusable: list[UnusableRule]
    fresh: frozenset[str]
    """Names of the files that were compiled; the text of the others is stored already."""
    correlations: list[Correlation] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    again: frozenset[str] = frozenset()

    def to_bytes(self) -> bytes:
        """As JSON, without the texts of files that are stored already."""
        return orjson.dumps(
            {
                "files": [[f.name, f.text if f.name in self.fresh else "", f.sha256] for f in self.files.values()],
                "rules": [rule.to_json() for rule in self.rules],
                "unusable": [[u.name, u.rule_id, u.title, u.reason] for u in self.unusable],
                "fresh": sorted(self.fresh),
                "correlations": [each.to_json() for each in self.correlations],
                "filters": [asdict(each) for each in self.filters],
                "again": sorted(self.again),
            }
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Prepared:
        """What ``to_bytes`` wrote. Raises ``OutdatedForm`` when it was compiled by another version."""
        data = orjson.loads(content)
        return cls(
            {name: RuleFile(name, text, sha256) for name, text, sha256 in data["files"]},
            [Rule.from_json(rule) for rule in data["rules"]],
            [UnusableRule(*facts) for facts in data["unusable"]],
            frozenset(data["fresh"]),
            [Correlation.from_json(each) for each in data["correlations"]],
            [
                Filter(**{**each, "rules": tuple(each["rules"]), "unknown": tuple(each["unknown"])})
                for each in data["filters"]
            ],
            frozenset(data["again"]),
        )


@dataclass(slots=True)
class Plan:
    """What taking over a delivery would do. Rows are not saved yet.

    ``own`` are rules whose text was changed here and for which the delivery has another text: (present, delivered).
    ``left`` are rules that are no longer in a file that is delivered, ``missing`` those whose file is not delivered.
    """

    new: list[SigmaRule] = field(default_factory=list)
    changed: list[tuple[SigmaRule, SigmaRule]] = field(default_factory=list)
    recompiled: list[tuple[SigmaRule, SigmaRule]] = field(default_factory=list)
    own: list[tuple[SigmaRule, SigmaRule]] = field(default_factory=list)
    unusable: list[SigmaRule] = field(default_factory=list)
    placeholders: list[SigmaRule] = field(default_factory=list)
    left: list[SigmaRule] = field(default_factory=list)
    missing: list[SigmaRule] = field(default_factory=list)
    unchanged: int = 0
    same: set[str] = field(default_factory=set)
    """Identifiers of rules that were compiled again and came out the same."""

    @property
    def fingerprint(self) -> str:
        """The same as long as taking over would do the same."""
        named = [
            *(f"n {row.rule_id} {row.sha256}" for row in self.new),
            *(f"c {old.rule_id} {old.sha256} {row.sha256}" for old, row in self.changed),
            *(f"o {old.rule_id} {old.sha256} {row.sha256}" for old, row in self.own),
            *(f"u {row.rule_id}" for row in self.unusable),
            *(f"l {row.rule_id}" for row in self.left),
            *(f"m {row.rule_id}" for row in self.missing),
        ]
        return hashlib.sha256("\n".join(sorted(named)).encode()).hexdigest()


def prepare(owner_id: int, files: Sequence[RuleFile], progress: Progress) -> Prepared:
    """Compile the files that are not stored yet; ``progress`` gets (files done, files in all) and may raise."""
    known = _known_fingerprints(owner_id)
    fresh = [file for file in files if file.sha256 not in known]
    again: list[RuleFile] = []
    if _is_related(owner_id, files, fresh):
        again = [file for file in files if file.sha256 in known]
        fresh = list(files)
    total = len(files)

    def sources() -> Iterator[tuple[str, str]]:
        for number, file in enumerate(fresh):
            progress(total - len(fresh) + number, total)
            if not file.problem:
                yield file.name, file.text

    # What a correlation rests on may have come with an earlier delivery: it is read along, and stays as it is.
    stored = related_texts(owner_id, [file.text for file in fresh if not file.problem])
    loaded = load_rules(chain(sources(), stored))
    progress(total, total)
    refused = [UnusableRule(file.name, "", "", file.problem) for file in fresh if file.problem]
    return Prepared(
        {file.name: file for file in files},
        _delivered(loaded.rules),
        _delivered(loaded.unusable) + refused,
        frozenset(file.name for file in fresh),
        _delivered(loaded.correlations),
        _delivered(loaded.filters),
        frozenset(file.name for file in again),
    )


def _delivered(found: Sequence[Read]) -> list[Read]:
    """What is in the delivery itself."""
    return [each for each in found if not each.name.startswith(STORED)]


def _is_related(owner_id: int, files: Sequence[RuleFile], fresh: Sequence[RuleFile]) -> bool:
    """Whether something changed in a delivery in which rules tell about each other, or such a file is gone from it."""
    names = {file.name for file in files}
    folders = {name.partition("/")[0] for name in names}
    stored = SigmaRule.objects.filter(organisation_id=owner_id, kind=RuleKind.FILTER, enabled=True)
    gone = (name for name in stored.values_list("name", flat=True) if _base(name) not in names)
    if any(name.partition("/")[0] in folders for name in gone):
        return True
    return bool(fresh) and any(RELATED.search(file.text) for file in files)


def make_plan(actor: Actor, prepared: Prepared, collection: str) -> Plan:
    """What taking over would do to the rules of the actor's organisation as they are now."""
    # What was compiled again has its present form beside it, to see whether that changed.
    present = SigmaRule.objects.filter(organisation_id=actor.organisation_id).defer(
        "source", *(() if prepared.again else ("compiled",))
    )
    by_id = {rule.rule_id: rule for rule in present}
    plan = Plan(unchanged=len(prepared.files) - len(prepared.fresh) + len(prepared.again))
    why = _("Ingelezen uit %(name)s") % {"name": collection}
    kept = {rule.rule_id: rule.name for rule in by_id.values() if rule.usable and _unchanged(rule, prepared)}
    for row in _rows(actor, prepared, why):
        old = by_id.get(row.rule_id)
        if row.rule_id in kept and old is not None and old.sha256 != row.sha256:
            plan.unusable.append(as_double(row, kept[row.rule_id]))
        elif old is None:
            plan.new.append(row)
        elif old.sha256 == row.sha256 and _base(row.name) in prepared.again and _same_form(old, row):
            plan.same.add(row.rule_id)
        elif old.sha256 == row.sha256:
            plan.recompiled.append((old, row))
        elif not old.edited:
            plan.changed.append((old, row))
        elif old.upstream_sha256 != row.sha256:
            plan.own.append((old, row))
    plan.unusable += [broken_row(actor, prepared.files[_base(rule.name)], rule, why) for rule in prepared.unusable]
    _sort_out_the_rest(plan, by_id.values(), prepared, collection)
    return plan


def _sort_out_the_rest(plan: Plan, present: Any, prepared: Prepared, collection: str) -> None:
    """The rules that the delivery does not bring: still there, no longer in their file, or without their file."""
    pairs = (*plan.changed, *plan.recompiled, *plan.own)
    brought = plan.same | {row.rule_id for row in (*plan.new, *plan.unusable)} | {old.rule_id for old, _row in pairs}
    broken = {_base(row.name) for row in plan.unusable}
    for rule in present:
        file = _base(rule.name)
        if rule.rule_id in brought or rule.edited:
            continue
        if file in prepared.fresh:
            if not rule.usable:
                plan.placeholders.append(rule)
            elif file not in broken and rule.enabled:
                # A file that does not read any more says nothing of its rules: their last good text goes on watching.
                plan.left.append(rule)
        elif rule.kind == RuleKind.FILTER and file not in prepared.files and rule.name.startswith(f"{collection}/"):
            # The rules of this delivery were compiled without it.
            if rule.enabled:
                plan.left.append(rule)
        elif file not in prepared.files and rule.name.startswith(f"{collection}/") and rule.usable and rule.enabled:
            plan.missing.append(rule)


def write(
    actor: Actor,
    plan: Plan,
    *,
    take: Mapping[str, bool],
    missing_off: bool,
    collection: str,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a plan, inside the caller's transaction.

    ``take`` says per identifier of ``plan.own`` whether the delivered text replaces the own one; by default it does
    not. ``missing_off`` switches off the rules whose file was not delivered. ``progress`` gets (rules done, rules in
    all) and may raise.
    """
    for start in range(0, len(plan.placeholders), 500):
        chunk = [rule.pk for rule in plan.placeholders[start : start + 500]]
        SigmaRule.objects.filter(pk__in=chunk).delete()
    broken = SigmaRule.objects.filter(organisation_id=actor.organisation_id, usable=False).defer("source", "compiled")
    known = {rule.rule_id: rule for rule in broken}
    fresh = [row for row in (*plan.new, *plan.unusable) if row.rule_id not in known]
    taken = [(old, row) for old, row in plan.own if take.get(old.rule_id)]
    again = [(known[row.rule_id], row) for row in plan.unusable if row.rule_id in known]
    pairs = [*plan.changed, *taken, *(pair for pair in again if pair[0].sha256 != pair[1].sha256)]
    total = len(fresh) + len(pairs) + len(plan.recompiled)
    for start in range(0, len(fresh), AT_ONCE):
        progress(start, total)
        SigmaRule.objects.bulk_create(fresh[start : start + AT_ONCE])
    for start in range(0, len(pairs), AT_ONCE):
        progress(len(fresh) + start, total)
        replace_texts(pairs[start : start + AT_ONCE])
    for number, (old, row) in enumerate(plan.recompiled, len(fresh) + len(pairs)):
        if not number % AT_ONCE:
            progress(number, total)
        SigmaRule.objects.filter(pk=old.pk).update(
            compiled=row.compiled, usable=row.usable, reason=row.reason, kind=row.kind, compiled_at=actor.now
        )
    for old, row in plan.own:
        if not take.get(old.rule_id):
            SigmaRule.objects.filter(pk=old.pk).update(upstream_sha256=row.sha256)
    progress(total, total)
    gone = [*plan.left, *(plan.missing if missing_off else ())]
    why = (_("Staat niet meer in de levering %(name)s") % {"name": collection})[:300]
    for rule in gone:
        rule.enabled, rule.switched_by, rule.switched_at, rule.switched_why = False, actor.name, actor.now, why
        rule.save(update_fields=SWITCH_COLUMNS)


def _known_fingerprints(owner_id: int) -> set[str]:
    """Fingerprints of the texts that need no compiling: unusable ones, and those in the present compiled form."""
    rows = SigmaRule.objects.filter(organisation_id=owner_id)
    outdated = rows.filter(usable=True, edited=False).exclude(
        Q(kind=RuleKind.CORRELATION, compiled__form=CORRELATION_FORM) | Q(compiled__form=FORM)
    )
    known = set(rows.values_list("sha256", flat=True)) | set(rows.values_list("upstream_sha256", flat=True))
    return known - set(outdated.values_list("sha256", flat=True))


def _base(name: str) -> str:
    return name.partition("#")[0]


def _unchanged(rule: SigmaRule, prepared: Prepared) -> bool:
    file = _base(rule.name)
    return file in prepared.files and file not in prepared.fresh


def _same_form(old: SigmaRule, row: SigmaRule) -> bool:
    def plain(value: object) -> bytes:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

    return old.usable == row.usable and old.kind == row.kind and plain(old.compiled) == plain(row.compiled)


def _rows(actor: Actor, prepared: Prepared, why: str) -> Iterator[SigmaRule]:
    """The rules, correlations and filters of a delivery as rows, not saved."""
    both: list[Rule | Correlation] = [*prepared.rules, *prepared.correlations]
    for rule in both:
        file = prepared.files[_base(rule.name)]
        yield text_of_rule(actor, rule, file.text, file.sha256, why)
    for each in prepared.filters:
        yield filter_row(actor, prepared.files[_base(each.name)], each, why)
