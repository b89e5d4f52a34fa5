"""The use cases of advisories: take one in, or a whole folder of them, and keep every version."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from brandwacht.engines.intel import PAP, TLP
from brandwacht.engines.intel.advisories import Advisory, Flaw, InvalidAdvisory, Urgency, csaf_document, read_csaf
from brandwacht.engines.intel.assets import order
from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.usecase import use_case
from brandwacht.network.wording import absolute
from brandwacht.sharing.circle import circle_for
from brandwacht.sharing.models import AdvisoryVersion, FlawFacts, SecurityAdvisory
from brandwacht.sharing.policies.advisories import TAKE_ADVISORY
from brandwacht.sharing.tasks.advisories import match_advisories
from brandwacht.sharing.terms import notice_rules

MAX_BYTES: Final = 20_000_000
"""Bytes of one advisory; the largest of NCSC have a few million."""
MOST_FLAWS: Final = 1_000
AT_ONCE: Final = 20
"""Documents that are held in memory together."""
_WITHDRAWN: Final = frozenset({"csaf_withdrawn", "csaf_superseded"})
"""Categories with which CSAF 2.1 says that an advisory no longer holds."""


class Outcome(StrEnum):
    """What became of an advisory that was offered."""

    NEW = "nieuw"
    CHANGED = "bijgewerkt"
    SAME = "bekend"
    OLDER = "ouder"


@dataclass(frozen=True, slots=True)
class Taken:
    """An advisory that was taken in, and what became of it."""

    advisory: SecurityAdvisory
    outcome: Outcome


@dataclass(slots=True)
class Batch:
    """What became of many: how many of each outcome, and by name of the file why one was left out."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """In one line, Dutch."""
        facts = {each.value: self.counts[each] for each in Outcome}
        return _("%(nieuw)d nieuw, %(bijgewerkt)d bijgewerkt, %(bekend)d al bekend, %(ouder)d ouder dan wat er is") % (
            facts
        )


def take(actor: Actor, content: bytes, source: str) -> Taken:
    """Take in one CSAF advisory for the circle, and hold it against the profiles when it is new.

    ``source`` is the name of the file or address. Raises ``Refused`` with the reason: not readable, or TLP:RED.
    """
    taken = _take(actor, content, source)
    if taken.outcome in (Outcome.NEW, Outcome.CHANGED):
        match_advisories.enqueue(taken.advisory.organisation_id, [str(taken.advisory.public_id)])
    return taken


def take_many(actor: Actor, offered: Iterable[tuple[str, bytes]]) -> Batch:
    """Take in many (name, content); one that can not be taken is named, and the others go on."""
    batch = Batch()
    fresh: dict[int, list[str]] = {}
    try:
        for name, content in offered:
            try:
                taken = _take(actor, content, name)
            except Refused as error:
                batch.refused[name] = error.message
                continue
            batch.counts[taken.outcome] += 1
            if taken.outcome in (Outcome.NEW, Outcome.CHANGED):
                fresh.setdefault(taken.advisory.organisation_id, []).append(str(taken.advisory.public_id))
    finally:  # what was taken in is held against the profiles, also when the rest failed
        for circle_id, public_ids in fresh.items():
            match_advisories.enqueue(circle_id, public_ids)
    return batch


def _take(actor: Actor, content: bytes, source: str) -> Taken:
    parsed, marking = _read(content)
    with use_case(actor, TAKE_ADVISORY) as case:
        circle = circle_for(actor, TAKE_ADVISORY)
        case.require(Owner(circle.pk))
        rows = SecurityAdvisory.objects.select_for_update(of=("self",))
        known = rows.filter(organisation=circle, publisher=parsed.publisher[:200], key=parsed.key[:200]).first()
        digest = hashlib.sha256(content).hexdigest()
        if known is not None and known.versions.filter(sha256=digest).exists():
            return Taken(known, Outcome.SAME)
        outcome = Outcome.NEW if known is None else Outcome.CHANGED if _is_newer(parsed, known) else Outcome.OLDER
        advisory = known or SecurityAdvisory(organisation=circle, received_at=actor.now)
        if outcome is not Outcome.OLDER:
            _fill(advisory, parsed, marking)
            advisory.received_at, advisory.source = actor.now, source[-300:]
            advisory.save()
        AdvisoryVersion(
            organisation=circle, advisory=advisory, version=parsed.version[:40], sha256=digest,
            raw=content.decode(), changed_at=parsed.changed, received_at=actor.now,
        ).save()  # fmt: skip
        case.audit(advisory, {"nummer": advisory.key, "versie": parsed.version[:40], "uitkomst": outcome.value})
    return Taken(advisory, outcome)


def _read(content: bytes) -> tuple[Advisory, tuple[TLP, PAP]]:
    if len(content) > MAX_BYTES:
        raise Refused(_("Dit bestand is groter dan %(n)d MB.") % {"n": MAX_BYTES // 1_000_000}, "file")
    try:
        parsed = read_csaf(content)
        content.decode()
    except InvalidAdvisory as error:
        raise Refused(str(error), "file") from error
    except UnicodeDecodeError as error:
        raise Refused(_("Dit bestand is geen tekst in UTF-8."), "file") from error
    if b"\\u0000" in content:
        raise Refused(_("In dit advies staat een teken dat niet te bewaren is (NUL)."), "file")
    if not parsed.key.strip() or not parsed.title.strip():
        raise Refused(_("Dit advies heeft geen nummer of geen titel."), "file")
    marking = parsed.stated.marking()
    if marking.tlp is TLP.RED:
        raise Refused(
            _(
                "Dit advies heeft TLP:RED en is voor personen die met naam zijn genoemd. Zo kan het hier niet staan; "
                "schrijf een waarschuwing en kies daarbij de lezers."
            ),
            "file",
        )
    return parsed, (marking.tlp, marking.pap)


def _is_newer(parsed: Advisory, known: SecurityAdvisory) -> bool:
    """Whether this version comes after the one that is there; where numbers do not tell, the moment of change does."""
    sign = order("", parsed.version, known.version)
    if sign:
        return sign > 0
    return parsed.changed >= known.changed_at


def _fill(advisory: SecurityAdvisory, parsed: Advisory, marking: tuple[TLP, PAP]) -> None:
    advisory.key, advisory.publisher = parsed.key[:200], parsed.publisher[:200]
    advisory.version, advisory.title = parsed.version[:40], parsed.title[:300]
    advisory.tlp, advisory.pap = marking[0].name, marking[1].name
    advisory.summary, advisory.links = parsed.summary, list(parsed.links)
    advisory.flaws = [flaw_row(each) for each in parsed.flaws[:MOST_FLAWS]]
    advisory.released_at, advisory.changed_at = parsed.released, parsed.changed
    advisory.withdrawn = csaf_document(parsed)["document"].get("category") in _WITHDRAWN
    advisory.urgency, advisory.urgency_reason = judge(parsed, [each.cve for each in parsed.flaws])


def flaw_row(flaw: Flaw) -> dict[str, Any]:
    """A vulnerability as it is kept."""
    return {
        "cve": flaw.cve, "title": flaw.title[:300], "score": flaw.score, "vector": flaw.vector[:200],
        "exploited": flaw.exploited, "remedies": list(flaw.remedies)[:5],
    }  # fmt: skip


def judge(parsed: Advisory, cves: Iterable[str]) -> tuple[str, str]:
    """Urgency and why (Dutch): what the publisher says, or that one of these vulnerabilities is used in attacks."""
    wanted = sorted({each for each in cves if each})
    if parsed.urgency is Urgency.NORMAL and notice_rules().exploited_is_urgent:
        for start in range(0, len(wanted), 500):
            rows = FlawFacts.objects.filter(pk__in=wanted[start : start + 500], used_since__isnull=False)
            found = rows.order_by("used_since").first()
            if found is not None and found.used_since is not None:
                facts = {"cve": found.cve, "day": absolute(found.used_since)}
                why = _("%(cve)s wordt gebruikt bij aanvallen, volgens de lijst van CISA (sinds %(day)s).") % facts
                return Urgency.URGENT.value, why
    return parsed.urgency.value, parsed.urgency_reason[:300]


def newest(advisories: QuerySet[SecurityAdvisory]) -> Iterator[tuple[SecurityAdvisory, Advisory]]:
    """Each advisory with the version that holds, read anew from what came in; a few at a time."""
    ids = list(advisories.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = AdvisoryVersion.objects.filter(advisory__in=ids[start : start + AT_ONCE])
        holding = some.filter(version=F("advisory__version"), changed_at=F("advisory__changed_at"))
        kept = {each.advisory_id: each for each in holding.select_related("advisory").order_by("received_at", "pk")}
        for each in kept.values():
            yield each.advisory, read_csaf(each.raw)


def renew_urgency(circle: Organisation, cves: Iterable[str]) -> list[UUID]:
    """Judge anew the advisories of a circle that name one of these vulnerabilities; returns which those are."""
    wanted = set(cves)
    rows = SecurityAdvisory.objects.filter(organisation=circle, withdrawn=False)
    named = [pk for pk, flaws in rows.values_list("pk", "flaws").iterator() if wanted & {each["cve"] for each in flaws}]
    touched = []
    for start in range(0, len(named), 500):
        for advisory, parsed in newest(rows.filter(pk__in=named[start : start + 500])):
            urgency, why = judge(parsed, [each.cve for each in parsed.flaws])
            if (urgency, why) != (advisory.urgency, advisory.urgency_reason):
                advisory.urgency, advisory.urgency_reason = urgency, why
                advisory.save(update_fields=["urgency", "urgency_reason"])
            touched.append(advisory.public_id)
    return touched
