"""Importing Sigma rules from a folder, and switching a rule off or on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.engines.detection import FORM, Rule, RuleSet, UnusableRule, load_rules
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import Severity, SigmaRule

# Filters and correlations speak of rules in other files: with one of them in the folder all files are read together.
_ABOUT_OTHERS = re.compile(r"^(?:correlation|filter):", re.MULTILINE)
LEVELS = {
    "informational": Severity.INFORMATIONAL,
    "low": Severity.LOW,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.CRITICAL,
}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file with rules: its name below the folder, its text, and the fingerprint of that text."""

    name: str
    text: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did; ``unusable`` names (file, reason) for every rule of this import that cannot be used."""

    files: int
    unchanged: int
    added: int
    renewed: int
    removed: int
    unusable: tuple[tuple[str, str], ...]


def import_rules(
    actor: Actor, folder: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> ImportResult:
    """Store every rule below ``folder`` (*.yml, *.yaml) for the actor's organisation, all of them or none.

    Files whose text is stored already are skipped. ``progress`` gets (files done, files in all). A rule that cannot be
    used is stored with its reason. Raises ``Refused`` when the folder holds no rule file.
    """
    inside = folder.resolve()  # a collection from elsewhere may hold links to files that are not part of it
    found = (p for p in folder.rglob("*") if p.suffix.lower() in {".yml", ".yaml"} and p.is_file())
    paths = sorted(p for p in found if p.resolve().is_relative_to(inside))
    if not paths:
        raise Refused(_("In de map %(folder)s staat geen enkel .yml-bestand.") % {"folder": folder})
    with use_case(actor, "soc.rules.import") as case:
        case.require(Owner(actor.organisation_id))
    # Compiling takes seconds: it happens before the transaction that writes.
    current = _current_fingerprints(actor.organisation_id)
    files = list(_read(folder, paths))
    changed = [file for file in files if file.sha256 not in current]
    if changed and any(_ABOUT_OTHERS.search(file.text) for file in files):
        changed = files

    def sources() -> Iterator[tuple[str, str]]:
        for number, file in enumerate(changed):
            progress(len(files) - len(changed) + number, len(files))
            yield file.name, file.text

    loaded = load_rules(sources())
    progress(len(files), len(files))
    texts = {file.name: file for file in changed}
    rows = [_row(actor, texts, rule) for rule in loaded.rules]
    apart = _not_watched(loaded)
    broken = [_broken_row(actor, texts, rule) for rule in (*loaded.unusable, *apart)]
    with use_case(actor, "soc.rules.import") as case:
        case.require(Owner(actor.organisation_id))
        kept = {file.name for file in files} - texts.keys()
        rows, doubles = _without_doubles(actor, rows, kept)
        added, renewed, removed = _store(actor.organisation_id, rows + doubles + broken, texts.keys())
        result = ImportResult(
            files=len(files),
            unchanged=len(files) - len(changed),
            added=added,
            renewed=renewed,
            removed=removed,
            unusable=tuple((row.name, row.reason) for row in [*broken, *doubles]),
        )
        if changed:
            first = SigmaRule.objects.filter(organisation_id=actor.organisation_id).order_by("-pk")[0]
            case.audit(
                first,
                {"map": folder.name, "nieuw": added, "vernieuwd": renewed, "weg": removed, "kapot": len(broken)},
            )
    return result


def switch_rule(actor: Actor, public_id: Any, *, enabled: bool) -> SigmaRule:
    """Switch a rule off or on; it counts from the next file that is read."""
    with use_case(actor, "soc.rules.import") as case:
        rule = case.get(SigmaRule, public_id, see="soc.rules.see")
        rule.enabled = enabled
        rule.save(update_fields=["enabled"])
        case.audit(rule, {"regel": rule.rule_id, "aan": enabled})
    return rule


def _read(folder: Path, paths: list[Path]) -> Iterator[RuleFile]:
    for path in paths:
        content = path.read_bytes()
        name = f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"[:240]
        # PostgreSQL keeps no NUL in text; a rule has no use for it.
        text = content.decode("utf-8", errors="replace").replace("\x00", "\ufffd")
        yield RuleFile(name, text, hashlib.sha256(content).hexdigest())


def _current_fingerprints(owner_id: int) -> set[str]:
    """Fingerprints of the files that need no compiling: unusable ones, and those in the present compiled form."""
    rows = SigmaRule.objects.filter(organisation_id=owner_id)
    outdated = rows.filter(usable=True).exclude(compiled__form=FORM)
    return set(rows.values_list("sha256", flat=True)) - set(outdated.values_list("sha256", flat=True))


def _not_watched(loaded: RuleSet) -> list[UnusableRule]:
    """What the engine can use and this room does not keep: said in the list, so that nobody counts on it."""
    correlations = _("Dit verband tussen regels klopt, maar wordt hier niet bewaakt: alleen de regels zelf.")
    filters = _("Dit filter klopt, en geldt voor de regels die er tegelijk mee zijn ingelezen.")
    return [
        *(UnusableRule(item.name, item.id, item.title, correlations) for item in loaded.correlations),
        *(UnusableRule(item.name, item.id, item.title, filters) for item in loaded.filters),
    ]


def _base(name: str) -> str:
    return name.partition("#")[0]


def _row(actor: Actor, texts: dict[str, RuleFile], rule: Rule) -> SigmaRule:
    file = texts[_base(rule.name)]
    return SigmaRule(
        organisation_id=actor.organisation_id,
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
        source=file.text,
        sha256=file.sha256,
        compiled=rule.to_json(),
        imported_at=actor.now,
    )


def _broken_row(actor: Actor, texts: dict[str, RuleFile], rule: UnusableRule) -> SigmaRule:
    """An unusable rule is known by its place: its own identifier may be absent, or belong to another rule."""
    file = texts[_base(rule.name)]
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
    )


def _without_doubles(actor: Actor, rows: list[SigmaRule], kept: set[str]) -> tuple[list[SigmaRule], list[SigmaRule]]:
    """Set rules apart whose identifier belongs to a rule in a file of this folder that did not change."""
    stored = SigmaRule.objects.filter(organisation_id=actor.organisation_id, usable=True)
    owner_of = {rule_id: name for rule_id, name in stored.values_list("rule_id", "name") if _base(name) in kept}
    fresh, doubles = [], []
    for row in rows:
        if row.rule_id in owner_of:
            reason = _("Dubbel kenmerk (id): regel %(name)s heeft hetzelfde. Geef deze regel een eigen id.")
            row.reason, row.usable, row.compiled = reason % {"name": owner_of[row.rule_id]}, False, None
            row.rule_id = f"onbruikbaar-{hashlib.sha256(row.name.encode()).hexdigest()[:32]}"
            doubles.append(row)
        else:
            fresh.append(row)
    return fresh, doubles


def _store(owner_id: int, rows: list[SigmaRule], files: Any) -> tuple[int, int, int]:
    """Write the rows; returns how many were added, renewed and removed (rules that left a changed file)."""
    present = SigmaRule.objects.filter(organisation_id=owner_id)
    by_id = {r.rule_id: r for r in present.only("pk", "public_id", "rule_id", "name", "enabled", "organisation_id")}
    new_ids = {row.rule_id for row in rows}
    gone = [r.pk for r in by_id.values() if _base(r.name) in files and r.rule_id not in new_ids]
    for start in range(0, len(gone), 500):
        present.filter(pk__in=gone[start : start + 500]).delete()
    fresh = [row for row in rows if row.rule_id not in by_id]
    known = [row for row in rows if row.rule_id in by_id]
    for row in known:
        old = by_id[row.rule_id]
        row.pk, row.public_id, row.enabled = old.pk, old.public_id, old.enabled
    SigmaRule.objects.bulk_create(fresh, batch_size=200)
    columns = [
        "name", "title", "level", "status", "description", "falsepositives", "tags", "attack", "author", "source",
        "sha256", "compiled", "usable", "reason", "imported_at",
    ]  # fmt: skip
    SigmaRule.objects.bulk_update(known, columns, batch_size=50)
    return len(fresh), len(known), len(gone)
