"""A rule that does not count for one organisation, for one log or for one source: with a reason, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from brandwacht.network.actor import Actor
from brandwacht.network.errors import Refused
from brandwacht.network.policy import Owner, visible
from brandwacht.network.tenancy import owner_scope
from brandwacht.network.usecase import use_case
from brandwacht.soc.models import AlertRule, RuleOff, SigmaRule
from brandwacht.soc.services.rulebook import watchers_of

LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """For which log (kind or channel) and which source a rule is off; "" is any."""

    log: str = ""
    source_key: str = ""


def set_rule_off(
    actor: Actor,
    organisation_id: int,
    rule_id: str,
    *,
    reason: str,
    until: date,
    narrowing: Narrowing | None = None,
) -> RuleOff:
    """Switch a rule off for one organisation, until the end of ``until``.

    Raises ``Refused`` (field "rule_id", "reason" or "until"). A rule of a SOC is known to the organisation only when
    it matched there.
    """
    where = narrowing or Narrowing()
    log, key = where.log.strip().lower()[:120], where.source_key.strip()[:120]
    with use_case(actor, "soc.rule-off.set") as case:
        case.require(Owner(organisation_id))
        if not reason.strip():
            raise Refused(_("Schrijf op waarom deze regel hier uit moet."), "reason")
        end = _end_of(until, actor.now)
        watcher, title = _whose(actor, organisation_id, rule_id)
        same = RuleOff.objects.filter(
            organisation_id=organisation_id, rule_id=rule_id, log=log, source_key=key, until__gt=actor.now,
            ended_at__isnull=True,
        )  # fmt: skip
        if same.exists():
            raise Refused(_("Deze regel staat hier al uit. Zet hem eerst weer aan."), "rule_id")
        row = RuleOff(
            organisation_id=organisation_id,
            watcher_id=watcher,
            rule_id=rule_id,
            title=title,
            log=log,
            source_key=key,
            reason=reason.strip()[:300],
            off_by=actor.name,
            off_at=actor.now,
            until=end,
        )
        row.save()
        case.audit(row, {"regel": rule_id, "uit tot": end.isoformat(), "log": log, "waarom": row.reason})
    return row


def end_rule_off(actor: Actor, public_id: Any) -> RuleOff:
    """The rule counts again."""
    with use_case(actor, "soc.rule-off.set") as case:
        row = case.get(RuleOff, public_id, see="soc.rule-off.see")
        if row.ended_at is not None or row.until <= actor.now:
            raise Refused(_("Deze regel telt hier al weer mee."))
        row.ended_at, row.ended_by = actor.now, actor.name
        row.save(update_fields=["ended_at", "ended_by"])
        case.audit(row, {"regel": row.rule_id, "weer aan": True})
    return row


def _end_of(until: date, now: datetime) -> datetime:
    last = timezone.make_aware(datetime.combine(until, time(23, 59, 59)))
    if last <= now:
        raise Refused(_("Kies een dag in de toekomst."), "until")
    if last - now > LONGEST:
        raise Refused(_("Een regel staat hoogstens een jaar uit. Kies een eerdere dag."), "until")
    return last


def _whose(actor: Actor, organisation_id: int, rule_id: str) -> tuple[int, str]:
    """Whose rule it is that watches over the organisation, and its title; only what the actor may know of."""
    unknown = Refused(_("Deze regel kennen we hier niet. Kies een regel uit de lijst."), "rule_id")
    owners = watchers_of(organisation_id, actor.now)
    with owner_scope(*owners):
        rows = dict(SigmaRule.objects.filter(rule_id=rule_id).values_list("organisation_id", "title"))
    watcher = next((pk for pk in owners if pk in rows), None)
    if watcher is None:
        raise unknown
    if watcher == actor.organisation_id:
        return watcher, rows[watcher]
    seen = AlertRule.objects.filter(visible(actor, "soc.alert.see"), organisation_id=organisation_id, rule_id=rule_id)
    title = seen.values_list("title", flat=True).first()
    if title is None:
        raise unknown
    return watcher, title
