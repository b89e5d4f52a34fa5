"""Lists of indicators: offered, read, shown, taken over as a whole, renewed, ended."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from brandwacht.engines.intel import TLP
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.soc.models import ContentImport, ContentKind, IndicatorList, ListState
from brandwacht.soc.services.content_imports import drop_folder, file_of, finish, folder_of, keep, ready
from brandwacht.soc.services.indicator_files import Content, read_indicator_file
from brandwacht.soc.services.indicator_sets import Item, path_of, read_items, set_of, write_items, write_set

VALUES: Final = "waarden.jsonl.gz"
REPLACE, ADD = "vervangen", "aanvullen"
LONGEST: Final = timedelta(days=2 * 366)
MAX_NAME: Final = 120
MAX_ORIGIN: Final = 200
"""Characters of the name of a list, and of whom it comes from."""


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a person says of a list: where it comes from, who may see it, how sure the source is, until when it works.

    ``tlp`` is FIRST's spelling ("TLP:AMBER"), ``confidence`` 0-100.
    """

    name: str
    origin: str
    tlp: str
    confidence: int
    valid_until: datetime

    def to_json(self) -> dict[str, Any]:
        """As options of an import."""
        return {
            "name": self.name,
            "origin": self.origin,
            "tlp": self.tlp,
            "confidence": self.confidence,
            "valid_until": self.valid_until.isoformat(),
        }

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> ListFacts:
        """What ``to_json`` wrote."""
        end = datetime.fromisoformat(facts["valid_until"])
        return cls(facts["name"], facts["origin"], facts["tlp"], facts["confidence"], end)

    @classmethod
    def of(cls, row: IndicatorList) -> ListFacts:
        """The facts of a list as they stand."""
        return cls(row.name, row.origin, row.tlp, row.confidence, row.valid_until)


def offer_list(
    actor: Actor, name: str, pieces: Iterable[bytes], facts: ListFacts, *, renews: Any = None, mode: str = REPLACE
) -> ContentImport:
    """Keep a file with indicators and ask a worker to read it.

    ``renews`` is the public id of the list that it replaces or adds to; without it a new list is made. Raises
    ``Refused`` with the field that it is about.
    """
    with use_case(actor, "soc.lists.change") as case:
        case.require(Owner(actor.organisation_id))
        present = case.get(IndicatorList, renews, see="soc.lists.see") if renews else None
        _check(actor, facts, present)
    row = ContentImport(kind=ContentKind.INDICATORS, collection=facts.name[:120], indicators=present)
    row.options = facts.to_json() | {"mode": mode if mode == ADD and present else REPLACE}
    return keep(actor, row, name, pieces, "soc.lists.change")


def _check(actor: Actor, facts: ListFacts, present: IndicatorList | None) -> None:
    if not facts.name.strip() or len(facts.name) > MAX_NAME:
        raise Refused(_("Geef de lijst een naam van hoogstens 120 tekens."), "name")
    if not facts.origin.strip() or len(facts.origin) > MAX_ORIGIN:
        raise Refused(_("Schrijf in hoogstens 200 tekens op van wie deze lijst komt."), "origin")
    if facts.valid_until <= actor.now or facts.valid_until - actor.now > LONGEST:
        raise Refused(_("Kies een dag in de toekomst, hoogstens twee jaar vooruit."), "valid_until")
    if not 0 <= facts.confidence <= 100:
        raise Refused(_("De zekerheid is een getal van 0 tot en met 100."), "confidence")
    if present is not None and present.state == ListState.ENDED:
        raise Refused(_("Deze lijst is beëindigd. Maak een nieuwe lijst."))
    if present is not None and TLP.parse(facts.tlp).strictness < TLP.parse(present.tlp).strictness:
        raise Refused(_("Een lijst krijgt geen ruimer label dan zij had. Maak dan een nieuwe lijst."), "tlp")
    same = IndicatorList.objects.filter(organisation_id=actor.organisation_id, name=facts.name)
    if (same.exclude(pk=present.pk) if present else same).exists():
        raise Refused(_("Er is al een lijst met deze naam. Vul die aan, of kies een andere naam."), "name")


def read_list(actor: Actor, row: ContentImport, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """Read an offered file; returns what taking it over would do. Called by the worker."""
    facts = ListFacts.from_json(row.options)
    content = read_indicator_file(file_of(row), tell)
    return _prepare(content, facts, row.indicators, row.options["mode"], folder_of(row) / VALUES)


def _prepare(
    content: Content, facts: ListFacts, present: IndicatorList | None, mode: str, target: Path
) -> dict[str, Any]:
    if content.tlp is not None and content.tlp.strictness > TLP.parse(facts.tlp).strictness:
        raise Refused(
            _("Het bestand is zelf gemerkt als %(label)s. Geef de lijst dat label, of een strenger label.")
            % {"label": content.tlp.label},
            "tlp",
        )
    before = {(item.kind, item.value): item for item in _present(present)}
    after: dict[tuple[str, str], Item] = (before | content.items) if mode == ADD else content.items
    write_items(target, after.values())
    write_set(target)
    return {
        "base": present.version if present else 0,
        "counts": dict(Counter(kind for kind, _value in after)),
        "total": len(after),
        "added": len(content.items.keys() - before.keys()),
        "gone": 0 if mode == ADD else len(before.keys() - content.items.keys()),
        "doubles": content.doubles,
        "refused": content.refused,
        "refused_count": content.refused_count,
        "sha256": hashlib.sha256(target.read_bytes()).hexdigest(),
    }


def _present(row: IndicatorList | None) -> Iterable[Item]:
    if row is None or not row.version:
        return ()
    try:
        return list(read_items(path_of(row.public_id, row.version)))
    except OSError:
        return ()


def apply_list(actor: Actor, public_id: Any) -> IndicatorList:
    """Take an offered list over: it watches from now on. Raises ``Refused`` when the list changed since the preview."""
    with use_case(actor, "soc.lists.change") as case:
        row = ready(case, public_id, ContentKind.INDICATORS, "soc.lists.see")
        present = None
        if row.indicators_id is not None:
            present = IndicatorList.objects.select_for_update().get(pk=row.indicators_id)
        facts = ListFacts.from_json(row.options)
        _check(actor, facts, present)
        stored = _store(case, facts, present, row.outcome, folder_of(row) / VALUES)
        row.indicators = stored
        finish(case, row)
    drop_folder(row)
    return stored


def _store(
    case: UseCase, facts: ListFacts, present: IndicatorList | None, outcome: dict[str, Any], values: Path
) -> IndicatorList:
    actor = case.actor
    row = present or IndicatorList(organisation_id=actor.organisation_id, made_at=actor.now)
    if row.version != outcome["base"]:
        raise Refused(_("De lijst is intussen door een ander vernieuwd. Bied het bestand opnieuw aan."))
    row.name, row.origin, row.tlp = facts.name, facts.origin, facts.tlp
    row.confidence, row.valid_until = facts.confidence, facts.valid_until
    row.version += 1
    row.counts, row.total, row.sha256 = outcome["counts"], outcome["total"], outcome["sha256"]
    row.changed_at, row.changed_by = actor.now, actor.name
    target = path_of(row.public_id, row.version)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(set_of(values), set_of(target))
    shutil.copyfile(values, target)  # before the row says so: a file too many does no harm, one too few does
    row.save()
    for old in range(1, row.version - 1):
        path_of(row.public_id, old).unlink(missing_ok=True)
        set_of(path_of(row.public_id, old)).unlink(missing_ok=True)
    case.audit(row, {"lijst": row.name, "versie": row.version, "waarden": row.total, "tlp": row.tlp})
    return row


def end_list(actor: Actor, public_id: Any) -> IndicatorList:
    """The list no longer watches; its values are thrown away."""
    with use_case(actor, "soc.lists.change") as case:
        row = case.get(IndicatorList, public_id, see="soc.lists.see")
        if row.state == ListState.ENDED:
            raise Refused(_("Deze lijst is al beëindigd."))
        row.state, row.ended_at, row.ended_by = ListState.ENDED, actor.now, actor.name
        row.changed_at = actor.now
        row.save(update_fields=["state", "ended_at", "ended_by", "changed_at"])
        case.audit(row, {"lijst": row.name, "beëindigd": True})
    shutil.rmtree(path_of(row.public_id, 0).parent, ignore_errors=True)
    return row


def import_indicators(
    actor: Actor,
    path: Path,
    facts: ListFacts,
    *,
    mode: str = REPLACE,
    preview: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    scratch: UUID | None = None,
) -> tuple[dict[str, Any], IndicatorList | None]:
    """Read a file by command, into the list with this name, which is made when it is new.

    Returns what was read (as the preview shows it) and the list, ``None`` with ``preview``.
    """
    with use_case(actor, "soc.lists.change") as case:
        case.require(Owner(actor.organisation_id))
        present = IndicatorList.objects.filter(organisation_id=actor.organisation_id, name=facts.name).first()
        _check(actor, facts, present)
    content = read_indicator_file(path, progress)
    folder = folder_of(ContentImport(public_id=scratch or uuid4()))
    folder.mkdir(parents=True)
    try:
        outcome = _prepare(content, facts, present, mode, folder / VALUES)
        if preview:
            return outcome, None
        with use_case(actor, "soc.lists.change") as case:
            case.require(Owner(actor.organisation_id))
            if present is not None:
                present = IndicatorList.objects.select_for_update().get(pk=present.pk)
            return outcome, _store(case, facts, present, outcome, folder / VALUES)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
