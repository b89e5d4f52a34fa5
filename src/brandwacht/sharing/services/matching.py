"""Advisories held against profiles: one notice per organisation and advisory, renewed when either changes.

The matcher finds which organisations an advisory may concern. Then, per organisation and under its lock, profile and
advisory are read anew and judged, so that two workers never leave what was true a moment ago. Its document is parsed
once, unless another came in meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from brandwacht.engines.intel.advisories import Advisory, Urgency
from brandwacht.engines.intel.assets import Match, Matcher, Profile, Subject
from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.domains import GrantKind
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import every_owner, owner_scope
from brandwacht.network.usecase import UseCase, use_case
from brandwacht.sharing.circle import read_circle
from brandwacht.sharing.models import AdvisoryNotice, ProfileAsset, RepairState, SecurityAdvisory, UrgencyChoice
from brandwacht.sharing.policies.advisories import MAKE_NOTICE
from brandwacht.sharing.services.advisories import AT_ONCE, flaw_row, judge, newest
from brandwacht.sharing.services.notice_actions import renew_action
from brandwacht.sharing.tasks.advisories import match_advisories, tell_notices
from brandwacht.sharing.terms import notice_rules

MOST_EVIDENCE: Final = 30
"""Products of one organisation that a notice names; more would help nobody."""
_OF_DOCUMENT: Final = ("version", "changed_at", "received_at")
"""What changes with every document of an advisory that is taken in, and holds."""

ADVISORY, PROFILE, CIRCLE = "advies", "profiel", "kring"
_NO_LONGER: Final = {
    ADVISORY: gettext_lazy("De nieuwste versie van het advies gaat niet meer over wat u draait."),
    PROFILE: gettext_lazy("Wat u draait is gewijzigd; het advies gaat er niet meer over."),
    CIRCLE: gettext_lazy("Uw organisatie is geen lid meer van de kring die dit advies ontving."),
}


@dataclass(frozen=True, slots=True)
class Concern:
    """What of an advisory concerns one organisation: evidence and items as the notice keeps them, and the CVEs."""

    evidence: list[dict[str, Any]]
    items: list[str]
    cves: frozenset[str]


def hold_advisories(circle_id: int, advisory_ids: Collection[UUID], now: datetime) -> int:
    """Hold these advisories against the profiles of all members; returns how many notices changed."""
    with owner_scope(circle_id):
        members = read_circle(circle_id, now).members
    profiles = _profiles(members)
    matcher = Matcher(profiles.values())
    present: dict[UUID, set[int]] = defaultdict(set)
    with every_owner():  # also of who left the circle since
        rows = AdvisoryNotice.objects.filter(advisory__in=list(advisory_ids))
        for advisory_id, owner_id in rows.values_list("advisory", "organisation_id"):
            present[advisory_id].add(owner_id)
    changed: dict[int, list[str]] = defaultdict(list)
    count = 0
    for advisory, parsed in _parts(circle_id, list(advisory_ids)):
        found = {int(match.organisation) for match in matcher.match(parsed.subject)}
        for owner_id in sorted(found | present[advisory.public_id]):
            cause = ADVISORY if owner_id in members else CIRCLE
            done = settle(owner_id, advisory, parsed, now, cause)
            count += done is not None
            if done is not None and done.asks:
                changed[owner_id].append(str(done.notice.public_id))
    for owner_id, told_ids in changed.items():
        tell_notices.enqueue(owner_id, told_ids)
    return count


def hold_profile(organisation_id: int, now: datetime) -> int:
    """Hold one profile against every advisory of the circles that the organisation is in; how many notices changed."""
    organisation = Organisation.objects.get(pk=organisation_id)
    circles = [g.owner_id for g in system_actor(organisation, now).grants if g.kind is GrantKind.CIRCLE]
    profile = _profiles([organisation_id])
    matcher = Matcher(profile.values())
    with owner_scope(organisation_id):
        present = set(AdvisoryNotice.objects.values_list("advisory", flat=True))
    changed: list[str] = []
    count = 0
    for circle_id in circles:
        with owner_scope(circle_id):
            if organisation_id not in read_circle(circle_id, now).members:
                continue
            ids = list(SecurityAdvisory.objects.order_by("pk").values_list("public_id", flat=True))
        for advisory, parsed in _parts(circle_id, ids):
            if advisory.public_id not in present and not matcher.match(parsed.subject):
                continue
            done = settle(organisation_id, advisory, parsed, now, PROFILE)
            count += done is not None
            if done is not None and done.asks:
                changed.append(str(done.notice.public_id))
    if changed:
        tell_notices.enqueue(organisation_id, changed)
    return count


def hold_all(_now: datetime) -> str:
    """The daily job: let every advisory be held anew, so that what a killed worker left out is made good.

    It also ends the notices of organisations that left the circle.
    """
    with every_owner():
        rows = list(SecurityAdvisory.objects.order_by("pk").values_list("organisation_id", "public_id"))
    of_circle: dict[int, list[str]] = defaultdict(list)
    for circle_id, public_id in rows:
        of_circle[circle_id].append(str(public_id))
    for circle_id, public_ids in of_circle.items():
        match_advisories.enqueue(circle_id, public_ids)
    return ""


def _parts(circle_id: int, advisory_ids: Sequence[UUID]) -> Iterator[tuple[SecurityAdvisory, Advisory]]:
    """The advisories with these public ids, each read; in parts, so that not all of them are in memory."""
    for start in range(0, len(advisory_ids), AT_ONCE):
        with owner_scope(circle_id):
            rows = SecurityAdvisory.objects.filter(public_id__in=advisory_ids[start : start + AT_ONCE])
            told = list(newest(rows))
        yield from told


def _profiles(organisation_ids: Iterable[int]) -> dict[int, Profile]:
    """What these organisations run now; the key of a profile is the primary key of its organisation."""
    ids = sorted(organisation_ids)
    rows: dict[int, list[ProfileAsset]] = {pk: [] for pk in ids}
    if ids:
        with owner_scope(*ids):
            for row in ProfileAsset.objects.filter(ended_at__isnull=True).order_by("pk"):
                rows[row.organisation_id].append(row)
    return {pk: Profile(str(pk), tuple(each.asset for each in found)) for pk, found in rows.items()}


# --- one organisation, one advisory -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settled:
    """A notice that was made or changed; ``asks``: there is something new, so that somebody has to be told."""

    notice: AdvisoryNotice
    asks: bool


def settle(organisation_id: int, read: SecurityAdvisory, parsed: Advisory, now: datetime, cause: str) -> Settled | None:
    """Make, renew or end the notice of this organisation about this advisory; ``None`` when there is nothing to do.

    ``read`` is the advisory as it was when its document was ``parsed``; a newer one that came in since is read instead.
    """
    with transaction.atomic():
        # One at a time for an organisation, in whatever order the workers come.
        region = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
        with owner_scope(read.organisation_id):
            rows = SecurityAdvisory.objects.filter(pk=read.pk)
            advisory = rows.get()
            if any(getattr(advisory, name) != getattr(read, name) for name in _OF_DOCUMENT):
                advisory, parsed = next(newest(rows))
        concern = _concern(region, advisory, parsed) if cause != CIRCLE else None
        me = system_actor(region, now, "werker")
        with owner_scope(organisation_id), use_case(me, MAKE_NOTICE) as case:
            notice = AdvisoryNotice.objects.filter(advisory=advisory.public_id).first()
            if concern is None:
                return _end(case, notice, advisory, cause)
            case.require(notice or Owner(organisation_id))
            return _renew(case, notice, advisory, parsed, concern)


def _concern(region: Organisation, advisory: SecurityAdvisory, parsed: Advisory) -> Concern | None:
    """What of this advisory concerns what the organisation runs now; ``None`` when nothing does."""
    if advisory.withdrawn:
        return None
    with owner_scope(region.pk):
        rows = {str(each.public_id): each for each in ProfileAsset.objects.filter(ended_at__isnull=True)}
    matcher = Matcher([Profile(str(region.pk), tuple(each.asset for each in rows.values()))])
    found: dict[str, list[Match]] = defaultdict(list)
    for affected in parsed.products:
        for match in matcher.match(Subject(parsed.key, (affected,))):
            found[match.asset.key].append(match)
    if not found:
        return None
    evidence, items, cves = [], [], set()
    for key, matches in found.items():
        row, sure = rows[key], [each for each in matches if each.version_known]
        best = max(sure or matches, key=lambda each: each.confidence)
        hit = {flaw for each in (sure or matches) for flaw in each.affected.flaws}
        cves |= hit
        items += [f"{row.identity[:16]} {flaw}" for flaw in hit or {""}]
        evidence.append(
            {
                "name": row.name, "place": row.place, "version": row.running, "known": best.version_known,
                "confidence": best.confidence, "text": best.evidence,
            }
        )  # fmt: skip
    evidence.sort(key=lambda each: (-each["confidence"], each["name"], each["place"]))
    return Concern(evidence[:MOST_EVIDENCE], sorted(items), frozenset(cves))


def _end(case: UseCase, notice: AdvisoryNotice | None, advisory: SecurityAdvisory, cause: str) -> Settled | None:
    if notice is None or notice.ended_at is not None:
        return None
    case.require(notice)
    now = case.actor.now
    why = _("De uitgever heeft het advies ingetrokken of vervangen.") if advisory.withdrawn else str(_NO_LONGER[cause])
    notice.ended_at, notice.ended_why, notice.changed_at, notice.escalated_at = now, why, now, None
    notice.add_step(now, case.actor.name, _("De melding is vervallen. %(why)s") % {"why": why})
    notice.save()
    renew_action(notice, case.actor)
    case.audit(notice, {"nummer": notice.key, "vervallen": why})
    return Settled(notice, asks=False)


def _renew(
    case: UseCase, notice: AdvisoryNotice | None, advisory: SecurityAdvisory, parsed: Advisory, concern: Concern
) -> Settled | None:
    actor = case.actor
    urgency, why = judge(parsed, concern.cves or [each.cve for each in parsed.flaws])
    made = notice is None
    row = notice or AdvisoryNotice(
        organisation_id=actor.organisation_id, advisory=advisory.public_id, made_at=actor.now, steps=[]
    )
    back = row.ended_at is not None
    raised = not made and urgency == UrgencyChoice.URGENT and row.urgency != UrgencyChoice.URGENT
    asks = made or back or raised or not set(concern.items) <= set(row.items)
    flaws = [flaw_row(each) for each in parsed.flaws if each.cve in concern.cves or not concern.cves]
    told = {
        "key": advisory.key, "publisher": advisory.publisher, "version": advisory.version, "title": advisory.title,
        "tlp": advisory.tlp, "summary": advisory.summary, "links": advisory.links, "flaws": flaws,
        "urgency": urgency, "urgency_reason": why, "evidence": concern.evidence, "items": concern.items,
        "confidence": concern.evidence[0]["confidence"],
    }  # fmt: skip
    if not asks and all(getattr(row, name) == value for name, value in told.items()):
        return None
    newer = row.version != advisory.version
    for name, value in told.items():
        setattr(row, name, value)
    row.changed_at = actor.now
    if asks:
        _ask(row, actor, _first_words(made=made, back=back, raised=raised))
    elif newer:
        row.add_step(
            actor.now,
            actor.name,
            _("Er is een nieuwe versie van het advies (%(v)s). U hoeft niets te doen.") % {"v": row.version},
        )
    row.save()
    renew_action(row, actor)
    case.audit(row, {"nummer": row.key, "urgentie": row.urgency, "vraagt": asks})
    return Settled(row, asks)


def _first_words(*, made: bool, back: bool, raised: bool) -> str:
    if made:
        return _("Deze melding is gemaakt: een advies gaat over wat u draait.")
    if back:
        return _("De melding geldt weer: het advies gaat opnieuw over wat u draait.")
    if raised:
        return _("De melding is nu urgent.")
    return _("Er is iets bij gekomen dat over uw organisatie gaat. Kijk opnieuw.")


def _ask(row: AdvisoryNotice, actor: Actor, words: str) -> None:
    """Ask for attention, as if it were new: what was answered before was about something else."""
    terms = notice_rules().terms[Urgency(row.urgency)]
    row.asked_at, row.late_at = actor.now, terms.acknowledge.after(actor.now)
    row.acknowledged_at, row.acknowledged_by = None, ""
    row.repair, row.repair_why = RepairState.NOT_STARTED, ""
    row.escalated_at, row.ended_at, row.ended_why = None, None, ""
    row.add_step(actor.now, actor.name, words)
