"""Importing Sigma rules from a folder or a zip by command, and switching a rule off or on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import SigmaRule
from brandwacht.soc.services.rule_files import read_folder, read_zip
from brandwacht.soc.services.rule_import import SWITCH_COLUMNS, Plan, make_plan, prepare, write
from brandwacht.soc.services.rule_rows import LEVELS

__all__ = ["LEVELS", "ImportResult", "import_rules", "result_of", "switch_rule"]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do.

    ``unusable`` names (file, reason) for every rule of this import that cannot be used, ``own`` the titles of rules
    that were changed here and for which the delivery has another text, ``missing`` the rules whose file is not there.
    """

    files: int
    unchanged: int
    added: int
    renewed: int
    removed: int
    unusable: tuple[tuple[str, str], ...]
    own: tuple[str, ...] = ()
    missing: int = 0


def import_rules(
    actor: Actor,
    path: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    preview: bool = False,
    theirs: bool = False,
    missing_off: bool = False,
) -> ImportResult:
    """Store every rule below a folder (*.yml, *.yaml) or in a zip for the actor's organisation, all of them or none.

    Files whose text is stored already are skipped. ``progress`` gets (files done, files in all). A rule that cannot be
    used is stored with its reason. A rule that was changed here keeps its own text unless ``theirs``; rules whose file
    is no longer delivered go on unless ``missing_off``. ``preview`` writes nothing. Raises ``Refused`` when there is no
    rule file.
    """
    with use_case(actor, "soc.rules.import") as case:
        case.require(Owner(actor.organisation_id))
    # Compiling takes seconds: it happens before the transaction that writes.
    collection = path.resolve().name if path.is_dir() else path.stem
    files = read_folder(path) if path.is_dir() else read_zip(path, collection)
    prepared = prepare(actor.organisation_id, files, progress)
    with use_case(actor, "soc.rules.import") as case:
        case.require(Owner(actor.organisation_id))
        plan = make_plan(actor, prepared, collection)
        result = result_of(plan, len(files), missing_off=missing_off)
        if not preview:
            take = dict.fromkeys((old.rule_id for old, _row in plan.own), theirs)
            write(actor, plan, take=take, missing_off=missing_off, collection=collection)
            if prepared.fresh:
                audit_import(case, collection, result)
    return result


def result_of(plan: Plan, files: int, *, missing_off: bool = False) -> ImportResult:
    """What a plan comes down to, in numbers."""
    return ImportResult(
        files=files,
        unchanged=plan.unchanged,
        added=len(plan.new),
        renewed=len(plan.changed) + len(plan.recompiled),
        removed=len(plan.placeholders) + len(plan.left) + (len(plan.missing) if missing_off else 0),
        unusable=tuple((row.name, row.reason) for row in plan.unusable),
        own=tuple(old.title for old, _row in plan.own),
        missing=len(plan.missing),
    )


def audit_import(case: UseCase, collection: str, result: ImportResult) -> None:
    """Write in the chain what an import did."""
    latest = SigmaRule.objects.filter(organisation_id=case.actor.organisation_id).order_by("-pk").first()
    if latest is not None:
        case.audit(
            latest,
            {
                "map": collection,
                "nieuw": result.added,
                "vernieuwd": result.renewed,
                "weg": result.removed,
                "kapot": len(result.unusable),
            },
            "soc.rules.import",
        )


def switch_rule(actor: Actor, public_id: Any, *, enabled: bool, reason: str = "") -> SigmaRule:
    """Switch a rule off or on for everybody; it counts from the next batch that is read.

    Raises ``Refused`` (field "reason") when a rule is switched off without saying why.
    """
    with use_case(actor, "soc.rules.import") as case:
        rule = case.get(SigmaRule, public_id, see="soc.rules.see")
        if not enabled and not reason.strip():
            raise Refused(_("Schrijf op waarom deze regel uit moet."), "reason")
        if not rule.usable:
            raise Refused(_("Deze regel is niet te gebruiken: %(reason)s") % {"reason": rule.reason})
        rule.enabled, rule.switched_why = enabled, reason.strip()[:300]
        rule.switched_by, rule.switched_at = actor.name, actor.now
        rule.save(update_fields=SWITCH_COLUMNS)
        detail = {"regel": rule.rule_id, "aan": enabled}
        case.audit(rule, detail | ({"waarom": rule.switched_why} if rule.switched_why else {}))
    return rule
