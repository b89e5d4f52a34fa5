"""How long events are kept: terms, holds, removal of what is past its term, and merging of small files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor, system_actor
from brandwacht.network.errors import Refused
from brandwacht.network.models import Organisation
from brandwacht.network.policy import Owner
from brandwacht.network.tenancy import tenancy_scope
from brandwacht.network.usecase import use_case
from brandwacht.network.wording import size as worded_size
from brandwacht.soc.models import EventHold, EventTerm
from brandwacht.soc.store import layout, merging, results

log = structlog.get_logger(__name__)

SHORTEST, LONGEST = 7, 3650
"""Days that a term may have: shorter leaves no time to look, longer needs a reason that a hold can give."""
AT_ONCE: Final = 400
"""Days that are merged or removed in one go; the next round does the rest."""


def set_term(actor: Actor, days: int) -> EventTerm:
    """Choose how many days the events of the actor's organisation are kept. Raises ``Refused`` (field "dagen")."""
    with use_case(actor, "soc.store.term") as case:
        case.require(Owner(actor.organisation_id))
        if not SHORTEST <= days <= LONGEST:
            raise Refused(
                _("Kies een termijn van %(least)d tot %(most)d dagen.") % {"least": SHORTEST, "most": LONGEST}, "dagen"
            )
        row = EventTerm.objects.select_for_update().filter(organisation_id=actor.organisation_id).first()
        before = row.days if row else settings.EVENTS_DAYS
        term = row or EventTerm(organisation_id=actor.organisation_id)
        term.days, term.set_by, term.set_at = days, actor.name, actor.now
        term.save()
        case.audit(term, {"dagen": days, "was": before})
    return term


def hold(actor: Actor, owner_id: int, first: date, last: date, reason: str, incident: UUID | None = None) -> EventHold:
    """Keep the events of these days (both included) until somebody ends it. Raises ``Refused``."""
    with use_case(actor, "soc.store.hold") as case:
        case.require(Owner(owner_id))
        reason = " ".join(reason.split())[:300]
        if not reason:
            raise Refused(_("Schrijf op waarom deze logs langer bewaard moeten blijven."), "reden")
        if first > last:
            raise Refused(_("De eerste dag ligt na de laatste. Draai ze om."), "eerste")
        row = EventHold(
            organisation_id=owner_id,
            first_day=first,
            last_day=last,
            reason=reason,
            incident_ref=incident,
            made_by=actor.name,
            made_at=actor.now,
        )
        row.save()
        case.audit(row, {"van": first.isoformat(), "tot_en_met": last.isoformat(), "reden": reason})
    return row


def release(actor: Actor, public_id: Any) -> EventHold:
    """End a hold: the events are removed when they are past their term."""
    with use_case(actor, "soc.store.hold") as case:
        row = case.get(EventHold, public_id)
        if row.ended_at is not None:
            raise Refused(_("Dit is al beëindigd."))
        row.ended_at, row.ended_by = actor.now, actor.name
        row.save(update_fields=["ended_at", "ended_by"])
        case.audit(row, {"beëindigd": True})
    return row


def remove_past_term(actor: Actor) -> tuple[int, int]:
    """Remove what is past the term of the actor's organisation and not held; returns days and bytes.

    The removal stands in the audit chain before the first file goes.
    """
    owner_id, code = actor.organisation_id, actor.organisation_code
    with use_case(actor, "soc.store.term") as case:
        case.require(Owner(owner_id))
        term = EventTerm.objects.filter(organisation_id=owner_id).first()
        days = term.days if term else settings.EVENTS_DAYS
        before = actor.today - timedelta(days=days)
        held = list(
            EventHold.objects.filter(organisation_id=owner_id, ended_at__isnull=True).values_list(
                "first_day", "last_day"
            )
        )
        gone = [p for p in merging.past_term(code, before) if not any(a <= p.day <= b for a, b in held)][:AT_ONCE]
        if not gone:
            return 0, 0
        detail = {
            "verwijderd_van": gone[0].day.isoformat(),
            "tot_en_met": gone[-1].day.isoformat(),
            "bewaartermijn_in_dagen": days,
            "dagen_en_bronnen": len(gone),
        }
        case.audit(term or _standard(owner_id), detail)
    size = sum(merging.remove(partition) for partition in gone)
    return len({partition.day for partition in gone}), size


def remove_all(now: datetime) -> str:
    """Periodic: remove past-term events of every organisation, and old results of searches."""
    days = size = 0
    for organisation in Organisation.objects.filter(code__in=layout.owners_stored()):
        actor = system_actor(organisation, now, "werker")
        with tenancy_scope(actor.tenancy()):
            gone, freed = remove_past_term(actor)
        days, size = days + gone, size + freed
    results.forget_old(now)
    return _("%(n)d dagen verwijderd, %(size)s") % {"n": days, "size": worded_size(size)} if days else ""


def merge_all(now: datetime) -> str:
    """Periodic: make small files into few, for every organisation; one that fails does not stop the others."""
    merged = 0
    for code in layout.owners_stored():
        for partition in layout.partitions(code):
            try:
                merged += merging.merge(partition, now)
            except Exception:
                log.exception("stored events could not be merged", folder=str(partition.folder))
    return _("%(n)d kleine bestanden samengevoegd") % {"n": merged} if merged else ""


def _standard(owner_id: int) -> EventTerm:
    """Stands in the chain for the default term, which has no row."""
    return EventTerm(organisation_id=owner_id, days=settings.EVENTS_DAYS)
