"""What is known of vulnerabilities, taken in from files: CVE records, the KEV list and EPSS. Public facts.

When the list of what is used in attacks changes, the advisories that name it are judged and matched anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from brandwacht.engines.intel.advisories import CveRecord, InvalidAdvisory, read_cve, read_epss, read_kev
from brandwacht.network import audit
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.models import FlawFacts
from brandwacht.sharing.policies.advisories import TAKE_ADVISORY
from brandwacht.sharing.services.advisories import renew_urgency
from brandwacht.sharing.tasks.advisories import match_advisories

BATCH: Final = 2_000
LONGEST: Final = 30
"""Characters of a CVE number; longer ones are none."""


def take_kev(actor: Actor, content: bytes) -> str:
    """Take in the list of what is used in attacks; what left the list counts no longer. Returns what was done."""
    listed = _read(read_kev, content)
    with use_case(actor, TAKE_ADVISORY) as case:
        circle = circle_for(actor, TAKE_ADVISORY)
        case.require(Owner(circle.pk))
        before = dict(FlawFacts.objects.filter(used_since__isnull=False).values_list("cve", "used_since"))
        now = {cve: each.added for cve, each in listed.items() if _is_number(cve)}
        gone = before.keys() - now.keys()
        for some in _parts(sorted(gone)):
            FlawFacts.objects.filter(pk__in=some).update(used_since=None, ransomware=False)
        rows = [
            FlawFacts(
                cve=cve,
                title=listed[cve].name.replace("\x00", "")[:300],
                used_since=day,
                ransomware=listed[cve].ransomware,
            )
            for cve, day in now.items()
        ]
        _upsert(rows, ["title", "used_since", "ransomware"])
        touched = renew_urgency(circle, gone | (now.keys() - before.keys()))
        if touched:
            match_advisories.enqueue(circle.pk, [str(each) for each in touched])
        done = {"lijst": "KEV", "aantal": len(now)}
        audit.write(actor, [audit.Fact(circle.pk, TAKE_ADVISORY, "lijst", "", detail=done)])
    return _("%(n)d kwetsbaarheden die misbruikt worden; %(advisories)d adviezen opnieuw beoordeeld.") % {
        "n": len(now), "advisories": len(touched),
    }  # fmt: skip


def take_epss(actor: Actor, content: bytes) -> str:
    """Take in the chances that vulnerabilities are used in the next 30 days. Returns what was done."""
    table = _read(read_epss, content)
    with use_case(actor, TAKE_ADVISORY) as case:
        circle = circle_for(actor, TAKE_ADVISORY)
        case.require(Owner(circle.pk))
        rows = [
            FlawFacts(cve=cve, chance=each.chance, percentile=each.percentile)
            for cve, each in table.scores.items()
            if _is_number(cve)
        ]
        _upsert(rows, ["chance", "percentile"])
        done = {"lijst": "EPSS", "aantal": len(rows)}
        audit.write(actor, [audit.Fact(circle.pk, TAKE_ADVISORY, "lijst", "", detail=done)])
    return _("%(n)d kansen op misbruik.") % {"n": len(rows)}


def take_cves(actor: Actor, offered: Iterable[tuple[str, bytes]]) -> tuple[int, dict[str, str]]:
    """Take in CVE records (name, content): score and title. Returns how many, and by name why one was left out."""
    refused: dict[str, str] = {}
    count = 0
    with use_case(actor, TAKE_ADVISORY) as case:
        circle = circle_for(actor, TAKE_ADVISORY)
        case.require(Owner(circle.pk))
        waiting: dict[str, FlawFacts] = {}
        for name, content in offered:
            try:
                record = read_cve(content)
            except InvalidAdvisory as error:
                refused[name] = str(error)
                continue
            if not record.rejected and _is_number(record.cve):
                waiting[record.cve] = _facts_of(record)
                count += 1
            if len(waiting) >= BATCH:
                _upsert(list(waiting.values()), ["title", "score", "vector"])
                waiting.clear()
        _upsert(list(waiting.values()), ["title", "score", "vector"])
        done = {"lijst": "CVE", "aantal": count}
        audit.write(actor, [audit.Fact(circle.pk, TAKE_ADVISORY, "lijst", "", detail=done)])
    return count, refused


def _is_number(cve: str) -> bool:
    return 0 < len(cve) <= LONGEST and cve.isprintable()


def _facts_of(record: CveRecord) -> FlawFacts:
    title = (record.title or record.description).replace("\x00", " ")
    score = record.score if record.score is not None and 0 <= record.score <= 10 else None
    return FlawFacts(cve=record.cve, title=title[:300], score=score, vector=record.vector.replace("\x00", "")[:200])


def _read(reader: Callable[[bytes], Any], content: bytes) -> Any:
    try:
        return reader(content)
    except InvalidAdvisory as error:
        raise Refused(str(error), "file") from error


def _upsert(rows: Sequence[FlawFacts], fields: Sequence[str]) -> None:
    """Write facts by their number; what another list said of the same number stays."""
    for some in _parts(rows):
        FlawFacts.objects.bulk_create(some, update_conflicts=True, unique_fields=["cve"], update_fields=fields)


def _parts(rows: Sequence[Any]) -> Iterable[list[Any]]:
    return (list(rows[start : start + 500]) for start in range(0, len(rows), 500))
